import type { KubernetesVersion } from "../kubernetes/versions.js";

/** What is pinned together for one Kubernetes version. */
interface KubernetesRelease {
  /** EKS add-on versions by add-on name. */
  addons: Record<AddonName, string>;
  /** The cluster autoscaler's image: its minor version has to be the cluster's. */
  autoscalerImage: string;
}

export type AddonName =
  | "vpc-cni"
  | "kube-proxy"
  | "eks-pod-identity-agent"
  | "coredns"
  | "aws-ebs-csi-driver"
  | "metrics-server"
  | "amazon-cloudwatch-observability";

/** These add-ons' versions are offered for both Kubernetes versions below. */
const shared = {
  "vpc-cni": "v1.21.1-eksbuild.5",
  "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
  coredns: "v1.13.2-eksbuild.4",
  "aws-ebs-csi-driver": "v1.57.1-eksbuild.1",
  "metrics-server": "v0.8.1-eksbuild.4",
  "amazon-cloudwatch-observability": "v5.2.3-eksbuild.1",
} as const;

/**
 * Kubernetes versions that EKS has in standard support, with what is pinned for each: 1.34 until 2026-12-02, 1.35 until
 * 2027-03-27 (EKS release calendar). Then EKS upgrades a cluster by itself.
 *
 * Source: `aws eks describe-addon-versions --kubernetes-version <version>` as published by operators in 2026
 * (the sets agree with clusters that ran them); the autoscaler from the table in kOps'
 * `clusterautoscaler.go` and registry.k8s.io, whose tags never move. Check with that command before adding one.
 */
export const kubernetesReleases = {
  "1.34": {
    addons: { ...shared, "kube-proxy": "v1.34.5-eksbuild.2" },
    autoscalerImage: "registry.k8s.io/autoscaling/cluster-autoscaler:v1.34.4",
  },
  "1.35": {
    addons: { ...shared, "kube-proxy": "v1.35.2-eksbuild.4" },
    autoscalerImage: "registry.k8s.io/autoscaling/cluster-autoscaler:v1.35.1",
  },
} satisfies Record<KubernetesVersion, KubernetesRelease>;

import type { Context, Props, World, WorldObject } from "../behaviour.js";

/** Nodes of one kind. */
export interface Pool {
  id: string;
  labels: Record<string, string>;
  /** As nodes carry them in `topology.kubernetes.io/zone`. */
  zones: string[];
  taints: { key: string; value: string; effect: string }[];
  /** What pods may ask for on one node: milli-CPUs, bytes, GPUs. */
  allocatable: { cpu: number; memory: number; gpu: number };
  desired: number;
  max: number;
}

/** Effects of taints as the APIs of EKS and GKE call them, and as Kubernetes does. */
export const effects: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

/** A cloud's managed Kubernetes, as far as what runs in a cluster can tell it from another. */
export interface ClusterKind {
  /** The Pulumi token of the cluster. */
  type: string;
  /** The API server's URL, as the kubeconfig names it. */
  server: (cluster: WorldObject) => string | undefined;
  /** Whether whoever makes clusters in this account may act in this one. */
  admits: (cluster: WorldObject, world: World) => boolean;
  /** The range that the cluster takes its services' addresses from. */
  serviceRange: (cluster: WorldObject) => string;
  pools: (cluster: WorldObject, world: World) => Pool[];
  /** The `k8s-app` of the pods in kube-system that answer for names, as policies see them. Default `kube-dns`. */
  dns?: string;
  /** Drivers that a StorageClass may name. */
  provisioners: readonly string[];
  /**
   * The address that the cloud gives a Service of type LoadBalancer, or a refusal. Absent: the local cloud
   * takes no such Service there.
   */
  balance?: (service: Props, cluster: WorldObject, context: Context) => string;
}

/**
 * Kubernetes minor versions that GKE's Regular channel offers and supports. GKE brings the matching add-ons and
 * the autoscaler itself; the minor version moves only when the config says so, patches come by themselves.
 *
 * Source: "GKE release schedule". Check with `gcloud container get-server-config` before adding one.
 */
export const kubernetesVersions = ["1.34", "1.35"] as const;

export type KubernetesVersion = (typeof kubernetesVersions)[number];

/** The version of a new cluster. */
export const defaultKubernetesVersion: KubernetesVersion = "1.35";

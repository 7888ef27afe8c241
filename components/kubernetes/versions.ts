/**
 * Kubernetes minor versions that all three clouds offer and support; a cluster's moves only when the config says so.
 * Check EKS's, AKS's and GKE's release calendars before adding one, and pin what EKS needs with it
 * (`components/aws/kubernetesReleases.ts`).
 */
export const kubernetesVersions = ["1.34", "1.35"] as const;

export type KubernetesVersion = (typeof kubernetesVersions)[number];

/** The version of a new cluster. */
export const defaultKubernetesVersion: KubernetesVersion = "1.35";

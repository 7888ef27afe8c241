import { CloudError } from "../behaviour.js";
import type { Context, Props, WorldObject } from "../behaviour.js";
import { aks } from "./aks.js";
import type { ClusterKind, Pool } from "./clusterKind.js";
import { eks } from "./eks.js";
import { gke } from "./gke.js";

type Place = Pick<Context, "world" | "region">;

/** Every kind of cluster that the local cloud knows: one a cloud. */
const kinds: readonly ClusterKind[] = [eks, aks, gke];

/**
 * The cluster behind the API server that the provider's kubeconfig names (a context's region is its URL),
 * or what the provider says when nothing answers there.
 */
function locate({ world, region }: Place): { kind: ClusterKind; cluster: WorldObject } {
  for (const kind of kinds) {
    const cluster = world.list(kind.type).find((each) => kind.server(each) === region);
    if (!cluster) continue;
    if (!kind.admits(cluster, world))
      throw new CloudError("Unauthorized", "the server has asked for the client to provide credentials");
    return { kind, cluster };
  }
  throw new CloudError(
    "Unreachable",
    `configured Kubernetes cluster is unreachable: unable to load schema information from the API server: Get "${region}/openapi/v2?timeout=32s": dial tcp: lookup ${region.replace(/^https:\/\//, "")}: no such host`,
  );
}

/** Scope of a provider that takes what is in a cluster that does not answer for deleted. */
export const deleteUnreachable = "deleteUnreachable";

/** Whether there is a cluster behind the API server that the provider's kubeconfig names. */
export function answers({ world, region }: Place): boolean {
  return kinds.some((kind) => world.list(kind.type).some((each) => kind.server(each) === region));
}

export function clusterAt(context: Place): WorldObject {
  return locate(context).cluster;
}

/** The range that the cluster takes its services' addresses from. */
export function serviceRange(context: Place): string {
  const { kind, cluster } = locate(context);
  return kind.serviceRange(cluster);
}

export function poolsOf(context: Place): Pool[] {
  const { kind, cluster } = locate(context);
  return kind.pools(cluster, context.world);
}

/** Labels of the pods in kube-system that answer for names. */
export function dnsLabels(context: Place): Props {
  return { "k8s-app": locate(context).kind.dns ?? "kube-dns" };
}

/** Drivers that a StorageClass of the cluster may name. */
export function provisionersOf(context: Place): readonly string[] {
  return [...locate(context).kind.provisioners, "kubernetes.io/no-provisioner"];
}

/** The address of a Service of type LoadBalancer. */
export function balancerAddress(service: Props, context: Context): string {
  const { kind, cluster } = locate(context);
  if (!kind.balance)
    throw new CloudError(
      "Unsupported",
      "the local cloud does not know services of type LoadBalancer: a controller would make a load balancer that no program manages",
    );
  return kind.balance(service, cluster, context);
}

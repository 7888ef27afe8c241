import { createHash } from "node:crypto";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { acceleratorOf } from "./gpuMachines.js";
import { physicalName } from "../names.js";

/** How large a node pool is and may grow: totals over its zones. */
export interface NodePoolSize {
  /** Exactly one: all nodes of a GKE node pool have the same machine type. */
  instanceTypes: string[];
  min: number;
  max: number;
  /** Nodes at creation, rounded up to as many in each zone; afterwards the cluster autoscaler decides. */
  desired: number;
  /** Boot disk of each node. */
  diskGiB: number;
}

/** What all nodes of a cluster have in common. */
export interface NodeSettings {
  serviceAccount: pulumi.Input<string>;
  /** KMS key of the boot disks. Default: one of Google's. */
  diskKeyId?: pulumi.Input<string>;
}

export interface NodePoolArgs extends NodeSettings {
  prefix: string;
  /** Tells the pools of a cluster apart, e.g. `general`. */
  group: string;
  cluster: gcp.container.Cluster;
  zones: string[];
  size: NodePoolSize;
  /** Nodes with NVIDIA GPUs, tainted so that only workloads that ask for one land there. Default false. */
  gpu?: boolean;
}

/** The taint that GKE's own device plugin and NVIDIA's workloads tolerate. */
export const gpuTaint = { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" } as const;

/** Settings of a node, whatever its machine. */
export function nodeConfig(settings: NodeSettings) {
  return {
    serviceAccount: settings.serviceAccount,
    // IAM alone decides what the account may do.
    oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
    imageType: "COS_CONTAINERD",
    diskType: "pd-balanced",
    ...(settings.diskKeyId !== undefined && { bootDiskKmsKey: settings.diskKeyId }),
    shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
    // Keeps the node's credentials from its pods.
    workloadMetadataConfig: { mode: "GKE_METADATA" },
    metadata: { "disable-legacy-endpoints": "true" },
    kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
  };
}

/**
 * The pool's physical name. What replaces a pool is hashed into it, so that its successor can be created while it
 * still runs. Source: properties that force replacement in the provider's google_container_node_pool.
 */
export function nodePoolName(prefix: string, group: string, ...replacing: unknown[]): string {
  const hash = createHash("sha256").update(JSON.stringify(replacing)).digest("hex").slice(0, 6);
  return physicalName("gcp:nodePool", prefix, group, hash);
}

/** Nodes of a new pool in each of its zones: at least as many as desired together, unless that is more than the most. */
export function nodesPerZone({ desired, max }: NodePoolSize, zones: number): number {
  return Math.min(Math.ceil(desired / zones), Math.floor(max / zones));
}

/** A node pool of private nodes, as many in each zone as the autoscaler balances. */
export function createNodePool(
  name: string,
  args: NodePoolArgs,
  opts: pulumi.CustomResourceOptions,
): gcp.container.NodePool {
  const { prefix, group, cluster, zones, size, gpu = false } = args;
  const [machineType = "", ...others] = size.instanceTypes;
  if (others.length > 0)
    throw new Error(`a GKE node pool has one machine type, not ${size.instanceTypes.join(", ")}`);
  const accelerator = gpu ? acceleratorOf(machineType) : undefined;

  return new gcp.container.NodePool(
    name,
    {
      name: nodePoolName(prefix, group, accelerator, args.diskKeyId !== undefined),
      cluster: cluster.id,
      location: cluster.location,
      nodeLocations: zones,
      // The nodes follow the control plane in one update; the exclusion on the cluster keeps GKE from doing it.
      version: cluster.masterVersion,
      initialNodeCount: nodesPerZone(size, zones.length),
      autoscaling: { totalMinNodeCount: size.min, totalMaxNodeCount: size.max, locationPolicy: "BALANCED" },
      management: { autoRepair: true, autoUpgrade: true },
      upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
      networkConfig: { enablePrivateNodes: true },
      nodeConfig: {
        ...nodeConfig(args),
        machineType,
        diskSizeGb: size.diskGiB,
        ...(accelerator && {
          guestAccelerators: [
            { ...accelerator, gpuDriverInstallationConfig: { gpuDriverVersion: "DEFAULT" } },
          ],
          taints: [gpuTaint],
        }),
      },
    },
    // A count per zone that replaces the pool when it changes; the autoscaler has long moved on.
    { ...opts, ignoreChanges: ["initialNodeCount"] },
  );
}

/**
 * The instance group of a pool in each of its zones, in the zones' order, as backends and named ports take it.
 * Unknown in the preview of an update that adds a zone: the provider then still reports the groups of before.
 *
 * @throws when GKE reports none for a zone (a pool whose creation failed)
 */
export function instanceGroupsOf(pool: gcp.container.NodePool, zones: string[]): pulumi.Output<string[]> {
  return pulumi.all([pool.name, pool.managedInstanceGroupUrls]).apply(([name, urls]) =>
    zones.map((zone) => {
      const url = urls.find((each) => each.includes(`/zones/${zone}/`));
      if (url === undefined && pulumi.runtime.isDryRun()) return pulumi.unknown as unknown as string;
      if (url === undefined)
        throw new Error(`GKE reports no instance group of node pool "${name}" in ${zone}`);
      return url;
    }),
  );
}

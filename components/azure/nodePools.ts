import * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { gpuLabel, gpuTaint } from "../kubernetes/gpu.js";
import type { KubernetesVersion } from "../kubernetes/versions.js";

/** How large a node pool is and may grow. */
export interface NodePoolSize {
  /** VM sizes, x86-64. A pool of a scale set has one size: the first. */
  instanceTypes: string[];
  min: number;
  max: number;
  /** Nodes at creation; afterwards the cluster autoscaler decides. */
  desired: number;
  /** OS disk of each node. */
  diskGiB: number;
}

export interface NodePoolArgs {
  resourceGroupName: pulumi.Input<string>;
  clusterName: pulumi.Input<string>;
  /** Tells the pools of a cluster apart, at most seven letters and digits: `general`. */
  group: string;
  version: KubernetesVersion;
  subnetId: pulumi.Input<string>;
  zones: string[];
  size: NodePoolSize;
  /** Nodes with NVIDIA's driver, tainted so that only workloads that ask for a GPU land there. Default false. */
  gpu?: boolean;
}

/** What every pool of the cluster has in common. */
const machine = {
  type: "VirtualMachineScaleSets",
  osType: "Linux",
  osSKU: "Ubuntu",
  // The sizes of this program have no local disk to put an ephemeral one on.
  osDiskType: "Managed",
  enableNodePublicIP: false,
  // AKS keeps 20 MB of a node for every pod that it may get; by default that is for 250.
  maxPods: 50,
};

/**
 * The pool of AKS's own pods. A cluster is created with a pool, and Azure neither replaces that one nor gives it
 * other machines or zones: so it is small, never changes, and the gateway runs in pools of their own.
 * Two vCPUs and 4 GiB are the least for it, and AKS asks for two nodes. Source: "Use system node pools in AKS".
 */
export function systemPool(args: {
  version: KubernetesVersion;
  subnetId: pulumi.Input<string>;
  zones: string[];
}) {
  return {
    ...machine,
    name: "system",
    mode: "System",
    count: 2,
    vmSize: "Standard_D2s_v5",
    osDiskSizeGB: 64,
    // Always the first two, so that a third zone for the gateway changes nothing here.
    availabilityZones: args.zones.slice(0, 2),
    nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
    orchestratorVersion: args.version,
    vnetSubnetID: args.subnetId,
    upgradeSettings: { maxSurge: "1" },
  };
}

/**
 * The pool's name: 12 characters at most. What replaces a pool is hashed into it, so that its successor can be
 * created while it still runs.
 */
export function nodePoolName(group: string, ...replacing: unknown[]): string {
  const hash = createHash("sha256").update(JSON.stringify(replacing)).digest("hex").slice(0, 5);
  return `${group}${hash}`;
}

/** A pool for workloads that the cluster autoscaler fills and empties. */
export function createNodePool(
  name: string,
  args: NodePoolArgs,
  opts: pulumi.CustomResourceOptions,
): containerservice.AgentPool {
  const { group, size, zones, gpu = false } = args;
  const [vmSize] = size.instanceTypes;
  return new containerservice.AgentPool(
    // The count is ignored below, in a replacement too, and AKS refuses a minimum above it: a new minimum is a new
    // resource, created before the old pool drains.
    `${name}-min${size.min}`,
    {
      ...machine,
      agentPoolName: nodePoolName(group, vmSize, size.diskGiB, zones, size.min),
      resourceGroupName: args.resourceGroupName,
      resourceName: args.clusterName,
      mode: "User",
      vmSize,
      osDiskSizeGB: size.diskGiB,
      enableAutoScaling: true,
      minCount: size.min,
      maxCount: size.max,
      count: size.desired,
      availabilityZones: zones,
      orchestratorVersion: args.version,
      vnetSubnetID: args.subnetId,
      upgradeSettings: { maxSurge: "1", drainTimeoutInMinutes: 30 },
      ...(gpu && {
        nodeLabels: gpuLabel,
        nodeTaints: [`${gpuTaint.key}=${gpuTaint.value}:${gpuTaint.effect}`],
      }),
    },
    // The cluster autoscaler moves it; without this a refresh and an update would undo its work under load.
    { ...opts, ignoreChanges: ["count"] },
  );
}

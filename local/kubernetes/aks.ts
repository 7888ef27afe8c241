import { CloudError } from "../behaviour.js";
import type { Context, Props, WorldObject } from "../behaviour.js";
import {
  addressAt,
  at,
  cidrContains,
  isIpv4,
  isObject,
  isTrue,
  number,
  objects,
  prefixLength,
  text,
  texts,
} from "../rules.js";
import { caller } from "../azure/authorization.js";
import { serverOf } from "../azure/containerService.js";
import { refuseSubnetAccess } from "../azure/containerServiceEgress.js";
import { clusterType, mostNodes, poolsOf } from "../azure/containerServiceTypes.js";
import { blocksOf, net } from "../azure/networkTypes.js";
import { holdsRole } from "../azure/roles.js";
import { vmSize } from "../azure/vmSizes.js";
import type { ClusterKind, Pool } from "./clusterKind.js";

/** Milli-CPUs that AKS keeps for the kubelet, by vCPUs. Source: "Node resource reservations in AKS". */
const reserved: readonly (readonly [vcpus: number, millis: number])[] = [
  [64, 740],
  [32, 420],
  [16, 260],
  [8, 180],
  [4, 140],
  [2, 100],
];
/** What AKS's own DaemonSets ask for on each node: network, disks, monitoring. */
const daemons = { cpu: 400, mebibytes: 700 };

/** Kubelet's share of memory: 20 MB a pod and 50 MB, or a quarter; and 100 MiB before pods are evicted. */
function allocatable(name: string, maxPods: number): Pool["allocatable"] {
  const size = vmSize(name) ?? { vcpus: 2, memoryGiB: 4, gpus: 0 };
  const mebibytes = size.memoryGiB * 1024;
  const kubelet = Math.min(20 * maxPods + 50, mebibytes / 4);
  const cpu = reserved.find(([vcpus]) => size.vcpus >= vcpus)?.[1] ?? 60;
  return {
    cpu: size.vcpus * 1000 - cpu - daemons.cpu,
    memory: (mebibytes * 0.98 - kubelet - 100 - daemons.mebibytes) * 2 ** 20,
    gpu: size.gpus,
  };
}

function taintOf(taint: string): Pool["taints"][number] {
  const [pair = "", effect = ""] = taint.split(":");
  const [key = "", value = ""] = pair.split("=");
  return { key, value, effect };
}

function describePool(name: string, inputs: Props, location: string): Pool {
  const size = text(inputs, "vmSize") ?? "Standard_D2s_v5";
  const zones = texts(inputs, "availabilityZones");
  const labels = isObject(inputs.nodeLabels) ? (inputs.nodeLabels as Record<string, string>) : {};
  return {
    id: name,
    labels: {
      ...labels,
      "kubernetes.azure.com/agentpool": name,
      "kubernetes.azure.com/mode": (text(inputs, "mode") ?? "User").toLowerCase(),
      "kubernetes.io/os": "linux",
      "kubernetes.io/arch": vmSize(size)?.architecture ?? "amd64",
      "node.kubernetes.io/instance-type": size,
    },
    zones: zones.map((zone) => `${location}-${zone}`),
    taints: texts(inputs, "nodeTaints").map(taintOf),
    allocatable: allocatable(size, number(inputs, "maxPods") ?? 250),
    desired: number(inputs, "count") ?? 1,
    max: mostNodes(inputs),
  };
}

const serviceType = "kubernetes:core/v1:Service";
const annotation = (name: string) => `service.beta.kubernetes.io/azure-load-balancer-${name}`;

/**
 * The address of an internal load balancer: the one that the Service asks for, as a gateway that is not of the
 * cluster has to know it. Source: "Use an internal load balancer with AKS".
 */
function balance(service: Props, cluster: WorldObject, context: Context): string {
  const [metadata] = objects(service, "metadata");
  const annotations = isObject(metadata?.annotations) ? metadata.annotations : {};
  const address = annotations[annotation("ipv4")];
  if (String(annotations[annotation("internal")]) !== "true" || typeof address !== "string")
    throw new CloudError(
      "Unsupported",
      "the local cloud knows services of type LoadBalancer only as internal ones with an address of the program's choice: else a controller would make what no program manages",
    );
  const fail = (why: string): never => {
    throw new CloudError(
      "SyncLoadBalancerFailed",
      `Error syncing load balancer: failed to ensure load balancer: ${why}`,
    );
  };
  const minutes = Number(annotations[annotation("tcp-idle-timeout")] ?? 4);
  if (!Number.isInteger(minutes) || minutes < 4 || minutes > 30)
    fail("idle timeout value must be a whole number of minutes between 4 and 30.");
  const subnetId = at(cluster.inputs, "agentPoolProfiles[].vnetSubnetID").map(String)[0] ?? "";
  refuseSubnetAccess(cluster.inputs, subnetId, context);
  const block = blocksOf(context.world.find(net.subnet, subnetId)?.inputs)[0] ?? "10.224.0.0/16";
  const ends = [0, 1, 2, 3, 2 ** (32 - prefixLength(block)) - 1].map((offset) => addressAt(block, offset));
  if (!isIpv4(address) || !cidrContains(block, `${address}/32`) || ends.includes(address))
    fail(
      `PrivateIPAddressNotInSubnet: private static IP address ${address} does not belong to the range of subnet prefix ${block}.`,
    );
  const taken = context.world
    .list(serviceType, context.region)
    .some(
      (each) =>
        each.id !== context.current?.id &&
        at(each.state, "status.loadBalancer.ingress[].ip").includes(address),
    );
  if (taken)
    fail(
      `PrivateIPAddressIsAllocated: IP configuration is using the private IP address ${address} which is already allocated.`,
    );
  return address;
}

export const aks: ClusterKind = {
  type: clusterType,
  server: ({ state }) => serverOf(state),
  // With Azure's roles deciding, a role; with groups, whoever deploys is taken to be in one; else a certificate.
  admits: ({ id, inputs }, world) =>
    isTrue(inputs, "aadProfile.enableAzureRBAC")
      ? holdsRole({ world }, caller({ world }), id, ["Azure Kubernetes Service RBAC Cluster Admin"])
      : !isTrue(inputs, "disableLocalAccounts") || texts(inputs, "aadProfile.adminGroupObjectIDs").length > 0,
  serviceRange: ({ state }) => text(state, "networkProfile.serviceCidr") ?? "10.0.0.0/16",
  pools: (cluster, world) =>
    poolsOf({ world }, cluster).map(({ name, inputs }) =>
      describePool(name, inputs, text(cluster.state, "location") ?? ""),
    ),
  provisioners: ["disk.csi.azure.com", "file.csi.azure.com"],
  balance,
};

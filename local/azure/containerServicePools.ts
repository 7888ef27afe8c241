import type { Behaviour, Props } from "../behaviour.js";
import {
  arm,
  at,
  isKnown,
  isObject,
  isTrue,
  number,
  oneOf,
  parentOf,
  refuseUnless,
  text,
  texts,
} from "./common.js";
import type { Failure } from "./common.js";
import { refuseEgress } from "./containerServiceEgress.js";
import { refuseRoom } from "./containerServiceNetwork.js";
import { clusterType, minorOf, poolsOf, poolType, versions } from "./containerServiceTypes.js";
import { toSubnet } from "./networkTypes.js";
import { vmSize } from "./vmSizes.js";
import { hasZones } from "./zones.js";

const invalid = "InvalidParameter";
/** What a pool keeps for its life. Source: AKS, error PropertyChangeNotAllowed; documentation of each property. */
const fixed = [
  "osDiskSizeGB",
  "osDiskType",
  "osType",
  "availabilityZones",
  "vnetSubnetID",
  "maxPods",
  "type",
];

export function poolFailures(pool: Props): Failure[] {
  return [
    ...oneOf(pool, "mode", ["System", "User", "Gateway"]),
    ...oneOf(pool, "osType", ["Linux", "Windows"]),
    ...oneOf(pool, "osSKU", [
      "Ubuntu",
      "Ubuntu2204",
      "Ubuntu2404",
      "AzureLinux",
      "AzureLinux3",
      "Windows2022",
    ]),
    ...oneOf(pool, "osDiskType", ["Managed", "Ephemeral"]),
    ...oneOf(pool, "type", ["VirtualMachineScaleSets", "AvailabilitySet", "VirtualMachines"]),
    ...oneOf(pool, "scaleSetPriority", ["Regular", "Spot"]),
  ];
}

/** What AKS refuses of a pool by itself. */
export function admitPool(pool: Props, name: string, location: string): void {
  const windows = text(pool, "osType") === "Windows";
  refuseUnless(
    windows ? /^[a-z][a-z0-9]{0,5}$/.test(name) : /^[a-z][a-z0-9]{0,11}$/.test(name),
    invalid,
    `The value of parameter agentPoolProfile.name is invalid. Agentpool name '${name}' must start with a lowercase letter, have lowercase letters and digits only and be at most ${windows ? 6 : 12} characters long.`,
  );
  admitMachine(pool, name, location);
  admitCount(pool, name);
  admitLabels(pool);
}

function admitMachine(pool: Props, name: string, location: string): void {
  const given = text(pool, "vmSize");
  const size = given === undefined ? undefined : vmSize(given);
  refuseUnless(
    given === undefined || size !== undefined,
    "BadRequest",
    `The VM size of ${given ?? ""} is not allowed in your subscription in location '${location}'.`,
  );
  const enough = !size || (size.vcpus >= 2 && (text(pool, "mode") !== "System" || size.memoryGiB >= 4));
  refuseUnless(
    enough,
    "BadRequest",
    `The VM size ${given ?? ""} of pool ${name} is too small: AKS needs 2 vCPUs, and 4 GiB for a system pool.`,
  );
  const zones = texts(pool, "availabilityZones");
  refuseUnless(
    zones.length === 0 || hasZones(location),
    "AvailabilityZoneNotSupported",
    `The zone(s) for resource '${name}' is not supported in location '${location}'.`,
  );
  const wrong = zones.find((zone) => !["1", "2", "3"].includes(zone));
  refuseUnless(
    wrong === undefined,
    "AvailabilityZoneNotSupported",
    `The zone(s) '${wrong ?? ""}' for resource '${name}' is not supported. The supported zones for location '${location}' are '1,2,3'.`,
  );
  const disk = number(pool, "osDiskSizeGB") ?? 0;
  refuseUnless(
    disk === 0 || (disk >= 30 && disk <= 2048),
    invalid,
    `The value of parameter agentPoolProfile.osDiskSizeGB is invalid: ${disk}; it is 0, or 30 to 2048.`,
  );
}

function admitCount(pool: Props, name: string): void {
  const least = text(pool, "mode") === "System" ? 1 : 0;
  const count = number(pool, "count") ?? 1;
  const [min, max] = [number(pool, "minCount"), number(pool, "maxCount")];
  if (!isTrue(pool, "enableAutoScaling")) {
    refuseUnless(
      min === undefined && max === undefined,
      invalid,
      `agentPoolProfile.minCount and maxCount of '${name}' need enableAutoScaling.`,
    );
    refuseUnless(
      count >= least && count <= 1000,
      invalid,
      `The node count ${count} of '${name}' is not ${least} to 1000.`,
    );
    return;
  }
  refuseUnless(
    min !== undefined && max !== undefined,
    invalid,
    `When enabling autoscaler of pool '${name}', minCount and maxCount are required.`,
  );
  refuseUnless(
    (min ?? 0) >= least && (min ?? 0) <= (max ?? 0) && (max ?? 0) <= 1000,
    invalid,
    `The autoscaler's range of '${name}' is invalid: ${min} to ${max}.`,
  );
  refuseUnless(
    count >= (min ?? 0) && count <= (max ?? 0),
    invalid,
    `The node count ${count} of '${name}' must be between minCount ${min} and maxCount ${max}.`,
  );
}

function admitLabels(pool: Props): void {
  for (const key of Object.keys(isObject(pool.nodeLabels) ? pool.nodeLabels : {}))
    refuseUnless(
      !/^(.*\.)?(kubernetes\.io|k8s\.io|kubernetes\.azure\.com)\//.test(key),
      invalid,
      `The label key '${key}' has a prefix that is reserved for AKS.`,
    );
  for (const taint of texts(pool, "nodeTaints"))
    refuseUnless(
      /^[A-Za-z0-9][\w./-]*(=[\w.-]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$/.test(taint),
      invalid,
      `The taint '${taint}' is not of the form key=value:effect.`,
    );
}

/** What an update may not touch. */
export function refusePoolChange(before: Props, after: Props): void {
  for (const property of fixed)
    refuseUnless(
      !isKnown(after[property]) || JSON.stringify(before[property]) === JSON.stringify(after[property]),
      "PropertyChangeNotAllowed",
      `Changing property 'properties.${property}' is not allowed.`,
    );
}

const agentPool: Behaviour = arm({
  source:
    'Microsoft.ContainerService/managedClusters/agentPools (Azure/bicep-types-az); "Use node pools in AKS"; pulumi-azure-native, replacement.go',
  type: "Microsoft.ContainerService/managedClusters/agentPools",
  names: ["resourceName", "agentPoolName"],
  parent: clusterType,
  replaces: ["vmSize", "gpuInstanceProfile"],
  check: poolFailures,
  references: { vnetSubnetID: toSubnet },
  admit: (inputs, context) => {
    const id = agentPool.id(inputs, context);
    const cluster = context.world.find(clusterType, parentOf(id));
    if (!cluster) return;
    const name = text(inputs, "agentPoolName") ?? "";
    admitPool(inputs, name, text(cluster.state, "location") ?? "");
    const siblings = poolsOf(context, cluster).filter(
      (each) => context.current === undefined || each.name !== name,
    );
    refuseUnless(
      siblings.every((each) => each.name !== name),
      "Conflict",
      `The agent pool '${name}' already exists in cluster ${cluster.id}.`,
    );
    refuseVersion(inputs, text(cluster.state, "currentKubernetesVersion") ?? "");
    if (context.current) refusePoolChange(context.current.inputs, inputs);
    const [subnet] = siblings.map((each) => text(each.inputs, "vnetSubnetID"));
    const own = text(inputs, "vnetSubnetID");
    refuseUnless(
      subnet === undefined || (own !== undefined && parentOf(own) === parentOf(subnet)),
      "BadRequest",
      "All agent pools of a cluster have to be in subnets of the same virtual network.",
    );
    refuseRoom(
      [...siblings.map((each) => each.inputs), inputs],
      text(cluster.state, "networkProfile.podCidr"),
      context,
    );
    refuseEgress(cluster.inputs, own, context);
  },
  outputs: (inputs, context) => ({
    currentOrchestratorVersion:
      versions[text(inputs, "orchestratorVersion") ?? ""] ??
      context.world.find(clusterType, parentOf(agentPool.id(inputs, context)))?.state
        .currentKubernetesVersion,
    nodeImageVersion: `AKSUbuntu-2204gen2containerd-${context.hex(6, "image")}`,
    powerState: { code: "Running" },
    count: at(inputs, "count")[0] ?? 1,
  }),
  volatile: ["nodeImageVersion", "currentOrchestratorVersion"],
  minutes: 4,
});

/** A pool is never newer than its cluster, and at most three minor versions older. */
function refuseVersion(pool: Props, cluster: string): void {
  const version = text(pool, "orchestratorVersion");
  if (version === undefined) return;
  refuseUnless(
    minorOf(version) <= minorOf(cluster) && minorOf(cluster) - minorOf(version) <= 3,
    "NodePoolMcVersionIncompatible",
    `Node pool version ${version} and control plane version ${cluster} are incompatible.`,
  );
}

export const pools = { [poolType]: agentPool };

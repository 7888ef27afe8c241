import type { Props } from "../behaviour.js";
import { at, inRange, number, objects, oneOf, text } from "./common.js";
import type { Failure } from "../rules.js";

/** RFC 1035 of at most 40 characters. Source: container.v1 discovery, `Cluster.name`, `NodePool.name`. */
export const shortName = /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/;

/** What the provider refuses of a node's settings under a path. */
function checkNodeConfig(inputs: Props, path: string): Failure[] {
  return [
    ...oneOf(inputs, `${path}.workloadMetadataConfig.mode`, ["GCE_METADATA", "GKE_METADATA"]),
    ...oneOf(inputs, `${path}.diskType`, ["pd-standard", "pd-balanced", "pd-ssd", "hyperdisk-balanced"]),
    ...oneOf(inputs, `${path}.imageType`, ["COS_CONTAINERD", "UBUNTU_CONTAINERD"]),
    ...oneOf(inputs, `${path}.kubeletConfig.insecureKubeletReadonlyPortEnabled`, ["FALSE", "TRUE"]),
    ...oneOf(inputs, `${path}.taints[].effect`, ["NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NO_EXECUTE"]),
    ...oneOf(inputs, `${path}.guestAccelerators[].gpuDriverInstallationConfig.gpuDriverVersion`, [
      "GPU_DRIVER_VERSION_UNSPECIFIED",
      "INSTALLATION_DISABLED",
      "DEFAULT",
      "LATEST",
    ]),
    ...inRange(inputs, `${path}.diskSizeGb`, 10, 65_536),
  ];
}

const loggable = [
  "SYSTEM_COMPONENTS",
  "APISERVER",
  "CONTROLLER_MANAGER",
  "SCHEDULER",
  "WORKLOADS",
  "KCP_VPA",
];
const measurable = [
  ...["SYSTEM_COMPONENTS", "APISERVER", "SCHEDULER", "CONTROLLER_MANAGER", "STORAGE", "HPA", "POD"],
  ...["DAEMONSET", "DEPLOYMENT", "STATEFULSET", "KUBELET", "CADVISOR", "DCGM", "JOBSET"],
];

/** What the provider refuses of a cluster. Source: provider docs of gcp.container.Cluster. */
export function checkCluster(inputs: Props): Failure[] {
  const failures = [
    ...checkNodeConfig(inputs, "nodeConfig"),
    ...oneOf(inputs, "networkingMode", ["VPC_NATIVE", "ROUTES"]),
    ...oneOf(inputs, "datapathProvider", ["LEGACY_DATAPATH", "ADVANCED_DATAPATH"]),
    ...oneOf(inputs, "releaseChannel.channel", ["UNSPECIFIED", "RAPID", "REGULAR", "STABLE", "EXTENDED"]),
    ...oneOf(inputs, "databaseEncryption.state", [
      "ENCRYPTED",
      "DECRYPTED",
      "ALL_OBJECTS_ENCRYPTION_ENABLED",
    ]),
    ...oneOf(inputs, "ipAllocationPolicy.stackType", ["IPV4", "IPV4_IPV6"]),
    ...oneOf(inputs, "loggingConfig.enableComponents[]", loggable),
    ...oneOf(inputs, "monitoringConfig.enableComponents[]", measurable),
    ...oneOf(inputs, "maintenancePolicy.maintenanceExclusions[].exclusionOptions.scope", [
      "NO_UPGRADES",
      "NO_MINOR_UPGRADES",
      "NO_MINOR_OR_NODE_UPGRADES",
    ]),
  ];
  for (const each of objects(inputs, "maintenancePolicy.maintenanceExclusions")) {
    const ends = [text(each, "endTime"), text(each, "exclusionOptions.endTimeBehavior")];
    if (ends.filter((end) => end !== undefined).length !== 1)
      failures.push({
        property: "maintenancePolicy.maintenanceExclusions",
        reason: "one and only one of `endTime,exclusionOptions.endTimeBehavior` must be specified",
      });
  }
  if (
    at(inputs, "networkPolicy.enabled")[0] === true &&
    text(inputs, "datapathProvider") === "ADVANCED_DATAPATH"
  )
    failures.push({
      property: "networkPolicy",
      reason: "must not be enabled with datapathProvider ADVANCED_DATAPATH, which has it built in",
    });
  return failures;
}

/** What the provider refuses of a node pool. Source: provider docs of gcp.container.NodePool. */
export function checkPool(inputs: Props): Failure[] {
  const failures = [
    ...checkNodeConfig(inputs, "nodeConfig"),
    ...oneOf(inputs, "autoscaling.locationPolicy", ["BALANCED", "ANY"]),
    ...oneOf(inputs, "upgradeSettings.strategy", ["SURGE", "BLUE_GREEN"]),
    ...inRange(inputs, "maxPodsPerNode", 8, 256),
    ...inRange(inputs, "initialNodeCount", 0, 2000),
  ];
  const limit = (name: string) => number(inputs, `autoscaling.${name}`);
  const totals = limit("totalMinNodeCount") !== undefined || limit("totalMaxNodeCount") !== undefined;
  const perZone = limit("minNodeCount") !== undefined || limit("maxNodeCount") !== undefined;
  if (totals && perZone)
    failures.push({
      property: "autoscaling",
      reason: "limits per zone cannot be used with total limits",
    });
  for (const [low, high] of [
    ["totalMinNodeCount", "totalMaxNodeCount"],
    ["minNodeCount", "maxNodeCount"],
  ] as const)
    if ((limit(low) ?? 0) > (limit(high) ?? Infinity))
      failures.push({ property: `autoscaling.${high}`, reason: `must be at least ${low}` });
  if (inputs["nodeCount"] !== undefined && (totals || perZone))
    failures.push({ property: "nodeCount", reason: "must not be used alongside `autoscaling`" });
  const [surge, unavailable] = [
    number(inputs, "upgradeSettings.maxSurge"),
    number(inputs, "upgradeSettings.maxUnavailable"),
  ];
  if (surge === 0 && unavailable === 0)
    failures.push({
      property: "upgradeSettings",
      reason: "maxSurge and maxUnavailable cannot both be 0",
    });
  return failures;
}

import type { Behaviour, Context, Props, WorldObject } from "../behaviour.js";
import { CloudError } from "../behaviour.js";
import {
  at,
  gcpResource,
  isTrue,
  nameOf,
  number,
  objects,
  pick,
  project,
  relative,
  text,
  texts,
  toGcp,
} from "./common.js";
import { checkPool, shortName } from "./containerChecks.js";
import { clusterType, zonesOfCluster } from "./containerCluster.js";
import {
  minorOf,
  offeredVersion,
  refuse,
  refuseNodeCount,
  refuseNodes,
  refuseStranded,
  refuseZones,
} from "./containerRules.js";
import { addInstanceGroup, groupUrls, instanceGroupId, instanceGroupName } from "./instanceGroups.js";
import { refuseKey } from "./kms.js";
import { regionOf } from "./places.js";

/** The cluster that a pool names, by id or by name beside the pool's location. */
function clusterIdOf(inputs: Props, context: Pick<Context, "scope">): string {
  const given = relative(text(inputs, "cluster") ?? "");
  return given.includes("/")
    ? given
    : `projects/${project(inputs, context)}/locations/${text(inputs, "location") ?? ""}/clusters/${given}`;
}

const clusterOf = (inputs: Props, context: Context): WorldObject | undefined =>
  context.world.find(clusterType, clusterIdOf(inputs, context));

const zonesOfPool = (inputs: Props, cluster: WorldObject | undefined): string[] => {
  const given = texts(inputs, "nodeLocations");
  return given.length > 0 ? given : zonesOfCluster(cluster?.inputs ?? {});
};

function refuseUpgrades(inputs: Props, cluster: WorldObject): void {
  const channel = text(cluster.inputs, "releaseChannel.channel") ?? "REGULAR";
  if (channel !== "UNSPECIFIED")
    for (const [input, label] of [
      ["autoUpgrade", "Auto_upgrade"],
      ["autoRepair", "Auto_repair"],
    ] as const)
      refuse(
        at(inputs, `management.${input}`)[0] !== false,
        `${label} must be true when release_channel ${channel} is set.`,
      );
  const version = text(inputs, "version");
  if (version === undefined) return;
  const master = text(cluster.state, "masterVersion") ?? "";
  const offered = offeredVersion(version);
  refuse(offered !== undefined, `Node version "${version}" is unsupported.`);
  const behind = minorOf(master) - minorOf(offered ?? master);
  refuse(
    behind >= 0,
    `Node version "${version}" must not have a later minor version than master "${master}".`,
  );
  refuse(behind <= 2, `Node version "${version}" is too old for master "${master}".`);
}

function refuseSize(inputs: Props, zones: number): void {
  const initial = (number(inputs, "initialNodeCount") ?? 0) * zones;
  const max = number(inputs, "autoscaling.totalMaxNodeCount");
  refuse(
    max === undefined || initial <= max,
    `Node pool's initial size ${initial} is above its autoscaling limit ${String(max)}.`,
  );
}

const admit = (inputs: Props, context: Context): void => {
  const cluster = clusterOf(inputs, context);
  if (text(inputs, "cluster") === undefined) return;
  if (!cluster)
    throw new CloudError(
      "notFound",
      `googleapi: Error 404: Not found: ${clusterIdOf(inputs, context)}., notFound`,
    );
  const location = text(cluster.inputs, "location") ?? "";
  refuse(
    (text(inputs, "location") ?? location) === location,
    `Cluster ${cluster.id} is not in location "${String(inputs["location"])}".`,
  );
  refuseZones(inputs, location);
  const zones = zonesOfPool(inputs, cluster);
  refuseUpgrades(inputs, cluster);
  const [config = {}] = at(inputs, "nodeConfig");
  refuse(
    text(config, "workloadMetadataConfig.mode") !== "GKE_METADATA" ||
      text(cluster.inputs, "workloadIdentityConfig.workloadPool") !== undefined,
    "Workload Identity must be enabled on the cluster before its nodes can use GKE_METADATA.",
  );
  refuseNodes(config as Props, zones, context);
  refuseKey(
    at(config, "bootDiskKmsKey")[0],
    "compute.googleapis.com",
    { project: project(inputs, context), location: regionOf(location) },
    context,
  );
  refuseSize(inputs, zones.length);
  const isPrivate =
    isTrue(inputs, "networkConfig.enablePrivateNodes") ||
    isTrue(cluster.inputs, "privateClusterConfig.enablePrivateNodes");
  const nodes = Math.max(
    (number(inputs, "initialNodeCount") ?? number(inputs, "nodeCount") ?? 0) * zones.length,
    number(inputs, "autoscaling.totalMinNodeCount") ?? 0,
  );
  const perNode = number(inputs, "maxPodsPerNode") ?? number(cluster.state, "defaultMaxPodsPerNode") ?? 110;
  refuseNodeCount(cluster, nodes, perNode, context);
  refuseStranded(
    { ...cluster.inputs, privateClusterConfig: { enablePrivateNodes: isPrivate } },
    zones.length,
    context,
  );
};

const idOf = (inputs: Props, context: Context): string =>
  context.current?.id ?? `${clusterIdOf(inputs, context)}/nodePools/${text(inputs, "name") ?? ""}`;

/** Ids of a pool's instance groups; their names stay for as long as the pool does. */
function groupsOf(inputs: Props, context: Context): string[] {
  const known = texts(context.current?.state, "managedInstanceGroupUrls").map(relative);
  return zonesOfPool(inputs, clusterOf(inputs, context)).map(
    (zone) =>
      known.find((each) => each.includes(`/zones/${zone}/`)) ??
      instanceGroupId(
        project(inputs, context),
        zone,
        instanceGroupName(
          nameOf(clusterIdOf(inputs, context)),
          text(inputs, "name") ?? "",
          pick(context, 2 ** 32, zone)
            .toString(16)
            .padStart(8, "0"),
        ),
      ),
  );
}

const backendTypes = [
  "gcp:compute/backendService:BackendService",
  "gcp:compute/regionBackendService:RegionBackendService",
];

const described = gcpResource({
  source:
    "container.v1 discovery, clusters.nodePools.create; provider docs of gcp.container.NodePool: what replaces",
  path: "{cluster}/nodePools/{name}",
  global: false,
  api: "container.googleapis.com",
  name: shortName,
  replaces: [
    "location",
    "initialNodeCount",
    "maxPodsPerNode",
    "networkConfig.createPodRange",
    "networkConfig.podRange",
    "networkConfig.podIpv4CidrBlock",
    "placementPolicy",
    "nodeConfig.bootDiskKmsKey",
    "nodeConfig.metadata",
    "nodeConfig.minCpuPlatform",
    "nodeConfig.oauthScopes",
    "nodeConfig.preemptible",
    "nodeConfig.serviceAccount",
    "nodeConfig.shieldedInstanceConfig",
    "nodeConfig.spot",
  ],
  autoName: { property: "name", max: 40 },
  // A cluster takes its pools along; one that is named without its place is looked for in `admit`.
  references: { cluster: toGcp([clusterType], { weak: true, except: /^[^/]+$/ }) },
  check: checkPool,
  admit,
  outputs: (inputs, context) => {
    const cluster = clusterOf(inputs, context);
    const zones = zonesOfPool(inputs, cluster);
    const urls = groupsOf(inputs, context).map(groupUrls);
    const initial = number(inputs, "initialNodeCount") ?? number(inputs, "nodeCount") ?? 0;
    return {
      location: text(inputs, "location") ?? text(cluster?.inputs, "location"),
      nodeLocations: zones,
      initialNodeCount: initial,
      nodeCount: context.current?.state["nodeCount"] ?? initial,
      maxPodsPerNode: inputs["maxPodsPerNode"] ?? 110,
      version: offeredVersion(text(inputs, "version") ?? "") ?? text(cluster?.state, "masterVersion"),
      instanceGroupUrls: urls.map(({ manager }) => manager),
      managedInstanceGroupUrls: urls.map(({ group }) => group),
      operation: "",
    };
  },
  // Not the instance groups, although another zone adds one: the provider plans the ones of before.
  volatile: ["version"],
  after: (pool, context) => {
    const network = text(clusterOf(pool.inputs, context)?.inputs, "network") ?? "";
    for (const url of texts(pool.state, "managedInstanceGroupUrls"))
      addInstanceGroup(pool, relative(url), network, context);
  },
  release: ({ state }, { world }) => {
    const own = texts(state, "managedInstanceGroupUrls").map(relative);
    for (const user of backendTypes.flatMap((type) => world.list(type)))
      for (const group of objects(user.inputs, "backends").flatMap((each) => text(each, "group") ?? []))
        if (own.includes(relative(group)))
          throw new CloudError(
            "resourceInUseByAnotherResource",
            `googleapi: Error 400: The instance_group_manager resource '${relative(group)}' is already being used by '${user.id}'`,
          );
  },
  minutes: 3,
});

/** Under its cluster's id even where the program names the cluster only. */
export const nodePool: Behaviour = { ...described, id: idOf };

import type { Behaviour, Context, Props } from "../behaviour.js";
import {
  at,
  gcpResource,
  idAt,
  isObject,
  isTrue,
  number,
  pick,
  project,
  projectNumber,
  refuseUnless,
  requireApi,
  text,
  texts,
  toGcp,
} from "./common.js";
import { checkCluster, shortName } from "./containerChecks.js";
import {
  defaultVersion,
  minorOf,
  offeredVersion,
  rangeOf,
  refuse,
  refuseNodes,
  refuseRanges,
  refuseStranded,
  refuseZones,
} from "./containerRules.js";
import { refuseKey } from "./kms.js";
import { workloadPool } from "./members.js";
import { refuseNoNetwork, toNetwork } from "./network.js";
import { isRegion, regionOf, zonesOf } from "./places.js";
import { subnetworkType } from "./subnetworks.js";

export const clusterType = "gcp:container/cluster:Cluster";
export const nodePoolType = "gcp:container/nodePool:NodePool";
const path = "projects/{project}/locations/{location}/clusters/{name}";
const api = "container.googleapis.com";

/** Where a cluster has nodes: the zones it names, else three of its region, or its own zone. */
export function zonesOfCluster(inputs: Props): string[] {
  const given = texts(inputs, "nodeLocations");
  const location = text(inputs, "location") ?? "";
  if (given.length > 0) return given;
  return isRegion(location) ? zonesOf(location).slice(0, 3) : [location];
}

function refuseVersion(inputs: Props, { current }: Context): void {
  const wanted = text(inputs, "minMasterVersion");
  if (wanted === undefined) return;
  const offered = offeredVersion(wanted);
  refuse(offered !== undefined, `Master version "${wanted}" is unsupported.`);
  const now = text(current?.state, "masterVersion");
  if (now === undefined || offered === undefined) return;
  refuse(
    minorOf(offered) <= minorOf(now) + 1,
    `Master cannot be upgraded to "${wanted}": cannot skip a minor version after "${now}".`,
  );
}

function refusePool(inputs: Props, context: Context): void {
  const pool = text(inputs, "workloadIdentityConfig.workloadPool");
  const own = `${project(inputs, context)}.svc.id.goog`;
  refuse(
    pool === undefined || pool === own,
    `Workload Identity Pool "${String(pool)}" is not the project's own: "${own}".`,
  );
  refuse(
    pool !== undefined || text(inputs, "nodeConfig.workloadMetadataConfig.mode") !== "GKE_METADATA",
    "Workload Identity must be enabled on the cluster before its nodes can use GKE_METADATA.",
  );
}

function outputs(inputs: Props, context: Context): Props {
  const before = context.current?.state;
  const wanted = offeredVersion(text(inputs, "minMasterVersion") ?? "") ?? defaultVersion;
  const now = text(before, "masterVersion");
  // The control plane never goes back.
  const masterVersion = now !== undefined && minorOf(now) > minorOf(wanted) ? now : wanted;
  const id = idAt(path, inputs, context);
  const [given] = at(inputs, "controlPlaneEndpointsConfig");
  const dns = at(inputs, "controlPlaneEndpointsConfig.dnsEndpointConfig")[0];
  const location = text(inputs, "location") ?? "";
  const endpoint =
    text(before, "controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint") ??
    `gke-${context.hex(28, "endpoint")}-${projectNumber(project(inputs, context))}.${regionOf(location)}.gke.goog`;
  return {
    masterVersion,
    nodeVersion: masterVersion,
    endpoint: before?.["endpoint"] ?? `34.${pick(context, 250, "a")}.${pick(context, 250, "b")}.2`,
    selfLink: `https://container.googleapis.com/v1/${id}`,
    clusterIpv4Cidr: rangeOf(inputs, "clusterSecondaryRangeName", context) ?? "10.96.0.0/14",
    servicesIpv4Cidr: rangeOf(inputs, "servicesSecondaryRangeName", context) ?? "34.118.224.0/20",
    nodeLocations: zonesOfCluster(inputs),
    enableShieldedNodes: inputs["enableShieldedNodes"] ?? true,
    defaultMaxPodsPerNode: inputs["defaultMaxPodsPerNode"] ?? 110,
    controlPlaneEndpointsConfig: {
      ipEndpointsConfig: { enabled: true },
      ...(isObject(given) ? given : {}),
      dnsEndpointConfig: { allowExternalTraffic: false, ...(isObject(dns) ? dns : {}), endpoint },
    },
    masterAuth: before?.["masterAuth"] ?? {
      clientCertificateConfig: { issueClientCertificate: false },
      clusterCaCertificate: Buffer.from(`certificate of ${id}`).toString("base64"),
    },
    labelFingerprint: before?.["labelFingerprint"] ?? context.hex(8, "labels"),
    operation: "",
  };
}

export const cluster: Behaviour = gcpResource({
  source:
    "container.v1 discovery, projects.locations.clusters.create; provider docs of gcp.container.Cluster: what replaces, deletion protection",
  path,
  api,
  name: shortName,
  required: ["location"],
  replaces: [
    "network",
    "subnetwork",
    "networkingMode",
    "ipAllocationPolicy.clusterSecondaryRangeName",
    "ipAllocationPolicy.servicesSecondaryRangeName",
    "ipAllocationPolicy.clusterIpv4CidrBlock",
    "ipAllocationPolicy.servicesIpv4CidrBlock",
    "datapathProvider",
    "defaultMaxPodsPerNode",
    "description",
    "enableAutopilot",
    "enableKubernetesAlpha",
    "initialNodeCount",
    "nodeConfig",
    "privateClusterConfig.masterIpv4CidrBlock",
    "privateClusterConfig.privateEndpointSubnetwork",
  ],
  defaults: () => ({ deletionProtection: true }),
  references: {
    network: { ...toNetwork, anyRegion: true },
    subnetwork: toGcp([subnetworkType], { anyRegion: true }),
  },
  check: checkCluster,
  admit: (inputs, context) => {
    requireApi("compute.googleapis.com", inputs, context);
    const location = text(inputs, "location");
    if (location === undefined) return;
    refuseNoNetwork(inputs, "network", context);
    refuseZones(inputs, location);
    refuseVersion(inputs, context);
    refusePool(inputs, context);
    refuseRanges(inputs, context);
    const place = { project: project(inputs, context), location: regionOf(location) };
    const encrypted = text(inputs, "databaseEncryption.state") !== "DECRYPTED";
    if (encrypted) refuseKey(at(inputs, "databaseEncryption.keyName")[0], api, place, context);
    if (context.current) return;
    refuse(
      (number(inputs, "initialNodeCount") ?? 0) > 0 || isTrue(inputs, "enableAutopilot"),
      "Cluster.initial_node_count must be greater than zero.",
    );
    const zones = zonesOfCluster(inputs);
    const [config = {}] = at(inputs, "nodeConfig");
    refuseNodes(config as Props, zones, context);
    refuseKey(at(config, "bootDiskKmsKey")[0], "compute.googleapis.com", place, context);
    refuseStranded(inputs, zones.length, context);
  },
  outputs,
  volatile: ["masterVersion", "nodeVersion"],
  after: ({ id, region, inputs }, context) => {
    const pool = text(inputs, "workloadIdentityConfig.workloadPool");
    if (pool !== undefined && !context.world.find(workloadPool, pool))
      context.world.add({ type: workloadPool, id: pool, region: "global", inputs: {}, state: {} });
    // The provider removes the first pool right after the cluster is there, if it is told to.
    const first = `${id}/nodePools/default-pool`;
    if (isTrue(inputs, "removeDefaultNodePool") || context.world.find(nodePoolType, first)) return;
    const given = {
      name: "default-pool",
      cluster: id,
      nodeConfig: inputs["nodeConfig"] ?? {},
      nodeCount: inputs["initialNodeCount"],
      nodeLocations: zonesOfCluster(inputs),
    };
    context.world.add({ type: nodePoolType, id: first, region, owner: id, inputs: given, state: given });
  },
  // Its pools go with it.
  release: ({ id, state }, { world }) => {
    refuseUnless(
      state["deletionProtection"] === false,
      "DeletionProtection",
      "Cannot destroy cluster because deletion_protection is set to true. Set it to false to proceed with cluster deletion.",
    );
    for (const pool of world.list(nodePoolType))
      if (pool.id.startsWith(`${id}/nodePools/`)) world.add({ ...pool, owner: id });
  },
  secrets: ["masterAuth"],
  minutes: 10,
});

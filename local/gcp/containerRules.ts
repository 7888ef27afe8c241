import type { Context, Props, WorldObject } from "../behaviour.js";
import { CloudError } from "../behaviour.js";
import { addressAt, at, isTrue, objects, prefixLength, relative, stateOf, text, texts } from "./common.js";
import { egressVerdict } from "./firewallPolicies.js";
import { isOffered, machineType } from "./machineTypes.js";
import { accountType } from "./members.js";
import { isRegion, regionOf, zonesOf } from "./places.js";
import { hasNat } from "./routers.js";
import { rangeNames, subnetworkType } from "./subnetworks.js";

/** GKE's refusal of a request. */
export function refuse(holds: boolean, why: string): void {
  if (!holds) throw new CloudError("badRequest", `googleapi: Error 400: ${why}, badRequest`);
}

/** Versions of each minor version that is offered, the default last. Source: "GKE release schedule". */
const versions: Readonly<Record<string, string>> = {
  "1.33": "1.33.9-gke.1068000",
  "1.34": "1.34.5-gke.1153000",
  "1.35": "1.35.2-gke.1269000",
};

/** The full version that a wanted one (`1.35`, `1.35.2-gke.…`) stands for; undefined: not offered. */
export const offeredVersion = (wanted: string): string | undefined =>
  versions[wanted] ?? Object.values(versions).find((each) => each === wanted);

/** What a cluster gets whose program asks for none. */
export const defaultVersion = versions["1.34"]!;

export const minorOf = (version: string): number => Number(version.split(".")[1]);

/** Refuses zones that are not of the cluster's region. */
export function refuseZones(inputs: Props, location: string): void {
  refuse(
    isRegion(location) || zonesOf(regionOf(location)).includes(location),
    `Location "${location}" does not exist.`,
  );
  for (const zone of texts(inputs, "nodeLocations"))
    refuse(
      zonesOf(regionOf(location)).includes(zone),
      `Zone "${zone}" is not a zone of the cluster's region "${regionOf(location)}".`,
    );
}

/** Refuses secondary ranges that the subnetwork does not have. */
export function refuseRanges(inputs: Props, context: Context): void {
  const subnetId = text(inputs, "subnetwork");
  const subnet = stateOf(context, [subnetworkType], subnetId);
  if (!subnet) return;
  const network = text(inputs, "network");
  refuse(
    network === undefined || relative(text(subnet, "network") ?? "") === relative(network),
    `Subnetwork "${String(subnetId)}" is not in network "${String(network)}".`,
  );
  const location = text(inputs, "location") ?? "";
  refuse(
    text(subnet, "region") === regionOf(location),
    `Subnetwork "${String(subnetId)}" is not in region "${regionOf(location)}".`,
  );
  for (const [kind, input] of [
    ["Pod", "clusterSecondaryRangeName"],
    ["Services", "servicesSecondaryRangeName"],
  ] as const) {
    const name = text(inputs, `ipAllocationPolicy.${input}`);
    refuse(
      name === undefined || rangeNames(subnet).includes(name),
      `${kind} secondary range "${String(name)}" does not exist in subnetwork "${String(subnetId)}".`,
    );
  }
}

/** The block of a secondary range of the cluster's subnetwork. */
export function rangeOf(cluster: Props, input: string, context: Pick<Context, "world">): string | undefined {
  const name = text(cluster, `ipAllocationPolicy.${input}`);
  const ranges = objects(
    stateOf(context, [subnetworkType], text(cluster, "subnetwork")),
    "secondaryIpRanges",
  );
  return text(
    ranges.find((each) => text(each, "rangeName") === name),
    "ipCidrRange",
  );
}

/** Private addresses of Google's APIs and registries, where private zones send the nodes. */
const googleApis = "199.36.153.8";

/**
 * Refuses nodes that would never join: GKE reports them as not registered after some 20 minutes. Nodes without
 * addresses of their own need a way out of the network, or private Google access, for their system images; and
 * the network's firewall policy must let them reach Google's APIs and the control plane's address in the subnet.
 *
 * Source: GKE, "Network isolation" and "Firewall rules"; VPC, "Private Google Access".
 */
export function refuseStranded(cluster: Props, zones: number, context: Context): void {
  const subnetId = text(cluster, "subnetwork");
  const subnet = stateOf(context, [subnetworkType], subnetId);
  if (!subnet || subnetId === undefined) return;
  const joins = (holds: boolean, why: string) => {
    if (!holds)
      throw new CloudError(
        "NodesNotRegistered",
        `All cluster resources were brought up, but: only 0 nodes out of ${zones} have registered; this is likely due to Nodes failing to start correctly (${why})`,
      );
  };
  if (isTrue(cluster, "privateClusterConfig.enablePrivateNodes"))
    joins(
      isTrue(subnet, "privateIpGoogleAccess") || hasNat(context, subnetId),
      `subnetwork ${subnetId} has neither private Google access nor Cloud NAT`,
    );
  const network = text(subnet, "network") ?? "";
  const passes = (address: string) =>
    egressVerdict(context, network, { to: { address }, protocol: "tcp", port: 443 }) === "allow";
  joins(passes(googleApis), `the firewall policy of ${network} denies port 443 of ${googleApis}`);
  const controlPlane = addressAt(text(subnet, "ipCidrRange") ?? "10.0.0.0/24", 2);
  joins(passes(controlPlane), `the firewall policy of ${network} denies port 443 of the control plane`);
}

/** Refuses settings of nodes that Compute Engine or GKE would not take. `zones`: where they are to run. */
export function refuseNodes(config: Props, zones: string[], context: Context): void {
  const machine = text(config, "machineType") ?? "e2-medium";
  const known = machineType(machine);
  for (const zone of zones)
    refuse(
      known !== undefined && isOffered(machine, zone),
      `Machine type "${machine}" does not exist in zone "${zone}".`,
    );
  const given = objects(config, "guestAccelerators");
  const own = known?.accelerator;
  for (const each of given) {
    const [type, count] = [text(each, "type"), Number(text(each, "count") ?? 0)];
    if (own)
      refuse(
        type === own.type && count === own.count,
        `Machine type ${machine} must be used with ${own.count} accelerator(s) of type ${own.type}.`,
      );
    else
      refuse(
        machine.startsWith("n1-"),
        `Accelerator type ${String(type)} cannot be attached to machine type ${machine}.`,
      );
  }
  refuse(
    !own || given.length > 0,
    `Machine type ${machine} must be used with ${String(own?.count)} accelerator(s) of type ${String(own?.type)}.`,
  );
  const email = text(config, "serviceAccount");
  const [, named] =
    /^[a-z][-a-z0-9]{4,28}[a-z0-9]@([a-z0-9-]+)\.iam\.gserviceaccount\.com$/.exec(email ?? "") ?? [];
  if (named !== undefined)
    refuse(
      context.world.list(accountType).some(({ state }) => state["email"] === email),
      `Service account "${String(email)}" does not exist.`,
    );
  for (const key of Object.keys(at(config, "labels")[0] ?? {}))
    refuse(
      !/(^|\.)(kubernetes\.io|k8s\.io)\//.test(key),
      `Node label "${key}" is reserved: it contains a prefix of Kubernetes's own.`,
    );
}

/** Refuses more nodes at once than the pods' range has a block for. */
export function refuseNodeCount(
  cluster: WorldObject,
  nodes: number,
  podsPerNode: number,
  context: Context,
): void {
  const range = rangeOf(cluster.inputs, "clusterSecondaryRangeName", context);
  if (range === undefined) return;
  // Twice as many addresses as pods, in a block of a power of two.
  const block = 32 - Math.ceil(Math.log2(2 * podsPerNode));
  const room = 2 ** Math.max(0, block - prefixLength(range));
  if (nodes > room)
    throw new CloudError(
      "IP_SPACE_EXHAUSTED",
      `Instance creation failed: IP space of the pods' secondary range ${range} is exhausted: it has room for ${room} nodes of ${podsPerNode} pods.`,
    );
}

import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Invoke, Props, Provider } from "../behaviour.js";
import type { Failure } from "./common.js";
import {
  addressAt,
  cidrContains,
  cidrs,
  cidrsOverlap,
  gcpResource,
  inRange,
  isCidr,
  isTrue,
  matches,
  nameOf,
  objects,
  oneOf,
  prefixLength,
  project,
  relative,
  repeated,
  rfc1035,
  selfLink,
  stateOf,
  text,
} from "./common.js";
import { inUse, invalid } from "./computeErrors.js";
import { created, networkType, numericId, toNetwork } from "./network.js";

export const subnetworkType = "gcp:compute/subnetwork:Subnetwork";

/** Blocks that subnets may lie in. Source: VPC, "Subnets", valid IPv4 ranges; public blocks need a waiver and are left out. */
const privateRanges = [
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24"],
  ...["198.51.100.0/24", "203.0.113.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4"],
];
/** What an auto-mode network keeps for itself. */
const autoRange = "10.128.0.0/9";
const largestPrefix = 29;

interface Range {
  field: string;
  block: string;
}

function rangesOf(subnet: Props): Range[] {
  const primary = text(subnet, "ipCidrRange");
  return [
    ...(primary === undefined ? [] : [{ field: "ipCidrRange", block: primary }]),
    ...objects(subnet, "secondaryIpRanges").flatMap((range, i) => {
      const block = text(range, "ipCidrRange");
      return block === undefined ? [] : [{ field: `secondaryIpRanges[${i}].ipCidrRange`, block }];
    }),
  ];
}

/** Every block that the subnets of a network take, and of which subnet it is. */
export function takenRanges(
  context: Pick<Context, "world">,
  network: string,
): { id: string; block: string }[] {
  return context.world
    .list(subnetworkType)
    .filter(({ state }) => relative(text(state, "network") ?? "") === relative(network))
    .flatMap(({ id, state }) => rangesOf(state).map(({ block }) => ({ id, block })));
}

function check(inputs: Props): Failure[] {
  const logged = objects(inputs, "logConfig");
  return [
    ...cidrs(inputs, "ipCidrRange"),
    ...cidrs(inputs, "secondaryIpRanges[].ipCidrRange"),
    ...matches(inputs, "secondaryIpRanges[].rangeName", rfc1035, `must match ${rfc1035.source}`),
    ...(inputs["ipCidrRange"] === undefined && inputs["reservedInternalRange"] === undefined
      ? [{ property: "ipCidrRange", reason: "one of `ipCidrRange,reservedInternalRange` must be specified" }]
      : []),
    ...oneOf(inputs, "stackType", ["IPV4_ONLY", "IPV4_IPV6", "IPV6_ONLY"]),
    ...oneOf(inputs, "purpose", [
      ...["PRIVATE", "REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY"],
      ...["PRIVATE_SERVICE_CONNECT", "PEER_MIGRATION", "PRIVATE_NAT"],
    ]),
    ...oneOf(inputs, "logConfig.aggregationInterval", [
      ...["INTERVAL_5_SEC", "INTERVAL_30_SEC", "INTERVAL_1_MIN"],
      ...["INTERVAL_5_MIN", "INTERVAL_10_MIN", "INTERVAL_15_MIN"],
    ]),
    ...oneOf(inputs, "logConfig.metadata", [
      "EXCLUDE_ALL_METADATA",
      "INCLUDE_ALL_METADATA",
      "CUSTOM_METADATA",
    ]),
    ...inRange(inputs, "logConfig.flowSampling", 0, 1),
    ...(logged.length > 0 && /MANAGED_PROXY$/.test(text(inputs, "purpose") ?? "")
      ? [{ property: "logConfig", reason: "flow logs aren't supported for proxy-only subnets" }]
      : []),
  ];
}

function admit(inputs: Props, context: Context): void {
  const network = text(inputs, "network") ?? "";
  const others = takenRanges(context, network).filter(({ id }) => id !== context.current?.id);
  const own = rangesOf(inputs);
  const auto = isTrue(stateOf(context, [networkType], network), "autoCreateSubnetworks");
  own.forEach(({ field, block }, i) => {
    if (prefixLength(block) > largestPrefix)
      throw invalid(field, block, `Subnetwork range must be /${largestPrefix} or larger.`);
    if (!privateRanges.some((range) => cidrContains(range, block)))
      throw invalid(field, block, "Must be a valid private IPv4 range.");
    if (auto && cidrsOverlap(autoRange, block))
      throw invalid(field, block, `Conflicts with the range ${autoRange} of an auto subnet mode network.`);
    const other = others.find((one) => cidrsOverlap(one.block, block));
    if (other)
      throw invalid(
        field,
        block,
        `Invalid IPCidrRange: ${block} conflicts with existing subnetwork '${other.id}'.`,
      );
    const mine = own.slice(0, i).find((one) => cidrsOverlap(one.block, block));
    if (mine)
      throw invalid(field, block, `Range overlaps with ${mine.field} ${mine.block} of the same subnetwork.`);
  });
  const twice = repeated(rangeNames(inputs));
  if (twice !== undefined)
    throw invalid("secondaryIpRanges", twice, "Secondary range names must be unique within the subnetwork.");
}

/** A primary range may grow in place and do nothing else. */
function shrinks(olds: Props, news: Props): boolean {
  const [old, next] = [text(olds, "ipCidrRange"), text(news, "ipCidrRange")];
  if (old === undefined || next === undefined || old === next || !isCidr(next)) return false;
  return !cidrContains(next, old);
}

const subnetwork: Behaviour = gcpResource({
  source: "compute.v1 discovery, Subnetwork; VPC, Subnets; provider docs of gcp.compute.Subnetwork",
  path: "projects/{project}/regions/{region}/subnetworks/{name}",
  api: "compute.googleapis.com",
  required: ["network"],
  replaces: ["network", "description", "purpose", "reservedInternalRange"],
  replacesWhen: (olds, news) => (shrinks(olds, news) ? ["ipCidrRange"] : []),
  references: { network: toNetwork },
  check,
  admit,
  outputs: (inputs, context) => {
    const block = text(inputs, "ipCidrRange");
    const network = text(inputs, "network");
    return {
      network: network === undefined ? undefined : selfLink(relative(network)),
      creationTimestamp: created(context),
      subnetworkId: Number(
        text(context.current?.state, "subnetworkId") ?? Number(numericId(context)) % 2 ** 31,
      ),
      gatewayAddress: block === undefined ? "" : addressAt(block, 1),
      fingerprint: context.hex(8),
      purpose: text(inputs, "purpose") ?? "PRIVATE",
      stackType: text(inputs, "stackType") ?? "IPV4_ONLY",
      privateIpGoogleAccess: isTrue(inputs, "privateIpGoogleAccess"),
      secondaryIpRanges: inputs["secondaryIpRanges"] ?? [],
    };
  },
  volatile: ["fingerprint", "gatewayAddress"],
  inUse,
  minutes: 0.5,
});

const getSubnetwork: Invoke = (args, context) => {
  const region = text(args, "region") ?? context.region;
  const id =
    text(args, "selfLink") ??
    `projects/${project(args, context)}/regions/${region}/subnetworks/${text(args, "name") ?? ""}`;
  const found = context.world.find(subnetworkType, relative(id));
  if (!found)
    throw new CloudError("notFound", `googleapi: Error 404: The resource '${relative(id)}' was not found`);
  return { ...found.state, id: found.id, selfLink: selfLink(found.id) };
};

const getSubnetworks: Invoke = (args, context) => {
  const region = text(args, "region") ?? context.region;
  const place = `projects/${project(args, context)}/regions/${region}/subnetworks`;
  const found = context.world.list(subnetworkType).filter(({ id }) => id.startsWith(`${place}/`));
  return {
    id: place,
    project: project(args, context),
    region,
    subnetworks: found.map(({ id, state }) => ({
      name: state["name"],
      description: state["description"] ?? "",
      ipCidrRange: state["ipCidrRange"],
      network: state["network"],
      networkName: nameOf(String(state["network"])),
      networkSelfLink: state["network"],
      privateIpGoogleAccess: state["privateIpGoogleAccess"],
      selfLink: selfLink(id),
    })),
  };
};

/** Names of a subnet's secondary ranges. */
export const rangeNames = (subnet: Props | undefined): string[] =>
  objects(subnet, "secondaryIpRanges").map((range) => text(range, "rangeName") ?? "");

export const subnetworks: Provider = {
  types: { [subnetworkType]: subnetwork },
  invokes: {
    "gcp:compute/getSubnetwork:getSubnetwork": getSubnetwork,
    "gcp:compute/getSubnetworks:getSubnetworks": getSubnetworks,
  },
};

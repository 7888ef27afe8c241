import type { Context, Props } from "../behaviour.js";
import { at, cidrsOverlap, isTrue, lookup, refuseUnless, text, texts } from "./common.js";
import { type } from "./references.js";

/** Kubernetes versions that a new cluster may have. Source: EKS user guide, "Kubernetes versions", release calendar. */
export const versions = ["1.30", "1.31", "1.32", "1.33", "1.34", "1.35"];
export const minorOf = (version: string) => Number(version.split(".")[1]);

const invalid = "InvalidParameterException";

/** Public access CIDRs of a cluster at the most. Source: EKS service quotas, which say that it is not adjustable. */
const mostPublicRanges = 40;
/**
 * What no block of public access may include. Source: EKS user guide, "Configure network access to cluster API server
 * endpoint": reserved addresses; IANA IPv4 Special-Purpose Address Registry (RFC 6890), without what is for documentation.
 */
const reserved = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"],
  ...["192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"],
];

function refusePublicAccess(ranges: string[]): void {
  refuseUnless(
    ranges.length <= mostPublicRanges,
    invalid,
    `The maximum number of CIDRs in publicAccessCidrs is ${mostPublicRanges}, found ${ranges.length}`,
  );
  // Everybody is allowed, as the default.
  const wrong = ranges.filter(
    (range) => range !== "0.0.0.0/0" && reserved.some((each) => cidrsOverlap(each, range)),
  );
  refuseUnless(
    wrong.length === 0,
    invalid,
    `The following CIDRs are invalid in publicAccessCidrs: ${wrong.join(", ")}`,
  );
}

export function refuseNetwork(inputs: Props, context: Context): void {
  const subnetsOf = (props: Props) =>
    texts(props, "vpcConfig.subnetIds").flatMap((id) => lookup(context, type.subnet, id) ?? []);
  const zonesOf = (props: Props) =>
    new Set(subnetsOf(props).map((each) => text(each.state, "availabilityZone")));
  const subnets = subnetsOf(inputs);
  const zones = zonesOf(inputs);
  refuseUnless(zones.size >= 2, invalid, "Subnets specified must be in at least two different AZs");
  // Not in the API's reference. Source: aws/containers-roadmap issues 170 and 2258.
  const [first, now] = [context.current ? zonesOf(context.current.state) : zones, zones].map((each) =>
    [...each].sort().join(","),
  );
  refuseUnless(
    first === now,
    invalid,
    `Provided subnets belong to the AZs '${String(now)}'. But they should belong to the exact set of AZs '${String(first)}' in which subnets were provided during cluster creation.`,
  );
  const vpcs = new Set(subnets.map((each) => text(each.inputs, "vpcId")));
  refuseUnless(vpcs.size === 1, invalid, "Subnets specified must belong to the same VPC");
  const [vpcId] = vpcs;
  // EKS user guide: use1-az3 and two others take no control plane; most accounts know them by these names.
  const closed = [...zones].find(
    (zone) => zone === "us-east-1e" || zone === "us-west-1b" || zone === "ca-central-1d",
  );
  refuseUnless(
    closed === undefined,
    "UnsupportedAvailabilityZoneException",
    `Cannot create cluster because ${String(closed)}, the targeted availability zone, does not currently have sufficient capacity to support the cluster.`,
  );
  for (const id of texts(inputs, "vpcConfig.securityGroupIds"))
    refuseUnless(
      text(lookup(context, type.securityGroup, id)?.state, "vpcId") === vpcId,
      invalid,
      `Security group(s) [${id}] are not in the same VPC as the subnets. Please specify a security group that is associated with the VPC: ${String(vpcId)}.`,
    );
  const [publicAccess = true] = at(inputs, "vpcConfig.endpointPublicAccess");
  refuseUnless(
    publicAccess === true || isTrue(inputs, "vpcConfig.endpointPrivateAccess"),
    invalid,
    "Private and public endpoint access cannot be false",
  );
  refusePublicAccess(texts(inputs, "vpcConfig.publicAccessCidrs"));
  const services = text(inputs, "kubernetesNetworkConfig.serviceIpv4Cidr");
  const block = text(lookup(context, type.vpc, vpcId)?.state, "cidrBlock");
  refuseUnless(
    services === undefined || block === undefined || !cidrsOverlap(services, block),
    invalid,
    `The service CIDR ${String(services)} overlaps with the VPC CIDR ${String(block)}`,
  );
}

/** The service range that EKS takes when none is given: the one that does not meet the VPC. */
export function serviceRange(inputs: Props, context: Context): string {
  const [subnetId] = texts(inputs, "vpcConfig.subnetIds");
  const subnet = lookup(context, type.subnet, subnetId);
  const block = text(subnet?.state, "cidrBlock") ?? "10.0.0.0/16";
  return (
    text(inputs, "kubernetesNetworkConfig.serviceIpv4Cidr") ??
    (block.startsWith("10.") ? "172.20.0.0/16" : "10.100.0.0/16")
  );
}

export function refuseUpdate(inputs: Props, current: Props): void {
  const [old, fresh] = [text(current, "version"), text(inputs, "version")];
  if (old !== undefined && fresh !== undefined && old !== fresh)
    refuseUnless(
      minorOf(fresh) === minorOf(old) + 1,
      invalid,
      `Unsupported Kubernetes minor version update from ${old} to ${fresh}`,
    );
  const order = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];
  const [was, is] = [current, inputs].map((each) => text(each, "accessConfig.authenticationMode"));
  if (was !== undefined && is !== undefined)
    refuseUnless(
      order.indexOf(is) >= order.indexOf(was),
      invalid,
      `Unsupported authentication mode update from ${was} to ${is}`,
    );
}

import type { Context, Props } from "../behaviour.js";
import {
  addressAt,
  at,
  cidrContains,
  cidrsOverlap,
  isCidr,
  nameOf,
  objects,
  parentOf,
  prefixLength,
  refuseUnless,
  stateOf,
  text,
} from "./common.js";
import { mostNodes } from "./containerServiceTypes.js";
import { blocksOf, net } from "./networkTypes.js";

const invalid = "InvalidParameter";
/** Source: "AKS: plan IP addressing": ranges that neither Services, pods nor the network may use. */
const reserved = ["169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24"];

export interface Ranges {
  serviceCidr: string;
  podCidr: string;
  dnsServiceIP: string;
}

/** The cluster's ranges, with what AKS takes where none is given. */
export function rangesOf(cluster: Props): Ranges {
  const of = (name: keyof Ranges) => text(cluster, `networkProfile.${name}`);
  const serviceCidr = of("serviceCidr") ?? "10.0.0.0/16";
  return {
    serviceCidr,
    podCidr: of("podCidr") ?? "10.244.0.0/16",
    dnsServiceIP: of("dnsServiceIP") ?? (isCidr(serviceCidr) ? addressAt(serviceCidr, 10) : ""),
  };
}

function refuseCombination(cluster: Props): void {
  const of = (name: string) => text(cluster, `networkProfile.${name}`);
  const [plugin, mode, dataplane, policy] = [
    "networkPlugin",
    "networkPluginMode",
    "networkDataplane",
    "networkPolicy",
  ].map(of);
  refuseUnless(
    mode !== "overlay" || plugin === "azure",
    "BadRequest",
    "networkPluginMode 'overlay' is supported with networkPlugin 'azure' only.",
  );
  refuseUnless(
    dataplane !== "cilium" || (plugin === "azure" && (mode === "overlay" || hasPodSubnets(cluster))),
    "BadRequest",
    "networkDataplane 'cilium' requires networkPlugin 'azure' with networkPluginMode 'overlay' or with pod subnets.",
  );
  refuseUnless(
    dataplane !== "cilium" || policy === "cilium",
    "BadRequest",
    "networkDataplane 'cilium' requires networkPolicy 'cilium'.",
  );
  refuseUnless(
    policy !== "cilium" || dataplane === "cilium",
    "BadRequest",
    "networkPolicy 'cilium' requires networkDataplane 'cilium'.",
  );
  refuseUnless(
    (of("loadBalancerSku") ?? "standard").toLowerCase() === "standard",
    "BadRequest",
    "The load balancer SKU 'basic' is retired: use 'standard'.",
  );
}

const hasPodSubnets = (cluster: Props) => at(cluster, "agentPoolProfiles[].podSubnetID").length > 0;

/** Ranges of Services and pods apart from each other, from the network and from what AKS reserves. */
export function refuseNetwork(cluster: Props, context: Context): void {
  refuseCombination(cluster);
  const { serviceCidr, podCidr, dnsServiceIP } = rangesOf(cluster);
  for (const [name, range] of [
    ["serviceCidr", serviceCidr],
    ["podCidr", podCidr],
  ] as const) {
    refuseUnless(
      isCidr(range),
      invalid,
      `The value of parameter networkProfile.${name} is invalid: ${range} is no CIDR block.`,
    );
    const taken = reserved.find((each) => cidrsOverlap(each, range));
    refuseUnless(
      taken === undefined,
      invalid,
      `The value of parameter networkProfile.${name} is invalid: ${range} overlaps with the reserved range ${taken ?? ""}.`,
    );
    const subnet = at(cluster, "agentPoolProfiles[].vnetSubnetID").map(String)[0];
    const network = stateOf(context, [net.virtualNetwork], parentOf(subnet ?? ""));
    const space = at(network, "addressSpace.addressPrefixes[]")
      .map(String)
      .find((each) => cidrsOverlap(each, range));
    refuseUnless(
      space === undefined,
      name === "serviceCidr" ? "ServiceCidrOverlapExistingSubnetsCidr" : "PodCidrOverlapExistingSubnetsCidr",
      `The specified ${name} ${range} is conflicted with the address space ${space ?? ""} of the virtual network.`,
    );
  }
  refuseUnless(
    prefixLength(serviceCidr) >= 12,
    invalid,
    `The value of parameter networkProfile.serviceCidr is invalid: ${serviceCidr} is larger than /12.`,
  );
  refuseUnless(
    !cidrsOverlap(serviceCidr, podCidr),
    "ServiceCidrOverlapPodCidr",
    `The specified service CIDR ${serviceCidr} overlaps with the pod CIDR ${podCidr}.`,
  );
  refuseUnless(
    cidrContains(serviceCidr, `${dnsServiceIP}/32`) && dnsServiceIP !== addressAt(serviceCidr, 1),
    invalid,
    `The value of parameter networkProfile.dnsServiceIP is invalid: ${dnsServiceIP} is not in the service CIDR ${serviceCidr}, or is its first address.`,
  );
  refuseRoom(objects(cluster, "agentPoolProfiles"), podCidr, context);
}

/** Room for every node at once: an address in its subnet each, and a /24 of the pod range. */
export function refuseRoom(pools: readonly Props[], podCidr: string | undefined, context: Context): void {
  const nodes = (some: readonly Props[]) => some.reduce((sum, each) => sum + mostNodes(each) + 1, 0);
  const rooms = 2 ** (24 - prefixLength(podCidr ?? "10.244.0.0/16"));
  refuseUnless(
    nodes(pools) <= rooms,
    "InsufficientPodCidr",
    `The pod CIDR ${podCidr ?? ""} has room for ${rooms} nodes, and the pools can have ${nodes(pools)}.`,
  );
  for (const subnetId of new Set(pools.map((each) => text(each, "vnetSubnetID")))) {
    const [block] = blocksOf(stateOf(context, [net.subnet], subnetId));
    if (block === undefined) continue;
    const free = 2 ** (32 - prefixLength(block)) - 5;
    const wanted = nodes(pools.filter((each) => text(each, "vnetSubnetID") === subnetId));
    refuseUnless(
      wanted <= free,
      "InsufficientSubnetSize",
      `Pre-allocated IPs ${wanted} exceeds IPs available ${free} in Subnet Cidr ${block}, Subnet Name ${nameOf(subnetId ?? "")}.`,
    );
  }
}

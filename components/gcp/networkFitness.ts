import { Address4 } from "ip-address";
import type { CellTier } from "./subnets.js";

/** What a cell asks of an existing network. */
export interface NetworkNeeds {
  /** The cell's project, where a network is that is given by its name only. */
  project: string;
  region: string;
  /** The cell's range as the config says it and checks its overlaps: the subnets lie in it, and leave its last /29. */
  cidr: string;
  /** Nodes at the most, of all pools together. */
  nodes: number;
}

/** One thing that is missing, or unfit. */
export interface NetworkProblem {
  /** Where: the network itself, a subnet, or a secondary range of the node subnet. */
  place: "network" | CellTier | "podRange" | "serviceRange";
  /** Its name. */
  name: string;
  found: string;
  /** What would be right. */
  remedy: string;
}

/** What the rules look at of a subnet. */
export interface Subnet {
  id: string;
  name: string;
  /** Id of its network. */
  network: string;
  cidr: string;
  privateAccess: boolean;
  /** Block of each secondary range, by name. */
  ranges: Readonly<Record<string, string>>;
}

/** Nodes that an upgrade adds, one a pool, and the control plane's private endpoint. */
const spareAddresses = 4;
/** Compute Engine keeps four of each subnet (VPC, "Subnets"). */
const keptAddresses = 4;
/** GKE gives each node a /24 of the pods' range for its 110 pods (GKE, "Flexible Pod CIDR"). */
const podsOfNode = 24;
/** Room for the database's endpoint and its successor. */
const longestEndpoint = 29;
/** 252 Services. */
const longestServices = 24;

const lengthOf = (cidr: string): number => new Address4(cidr).subnetMask;
const inside = (inner: string, outer: string) => new Address4(inner).isInSubnet(new Address4(outer));

/** The block to give Memorystore: always the same, for another would replace the cache. */
export function cacheBlock(cidr: string): string {
  const last = new Address4(cidr).endAddress().bigInt();
  return `${Address4.fromBigInt(last - 7n).correctForm()}/29`;
}

/** Whether the cache's block is free. `subnets` are all of the network in the region, by name. */
export function cacheProblems(
  name: string,
  subnets: Readonly<Record<string, string>>,
  { cidr }: NetworkNeeds,
): NetworkProblem[] {
  const block = cacheBlock(cidr);
  return Object.entries(subnets)
    .filter(([, taken]) => inside(block, taken))
    .map(([subnet, taken]) => ({
      place: "network",
      name,
      found: `${subnet} (${taken}) holds ${block}, which is for the cache`,
      remedy: "write a cidr whose last /29 is in no subnet",
    }));
}

/** What is unfit of a subnet, be it the nodes' or the endpoints'. */
export function subnetProblems(
  tier: CellTier,
  subnet: Subnet,
  network: string,
  needs: NetworkNeeds,
): NetworkProblem[] {
  const problems: NetworkProblem[] = [];
  const { name, cidr } = subnet;
  const refuse = (found: string, remedy: string) => problems.push({ place: tier, name, found, remedy });
  if (subnet.network !== network) refuse(`it belongs to ${subnet.network}`, `write a subnet of ${network}`);
  if (!subnet.privateAccess)
    refuse("private Google access is off", "turn it on: nodes reach Google's services by it");
  if (!inside(cidr, needs.cidr))
    refuse(`${cidr}, outside the cell's ${needs.cidr}`, "write a cidr that holds the subnets");
  const wanted = needs.nodes + spareAddresses;
  const free = 2 ** (32 - lengthOf(cidr)) - keptAddresses;
  if (tier === "node" && free < wanted)
    refuse(`${cidr} with ${free} addresses`, `${needs.nodes} nodes take ${wanted}: write a larger subnet`);
  if (tier === "endpoint" && lengthOf(cidr) > longestEndpoint)
    refuse(cidr, `write a subnet of /${longestEndpoint} or larger`);
  return problems;
}

/** What is unfit of the node subnet's secondary ranges. */
export function rangeProblems(
  { ranges, name: subnet }: Subnet,
  wanted: { podRange: string; serviceRange: string },
  needs: NetworkNeeds,
): NetworkProblem[] {
  const { podRange, serviceRange } = wanted;
  const known = Object.keys(ranges).join(", ") || "none";
  const check = (place: "podRange" | "serviceRange", name: string, longest: number, why: string) => {
    const block = ranges[name];
    if (block === undefined)
      return [{ place, name, found: `${subnet} has no such secondary range`, remedy: `it has ${known}` }];
    if (lengthOf(block) <= longest) return [];
    return [{ place, name, found: block, remedy: `${why}: write a range of /${longest} or larger` }];
  };
  const longestPods = podsOfNode - Math.ceil(Math.log2(needs.nodes + spareAddresses - 1));
  const problems: NetworkProblem[] = [
    ...check("podRange", podRange, longestPods, `${needs.nodes} nodes take a /${podsOfNode} each`),
    ...check("serviceRange", serviceRange, longestServices, "Services take an address each"),
  ];
  if (podRange === serviceRange)
    problems.push({
      place: "serviceRange",
      name: serviceRange,
      found: "the pods' range",
      remedy: "write another",
    });
  return problems;
}

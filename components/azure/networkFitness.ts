import { Address4 } from "ip-address";
import type { ExistingNetwork } from "./existingNetwork.js";
import { cellTiers, maxServices } from "./subnets.js";
import type { CellTier } from "./subnets.js";

/** What a cell asks of an existing network. */
export interface NetworkNeeds {
  region: string;
  /** The cell's range as the config says it and checks its overlaps: a block of the network. */
  cidr: string;
  /** Ranges of the cluster's Services and pods, which must lie outside. */
  serviceCidr: string;
  podCidr: string;
  /** Nodes at the most, of all node pools together. */
  nodes: number;
}

/** One thing that is missing, or unfit. */
export interface NetworkProblem {
  /** Where: the network itself, or the subnet of a tier. */
  tier: "network" | CellTier;
  /** The network or the subnet; absent where none is named. */
  id?: string;
  found: string;
  /** What would be right. */
  remedy: string;
}

export interface FoundNetwork {
  location: string;
  cidrs: string[];
}

export interface FoundSubnet {
  id: string;
  cidrs: string[];
  /** Services that it is delegated to. */
  delegations: string[];
  securityGroupId?: string | undefined;
  routeTableId?: string | undefined;
  /** Whether its route table leads 0.0.0.0/0 to an appliance or a gateway. */
  ledOut: boolean;
  natGatewayId?: string | undefined;
}

const postgres = "Microsoft.DBforPostgreSQL/flexibleServers";

export function networkProblems(
  { id }: ExistingNetwork,
  found: FoundNetwork | undefined,
  needs: NetworkNeeds,
): NetworkProblem[] {
  const problem = (what: string, remedy: string): NetworkProblem => ({
    tier: "network",
    id,
    found: what,
    remedy,
  });
  if (!found)
    return [problem(`no ${id}`, "write the resource id of a virtual network in the cell's subscription")];
  const { location, cidrs } = found;
  const problems: NetworkProblem[] = [];
  if (location !== needs.region)
    problems.push(problem(`in ${location}`, `write a virtual network in ${needs.region}`));
  if (!cidrs.includes(needs.cidr))
    problems.push(
      problem(
        `cidr ${needs.cidr}`,
        `write as the cell's cidr a block that the network has: ${cidrs.join(", ")}`,
      ),
    );
  for (const [what, range] of [
    ["kubernetes.serviceCidr", needs.serviceCidr],
    ["range of pods", needs.podCidr],
  ] as const) {
    const over = cidrs.find((block) => overlap(block, range));
    if (over)
      problems.push(
        problem(`${over}, which the ${what} ${range} overlaps`, `take a ${what} outside the network`),
      );
  }
  return problems;
}

export function subnetProblems(
  existing: ExistingNetwork,
  subnets: FoundSubnet[],
  needs: NetworkNeeds,
): NetworkProblem[] {
  return cellTiers.flatMap((tier) => {
    const [id, ...more] = existing.subnets[tier];
    const problem = (found: string, remedy: string): NetworkProblem => ({
      tier,
      ...(id !== undefined && { id }),
      found,
      remedy,
    });
    if (id === undefined || more.length > 0)
      return [
        problem(`${existing.subnets[tier].length} subnets`, "write one: a subnet of Azure is in all zones"),
      ];
    if (!id.toLowerCase().startsWith(`${existing.id.toLowerCase()}/subnets/`))
      return [problem(id, `write the id of a subnet of ${existing.id}`)];
    const subnet = subnets.find((each) => each.id.toLowerCase() === id.toLowerCase());
    if (!subnet) return [problem(`no ${id}`, `write the id of a subnet of ${existing.id}`)];
    const complaints = [
      shared(existing, tier, id),
      size(subnet, largestPrefix[tier](needs.nodes)),
      delegation(tier, subnet),
      guard(subnet),
      way(tier, subnet),
    ];
    return complaints.flatMap((each) => (each ? [problem(...each)] : []));
  });
}

type Complaint = [found: string, remedy: string] | undefined;

/** Application Gateway and the database want a subnet to themselves. */
function shared({ subnets }: ExistingNetwork, tier: CellTier, id: string): Complaint {
  const other = cellTiers.find((each) => each !== tier && subnets[each].some((its) => its === id));
  return other && [`the subnet of ${other} too`, "write a subnet for each tier"];
}

function size({ cidrs }: FoundSubnet, largest: number): Complaint {
  const block = cidrs.find((cidr) => Address4.isValid(cidr));
  if (block === undefined) return ["no IPv4 block", "write a subnet that has one"];
  if (new Address4(block).subnetMask <= largest) return undefined;
  return [block, `too small: write a subnet of /${largest} or larger`];
}

/** The longest prefix of a subnet by its tier, given the nodes of the cell. Azure keeps five addresses of each. */
const largestPrefix: Record<CellTier, (nodes: number) => number> = {
  // "Application Gateway infrastructure configuration": /24 is recommended; ten instances and an upgrade fit this.
  gateway: () => 26,
  // An upgrade adds a node to each pool; internal Services take addresses at the end.
  node: (nodes) => Math.floor(32 - Math.log2(nodes + 2 + maxServices + 5)),
  // "Network with private access for Azure Database for PostgreSQL".
  data: () => 28,
  endpoint: () => 28,
};

function delegation(tier: CellTier, { delegations }: FoundSubnet): Complaint {
  const found = delegations.length > 0 ? `delegated to ${delegations.join(", ")}` : "not delegated";
  if (tier === "data")
    return delegations.join() === postgres ? undefined : [found, `delegate it to ${postgres}`];
  return delegations.length === 0 ? undefined : [found, "write a subnet without a delegation"];
}

function guard({ securityGroupId }: FoundSubnet): Complaint {
  return securityGroupId === undefined
    ? ["no security group", "give it one: the program makes none in an existing network"]
    : undefined;
}

function way(tier: CellTier, { ledOut, natGatewayId }: FoundSubnet): Complaint {
  if (tier === "node" && !ledOut && natGatewayId === undefined)
    return [
      "neither a default route nor a NAT gateway",
      "route 0.0.0.0/0 to a firewall, or give it a NAT gateway: without, nodes never join",
    ];
  // "Application Gateway infrastructure configuration", supported user-defined routes.
  if (tier === "gateway" && ledOut)
    return [
      "a default route to a firewall",
      "take the route away: an Application Gateway needs its own way to the internet",
    ];
  return undefined;
}

function overlap(one: string, other: string): boolean {
  const [a, b] = [new Address4(one), new Address4(other)];
  return a.isInSubnet(b) || b.isInSubnet(a);
}

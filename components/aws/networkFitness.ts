import { Address4 } from "ip-address";
import type { ExistingNetwork } from "./existingNetwork.js";
import { cellTiers, maxZones } from "./subnets.js";
import type { CellTier } from "./subnets.js";

/** What a cell asks of an existing network. */
export interface NetworkNeeds {
  region: string;
  /** The cell's range as the config says it and checks its overlaps: a block of the VPC. */
  cidr: string;
  /** Range of the cluster's Services. */
  serviceCidr: string;
  /** Zones at the least, 2 or 3. Default 2. */
  zones?: number;
  /** Nodes at the most, of all node groups together. */
  nodes: number;
}

/** One thing that is missing, or unfit. */
export interface NetworkProblem {
  /** Where: the VPC itself, or the subnets of a tier. */
  tier: "vpc" | CellTier;
  /** The VPC or the subnet; absent where a tier as a whole is meant. */
  id?: string;
  found: string;
  /** What would be right. */
  remedy: string;
}

/** What the rules look at of a VPC. */
export interface Vpc {
  id: string;
  /** Its IPv4 blocks. */
  cidrs: string[];
  /** Whether the VPC's own resolver answers. */
  resolves: boolean;
  /** Whether that resolver knows the names of instances and of private endpoints. */
  names: boolean;
  /** DNS servers that instances are told of; `AmazonProvidedDNS` is the VPC's own resolver. */
  servers: string[];
}

/** What the rules look at of a subnet. */
export interface Subnet {
  id: string;
  vpcId: string;
  zone: string;
  /** Empty where there is IPv6 only. */
  cidr: string;
  /** Target of its default route, by its own route table or the VPC's main one; absent without such a route. */
  way?: string;
}

/** What is unfit of the VPC itself. */
export function vpcProblems(
  { id }: ExistingNetwork,
  vpc: Vpc | undefined,
  needs: NetworkNeeds,
): NetworkProblem[] {
  const { region, cidr, serviceCidr } = needs;
  const problem = (found: string, remedy: string): NetworkProblem => ({ tier: "vpc", id, found, remedy });
  if (!vpc)
    return [problem(`no ${id} in ${region}`, "write the id of a VPC that the account has in that region")];
  const problems: NetworkProblem[] = [];
  // EKS user guide, "View Amazon EKS networking requirements": nodes cannot join without both.
  if (!vpc.resolves)
    problems.push(
      problem("DNS resolution is off", "turn it on (enableDnsSupport): nodes cannot join without"),
    );
  if (!vpc.names)
    problems.push(
      problem("DNS host names are off", "turn them on (enableDnsHostnames): nodes cannot join without"),
    );
  // The DNS Firewall sees no query that goes elsewhere, and no security group of the cell lets one out.
  if (vpc.servers.join() !== "AmazonProvidedDNS")
    problems.push(
      problem(
        `DHCP options with the DNS servers ${vpc.servers.join(", ") || "none"}`,
        "give the VPC DHCP options with AmazonProvidedDNS alone: other servers would pass the DNS Firewall by",
      ),
    );
  if (!vpc.cidrs.includes(cidr))
    problems.push(
      problem(`cidr ${cidr}`, `write as the cell's cidr the block that the VPC has: ${vpc.cidrs.join(", ")}`),
    );
  const over = vpc.cidrs.find((block) => overlap(block, serviceCidr));
  if (over)
    problems.push(
      problem(
        `${over}, which the Services' range ${serviceCidr} overlaps`,
        "write a kubernetes.serviceCidr outside the VPC",
      ),
    );
  return problems;
}

/** What is unfit of each subnet by itself: place, size, routes. */
export function subnetProblems(
  existing: ExistingNetwork,
  subnets: Subnet[],
  needs: NetworkNeeds,
): NetworkProblem[] {
  const perZone = Math.ceil(needs.nodes / Math.max(2, existing.subnets.node.length));
  return cellTiers.flatMap((tier) =>
    existing.subnets[tier].flatMap((id) => {
      const subnet = subnets.find((each) => each.id === id);
      const problem = (found: string, remedy: string): NetworkProblem => ({ tier, id, found, remedy });
      if (!subnet)
        return [problem(`no ${id} in ${needs.region}`, `write the id of a subnet of ${existing.id}`)];
      if (subnet.vpcId !== existing.id)
        return [problem(`a subnet of ${subnet.vpcId}`, `write the id of a subnet of ${existing.id}`)];
      const complaints = [
        location(subnet, needs.region),
        size(subnet, largestPrefix[tier](perZone)),
        routing[tier](subnet.way),
      ];
      return complaints.flatMap((each) => (each ? [problem(...each)] : []));
    }),
  );
}

type Complaint = [found: string, remedy: string] | undefined;

/** EKS user guide, "View Amazon EKS networking requirements": a control plane stands in none of these places. */
function location({ zone }: Subnet, region: string): Complaint {
  if (new RegExp(`^${region}[a-z]$`).test(zone)) return undefined;
  return [`in ${zone}`, "write a subnet in an availability zone, not in a local or a Wavelength zone"];
}

function size({ cidr }: Subnet, largest: number): Complaint {
  if (cidr === "") return ["no IPv4 block", "write a subnet that has one"];
  if (new Address4(cidr).subnetMask <= largest) return undefined;
  return [cidr, `too small: write a subnet of /${largest} or larger`];
}

/**
 * Addresses that pods and their node take on the instance types of the presets: four interfaces of fifteen (EC2
 * user guide, "Maximum IP addresses per network interface").
 */
const addressesPerNode = 60;

/** The longest prefix of a subnet by its tier, given the nodes of one zone. */
const largestPrefix: Record<CellTier, (nodes: number) => number> = {
  // Elastic Load Balancing user guide, "Subnets for your load balancer": it grows into the addresses.
  alb: () => 27,
  // EC2 keeps five addresses of each subnet. /24 is the least that leaves room for endpoints and updates of nodes.
  node: (nodes) => Math.min(24, Math.floor(32 - Math.log2(nodes * addressesPerNode + 5))),
  // The smallest that EC2 makes: enough for one instance and one replica in a zone.
  data: () => 28,
};

const routing: Record<CellTier, (way: string | undefined) => Complaint> = {
  alb: (way) =>
    way?.startsWith("igw-")
      ? undefined
      : [
          way ? `0.0.0.0/0 leads to ${way}` : "no route to 0.0.0.0/0",
          "route 0.0.0.0/0 to the internet gateway: the load balancer is public",
        ],
  node: (way) => {
    if (!way)
      return [
        "no route to 0.0.0.0/0",
        "route 0.0.0.0/0 to a NAT gateway, a firewall or a transit gateway: without, nodes never join",
      ];
    if (!way.startsWith("igw-")) return undefined;
    return [
      `0.0.0.0/0 leads to ${way}`,
      "route 0.0.0.0/0 to a NAT gateway, a firewall or a transit gateway: nodes have no public addresses",
    ];
  },
  data: (way) =>
    way
      ? [
          `0.0.0.0/0 leads to ${way}`,
          "write a subnet without a default route: database and cache call nobody",
        ]
      : undefined,
};

/** Each tier has one subnet in each zone of the nodes. Silent about tiers with subnets that are not there. */
export function zoneProblems(
  existing: ExistingNetwork,
  subnets: Subnet[],
  needs: NetworkNeeds,
): NetworkProblem[] {
  const zonesIn = (tier: CellTier) =>
    existing.subnets[tier]
      .flatMap((id) => subnets.filter((each) => each.id === id && each.vpcId === existing.id))
      .map(({ id, zone }) => ({ id, zone }));
  const whole = (tier: CellTier) => zonesIn(tier).length === existing.subnets[tier].length;
  const names = (tier: CellTier) => [...new Set(zonesIn(tier).map(({ zone }) => zone))];
  const { zones: least = 2 } = needs;
  const nodes = names("node");
  return cellTiers.filter(whole).flatMap((tier): NetworkProblem[] => {
    const all = zonesIn(tier);
    const again = all.filter(({ zone }, i) => all.findIndex((each) => each.zone === zone) < i);
    const problems: NetworkProblem[] = again.map(({ id, zone }) => ({
      tier,
      id,
      found: `a second subnet in ${zone}`,
      remedy: "write one subnet for each zone",
    }));
    const found = names(tier).join(", ") || "no subnets";
    if (tier === "node" && (nodes.length < least || nodes.length > maxZones))
      problems.push({ tier, found, remedy: `write subnets in ${range(least)} zones` });
    if (tier !== "node" && whole("node") && [...nodes].sort().join() !== names(tier).sort().join())
      problems.push({
        tier,
        found,
        remedy: `write one subnet in each zone of the nodes: ${nodes.join(", ")}`,
      });
    return problems;
  });
}

const range = (least: number) => (least < maxZones ? `${least} to ${maxZones}` : String(maxZones));

function overlap(one: string, other: string): boolean {
  const [a, b] = [new Address4(one), new Address4(other)];
  return a.isInSubnet(b) || b.isInSubnet(a);
}

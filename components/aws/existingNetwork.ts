import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { CellNetwork } from "./network.js";
import { subnetProblems, vpcProblems, zoneProblems } from "./networkFitness.js";
import type { NetworkNeeds, NetworkProblem, Subnet, Vpc } from "./networkFitness.js";
import { cellTiers } from "./subnets.js";
import type { CellTier } from "./subnets.js";

/** A VPC that the cell does not own, and the subnets that it may use: one of each tier in each zone. */
export interface ExistingNetwork {
  /** `vpc-…` */
  id: string;
  /** Ids by tier. The zones of `node` are the cell's, in this order; of a cell that exists, add at the end only. */
  subnets: Record<CellTier, string[]>;
}

/**
 * Looks an existing network up and says what of it a cell cannot stand on. Awaited before anything is registered,
 * so that an unfit network ends the run while nothing has been made.
 *
 * In such a network the program makes the cell's security groups, the DNS Firewall with its query log, and what
 * stands in the subnets. It makes no VPC, subnets, internet and NAT gateways, route tables and routes, Network
 * Firewall, VPC endpoints or flow logs, and leaves the default security group as it is: these are the owner's.
 * Where the owner has no endpoints, calls to AWS's own services take the nodes' default route; an owner's firewall
 * there has to let them, the image registries and the model providers through, and endpoints to admit the nodes.
 *
 * Not seen: default routes that a virtual private gateway propagates (the provider leaves them out), network
 * ACLs, another DNS Firewall on the VPC, and how many addresses are free (the cell's own count as used later).
 *
 * @param opts the provider of the cell's account and region.
 * @returns all that is wrong; or the network, when nothing is.
 * @throws when AWS refuses a look-up, for want of permission say; what is not there is a problem, not an error.
 */
export async function checkExisting(
  existing: ExistingNetwork,
  needs: NetworkNeeds,
  opts: pulumi.InvokeOptions,
): Promise<{ problems: NetworkProblem[]; network?: CellNetwork }> {
  const { vpc, subnets } = await lookUp(existing, opts);
  const problems = [
    ...vpcProblems(existing, vpc, needs),
    ...subnetProblems(existing, subnets, needs),
    ...zoneProblems(existing, subnets, needs),
  ];
  if (!vpc || problems.length > 0) return { problems };
  return { problems, network: networkOf(existing, vpc, subnets) };
}

function networkOf(existing: ExistingNetwork, vpc: Vpc, subnets: Subnet[]): CellNetwork {
  const inTier = (tier: CellTier) =>
    existing.subnets[tier].flatMap((id) => subnets.filter((subnet) => subnet.id === id));
  const zones = inTier("node").map(({ zone }) => zone);
  const pick = (what: "id" | "cidr") => {
    const byZone = (tier: CellTier) =>
      zones.flatMap((zone) => inTier(tier).flatMap((subnet) => (subnet.zone === zone ? subnet[what] : [])));
    return { alb: byZone("alb"), node: byZone("node"), data: byZone("data") };
  };
  return {
    vpcId: vpc.id,
    cidrs: vpc.cidrs,
    // The owner's endpoints may be in any subnet.
    endpointCidrs: vpc.cidrs,
    zones,
    plan: pick("cidr"),
    subnetIds: pick("id"),
  };
}

/** By lists first, which may be empty: the look-up of a single thing fails for its absence as for anything else. */
const among = (name: string, values: string[]) => ({ filters: [{ name, values }] });

async function lookUp(
  existing: ExistingNetwork,
  opts: pulumi.InvokeOptions,
): Promise<{ vpc?: Vpc; subnets: Subnet[] }> {
  const [vpc, subnets] = await Promise.all([
    findVpc(existing.id, opts),
    findSubnets(
      cellTiers.flatMap((tier) => existing.subnets[tier]),
      opts,
    ),
  ]);
  const ways = await defaultRoutes(
    subnets.map(({ id }) => id),
    vpc?.mainRouteTableId,
    opts,
  );
  return { vpc, subnets: subnets.map((subnet) => ({ ...subnet, way: ways.get(subnet.id) })) };
}

async function findVpc(
  id: string,
  opts: pulumi.InvokeOptions,
): Promise<(Vpc & { mainRouteTableId: string }) | undefined> {
  const { ids } = await aws.ec2.getVpcs(among("vpc-id", [id]), opts);
  if (ids.length === 0) return undefined;
  const vpc = await aws.ec2.getVpc({ id }, opts);
  const { dhcpOptionsId, mainRouteTableId } = vpc;
  // "default" is EC2's word for a VPC without options.
  const servers =
    dhcpOptionsId === "default"
      ? []
      : (await aws.ec2.getVpcDhcpOptions({ dhcpOptionsId }, opts)).domainNameServers;
  const blocks = vpc.cidrBlockAssociations.filter(({ state }) => state === "associated");
  return {
    id,
    cidrs: blocks.map(({ cidrBlock }) => cidrBlock),
    resolves: vpc.enableDnsSupport,
    names: vpc.enableDnsHostnames,
    servers,
    mainRouteTableId,
  };
}

async function findSubnets(wanted: string[], opts: pulumi.InvokeOptions): Promise<Subnet[]> {
  if (wanted.length === 0) return [];
  const { ids } = await aws.ec2.getSubnets(among("subnet-id", wanted), opts);
  const found = await Promise.all(ids.map((id) => aws.ec2.getSubnet({ id }, opts)));
  return found.map(({ id, vpcId, availabilityZone, cidrBlock }) => ({
    id,
    vpcId,
    zone: availabilityZone,
    cidr: cidrBlock,
  }));
}

/** Where each subnet's own route table, or else the VPC's main one, sends 0.0.0.0/0. */
async function defaultRoutes(
  subnetIds: string[],
  main: string | undefined,
  opts: pulumi.InvokeOptions,
): Promise<Map<string, string>> {
  if (subnetIds.length === 0) return new Map();
  const { ids } = await aws.ec2.getRouteTables(among("association.subnet-id", subnetIds), opts);
  const tables = await Promise.all(
    [...new Set([...ids, ...(main ? [main] : [])])].map((routeTableId) =>
      aws.ec2.getRouteTable({ routeTableId }, opts),
    ),
  );
  return new Map(
    subnetIds.flatMap((subnet): [string, string][] => {
      const table =
        tables.find(({ associations }) => associations.some(({ subnetId }) => subnetId === subnet)) ??
        tables.find(({ routeTableId }) => routeTableId === main);
      const route = table?.routes.find(({ cidrBlock }) => cidrBlock === "0.0.0.0/0");
      return route ? [[subnet, targetOf(route)]] : [];
    }),
  );
}

const destinations = ["cidrBlock", "ipv6CidrBlock", "destinationPrefixListId"];

/** The one field of a route that is neither empty nor its destination. */
function targetOf(route: aws.types.output.ec2.GetRouteTableRoute): string {
  const target = Object.entries(route).find(([key, value]) => value !== "" && !destinations.includes(key));
  return String(target?.[1]);
}

import { Address4 } from "ip-address";

/**
 * The tiers of a cell's network, one subnet a zone each:
 * - `alb` (public): the load balancer;
 * - `nat` (public): the NAT gateway. Apart from `alb`, whose replies would otherwise pass the firewall one way only;
 * - `firewall` (private): the Network Firewall endpoint;
 * - `node` (private): nodes, pods, the cluster's own interfaces and the VPC endpoints;
 * - `data` (isolated): database and cache.
 */
export const tiers = ["alb", "nat", "firewall", "node", "data"] as const;
export type Tier = (typeof tiers)[number];

/** The tiers that the cell's parts stand in: all that it asks of a network; the others are its own way out. */
export const cellTiers = ["alb", "node", "data"] as const satisfies Tier[];
export type CellTier = (typeof cellTiers)[number];

/** CIDR block per tier, one for each zone in the order of the zones. */
export type SubnetPlan = Record<Tier, string[]>;

/** Zones that a plan keeps room for. */
export const maxZones = 3;

/** Largest (AWS's own limit for a VPC) and smallest VPC, as prefix lengths. */
export const vpcPrefix = { min: 16, max: 20 } as const;

/**
 * Lays the subnets out in a VPC.
 *
 * Three quarters of the VPC are the node subnets, a quarter a zone, since pods take their addresses there.
 * A quarter of the fourth quarter is each zone's block for the rest; what is left stays free. There is always
 * room for three zones and every tier, so another size, another zone or the firewall never moves a subnet.
 *
 * | of the VPC's /p | node | zone's block | data | alb | nat | firewall |
 * |---|---|---|---|---|---|---|
 * | length | p+2 | p+4 | p+6 | p+6 | 28 | 28 |
 *
 * At /20 that makes 1,019 node addresses and 59 for the load balancer in each zone (AWS keeps five of each
 * subnet; an Application Load Balancer wants a /27 with eight free).
 *
 * @param cidr the VPC's block, /16 to /20, its first address.
 * @param zones number of zones, 1 to 3.
 * @throws when the block is not IPv4, of another length, or not at its first address; or the zones do not fit.
 */
export function planSubnets(cidr: string, zones: number): SubnetPlan {
  if (!Number.isInteger(zones) || zones < 1 || zones > maxZones)
    throw new Error(`zones: found ${zones}, right is 1 to ${maxZones}`);
  const vpc = parseVpc(cidr);
  const p = vpc.subnetMask;
  const quarter = 2 ** (32 - p - 2);
  const block = quarter / 4;
  const part = block / 4;
  const at = (offset: number, length: number) => `${vpc.offset(offset).correctForm()}/${length}`;
  const each = (place: (zone: number) => string) => Array.from({ length: zones }, (_, zone) => place(zone));
  const rest = (zone: number) => 3 * quarter + zone * block;
  return {
    node: each((zone) => at(zone * quarter, p + 2)),
    data: each((zone) => at(rest(zone), p + 6)),
    alb: each((zone) => at(rest(zone) + part, p + 6)),
    nat: each((zone) => at(rest(zone) + 2 * part, 28)),
    firewall: each((zone) => at(rest(zone) + 2 * part + 16, 28)),
  };
}

function parseVpc(cidr: string): Address4 {
  const right = `an IPv4 block of /${vpcPrefix.min} to /${vpcPrefix.max} such as 10.10.0.0/16`;
  if (!cidr.includes("/") || !Address4.isValid(cidr))
    throw new Error(`cidr: found "${cidr}", right is ${right}`);
  const vpc = new Address4(cidr);
  if (vpc.subnetMask < vpcPrefix.min || vpc.subnetMask > vpcPrefix.max)
    throw new Error(`cidr: found "${cidr}" of length /${vpc.subnetMask}, right is ${right}`);
  const first = `${vpc.startAddress().correctForm()}/${vpc.subnetMask}`;
  if (first !== cidr)
    throw new Error(`cidr: found "${cidr}", right is the first address of the block, ${first}`);
  return vpc;
}

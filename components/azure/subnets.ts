import { Address4 } from "ip-address";

/**
 * The tiers of a cell that its parts stand in, one subnet each, across the zones (a subnet of Azure is in all):
 * - `gateway`: the Application Gateway, alone;
 * - `node`: nodes, and the addresses of internal load balancers;
 * - `data`: the database, delegated to it;
 * - `endpoint`: private endpoints of cache and vault.
 */
export const cellTiers = ["gateway", "node", "data", "endpoint"] as const;
export type CellTier = (typeof cellTiers)[number];

/** Those, and `firewall`, the subnet of Azure Firewall. */
export const tiers = [...cellTiers, "firewall"] as const;
export type Tier = (typeof tiers)[number];

/** CIDR block per tier. */
export type SubnetPlan = Record<Tier, string>;

/** Largest and smallest virtual network of a cell, as prefix lengths. */
export const networkPrefix = { min: 16, max: 20 } as const;

/**
 * Lays the subnets out in a virtual network. The first quarter is for nodes, which alone grow with a cell: pods take
 * their addresses elsewhere (Azure CNI Overlay). The rest has fixed lengths at the start of the second quarter, and
 * what follows stays free. Every tier always has its room, so that another size moves no subnet.
 *
 * | of the network's /p | node | gateway | data | endpoint | firewall |
 * |---|---|---|---|---|---|
 * | length | p+2 | 24 | 26 | 26 | 26 |
 *
 * At /20 that makes 1,019 addresses for nodes (Azure keeps five of each subnet). /24 is what the Application Gateway
 * guide recommends, /26 what Azure Firewall needs.
 *
 * @param cidr the network's block, /16 to /20, its first address.
 * @throws when the block is not IPv4, of another length, or not at its first address.
 */
export function planSubnets(cidr: string): SubnetPlan {
  const network = parseNetwork(cidr);
  const quarter = 2 ** (32 - network.subnetMask - 2);
  const at = (offset: number, length: number) => `${network.offset(offset).correctForm()}/${length}`;
  return {
    node: at(0, network.subnetMask + 2),
    gateway: at(quarter, 24),
    data: at(quarter + 256, 26),
    endpoint: at(quarter + 320, 26),
    firewall: at(quarter + 384, 26),
  };
}

/** How many internal Services have an address kept for them: see {@link serviceAddress}. */
export const maxServices = 16;

/**
 * The private address of an internal Service's load balancer, known before anything exists: counted back from the
 * end of the node subnet, while Azure gives nodes the lowest free addresses.
 *
 * @param index 0 to {@link maxServices} - 1, the same for a Service for ever.
 * @throws for another index.
 */
export function serviceAddress({ node }: Pick<SubnetPlan, "node">, index: number): string {
  if (!Number.isInteger(index) || index < 0 || index >= maxServices)
    throw new Error(`service address: found ${index}, right is 0 to ${maxServices - 1}`);
  // The very last address is Azure's.
  return new Address4(node)
    .endAddress()
    .offset(-1 - index)
    .correctForm();
}

function parseNetwork(cidr: string): Address4 {
  const right = `an IPv4 block of /${networkPrefix.min} to /${networkPrefix.max} such as 10.10.0.0/16`;
  if (!cidr.includes("/") || !Address4.isValid(cidr))
    throw new Error(`cidr: found "${cidr}", right is ${right}`);
  const network = new Address4(cidr);
  if (network.subnetMask < networkPrefix.min || network.subnetMask > networkPrefix.max)
    throw new Error(`cidr: found "${cidr}" of length /${network.subnetMask}, right is ${right}`);
  const first = `${network.startAddress().correctForm()}/${network.subnetMask}`;
  if (first !== cidr)
    throw new Error(`cidr: found "${cidr}", right is the first address of the block, ${first}`);
  return network;
}

import { Address4 } from "ip-address";

/**
 * Tiers of a cell's network. On Google Cloud a subnet spans the zones of its region, so there is one a tier:
 * - `node`: nodes, and the control plane's private endpoint; pods and services have ranges of their own;
 * - `endpoint`: addresses of Private Service Connect endpoints, such as the database's.
 *
 * Beside them a plan has the block that Memorystore is given to peer with, which is no subnet.
 */
export type CellTier = "node" | "endpoint";

/** CIDR block of each subnet and of the cache. */
export type SubnetPlan = Record<CellTier | "cache", string>;

/** Largest and smallest block of a cell, as prefix lengths: the same as on the other clouds. */
export const cellPrefix = { min: 16, max: 20 } as const;

/**
 * Lays the blocks out: the first quarter for nodes, the first sixteenth of the last quarter for endpoints, and a
 * /29 after it for the cache (Memorystore for Redis, direct peering). The rest stays free. At /20 that makes 1,020
 * node addresses (Compute Engine keeps four of each subnet) and 60 for endpoints.
 *
 * @param cidr the cell's block, /16 to /20, its first address.
 * @throws when the block is not IPv4, of another length, or not at its first address.
 */
export function planSubnets(cidr: string): SubnetPlan {
  const cell = parseCell(cidr);
  const p = cell.subnetMask;
  const quarter = 2 ** (32 - p - 2);
  const at = (offset: number, length: number) => `${cell.offset(offset).correctForm()}/${length}`;
  return {
    node: at(0, p + 2),
    endpoint: at(3 * quarter, p + 6),
    cache: at(3 * quarter + quarter / 16, 29),
  };
}

function parseCell(cidr: string): Address4 {
  const right = `an IPv4 block of /${cellPrefix.min} to /${cellPrefix.max} such as 10.10.0.0/16`;
  if (!cidr.includes("/") || !Address4.isValid(cidr))
    throw new Error(`cidr: found "${cidr}", right is ${right}`);
  const cell = new Address4(cidr);
  if (cell.subnetMask < cellPrefix.min || cell.subnetMask > cellPrefix.max)
    throw new Error(`cidr: found "${cidr}" of length /${cell.subnetMask}, right is ${right}`);
  const first = `${cell.startAddress().correctForm()}/${cell.subnetMask}`;
  if (first !== cidr)
    throw new Error(`cidr: found "${cidr}", right is the first address of the block, ${first}`);
  return cell;
}

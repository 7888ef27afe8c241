import { Address4, Address6 } from "ip-address";

/** Whether the text is a block whose host bits are zero, as EC2 wants it: `10.0.0.0/16`. */
export function isCidr(value: string): boolean {
  if (!/\/\d+$/.test(value)) return false;
  try {
    const address = value.includes(":") ? new Address6(value) : new Address4(value);
    return address.startAddress().bigInt() === address.bigInt();
  } catch {
    return false;
  }
}

/** Whether the text is one IPv4 address: `10.0.0.4`. */
export const isIpv4 = (value: string): boolean => Address4.isValid(value) && !value.includes("/");

/** Whether the text is one IPv6 address. */
export const isIpv6 = (value: string): boolean => Address6.isValid(value) && !value.includes("/");

/** Whether the text is a block, or one address without its length. */
export const isBlockOrAddress = (value: string): boolean =>
  isCidr(value.includes("/") ? value : `${value}/32`);

/** Length of the prefix: 16 for `10.0.0.0/16`. */
export function prefixLength(cidr: string): number {
  return Number(cidr.split("/")[1]);
}

/** To read a block takes long, and the same ones come again and again. */
const known = new Map<string, [first: bigint, last: bigint]>();

function bounds(cidr: string): [first: bigint, last: bigint] {
  let found = known.get(cidr);
  if (!found) {
    const address = new Address4(cidr);
    known.set(cidr, (found = [address.startAddress().bigInt(), address.endAddress().bigInt()]));
  }
  return found;
}

/** Whether the inner IPv4 block lies wholly inside the outer one. */
export function cidrContains(outer: string, inner: string): boolean {
  const [low, high] = bounds(outer);
  const [innerLow, innerHigh] = bounds(inner);
  return low <= innerLow && innerHigh <= high;
}

/** Whether two IPv4 blocks share an address. */
export function cidrsOverlap(one: string, other: string): boolean {
  const [low, high] = bounds(one);
  const [otherLow, otherHigh] = bounds(other);
  return low <= otherHigh && otherLow <= high;
}

/** The address at an offset in an IPv4 block: `addressAt("10.0.0.0/24", 4)` is `10.0.0.4`. */
export function addressAt(cidr: string, offset: number): string {
  return Address4.fromBigInt(new Address4(cidr).startAddress().bigInt() + BigInt(offset)).correctForm();
}

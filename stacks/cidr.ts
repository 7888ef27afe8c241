/** An IPv4 range, as numbers. */
export interface Range {
  /** First address. */
  first: number;
  /** Last address. */
  last: number;
  prefix: number;
}

/**
 * Reads an IPv4 CIDR.
 * @returns undefined when it isn't one, or when bits are set after the prefix (10.0.0.1/16).
 */
export function parseCidr(text: string): Range | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [a, b, c, d, prefix] = parts as [number, number, number, number, number];
  if (Math.max(a, b, c, d) > 255 || prefix > 32) return undefined;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, last: first + size - 1, prefix } : undefined;
}

/** Whether two ranges share an address. */
export function overlaps(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last;
}

const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((cidr) => parseCidr(cidr)!);

/** Whether the range lies wholly inside one of the private ranges of RFC 1918. */
export function isPrivate(range: Range): boolean {
  return privateRanges.some((p) => p.first <= range.first && range.last <= p.last);
}

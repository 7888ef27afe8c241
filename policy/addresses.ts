import { Address4, Address6 } from "ip-address";

/** Blocks that the internet does not route: RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291. */
const inside4 = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"].map(
  (block) => new Address4(block),
);
const inside6 = ["fc00::/7", "fe80::/10"].map((block) => new Address6(block));

/** Whether a block holds addresses of the internet. */
export function isPublic(cidr: unknown): cidr is string {
  if (typeof cidr !== "string") return false;
  if (Address4.isValid(cidr)) return !inside4.some((block) => new Address4(cidr).isInSubnet(block));
  if (Address6.isValid(cidr)) return !inside6.some((block) => new Address6(cidr).isInSubnet(block));
  return false;
}

/** Whether a block is so large that it stands for everybody: 0.0.0.0/0, its halves, and the like. */
export function isAnywhere(cidr: unknown): cidr is string {
  if (typeof cidr !== "string") return false;
  if (Address4.isValid(cidr)) return isPublic(cidr) && new Address4(cidr).subnetMask < 8;
  return Address6.isValid(cidr) && isPublic(cidr) && new Address6(cidr).subnetMask < 16;
}

/** Whether a block certainly holds no address of the internet. */
export function isPrivate(cidr: unknown): cidr is string {
  return typeof cidr === "string" && (Address4.isValid(cidr) || Address6.isValid(cidr)) && !isPublic(cidr);
}

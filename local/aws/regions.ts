/** Zones of each region by their letters, as a new account sees them. Source: EC2 DescribeAvailabilityZones. */
const zoneLetters: Record<string, string> = {
  "af-south-1": "abc",
  "ap-east-1": "abc",
  "ap-east-2": "abc",
  "ap-northeast-1": "acd",
  "ap-northeast-2": "abcd",
  "ap-northeast-3": "abc",
  "ap-south-1": "abc",
  "ap-south-2": "abc",
  "ap-southeast-1": "abc",
  "ap-southeast-2": "abc",
  "ap-southeast-3": "abc",
  "ap-southeast-4": "abc",
  "ap-southeast-5": "abc",
  "ap-southeast-6": "abc",
  "ap-southeast-7": "abc",
  "ca-central-1": "abd",
  "ca-west-1": "abc",
  "cn-north-1": "abc",
  "cn-northwest-1": "abc",
  "eu-central-1": "abc",
  "eu-central-2": "abc",
  "eu-north-1": "abc",
  "eu-south-1": "abc",
  "eu-south-2": "abc",
  "eu-west-1": "abc",
  "eu-west-2": "abc",
  "eu-west-3": "abc",
  "il-central-1": "abc",
  "me-central-1": "abc",
  "me-south-1": "abc",
  "mx-central-1": "abc",
  "sa-east-1": "abc",
  "us-east-1": "abcdef",
  "us-east-2": "abc",
  "us-gov-east-1": "abc",
  "us-gov-west-1": "abc",
  "us-west-1": "ac",
  "us-west-2": "abcd",
};

/** Every region that has zones here. */
export const regions: readonly string[] = Object.keys(zoneLetters);

/** Names of a region's zones (`us-east-1a`, …); none for an unknown region. */
export function zonesOf(region: string): string[] {
  return [...(zoneLetters[region] ?? "")].map((letter) => region + letter);
}

/** A zone's account-independent id: `us-east-1a` → `use1-az1`. An account's mapping is arbitrary; here it is the order. */
export function zoneId(zone: string): string {
  const region = zone.slice(0, -1);
  const [area, ...rest] = region.split("-");
  const number = rest.pop() ?? "";
  const direction = rest.map((word) => word.replace(/^(north|south)(east|west)$/, "$1-$2")).join("-");
  const initials = direction.replace(/([a-z])[a-z]*-?/g, (_, initial: string) => initial);
  return `${area}${initials}${number}-az${zonesOf(region).indexOf(zone) + 1}`;
}

export function partitionOf(region: string): "aws" | "aws-cn" | "aws-us-gov" {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** Suffix of host names in the region's partition. */
export function dnsSuffix(region: string): string {
  return partitionOf(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
}

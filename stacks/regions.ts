/** The clouds that a cell or the DNS zone may be on. */
export const clouds = ["aws", "azure", "gcp"] as const;
export type Cloud = (typeof clouds)[number];

/**
 * AWS's commercial regions and, for each, the letters of the availability zones that a cell takes by default.
 * GovCloud, China and the sovereign clouds are other partitions, with other endpoints: not supported.
 * Which letters an account sees is the account's own (us-east-1 has six, us-west-1 two of three):
 * `cells[].zones` overrides. Source: the region list of the AWS SDKs; "Availability Zones" in the AWS docs.
 */
const awsZones: Readonly<Record<string, string>> = {
  "af-south-1": "abc",
  "ap-east-1": "abc",
  "ap-east-2": "abc",
  "ap-northeast-1": "acd",
  "ap-northeast-2": "abc",
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
  "us-east-1": "abc",
  "us-east-2": "abc",
  "us-west-1": "ac",
  "us-west-2": "abc",
};

/** The regions that a cell may be in, for the clouds whose list is known here. */
export const regions: Readonly<Partial<Record<Cloud, readonly string[]>>> = { aws: Object.keys(awsZones) };

/** The availability zones of a region that a cell takes by default; empty for an unknown region. */
export function defaultZones(region: string): string[] {
  return [...(awsZones[region] ?? "")].map((letter) => `${region}${letter}`);
}

/**
 * Regions that lack an instance family which the sizes use. Source: AWS's resource schemas, which list the
 * instance types, database classes and cache node types of every region.
 */
const awsLacks: Readonly<Record<string, readonly string[]>> = {
  m7i: ["ca-west-1", "me-south-1"],
  g5: [
    ...["af-south-1", "ap-east-2", "ap-northeast-3", "ap-south-2", "ap-southeast-1", "ap-southeast-4"],
    ...["ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1"],
    ...["me-south-1", "mx-central-1", "us-west-1"],
  ],
  "db.t4g": ["il-central-1"],
  "db.r7g": ["ap-southeast-4"],
  "cache.t4g": ["me-central-1", "me-south-1"],
};

/** Whether the region is known not to offer this instance type (EC2, `db.…` or `cache.…`). */
export function lacks(region: string, instanceType: string): boolean {
  const family = instanceType.slice(0, instanceType.lastIndexOf("."));
  return awsLacks[family]?.includes(region) ?? false;
}

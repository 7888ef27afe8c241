import { holdsUnseen, noGpu, notArm, type CloudFacts } from "./facts.js";

/**
 * AWS's commercial regions and, for each, the letters of the availability zones that a cell takes by default.
 * GovCloud, China and the sovereign clouds are other partitions, with other endpoints: not supported.
 * Which letters an account sees is the account's own (us-east-1 has six, us-west-1 two of three):
 * `cells[].zones` overrides. Source: the region list of the AWS SDKs; "Availability Zones" in the AWS docs.
 */
const zones: Readonly<Record<string, string>> = {
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

/**
 * Regions that lack an instance family which the sizes use. Source: AWS's resource schemas, which list the
 * instance types, database classes and cache node types of every region.
 */
const missing: Readonly<Record<string, readonly string[]>> = {
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

/** CloudWatch Logs PutRetentionPolicy takes these and no others. */
const retentions = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731],
  ...[1096, 1827, 2192, 2557, 2922, 3288, 3653],
];

export const aws: CloudFacts = {
  zones,
  zoneName: (region, mark) => `${region}${mark}`,
  zoneForm: (region) => ({ form: new RegExp(`^${region}[a-z]$`), example: `${region}a` }),
  offering: (machine, region, zones) => {
    const family = machine.slice(0, machine.lastIndexOf("."));
    return Object.hasOwn(missing, family) && missing[family]!.includes(region) ? [] : zones;
  },
  machines: {
    small: { node: "m7i.large", database: "db.t4g.medium", cache: "cache.t4g.small" },
    standard: { node: "m7i.xlarge", database: "db.r7g.xlarge", cache: "cache.r7g.large" },
    large: { node: "m7i.2xlarge", database: "db.r7g.2xlarge", cache: "cache.r7g.xlarge" },
  },
  gpu: "g5.2xlarge",
  forms: {
    node: { form: /^[a-z0-9-]+\.[a-z0-9-]+$/, example: "m7i.xlarge" },
    database: { form: /^db\.[a-z0-9-]+\.[a-z0-9]+$/, example: "db.r7g.xlarge" },
    cache: { form: /^cache\.[a-z0-9-]+\.[a-z0-9]+$/, example: "cache.r7g.large" },
    admin: { form: /^arn:aws:iam::\d{12}:role\/\S+$/, example: "arn:aws:iam::123456789012:role/ops" },
  },
  retention: (days) =>
    retentions.includes(days)
      ? undefined
      : `CloudWatch keeps logs for ${retentions.join(", ")} days: write ${retentions.find((allowed) => allowed > days)}`,
  backups: () => undefined,
  silence: () => undefined,
  // WAF takes as many as the schema lets through.
  rate: () => undefined,
  // Source: EC2 instance type naming: a "g" after the generation is Graviton.
  node: (machine) =>
    /^([a-z]+\d+g[a-z]*|a1)\./.test(machine) ? notArm("m7i.xlarge, or g5.2xlarge for a GPU") : undefined,
  // Source: EC2 instance types, accelerated computing: G (but G4ad, which is AMD's) and P.
  gpuNode: (machine) =>
    /^(g4dn|g[5-9]\w*|gr\d\w*|p\d\w*)\./.test(machine) ? undefined : noGpu("g5.2xlarge"),
  // Source: EKS user guide, "Configure network access to cluster API server endpoint": no reserved addresses.
  apiAccess: (range) =>
    holdsUnseen(range)
      ? "write the addresses that the internet sees, none private or reserved: the network itself reaches the cluster's API anyway"
      : undefined,
  // Source: EKS service quotas, public endpoint access CIDR ranges per cluster; not adjustable.
  apiRanges: 40,
  tiers: ["alb", "node", "data"],
};

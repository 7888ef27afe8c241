import { createHash } from "node:crypto";

/** What a cloud accepts as the name of one kind of thing. */
interface NameRule {
  /** Longest name, in characters. */
  max: number;
  /** Shortest name. Default 1. */
  min?: number;
  /** Characters that are replaced by a hyphen. */
  illegal: RegExp;
  lower?: boolean;
  /** Separator between parts. Default "-". */
  separator?: string;
  /** True: no two hyphens in a row, and none at the end. */
  singleHyphens?: boolean;
  /** What a name must match from its start; another gets a "j" in front. Default: a letter. */
  start?: RegExp;
  /** Endings that are refused, or misread. */
  badEnd?: RegExp;
  source: string;
}

const hyphenated = /[^A-Za-z0-9-]/g;
const iam = /[^A-Za-z0-9+=,.@_-]/g;

/** Limits by kind; the kind is the Pulumi token's tail where there is one. */
const rules = {
  "aws:lb": {
    max: 32,
    illegal: hyphenated,
    singleHyphens: true,
    start: /^(?!internal-)[A-Za-z]/i,
    source: "ELBv2 CreateLoadBalancer",
  },
  "aws:targetGroup": { max: 32, illegal: hyphenated, singleHyphens: true, source: "ELBv2 CreateTargetGroup" },
  "aws:cluster": { max: 100, illegal: /[^A-Za-z0-9_-]/g, source: "EKS CreateCluster" },
  "aws:nodeGroup": { max: 63, illegal: /[^A-Za-z0-9_-]/g, source: "EKS CreateNodegroup" },
  "aws:launchTemplate": {
    max: 128,
    illegal: /[^A-Za-z0-9()./_-]/g,
    min: 3,
    source: "EC2 CreateLaunchTemplate",
  },
  "aws:role": { max: 64, illegal: iam, source: "IAM CreateRole" },
  "aws:policy": { max: 128, illegal: iam, source: "IAM CreatePolicy" },
  "aws:securityGroup": {
    max: 255,
    illegal: /[^A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]/g,
    start: /^(?!sg-)[A-Za-z]/i,
    source: "EC2 CreateSecurityGroup",
  },
  "aws:dbCluster": {
    max: 63,
    illegal: hyphenated,
    lower: true,
    singleHyphens: true,
    source: "RDS CreateDBCluster",
  },
  "aws:dbInstance": {
    max: 63,
    illegal: hyphenated,
    lower: true,
    singleHyphens: true,
    source: "RDS CreateDBInstance",
  },
  "aws:dbGroup": {
    max: 255,
    illegal: hyphenated,
    lower: true,
    singleHyphens: true,
    source: "RDS CreateDBSubnetGroup",
  },
  "aws:cache": {
    max: 40,
    illegal: hyphenated,
    lower: true,
    singleHyphens: true,
    source: "ElastiCache CreateReplicationGroup",
  },
  "aws:cacheGroup": {
    max: 255,
    illegal: hyphenated,
    lower: true,
    singleHyphens: true,
    source: "ElastiCache CreateCacheSubnetGroup",
  },
  "aws:bucket": {
    max: 63,
    illegal: /[^a-z0-9-]/g,
    lower: true,
    singleHyphens: true,
    min: 3,
    start: /^(?!xn--|sthree-|amzn-s3-demo-)[a-z]/,
    badEnd: /(-s3alias|--ol-s3|--x-s3)$/,
    source: "S3 bucket naming rules",
  },
  "aws:secret": {
    max: 512,
    illegal: /[^A-Za-z0-9/_+=.@-]/g,
    separator: "/",
    badEnd: /-[A-Za-z0-9]{6}$/,
    source: "Secrets Manager CreateSecret",
  },
  "aws:alias": { max: 256, illegal: /[^A-Za-z0-9/_-]/g, source: "KMS CreateAlias" },
  "aws:logGroup": {
    max: 512,
    illegal: /[^A-Za-z0-9_/.#-]/g,
    start: /^[A-Za-z0-9_/.#-]/,
    source: "CloudWatch Logs CreateLogGroup",
  },
  "aws:firewall": {
    max: 128,
    illegal: hyphenated,
    singleHyphens: true,
    source: "Network Firewall CreateFirewall",
  },
  "aws:webAcl": { max: 128, illegal: /[^A-Za-z0-9_-]/g, source: "WAFv2 CreateWebACL" },
  "aws:resolver": {
    max: 64,
    illegal: /[^A-Za-z0-9_ -]/g,
    source: "Route 53 Resolver CreateFirewallRuleGroup",
  },
} satisfies Record<string, NameRule>;

export type NameKind = keyof typeof rules;

/** Characters of the hash: 32 bits, so that two of a thousand names collide once in 8,000 deployments. */
const hashLength = 8;

/**
 * The physical name of one thing: the parts joined. Where that is not a name that the cloud takes, it is made
 * one (characters replaced, the end cut) and ended by a hash of the parts, so that two names that differ only
 * in what was lost never become one. The same parts always give the same name.
 *
 * @throws when no part holds a letter or a digit.
 */
export function physicalName(kind: NameKind, ...parts: string[]): string {
  const rule: NameRule = rules[kind];
  const whole = parts.join(rule.separator ?? "-");
  if (!/[A-Za-z0-9]/.test(whole)) throw new Error(`physicalName(${kind}): no letter or digit in "${whole}"`);
  let name = (rule.lower ? whole.toLowerCase() : whole).replace(rule.illegal, "-");
  if (rule.singleHyphens) name = name.replace(/-+/g, "-").replace(/^-|-$/g, "");
  if (!(rule.start ?? /^[A-Za-z]/).test(name)) name = `j-${name.replace(/^-/, "")}`;
  const fits = name.length <= rule.max && name.length >= (rule.min ?? 1) && !rule.badEnd?.test(name);
  if (name === whole && fits) return name;
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, hashLength);
  return `${name.slice(0, rule.max - hashLength - 1).replace(/-+$/, "")}-${hash}`;
}

/** The limits, for the table test. */
export const nameRules: Readonly<Record<NameKind, NameRule>> = rules;

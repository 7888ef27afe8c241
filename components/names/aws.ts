import { hyphenated, type NameRule } from "./rule.js";

const iam = /[^A-Za-z0-9+=,.@_-]/g;

/** Limits of AWS by kind; the kind is the Pulumi token's tail where there is one. */
export const awsNames = {
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
  "aws:accelerator": {
    max: 64,
    illegal: hyphenated,
    singleHyphens: true,
    source: "Global Accelerator CreateAccelerator",
  },
  "aws:alarm": { max: 255, illegal: /[^A-Za-z0-9 ._-]/g, source: "CloudWatch PutMetricAlarm" },
} satisfies Record<string, NameRule>;

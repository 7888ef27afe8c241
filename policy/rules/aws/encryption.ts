import { unaccompanied } from "../../links.js";
import type { Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, lacks, list, missing, show, unknown } from "../../values.js";
import { bucketLink } from "./documents.js";

const on: unknown[] = [true, "true"];

/** A key of the customer's: named, and none of those that AWS keeps (`alias/aws/…`). */
function* judgeKey(props: unknown, ...path: string[]): Iterable<string> {
  const key = at(props, ...path);
  if (missing(key) || (typeof key === "string" && key.includes("alias/aws/")))
    yield `${path.join(".")} is ${show(key)}; right is a KMS key of your own`;
}

function* judgeSwitch(props: unknown, ...path: string[]): Iterable<string> {
  if (differs(at(props, ...path), ...on))
    yield `${path.join(".")} is ${show(at(props, ...path))}; right is true`;
}

/** A check of a switch, if there is one, and of a key. */
function stored(key: string, enabled?: string) {
  return function* ({ props }: Resource): Iterable<string> {
    if (enabled) yield* judgeSwitch(props, enabled);
    yield* judgeKey(props, key);
  };
}

function* judgeInsights({ props }: Resource): Iterable<string> {
  if (on.includes(at(props, "performanceInsightsEnabled")))
    yield* judgeKey(props, "performanceInsightsKmsKeyId");
}

function* judgeCluster({ props }: Resource): Iterable<string> {
  if (lacks(at(props, "encryptionConfig", "resources"), "secrets"))
    yield "encryptionConfig.resources lacks secrets; right is [secrets]";
  yield* judgeKey(props, "encryptionConfig", "provider", "keyArn");
}

function* judgeVolumes({ props }: Resource): Iterable<string> {
  const mappings = at(props, "blockDeviceMappings");
  // The AMI's own mapping would hold, and that is not encrypted.
  if (missing(mappings))
    yield "blockDeviceMappings is empty; right is the root volume, encrypted with your own key";
  for (const mapping of list(mappings)) {
    if (mapping === unknown) continue;
    yield* judgeSwitch(mapping, "ebs", "encrypted");
    yield* judgeKey(mapping, "ebs", "kmsKeyId");
  }
}

function* judgeSecret({ props }: Resource): Iterable<string> {
  yield* judgeKey(props, "kmsKeyId");
  for (const replica of list(at(props, "replicas"))) yield* judgeKey(replica, "kmsKeyId");
}

function* judgeBucketEncryption({ props }: Resource): Iterable<string> {
  for (const rule of list(at(props, "rules"))) {
    const algorithm = at(rule, "applyServerSideEncryptionByDefault", "sseAlgorithm");
    if (differs(algorithm, "AES256", "aws:kms", "aws:kms:dsse"))
      yield `sseAlgorithm is ${show(algorithm)}; right is aws:kms, or AES256 where a service cannot use a key`;
  }
}

function* judgeFirewall({ props }: Resource): Iterable<string> {
  const type = at(props, "encryptionConfiguration", "type");
  if (differs(type, "CUSTOMER_KMS"))
    yield `encryptionConfiguration.type is ${show(type)}; right is CUSTOMER_KMS`;
  yield* judgeKey(props, "encryptionConfiguration", "keyId");
}

export const encryption: Rule = {
  each: {
    "aws:rds/cluster:Cluster": stored("kmsKeyId", "storageEncrypted"),
    "aws:rds/instance:Instance": stored("kmsKeyId", "storageEncrypted"),
    "aws:rds/clusterInstance:ClusterInstance": judgeInsights,
    "aws:elasticache/replicationGroup:ReplicationGroup": stored("kmsKeyId", "atRestEncryptionEnabled"),
    "aws:eks/cluster:Cluster": judgeCluster,
    "aws:ec2/launchTemplate:LaunchTemplate": judgeVolumes,
    "aws:ebs/volume:Volume": stored("kmsKeyId", "encrypted"),
    "aws:cloudwatch/logGroup:LogGroup": stored("kmsKeyId"),
    "aws:secretsmanager/secret:Secret": judgeSecret,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
      judgeBucketEncryption,
    ...forTypes(
      [
        "aws:networkfirewall/firewall:Firewall",
        "aws:networkfirewall/firewallPolicy:FirewallPolicy",
        "aws:networkfirewall/ruleGroup:RuleGroup",
      ],
      judgeFirewall,
    ),
    *"aws:kms/key:Key"({ props }) {
      yield* judgeSwitch(props, "enableKeyRotation");
    },
  },
  *together(resources) {
    yield* unaccompanied(
      resources,
      "aws:s3/bucket:Bucket",
      {
        type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        ...bucketLink,
      },
      "the bucket's encryption is not stated; right is a BucketServerSideEncryptionConfiguration",
    );
  },
};

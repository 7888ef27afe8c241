import { expect } from "chai";
import type { Props } from "../../../local/behaviour.js";
import { Network, refuses, token } from "../../support/awsNetwork.js";
import { FakeWorld } from "../../support/fakeWorld.js";

describe("local AWS: S3 and CloudWatch Logs", () => {
  const bucket = ({ cloud }: Network, name = "edge-logs") => cloud.make(token.bucket, { bucket: name }).id;
  const policy = (n: Network, statement: Props) =>
    n.cloud.make(token.bucketPolicy, {
      bucket: n.cloud.world.list(token.bucket)[0]?.id ?? bucket(n),
      policy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: "*",
            Action: "s3:GetObject",
            Resource: "arn:aws:s3:::edge-logs/*",
            ...statement,
          },
        ],
      },
    });
  const group = ({ cloud }: Network, more: Props) => cloud.make(token.logGroup, { name: "app", ...more });
  const key = ({ cloud }: Network, more: Props = {}) =>
    cloud.make(token.key, {
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::123456789012:root" },
            Action: "kms:*",
            Resource: "*",
          },
          {
            Effect: "Allow",
            Principal: { Service: "logs.us-east-1.amazonaws.com" },
            Action: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"],
            Resource: "*",
            ...more,
          },
        ],
      }),
    }).state.arn;
  const only = (pattern: string) => ({
    Condition: {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:us-east-1:123456789012:log-group:${pattern}`,
      },
    },
  });

  refuses([
    ...["Edge", "ab", "a..b", "192.168.0.1", "xn--a", "edge-s3alias", "a".repeat(64)].map(
      (name): [string, (n: Network) => unknown, RegExp] => [
        `the bucket name ${name}`,
        (n) => bucket(n, name),
        /bucket naming rules/,
      ],
    ),
    [
      "a bucket's name in another region",
      (n) => (bucket(n), n.cloud.make(token.bucket, { bucket: "edge-logs", region: "eu-west-1" })),
      /^BucketAlreadyOwnedByYou/,
    ],
    [
      "a policy about another bucket",
      (n) => policy(n, { Resource: "arn:aws:s3:::other/*" }),
      /invalid resource/,
    ],
    [
      "a public policy where they are blocked",
      (n) => {
        n.cloud.make(token.publicAccessBlock, { bucket: bucket(n), blockPublicPolicy: true });
        policy(n, {});
      },
      /^AccessDenied/,
    ],
    [
      "a KMS key with S3's own encryption",
      (n) =>
        n.cloud.make(token.bucketEncryption, {
          bucket: bucket(n),
          rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256", kmsMasterKeyId: key(n) } }],
        }),
      /not applicable/,
    ],
    [
      "a lifecycle rule that does nothing",
      (n) =>
        n.cloud.make(token.bucketLifecycle, { bucket: bucket(n), rules: [{ id: "r", status: "Enabled" }] }),
      /At least one action/,
    ],
    [
      "settings of no bucket",
      ({ cloud }) =>
        cloud.make(token.bucketVersioning, {
          bucket: "none",
          versioningConfiguration: { status: "Enabled" },
        }),
      /^NoSuchBucket/,
    ],
    ["a log group twice", (n) => (group(n, {}), group(n, {})), /^ResourceAlreadyExistsException/],
    ["a retention of 31 days", (n) => group(n, { retentionInDays: 31 }), /retentionInDays/],
    ["a reserved log group name", (n) => group(n, { name: "aws/app" }), /reserved for AWS/],
    [
      "a key that does not let CloudWatch Logs in",
      (n) => group(n, { kmsKeyId: key(n, { Principal: { Service: "rds.amazonaws.com" } }) }),
      /^AccessDeniedException/,
    ],
    [
      "a key for other log groups",
      (n) => group(n, { kmsKeyId: key(n, only("other-*")) }),
      /^AccessDeniedException/,
    ],
    [
      "an eleventh resource policy",
      ({ cloud }) => {
        const statement = {
          Effect: "Allow",
          Principal: { Service: "delivery.logs.amazonaws.com" },
          Action: "logs:PutLogEvents",
          Resource: "*",
        };
        for (let i = 0; i < 11; i++)
          cloud.make(token.logResourcePolicy, {
            policyName: `p${i}`,
            policyDocument: { Version: "2012-10-17", Statement: [statement] },
          });
      },
      /^LimitExceededException/,
    ],
  ]);

  it("takes a key whose policy names the log group", () => {
    const n = new Network(new FakeWorld());
    expect(group(n, { kmsKeyId: key(n, only("ap*")) }).state.arn).to.equal(
      "arn:aws:logs:us-east-1:123456789012:log-group:app",
    );
  });
});

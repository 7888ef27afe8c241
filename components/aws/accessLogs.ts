import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";

export interface AccessLogsArgs {
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  /** The account of the load balancer; also what makes the bucket's name unique among all of S3's. */
  accountId: pulumi.Input<string>;
  /** Days until a log is deleted. */
  retentionDays: number;
  /** False: deleting the bucket deletes the logs in it. */
  protect: boolean;
}

/** Folders in the bucket, one a kind of log. */
export const logFolders = { access: "access", connections: "connections" };

/** The bucket a load balancer writes its logs to: private, encrypted, TLS only, and emptied as they age. */
export class AccessLogs extends pulumi.ComponentResource {
  /** Known once the load balancer may write: ELB tries when logging is switched on, and fails otherwise. */
  readonly bucket: pulumi.Output<string>;

  constructor(name: string, args: AccessLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:AccessLogs", name, args, opts);
    const parent = { parent: this };

    // Not versioned: ELB writes every object once, under a name with a random part.
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      {
        bucket: pulumi
          .output(args.accountId)
          .apply((account) => physicalName("aws:bucket", args.prefix, "lb-logs", account)),
        forceDestroy: !args.protect,
      },
      parent,
    );
    const ownership = new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
      parent,
    );
    const block = new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    // S3's own key: the only encryption that ELB can write access logs with (Application Load Balancer guide).
    const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { bucket: bucket.id, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      parent,
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-expiry`,
      {
        bucket: bucket.id,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: {},
            expiration: { days: args.retentionDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      parent,
    );
    // S3 refuses two changes of one bucket's settings at once, hence the order.
    const policy = new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket: bucket.id,
        policy: pulumi.jsonStringify(
          pulumi
            .all([bucket.arn, args.accountId])
            .apply(([bucketArn, account]) => bucketPolicy(bucketArn, account)),
        ),
      },
      { ...parent, dependsOn: [ownership, block, encryption] },
    );

    this.bucket = policy.bucket;
    this.registerOutputs({ bucket: this.bucket });
  }
}

/**
 * The load balancers of one account write, nobody comes without TLS 1.2. The account stands in the path, which
 * ELB fills in from the load balancer's owner; the Application Load Balancer guide asks for that and for no
 * condition, and one on a key that ELB does not send would stop the logs without a word.
 */
export function bucketPolicy(bucketArn: string, account: string): aws.iam.PolicyDocument {
  const everything = [bucketArn, `${bucketArn}/*`];
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "LoadBalancerLogs",
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: Object.values(logFolders).map((folder) => `${bucketArn}/${folder}/AWSLogs/${account}/*`),
      },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: everything,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        Sid: "Tls12OrNewer",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: everything,
        Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
      },
    ],
  };
}

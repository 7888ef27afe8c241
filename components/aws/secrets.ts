import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { physicalName } from "../names.js";
import { generatedPassword } from "../password.js";

export interface SecretsArgs {
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  region: string;
  /** True: 30 days to take a deletion back, for the key and each secret. False: 7 for the key (the least KMS allows), none for the secrets. */
  protect: boolean;
  /**
   * Names (not ARNs) of the roles that may use the key. A role may be created later than the key: the policy
   * matches `aws:PrincipalArn`, because KMS refuses a policy whose principal does not exist yet.
   */
  users: string[];
  /** Master user of the database; stored beside its password. */
  databaseUsername: string;
  /** Password of a database that this cell shares with others. Default: one is generated. */
  databasePassword?: pulumi.Input<string>;
  /** Values the customer supplies (licence, registry token, …) by name; `database` and `cache` are taken. */
  customer: Record<string, pulumi.Input<string>>;
}

/** One KMS key for everything the cell stores, the generated passwords, and the secrets that hold them. */
export class Secrets extends pulumi.ComponentResource {
  readonly keyArn: pulumi.Output<string>;
  readonly keyId: pulumi.Output<string>;
  /** Secret. 40 characters, accepted by RDS, and by a connection URL without escaping. */
  readonly databasePassword: pulumi.Output<string>;
  /** Secret. 64 characters, accepted by ElastiCache as an AUTH token. */
  readonly cacheToken: pulumi.Output<string>;
  /** ARN by name: `database`, `cache` and one for each of the customer's. */
  readonly secretArns: Record<string, pulumi.Output<string>>;
  /** Where the gateway keeps the provider keys that it writes itself; apart from the cell's own secrets. */
  readonly gatewaySecretPrefix: string;
  /** ARN pattern of every secret under {@link gatewaySecretPrefix}. */
  readonly gatewaySecretArns: pulumi.Output<string>;

  constructor(name: string, args: SecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:Secrets", name, args, opts);
    const { prefix, region, protect } = args;
    const parent = { parent: this };
    const account = aws.getCallerIdentityOutput({}, parent).accountId;
    const partition = aws.getPartitionOutput({}, parent).partition;

    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: `Everything ${prefix} stores`,
        enableKeyRotation: true,
        deletionWindowInDays: protect ? 30 : 7,
        policy: pulumi.jsonStringify(
          pulumi
            .all([account, partition])
            .apply(([account, partition]) => keyPolicy({ account, partition, region, users: args.users })),
        ),
      },
      parent,
    );
    new aws.kms.Alias(
      `${name}-alias`,
      { name: physicalName("aws:alias", `alias/${prefix}`), targetKeyId: key.keyId },
      parent,
    );

    this.databasePassword = pulumi.secret(
      args.databasePassword ?? generatedPassword(`${name}-database-password`, parent),
    );
    // ElastiCache takes 16 to 128 characters and no other specials than ! & # $ ^ < > -.
    this.cacheToken = generatedPassword(`${name}-cache-token`, parent, { length: 64, specials: "-" });

    // Secrets Manager holds a deleted secret's name for its recovery window; with a suffix from the state,
    // a cell that is destroyed and created again does not ask for the names of the one before. Eight characters:
    // a name must not end in a hyphen and six, as the ARNs that Secrets Manager gives out do.
    const generation = new random.RandomId(`${name}-generation`, { byteLength: 4 }, parent);
    const values: Record<string, pulumi.Input<string>> = {
      ...args.customer,
      database: pulumi.jsonStringify({ username: args.databaseUsername, password: this.databasePassword }),
      cache: pulumi.jsonStringify({ username: "default", password: this.cacheToken }),
    };
    this.secretArns = {};
    for (const [secretName, value] of Object.entries(values)) {
      const secret = new aws.secretsmanager.Secret(
        `${name}-${secretName}`,
        {
          name: pulumi.interpolate`${physicalName("aws:secret", prefix, secretName)}-${generation.hex}`,
          kmsKeyId: key.arn,
          recoveryWindowInDays: protect ? 30 : 0,
        },
        parent,
      );
      new aws.secretsmanager.SecretVersion(
        `${name}-${secretName}-value`,
        { secretId: secret.id, secretString: pulumi.secret(value) },
        parent,
      );
      this.secretArns[secretName] = secret.arn;
    }

    this.keyArn = key.arn;
    this.keyId = key.keyId;
    this.gatewaySecretPrefix = `${physicalName("aws:secret", prefix, "gateway")}/`;
    this.gatewaySecretArns = pulumi.interpolate`arn:${partition}:secretsmanager:${region}:${account}:secret:${this.gatewaySecretPrefix}*`;
    this.registerOutputs({ keyArn: this.keyArn, keyId: this.keyId, secretArns: this.secretArns });
  }
}

const cryptography = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/** What keeps a key alive and its policy right; reading or writing anything encrypted with it is not among them. */
const administration = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

export interface KeyPolicyArgs extends Pick<SecretsArgs, "region" | "users"> {
  account: string;
  partition: string;
}

/**
 * The key's policy. In a key policy the resource `*` is the key itself and nothing else. A statement for the
 * account's root lets the account's IAM policies decide within that statement; it grants nothing by itself.
 */
export function keyPolicy(of: KeyPolicyArgs): aws.iam.PolicyDocument {
  const { account, partition, region, users } = of;
  const iam = `arn:${partition}:iam::${account}`;
  const root = { AWS: `${iam}:root` };
  const services = ["ec2", "elasticache", "network-firewall", "rds", "secretsmanager"].map(
    (service) => `${service}.${region}.amazonaws.com`,
  );
  const autoScaling = {
    ArnEquals: {
      "aws:PrincipalArn": `${iam}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
    },
    StringEquals: { "kms:CallerAccount": account },
  };
  const allow = (Sid: string, rest: Omit<aws.iam.PolicyStatement, "Sid" | "Effect" | "Resource">) => ({
    Sid,
    Effect: "Allow" as const,
    Resource: "*",
    ...rest,
  });
  return {
    Version: "2012-10-17",
    Statement: [
      allow("Administration", { Principal: root, Action: administration }),
      // EKS, RDS and ElastiCache use a key through a grant that the deployer makes. No kms:GrantIsForAWSResource
      // here: EKS does not set it, and a cluster with this condition on its key can't be created.
      allow("Grants", { Principal: root, Action: "kms:CreateGrant" }),
      allow("ThroughServices", {
        Principal: root,
        Action: cryptography,
        Condition: { StringEquals: { "kms:ViaService": services } },
      }),
      ...(users.length === 0
        ? []
        : [
            allow("Users", {
              Principal: root,
              Action: cryptography,
              Condition: { ArnEquals: { "aws:PrincipalArn": users.map((user) => `${iam}:role/${user}`) } },
            }),
          ]),
      // Auto Scaling opens the nodes' volumes. Its service-linked role has no IAM policy for this key, so the
      // key must admit it, and it may not exist before the account's first group, so it can't be the principal.
      allow("AutoScaling", { Principal: { AWS: "*" }, Action: cryptography, Condition: autoScaling }),
      allow("AutoScalingGrants", {
        Principal: { AWS: "*" },
        Action: "kms:CreateGrant",
        Condition: { ...autoScaling, Bool: { "kms:GrantIsForAWSResource": "true" } },
      }),
      // physicalName keeps the head of a name, so every log group of this program contains `javelin-`.
      allow("Logs", {
        Principal: { Service: `logs.${region}.amazonaws.com` },
        Action: cryptography,
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${account}:log-group:*javelin-*`,
          },
        },
      }),
    ],
  };
}

import * as pulumi from "@pulumi/pulumi";

/** One Allow statement of an IAM policy. */
export interface Statement {
  /** Letters and digits; unique in its policy. */
  sid: string;
  actions: string[];
  resources: pulumi.Input<string>[];
  /** Operator → key → value, as in the policy language. */
  conditions?: pulumi.Input<Record<string, Record<string, pulumi.Input<string>>>>;
}

/** What a workload may do with the gateway's secrets: `read` them, or `write` (create, change, delete) them too. */
export type SecretAccess = "read" | "write";

/** The partition that a region belongs to: `aws`, `aws-us-gov` or `aws-cn`. */
export function partitionOf(region: string): string {
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return region.startsWith("cn-") ? "aws-cn" : "aws";
}

/** The statements as an IAM policy document in JSON. */
export function policyDocument(statements: Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map(({ sid, actions, resources, conditions }) => ({
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      ...(conditions && { Condition: conditions }),
    })),
  });
}

const invoke = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];

/**
 * Where a geography's inference profiles may send a request; the list depends on the model, so this is the
 * union. Source: "Supported Regions and models for inference profiles", Amazon Bedrock User Guide.
 */
const profileRegions: Record<string, string[]> = {
  us: ["us-east-1", "us-east-2", "us-west-1", "us-west-2"],
  "us-gov": ["us-gov-east-1", "us-gov-west-1"],
  ca: ["ca-central-1", "ca-west-1"],
  eu: [
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
  ],
  apac: [
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-7",
    "me-central-1",
  ],
  jp: ["ap-northeast-1", "ap-northeast-3"],
  au: ["ap-southeast-2", "ap-southeast-4"],
};

/**
 * Statements that let a workload invoke exactly the given Bedrock models from `region`.
 *
 * A model is a foundation model (`anthropic.claude-…`) or a cross-region inference profile (`us.anthropic.…`,
 * `global.anthropic.…`). A profile's foundation model may be invoked in the regions that the profile sends to,
 * but only through that profile. No statement results when there is no model.
 *
 * Source: "Prerequisites for inference profiles" and "Global cross-Region inference", Amazon Bedrock User Guide.
 *
 * @param region the region that the request is made in
 * @param accountId 12 digits: system-defined profiles are resources of the caller's account
 * @throws when a model id holds a character that no model id has (an ARN, a wildcard)
 */
export function modelStatements(
  region: string,
  accountId: pulumi.Input<string>,
  models: readonly string[],
): Statement[] {
  const partition = partitionOf(region);
  const modelArn = (model: string, where: string) =>
    `arn:${partition}:bedrock:${where}::foundation-model/${model}`;
  const direct: string[] = [];
  const statements: Statement[] = [];
  for (const id of [...new Set(models)].sort()) {
    if (!/^[A-Za-z0-9._:-]+$/.test(id) || id.startsWith("arn:"))
      throw new Error(
        `"${id}" is no Bedrock model id; write it like anthropic.claude-… or us.anthropic.claude-…`,
      );
    const [, geography, model] = /^(us-gov|us|ca|eu|apac|jp|au|global)\.(.+)$/.exec(id) ?? [];
    if (geography === undefined || model === undefined) {
      direct.push(modelArn(id, region));
      continue;
    }
    const arn = pulumi.interpolate`arn:${partition}:bedrock:${region}:${accountId}:inference-profile/${id}`;
    const through = (resources: string[], sid: string, requestedRegion?: string): Statement => ({
      sid: `${sid}${statements.length}`,
      actions: invoke,
      resources,
      conditions: {
        StringEquals: {
          "bedrock:InferenceProfileArn": arn,
          ...(requestedRegion && { "aws:RequestedRegion": requestedRegion }),
        },
      },
    });
    statements.push({ sid: `InvokeProfile${statements.length}`, actions: invoke, resources: [arn] });
    if (geography === "global") {
      // A global request leaves its region as one of no region: ARN without a region, "unspecified".
      statements.push(through([modelArn(model, region)], "InvokeInRegion", region));
      statements.push(through([modelArn(model, "")], "InvokeGlobally", "unspecified"));
    } else {
      const regions = new Set([region, ...(profileRegions[geography] ?? [])]);
      statements.push(
        through(
          [...regions].map((where) => modelArn(model, where)),
          "InvokeThroughProfile",
        ),
      );
    }
  }
  if (direct.length > 0) statements.unshift({ sid: "InvokeModels", actions: invoke, resources: direct });
  return statements;
}

/**
 * Statements on the gateway's own secrets.
 *
 * @param secrets ARN pattern of their names, e.g. `arn:aws:secretsmanager:us-east-1:123456789012:secret:javelin-dev-a/*`
 */
export function secretStatements(secrets: pulumi.Input<string>, access: SecretAccess): Statement[] {
  const read: Statement = {
    sid: "ReadSecrets",
    actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
    resources: [secrets],
  };
  const write: Statement = {
    sid: "WriteSecrets",
    actions: [
      "secretsmanager:CreateSecret",
      "secretsmanager:DeleteSecret",
      "secretsmanager:PutSecretValue",
      "secretsmanager:TagResource",
      "secretsmanager:UpdateSecret",
    ],
    resources: [secrets],
  };
  return access === "write" ? [read, write] : [read];
}

/**
 * Statements on the cell's one key, usable only by way of Secrets Manager: reading a secret needs Decrypt,
 * writing one a data key as well. Source: "Secret encryption and decryption", Secrets Manager User Guide.
 */
export function keyStatements(
  keyArn: pulumi.Input<string>,
  region: string,
  access: SecretAccess,
): Statement[] {
  return [
    {
      sid: "UseKeyForSecrets",
      actions: access === "write" ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"],
      resources: [keyArn],
      conditions: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
    },
  ];
}

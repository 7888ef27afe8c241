import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Provider } from "../behaviour.js";
import { arn, exactlyOne, isTrue, lookupBy, matches, oneOf, refuseUnless, text } from "./common.js";
import { placed } from "./outputs.js";
import { concerns, covers, documentText, parsePolicy } from "./policyDocument.js";
import { type } from "./references.js";

/** Days that logs can be kept; 0 is for ever. Source: CloudWatch Logs PutRetentionPolicy. */
const retentions = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
].map(String);

/** CloudWatch Logs tries the key when it is given one. Source: CloudWatch Logs user guide, "Encrypt log data". */
function admitKey(keyArn: string, groupArn: string, context: Context): void {
  const key = lookupBy(context, type.key, "arn", keyArn);
  const service = `logs.${context.region}.amazonaws.com`;
  const allowed =
    key !== undefined &&
    parsePolicy(key.state.policy, "resource", "MalformedPolicyDocumentException").some(
      (statement) =>
        statement.allows &&
        ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"].every((action) =>
          concerns(statement, action),
        ) &&
        statement.principals["Service"]?.some((name) => name === service || name === "logs.amazonaws.com") &&
        Object.entries(statement.conditions).every(([operator, keys]) =>
          Object.entries(keys).every(([name, values]) => {
            if (name !== "kms:EncryptionContext:aws:logs:arn") return true;
            return values.some((value) =>
              operator.endsWith("Like") ? covers(value, groupArn) : value === groupArn,
            );
          }),
        ),
    );
  refuseUnless(
    allowed,
    "AccessDeniedException",
    `The specified KMS key does not exist or is not allowed to be used with Arn '${groupArn}'`,
  );
}

const logGroup: Behaviour = {
  source:
    "CloudWatch Logs CreateLogGroup, PutRetentionPolicy, AssociateKmsKey; CloudFormation AWS::Logs::LogGroup",
  autoName: { property: "name", max: 512 },
  replaces: ["logGroupClass", "name", "namePrefix"],
  defaults: () => ({ retentionInDays: 0, skipDestroy: false }),
  check: (inputs) => [
    ...matches(inputs, "name", /^[.\-_/#A-Za-z0-9]{1,512}$/, "1 to 512 letters, digits and ._-/#"),
    ...oneOf(inputs, "logGroupClass", ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"]),
    ...oneOf(inputs, "retentionInDays", retentions),
    ...matches(
      inputs,
      "kmsKeyId",
      /^arn:[a-z0-9-]+:kms:[a-z0-9-]+:\d{12}:(key|alias)\/.+$/,
      "the ARN of a KMS key",
    ),
  ],
  unique: (inputs) => text(inputs, "name"),
  taken: () => new CloudError("ResourceAlreadyExistsException", "The specified log group already exists"),
  admit: (inputs, context) => {
    refuseUnless(
      !/^aws\//i.test(text(inputs, "name") ?? ""),
      "InvalidParameterException",
      "Log groups starting with AWS/ are reserved for AWS.",
    );
    const key = text(inputs, "kmsKeyId");
    if (key !== undefined) admitKey(key, arn(context, "logs", `log-group:${text(inputs, "name")}`), context);
  },
  id: (inputs) => text(inputs, "name") ?? "",
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(context, "logs", `log-group:${text(inputs, "name")}`),
    deletionProtectionEnabled: isTrue(inputs, "deletionProtectionEnabled"),
    logGroupClass: text(inputs, "logGroupClass") ?? "STANDARD",
    namePrefix: "",
  }),
  release: ({ inputs }) =>
    refuseUnless(
      !isTrue(inputs, "deletionProtectionEnabled"),
      "ValidationException",
      "The log group cannot be deleted because deletion protection is enabled",
    ),
};

const policyType = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy";

const logResourcePolicy: Behaviour = {
  source:
    "CloudWatch Logs PutResourcePolicy (ten policies a region, a quota that cannot be raised; 5120 characters)",
  required: ["policyDocument"],
  replaces: ["policyName", "resourceArn"],
  check: (inputs) => [
    ...exactlyOne(inputs, ["policyName", "resourceArn"]),
    ...matches(inputs, "policyName", /^([^:*/]+\/?)*[^:*/]+$/, "no : and no *, 1 to 255 characters"),
  ],
  admit: (inputs, context) => {
    const document = documentText(inputs.policyDocument);
    refuseUnless(
      document.length <= 5120,
      "InvalidParameterException",
      "Resource policy cannot exceed 5120 characters",
    );
    parsePolicy(document, "resource", "InvalidParameterException");
    refuseUnless(
      context.current !== undefined || context.world.list(policyType, context.region).length < 10,
      "LimitExceededException",
      "Resource limit exceeded.",
    );
  },
  id: (inputs) => text(inputs, "policyName") ?? text(inputs, "resourceArn") ?? "",
  outputs: (inputs, { region }) => ({
    region,
    policyDocument: documentText(inputs.policyDocument),
    policyScope: text(inputs, "resourceArn") === undefined ? "ACCOUNT" : "RESOURCE",
    revisionId: "",
  }),
};

export const cloudwatch: Provider = {
  types: { [type.logGroup]: logGroup, [policyType]: logResourcePolicy },
  invokes: {},
};

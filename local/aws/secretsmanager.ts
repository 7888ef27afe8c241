import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Invoke, Props, Provider, WorldObject } from "../behaviour.js";
import { arn, exactlyOne, isKnown, matches, objects, refuseUnless, regions, text, uuid } from "./common.js";
import type { Failure, Place } from "./common.js";
import { daysAfter, refuseKey } from "./kms.js";
import { once, placed } from "./outputs.js";
import { parsePolicy, refusePrincipals } from "./policyDocument.js";

const secretType = "aws:secretsmanager/secret:Secret";
const versionType = "aws:secretsmanager/secretVersion:SecretVersion";
/** A secret in its recovery window: its name stays taken, though nothing manages it any more. */
const heldType = "held:secretsmanager/secret";

function recoveryWindow(inputs: Props): Failure[] {
  const days = inputs.recoveryWindowInDays;
  if (!isKnown(days) || days === 0 || (Number(days) >= 7 && Number(days) <= 30)) return [];
  return [
    {
      property: "recoveryWindowInDays",
      reason: `expected recoveryWindowInDays to be 0 or in the range (7 - 30), got ${String(days)}`,
    },
  ];
}

/** The service adds six characters of its own to the name, so that a policy never covers a later namesake. */
const secretArn = (inputs: Props, context: Context): string =>
  context.current?.id ??
  arn(context, "secretsmanager", `secret:${String(inputs.name)}-${context.hex(6, "secret")}`);

const secret: Behaviour = {
  source:
    "Secrets Manager CreateSecret, DeleteSecret; CloudFormation AWS::SecretsManager::Secret; provider docs of aws.secretsmanager.Secret",
  replaces: ["name", "namePrefix", "type"],
  autoName: { property: "name", max: 512 },
  defaults: () => ({ forceOverwriteReplicaSecret: false, recoveryWindowInDays: 30 }),
  check: (inputs) => [
    ...exactlyOne(inputs, ["name", "namePrefix"], false),
    ...matches(inputs, "name", /^[A-Za-z0-9/_+=.@-]{1,512}$/, "1 to 512 alphanumeric characters and /_+=.@-"),
    ...recoveryWindow(inputs),
  ],
  unique: (inputs) => text(inputs, "name"),
  taken: (name) =>
    new CloudError(
      "ResourceExistsException",
      `The operation failed because the secret ${name} already exists.`,
    ),
  admit: (inputs, context) => {
    const name = text(inputs, "name");
    const now = Date.parse(context.now());
    const held = context.world
      .list(heldType, context.region)
      .some((each) => each.state.name === name && Date.parse(String(each.state.until)) > now);
    refuseUnless(
      context.current !== undefined || !held,
      "InvalidRequestException",
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
    refuseKey(inputs, "kmsKeyId", context, "InvalidParameterException");
    if (text(inputs, "policy") !== undefined && inputs.policy !== "{}") {
      const code = "MalformedPolicyDocumentException";
      const statements = parsePolicy(inputs.policy, "resource", code);
      refusePrincipals(
        statements,
        context.world,
        code,
        () => "This resource policy contains an unsupported principal.",
      );
    }
    for (const replica of objects(inputs, "replicas")) {
      const region = text(replica, "region") ?? "";
      refuseUnless(
        regions.includes(region) && region !== context.region,
        "InvalidParameterException",
        `Invalid replica region ${region}.`,
      );
      refuseKey(replica, "kmsKeyId", { ...context, region }, "InvalidParameterException");
      const there = context.world.list(secretType, region).some((each) => each.inputs.name === name);
      refuseUnless(
        !there || inputs.forceOverwriteReplicaSecret === true,
        "ResourceExistsException",
        `The operation failed because the secret ${String(name)} already exists in ${region}.`,
      );
    }
  },
  id: (inputs, context) => secretArn(inputs, context),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    ...once(context, () => ({ arn: secretArn(inputs, context), namePrefix: "" })),
    policy: inputs.policy ?? "",
    replicas: objects(inputs, "replicas").map((each) => ({
      kmsKeyId: "alias/aws/secretsmanager",
      ...each,
      status: "InSync",
      statusMessage: "Replication succeeded",
      lastAccessedDate: "",
    })),
  }),
  afterDelete: ({ id, region, inputs }, context) => {
    const days = Number(inputs.recoveryWindowInDays ?? 30);
    if (days === 0) return;
    const state = { name: inputs.name, until: daysAfter(context.now(), days) };
    context.world.add({ type: heldType, id, region, inputs: {}, state });
  },
};

function secretOf(name: string, context: Place): WorldObject {
  const found = context.world
    .list(secretType, context.region)
    .find((each) => each.id === name || each.inputs.name === name);
  if (!found)
    throw new CloudError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  return found;
}

const secretVersion: Behaviour = {
  source: "Secrets Manager PutSecretValue; provider docs of aws.secretsmanager.SecretVersion",
  required: ["secretId"],
  // PutSecretValue makes a new version: the provider has no other way to change one.
  replaces: ["secretId", "secretString", "secretBinary"],
  check: (inputs) => exactlyOne(inputs, ["secretString", "secretBinary", "secretStringWo"]),
  admit: (inputs, context) => {
    secretOf(text(inputs, "secretId") ?? "", context);
    const value =
      text(inputs, "secretString") ?? text(inputs, "secretBinary") ?? text(inputs, "secretStringWo") ?? "";
    refuseUnless(
      value.length >= 1 && Buffer.byteLength(value) <= 65536,
      "ValidationException",
      "1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length between 1 and 65536",
    );
  },
  id: (inputs, context) =>
    context.current?.id ??
    `${secretOf(text(inputs, "secretId") ?? "", context).id}|${uuid(context, "version")}`,
  outputs: (inputs, context) => ({
    ...placed({}, context),
    ...once(context, () => {
      const [owner, versionId] = secretVersion.id(inputs, context).split("|");
      return { arn: owner, secretArn: owner, versionId };
    }),
    hasSecretStringWo: isKnown(inputs.secretStringWo),
    versionStages: inputs.versionStages ?? ["AWSCURRENT"],
  }),
  secrets: ["secretString", "secretBinary", "secretStringWo"],
};

const getSecretVersion: Invoke = (args, context) => {
  const owner = secretOf(text(args, "secretId") ?? "", context);
  const versions = context.world
    .list(versionType, context.region)
    .filter((each) => each.state.secretArn === owner.id);
  const found = versions
    .filter((each) => args.versionId === undefined || each.state.versionId === args.versionId)
    .at(-1);
  if (!found)
    throw new CloudError(
      "ResourceNotFoundException",
      "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    );
  return {
    ...found.state,
    id: `${owner.id}|AWSCURRENT`,
    secretId: args.secretId,
    createdDate: new Date(found.created).toISOString(),
  };
};

export const secretsmanager: Provider = {
  types: { [secretType]: secret, [versionType]: secretVersion },
  invokes: { "aws:secretsmanager/getSecretVersion:getSecretVersion": getSecretVersion },
};

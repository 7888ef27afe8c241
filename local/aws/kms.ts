import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Invoke, Props, Provider, WorldObject } from "../behaviour.js";
import { arn, exactlyOne, inRange, matches, oneOf, refuseUnless, text, uuid } from "./common.js";
import type { Place } from "./common.js";
import { placed } from "./outputs.js";
import { concerns, covers, documentText, parsePolicy, refusePrincipals } from "./policyDocument.js";
import type { Statement } from "./policyDocument.js";

const keyType = "aws:kms/key:Key";
const aliasType = "aws:kms/alias:Alias";
/** A key that waits for its deletion: it cannot be used, and is not what a program manages any more. */
const pendingType = "held:kms/key";
const malformed = "MalformedPolicyDocumentException";

/** KMS developer guide, "Default key policy". */
function defaultPolicy(context: Place): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: arn(context, "iam", "root", { region: "" }) },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
}

/** Someone of the account must keep the right to change the policy, or the key is lost for good. */
function administers(statements: readonly Statement[], account: string): boolean {
  return statements.some(
    (each) =>
      each.allows &&
      concerns(each, "kms:PutKeyPolicy") &&
      Object.keys(each.conditions).length === 0 &&
      each.principals["AWS"]?.some((name) => name === "*" || name.includes(account)),
  );
}

const keyId = (inputs: Props, context: Context): string =>
  context.current?.id ??
  (inputs.multiRegion === true ? `mrk-${context.hex(32, "key")}` : uuid(context, "key"));

const key: Behaviour = {
  source:
    "KMS CreateKey, PutKeyPolicy, ScheduleKeyDeletion; CloudFormation AWS::KMS::Key; provider docs of aws.kms.Key",
  replaces: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
  defaults: () => ({
    bypassPolicyLockoutSafetyCheck: false,
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    enableKeyRotation: false,
    isEnabled: true,
    keyUsage: "ENCRYPT_DECRYPT",
  }),
  check: (inputs) => [
    ...inRange(inputs, "deletionWindowInDays", 7, 30),
    ...inRange(inputs, "rotationPeriodInDays", 90, 2560),
    ...oneOf(inputs, "keyUsage", ["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC"]),
  ],
  admit: (inputs, { world }) => {
    if (inputs.enableKeyRotation === true)
      refuseUnless(
        inputs.customerMasterKeySpec === "SYMMETRIC_DEFAULT",
        "UnsupportedOperationException",
        "Key rotation is supported only for symmetric encryption keys.",
      );
    if (text(inputs, "policy") === undefined) return;
    const statements = parsePolicy(inputs.policy, "resource", malformed);
    refusePrincipals(
      statements,
      world,
      malformed,
      () => "Policy contains a statement with one or more invalid principals.",
    );
    refuseUnless(
      inputs.bypassPolicyLockoutSafetyCheck === true || administers(statements, world.account),
      malformed,
      "The new key policy will not allow you to update the key policy in the future.",
    );
  },
  id: keyId,
  outputs: (inputs, context) => {
    const id = keyId(inputs, context);
    return {
      ...placed(inputs, context),
      arn: arn(context, "kms", `key/${id}`),
      keyId: id,
      description: inputs.description ?? "",
      multiRegion: inputs.multiRegion === true,
      policy: text(inputs, "policy") === undefined ? defaultPolicy(context) : documentText(inputs.policy),
      rotationPeriodInDays:
        inputs.enableKeyRotation === true
          ? (inputs.rotationPeriodInDays ?? 365)
          : (inputs.rotationPeriodInDays ?? 0),
    };
  },
  afterDelete: ({ id, region, inputs, state }, context) => {
    const days = Number(inputs.deletionWindowInDays ?? 30);
    context.world.add({
      type: pendingType,
      id,
      region,
      inputs: {},
      state: { arn: state.arn, until: daysAfter(context.now(), days) },
    });
  },
};

/** An ISO time some days later. */
export function daysAfter(time: string, days: number): string {
  return new Date(Date.parse(time) + days * 86_400_000).toISOString();
}

const alias: Behaviour = {
  source: "KMS CreateAlias; CloudFormation AWS::KMS::Alias; provider docs of aws.kms.Alias",
  required: ["targetKeyId"],
  replaces: ["name", "namePrefix"],
  autoName: { property: "name", max: 256 },
  check: (inputs) => [
    ...exactlyOne(inputs, ["name", "namePrefix"], false),
    ...matches(
      inputs,
      "name",
      /^alias\/[a-zA-Z0-9/_-]{1,250}$/,
      "must begin with 'alias/' and be comprised of alphanumeric characters, '/', '_' and '-'",
    ),
    ...matches(inputs, "name", /^(?!alias\/aws\/)/, "must not begin with 'alias/aws/', which is reserved"),
  ],
  unique: (inputs) => text(inputs, "name"),
  taken: (name) => new CloudError("AlreadyExistsException", `An alias with the name ${name} already exists`),
  admit: (inputs, context) => {
    keyOf(text(inputs, "targetKeyId") ?? "", context, "NotFoundException");
  },
  id: (inputs) => text(inputs, "name") ?? "",
  outputs: (inputs, context) => {
    const target = keyOf(text(inputs, "targetKeyId") ?? "", context, "NotFoundException");
    return {
      ...placed({}, context),
      arn: arn(context, "kms", text(inputs, "name") ?? ""),
      namePrefix: "",
      targetKeyId: target.id,
      targetKeyArn: target.state.arn,
    };
  },
};

/**
 * The key that an id, an ARN or an alias names, as a service looks it up when it is to use it.
 *
 * @param code the service's own code for a key that it cannot use
 */
export function keyOf(name: string, context: Place, code: string): WorldObject {
  const { world, region } = context;
  const asAlias = world.list(aliasType, region).find((each) => each.id === name || each.state.arn === name);
  const target = asAlias ? String(asAlias.state.targetKeyId) : name;
  const matching = (each: WorldObject) => each.id === target || each.state.arn === target;
  const found = world.list(keyType, region).find(matching);
  if (found) {
    refuseUnless(found.inputs.isEnabled !== false, code, `${String(found.state.arn)} is disabled.`);
    return found;
  }
  const pending = world.list(pendingType, region).find(matching);
  throw new CloudError(
    code,
    pending
      ? `${String(pending.state.arn)} is pending deletion.`
      : name.startsWith("arn:")
        ? `Key '${name}' does not exist`
        : `Invalid keyId '${name}'`,
  );
}

/** Refuses a key that is given and cannot be used; the service's default key (`alias/aws/…`) always can. */
export function refuseKey(inputs: Props, property: string, context: Place, code: string): void {
  const name = text(inputs, property);
  if (name !== undefined && !/(^|:)alias\/aws\//.test(name)) keyOf(name, context, code);
}

/**
 * Whether the key's policy itself (not an identity's policy that the account's root delegates to) lets a
 * principal do something: what service-linked roles and services depend on, as no other policy helps them.
 */
export function keyAdmits(
  target: WorldObject,
  principal: { AWS?: string; Service?: string },
  action: string,
): boolean {
  const statements = parsePolicy(target.state.policy, "resource", malformed);
  return statements.some((each) => {
    if (!each.allows || !concerns(each, action)) return false;
    const named = Object.entries(principal).some(([kind, name]) =>
      each.principals[kind]?.some((given) => given === name || given === "*"),
    );
    return named && conditionsHold(each, principal.AWS);
  });
}

/** Only what is said of the principal is weighed; of the rest the caller is taken to satisfy it. */
function conditionsHold({ conditions }: Statement, principal: string | undefined): boolean {
  return Object.entries(conditions).every(([test, keys]) =>
    Object.entries(keys).every(([name, values]) => {
      if (name.toLowerCase() !== "aws:principalarn" || principal === undefined) return true;
      const holds = values.some((value) =>
        test.includes("Like") || test.startsWith("Arn") ? covers(value, principal) : value === principal,
      );
      return /Not/.test(test) ? !holds : holds;
    }),
  );
}

const getAlias: Invoke = (args, context) => {
  const found = context.world.list(aliasType, context.region).find((each) => each.id === args.name);
  if (!found) throw new CloudError("NotFoundException", `Alias ${String(args.name)} is not found.`);
  return { ...found.state, id: found.state.arn, name: found.id };
};

/** A key of the region by id, ARN or alias. */
const getKey: Invoke = (args, context) => {
  const found = keyOf(text(args, "keyId") ?? "", context, "NotFoundException");
  return { ...found.state, id: found.id, enabled: found.inputs.isEnabled !== false, keyState: "Enabled" };
};

export const kms: Provider = {
  types: { [keyType]: key, [aliasType]: alias },
  invokes: { "aws:kms/getAlias:getAlias": getAlias, "aws:kms/getKey:getKey": getKey },
};

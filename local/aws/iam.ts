import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Invoke, Props, Provider, Reference } from "../behaviour.js";
import { arn, exactlyOne, inRange, matches, refuseUnless, text } from "./common.js";
import { getPolicyDocument } from "./getPolicyDocument.js";
import { isManagedPolicy } from "./managedPolicies.js";
import { base32, once } from "./outputs.js";
import { documentText, parsePolicy, refusePrincipals } from "./policyDocument.js";
import { attachedPolicies, roleOf } from "./roles.js";

const malformed = "MalformedPolicyDocument";
const identifier = /^[\w+=,.@-]+$/;

/** A name's limits: IAM's own pattern, and no generated name, which the local cloud does not know. */
function nameRules(inputs: Props, longest: number) {
  return [
    ...exactlyOne(inputs, ["name", "namePrefix"], false),
    ...matches(
      inputs,
      "name",
      identifier,
      "must only contain alphanumeric characters, hyphens, underscores, commas, periods, @ symbols, plus and equals signs",
    ),
    ...((text(inputs, "name") ?? "").length > longest
      ? [
          {
            property: "name",
            reason: `expected length of name to be in the range (1 - ${longest}), got ${String(inputs.name)}`,
          },
        ]
      : []),
  ];
}

const path = (inputs: Props) => text(inputs, "path") ?? "/";
const iamArn = (context: Context, kind: string, inputs: Props) =>
  arn(context, "iam", `${kind}${path(inputs)}${text(inputs, "name") ?? ""}`, { region: "" });

/** Characters that count towards a policy's size: all but white space. */
const sizeOf = (document: unknown) => documentText(document).replace(/\s/g, "").length;

const role: Behaviour = {
  source:
    "IAM CreateRole; CloudFormation AWS::IAM::Role; IAM User Guide, quotas; provider docs of aws.iam.Role",
  global: true,
  required: ["assumeRolePolicy"],
  replaces: ["name", "namePrefix", "path"],
  autoName: { property: "name", max: 64 },
  defaults: () => ({ forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" }),
  check: (inputs) => [
    ...nameRules(inputs, 64),
    ...inRange(inputs, "maxSessionDuration", 3600, 43200),
    ...matches(inputs, "path", /^\/([\x21-\x7e]+\/)?$/, "must begin and end with a slash"),
  ],
  unique: (inputs) => text(inputs, "name"),
  taken: (name) => new CloudError("EntityAlreadyExists", `Role with name ${name} already exists.`),
  admit: (inputs, { world }) => {
    const statements = parsePolicy(inputs.assumeRolePolicy, "trust", malformed);
    for (const each of statements)
      refuseUnless(
        each.actions.every((action) => action === "*" || action.startsWith("sts:")),
        malformed,
        "AssumeRole policy may only specify STS AssumeRole actions.",
      );
    refusePrincipals(
      statements,
      world,
      malformed,
      (kind, name) => `Invalid principal in policy: "${kind.toUpperCase()}":"${name}"`,
    );
    // IAM User Guide: 2,048 characters is the default quota, 4,096 the most that can be asked for.
    refuseUnless(
      sizeOf(inputs.assumeRolePolicy) <= 2048,
      "LimitExceeded",
      "Cannot exceed quota for ACLSizePerRole: 2048",
    );
  },
  id: (inputs) => text(inputs, "name") ?? "",
  outputs: (inputs, context) => ({
    ...once(context, () => ({
      arn: iamArn(context, "role", inputs),
      uniqueId: `AROA${base32(context, 17)}`,
      createDate: context.now(),
      namePrefix: "",
    })),
    assumeRolePolicy: documentText(inputs.assumeRolePolicy),
    inlinePolicies: inputs.inlinePolicies ?? [],
    managedPolicyArns: inputs.managedPolicyArns ?? [],
    tagsAll: inputs.tags ?? {},
  }),
  inUse: (_, by) =>
    new CloudError(
      "DeleteConflict",
      by.type.endsWith(":RolePolicy")
        ? "Cannot delete entity, must delete policies first."
        : by.type.endsWith(":InstanceProfile")
          ? "Cannot delete entity, must remove roles from instance profile first."
          : "Cannot delete entity, must detach all policies first.",
    ),
};

const toRole: Reference = {
  types: ["aws:iam/role:Role"],
  code: "NoSuchEntity",
  message: (name) => `The role with name ${name} cannot be found.`,
};

const rolePolicy: Behaviour = {
  source: "IAM PutRolePolicy; IAM User Guide, quotas (10,240 characters of inline policies a role)",
  global: true,
  required: ["role", "policy"],
  replaces: ["name", "namePrefix", "role"],
  autoName: { property: "name", max: 128 },
  references: { role: toRole },
  check: (inputs) => nameRules(inputs, 128),
  unique: (inputs) => `${String(inputs.role)}:${String(inputs.name)}`,
  taken: (key) => new CloudError("EntityAlreadyExists", `Role policy ${key} already exists.`),
  admit: (inputs, { world, current }) => {
    parsePolicy(inputs.policy, "identity", malformed);
    const others = world
      .list("aws:iam/rolePolicy:RolePolicy")
      .filter((each) => each.inputs.role === inputs.role && each.id !== current?.id);
    const size = [inputs.policy, ...others.map((each) => each.inputs.policy)].reduce<number>(
      (sum, each) => sum + sizeOf(each),
      0,
    );
    refuseUnless(
      size <= 10240,
      "LimitExceeded",
      `Maximum policy size of 10240 bytes exceeded for role ${String(inputs.role)}`,
    );
  },
  id: (inputs) => `${String(inputs.role)}:${String(inputs.name)}`,
  outputs: (inputs) => ({ policy: documentText(inputs.policy), namePrefix: "" }),
};

const rolePolicyAttachment: Behaviour = {
  source: "IAM AttachRolePolicy; IAM User Guide, quotas (10 managed policies a role)",
  global: true,
  required: ["role", "policyArn"],
  replaces: ["role", "policyArn"],
  references: {
    role: toRole,
    policyArn: {
      types: ["aws:iam/policy:Policy"],
      by: "arn",
      code: "NoSuchEntity",
      message: (policy) => `Policy ${policy} does not exist or is not attachable.`,
      except: /^arn:aws[a-z-]*:iam::aws:policy\//,
    },
  },
  admit: (inputs, { world, current }) => {
    const policy = text(inputs, "policyArn") ?? "";
    refuseUnless(
      !policy.includes("::aws:policy/") || isManagedPolicy(policy),
      "NoSuchEntity",
      `Policy ${policy} does not exist or is not attachable.`,
    );
    const target = roleOf(world, text(inputs, "role") ?? "");
    refuseUnless(
      current !== undefined || target === undefined || attachedPolicies(world, target).length < 10,
      "LimitExceeded",
      "Cannot exceed quota for PoliciesPerRole: 10",
    );
  },
  id: (inputs) => `${String(inputs.role)}/${String(inputs.policyArn)}`,
};

const policy: Behaviour = {
  source:
    "IAM CreatePolicy; CloudFormation AWS::IAM::ManagedPolicy; IAM User Guide, quotas (6,144 characters)",
  global: true,
  required: ["policy"],
  replaces: ["name", "namePrefix", "path", "description"],
  autoName: { property: "name", max: 128 },
  defaults: () => ({ path: "/" }),
  check: (inputs) => nameRules(inputs, 128),
  unique: (inputs) => text(inputs, "name"),
  taken: (name) =>
    new CloudError(
      "EntityAlreadyExists",
      `A policy called ${name} already exists. Duplicate names are not allowed.`,
    ),
  admit: (inputs) => {
    parsePolicy(inputs.policy, "identity", malformed);
    refuseUnless(sizeOf(inputs.policy) <= 6144, "LimitExceeded", "Cannot exceed quota for PolicySize: 6144");
  },
  id: (inputs, context) => context.current?.id ?? iamArn(context, "policy", inputs),
  outputs: (inputs, context) => ({
    ...once(context, () => ({
      arn: iamArn(context, "policy", inputs),
      policyId: `ANPA${base32(context, 17)}`,
      attachmentCount: 0,
      namePrefix: "",
    })),
    policy: documentText(inputs.policy),
    tagsAll: inputs.tags ?? {},
  }),
  inUse: () => new CloudError("DeleteConflict", "Cannot delete a policy attached to entities."),
};

const instanceProfile: Behaviour = {
  source: "IAM CreateInstanceProfile; CloudFormation AWS::IAM::InstanceProfile",
  global: true,
  replaces: ["name", "namePrefix", "path"],
  autoName: { property: "name", max: 128 },
  defaults: () => ({ path: "/" }),
  references: { role: toRole },
  check: (inputs) => nameRules(inputs, 128),
  unique: (inputs) => text(inputs, "name"),
  taken: (name) => new CloudError("EntityAlreadyExists", `Instance Profile ${name} already exists.`),
  id: (inputs) => text(inputs, "name") ?? "",
  outputs: (inputs, context) => ({
    ...once(context, () => ({
      arn: iamArn(context, "instance-profile", inputs),
      uniqueId: `AIPA${base32(context, 17)}`,
      createDate: context.now(),
      namePrefix: "",
    })),
    tagsAll: inputs.tags ?? {},
  }),
};

const getRole: Invoke = (args, { world }) => {
  const found = roleOf(world, text(args, "name") ?? "");
  if (!found)
    throw new CloudError("NoSuchEntity", `The role with name ${String(args.name)} cannot be found.`);
  return { ...found.state, id: found.id, name: found.id, permissionsBoundary: "", roleLastUseds: [] };
};

export const iam: Provider = {
  types: {
    "aws:iam/role:Role": role,
    "aws:iam/rolePolicy:RolePolicy": rolePolicy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": rolePolicyAttachment,
    "aws:iam/policy:Policy": policy,
    "aws:iam/instanceProfile:InstanceProfile": instanceProfile,
  },
  invokes: {
    "aws:iam/getPolicyDocument:getPolicyDocument": getPolicyDocument,
    "aws:iam/getRole:getRole": getRole,
  },
};

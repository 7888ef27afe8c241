import type { Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, list, show, unknown } from "../../values.js";
import type { PolicyStatement } from "./documents.js";
import { isWildcardAction, statements } from "./documents.js";

/**
 * Actions for which AWS takes no other resource than `*`.
 * Source: Service Authorization Reference, actions without a resource type.
 */
const withoutResource: readonly string[] = [
  "autoscaling:DescribeAutoScalingGroups",
  "autoscaling:DescribeAutoScalingInstances",
  "autoscaling:DescribeLaunchConfigurations",
  "autoscaling:DescribeScalingActivities",
  "autoscaling:DescribeTags",
  "ec2:DescribeImages",
  "ec2:DescribeInstanceTypes",
  "ec2:DescribeLaunchTemplateVersions",
  "ec2:GetInstanceTypesFromInstanceRequirements",
  "ecr:GetAuthorizationToken",
  "sts:GetCallerIdentity",
];

/** Everything, or everything of one type: `*`, `arn:…:*`, `arn:…:key/*`. In S3 a bucket stands in the type's place. */
function isWildcardResource(resource: string): boolean {
  const [, , service, , , ...rest] = resource.split(":");
  const named = rest.join(":");
  if (resource === "*" || named === "*" || service === "*") return true;
  return service === "s3" ? named.startsWith("*") : /^[A-Za-z-]+[/:]\*$/.test(named);
}

function* judgeStatement({
  effect,
  actions,
  resources,
  statement,
  label,
}: PolicyStatement): Iterable<string> {
  if (effect !== "Allow") return;
  for (const negation of ["NotAction", "NotResource"])
    if (negation in statement) yield `${label} allows by ${negation}; right is to name what is allowed`;
  for (const action of actions.filter(isWildcardAction))
    yield `${label} allows ${action}; right is the actions that are used`;
  const broad = resources.filter(isWildcardResource);
  const needing = actions.filter((action) => !withoutResource.includes(action));
  if (broad.length > 0 && needing.length > 0)
    yield `${label} allows ${needing.join(", ")} on ${broad.join(", ")}; right is the ARNs that are used`;
}

function* judgeDocument(document: unknown): Iterable<string> {
  const found = statements(document);
  if (found !== unknown) for (const statement of found) yield* judgeStatement(statement);
}

/** AWS-managed policies made for people who administer, and the one that reads and writes every secret. */
const tooMuch = /\/(AdministratorAccess.*|PowerUserAccess|.*FullAccess.*|SecretsManagerReadWrite)$/;

function* judgeManaged(arns: unknown): Iterable<string> {
  for (const arn of list(arns))
    if (typeof arn === "string" && tooMuch.test(arn))
      yield `${show(arn)} is attached; right is a policy that names actions and ARNs`;
}

const documents = [
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
];
const attachments = ["Role", "User", "Group"].map(
  (of) => `aws:iam/${of.toLowerCase()}PolicyAttachment:${of}PolicyAttachment`,
);

function* judgeRole({ props }: Resource): Iterable<string> {
  yield* judgeManaged(at(props, "managedPolicyArns"));
  for (const inline of list(at(props, "inlinePolicies"))) yield* judgeDocument(at(inline, "policy"));
}

/** What identities may do: actions and ARNs by name. */
export const permissions: Rule = {
  each: {
    ...forTypes(documents, ({ props }) => judgeDocument(at(props, "policy"))),
    ...forTypes([...attachments, "aws:iam/policyAttachment:PolicyAttachment"], ({ props }) =>
      judgeManaged(at(props, "policyArn")),
    ),
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": ({ props }) =>
      judgeManaged(at(props, "policyArns")),
    "aws:iam/role:Role": judgeRole,
  },
};

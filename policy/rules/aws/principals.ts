import type { Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, isObject, list, missing, present, unknown } from "../../values.js";
import type { PolicyStatement } from "./documents.js";
import { isNarrowed, isWildcardAction, statements } from "./documents.js";

function* judgeDocument(
  document: unknown,
  judge: (statement: PolicyStatement) => Iterable<string>,
): Iterable<string> {
  const found = statements(document);
  if (found === unknown) return;
  for (const statement of found) {
    if (statement.effect !== "Allow") continue;
    if ("NotPrincipal" in statement.statement)
      yield `${statement.label} allows all but some; right is to name who may`;
    yield* judge(statement);
  }
}

/** Services that act for many accounts or pods, and say in the request for which. */
const deputies = ["pods.eks.amazonaws.com"];

function* judgeTrust({ anyone, statement, label }: PolicyStatement): Iterable<string> {
  const principal = statement["Principal"];
  if (anyone) yield `${label} lets anybody take the role; right is a principal by name`;
  const conditional = isObject(statement["Condition"]);
  if (present(at(principal, "Federated")) && !conditional)
    yield `${label} lets everybody of an identity provider take the role; right is a condition on the subject`;
  const services = list(at(principal, "Service"));
  if (deputies.some((service) => services.includes(service)) && !conditional)
    yield `${label} lets every pod take the role; right is a condition on cluster, namespace and service account`;
}

/** For everybody, only under a condition on who it is. */
function* judgeResource(statement: PolicyStatement): Iterable<string> {
  if (statement.anyone && !isNarrowed(statement))
    yield `${statement.label} is for anybody; right is a principal, or a condition on the caller's account or ARN`;
  for (const action of statement.actions.filter(isWildcardAction))
    yield `${statement.label} allows ${action}; right is the actions that are used`;
}

/** In a key policy `*` is the key itself, and `kms:*` for the account's root lets its IAM policies decide. */
function* judgeKey(statement: PolicyStatement): Iterable<string> {
  const toRoot = list(at(statement.statement["Principal"], "AWS")).every(
    (arn) => typeof arn === "string" && /^arn:[^:]+:iam::\d{12}:root$/.test(arn),
  );
  const actions = toRoot && !statement.anyone ? [] : statement.actions;
  yield* judgeResource({ ...statement, actions });
}

/** An endpoint's policy only narrows what callers may do anyway: by who calls, or by what they reach. */
function* judgeEndpointStatement(statement: PolicyStatement): Iterable<string> {
  if (statement.anyone && statement.resources.includes("*") && !isNarrowed(statement))
    yield `${statement.label} is for anybody and everything; right is a condition on the caller's account, or the resources`;
}

/** Services that AWS does not document to take an endpoint policy; what they answer still needs a signed request. */
const withoutPolicy = /\.(eks|eks-auth)$/;

function* judgeEndpoint({ props }: Resource): Iterable<string> {
  const service = at(props, "serviceName");
  if (service === unknown || withoutPolicy.test(String(service))) return;
  const policy = at(props, "policy");
  // AWS would write one that is for anybody and everything.
  if (missing(policy))
    yield "the endpoint has no policy; right is one that names the callers or what they reach";
  yield* judgeDocument(policy, judgeEndpointStatement);
}

/** Policies of resources, by type: the property that holds the document. */
const resourcePolicies: Record<string, string> = {
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
  "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
  "aws:sns/topicPolicy:TopicPolicy": "policy",
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
};

/** Whom roles and resources admit. */
export const principals: Rule = {
  each: {
    "aws:iam/role:Role": ({ props }) => judgeDocument(at(props, "assumeRolePolicy"), judgeTrust),
    ...forTypes(["aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy"], ({ props }) =>
      judgeDocument(at(props, "policy"), judgeKey),
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": judgeEndpoint,
    ...forTypes(Object.keys(resourcePolicies), ({ type, props }) =>
      judgeDocument(at(props, resourcePolicies[type]!), judgeResource),
    ),
  },
};

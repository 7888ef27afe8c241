import { CloudError } from "../behaviour.js";
import type { Props, World } from "../behaviour.js";
import { isObject, refuseUnless } from "./common.js";

/**
 * IAM policy documents: what the services refuse about them, and what they allow.
 * Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "JSON policy element reference";
 * wording as IAM and KMS answer.
 */

/** Where a document is used: that decides about principals and resources. */
export type PolicyKind = "identity" | "trust" | "resource";

export interface Statement {
  allows: boolean;
  actions: string[];
  /** False for `NotAction`: the actions are those left out. */
  listed: boolean;
  /** Principals by kind: `AWS`, `Service`, `Federated`; `*` for anybody. */
  principals: Record<string, string[]>;
  conditions: Record<string, Record<string, string[]>>;
}

/** The document as the provider sends it: programs may give an object. */
export function documentText(document: unknown): string {
  return typeof document === "string" ? document : JSON.stringify(document);
}

const elements = new Set([
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Principal",
  "NotPrincipal",
  "Condition",
]);
const operator =
  /^(ForAllValues:|ForAnyValue:)?(String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(IfExists)?$/;

/** Reads a document, or throws the refusal of the service under its `code`. */
export function parsePolicy(document: unknown, kind: PolicyKind, code: string): Statement[] {
  const refuse = (message: string): never => {
    throw new CloudError(code, message);
  };
  let root: unknown;
  try {
    root = JSON.parse(documentText(document));
  } catch {
    return refuse("This policy contains invalid Json");
  }
  if (!isObject(root)) return refuse("Syntax errors in policy.");
  const version = root["Version"];
  if (version !== undefined && version !== "2012-10-17" && version !== "2008-10-17")
    return refuse("The policy failed legacy parsing");
  const statements = listOf(root["Statement"]);
  if (statements.length === 0) return refuse("Syntax errors in policy.");
  const sids = new Set<string>();
  return statements.map((statement) => {
    if (!isObject(statement) || Object.keys(statement).some((key) => !elements.has(key)))
      return refuse("Syntax errors in policy.");
    const sid = statement["Sid"];
    if (typeof sid === "string" && sid !== "") {
      // A key policy's Sid may hold spaces; an identity's or a role's may not.
      if (kind !== "resource" && !/^[0-9A-Za-z]*$/.test(sid))
        refuse(
          "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
        );
      if (sids.has(sid)) refuse("Statement IDs (SID) in a single policy must be unique.");
      sids.add(sid);
    }
    if (statement["Effect"] !== "Allow" && statement["Effect"] !== "Deny") refuse("Syntax errors in policy.");
    refuseResources(statement, kind, refuse);
    return {
      allows: statement["Effect"] === "Allow",
      listed: statement["NotAction"] === undefined,
      actions: actionsOf(statement, refuse),
      principals: principalsOf(statement, kind, refuse),
      conditions: conditionsOf(statement, refuse),
    };
  });
}

type Refuse = (message: string) => never;

function actionsOf(statement: Props, refuse: Refuse): string[] {
  if ((statement["Action"] === undefined) === (statement["NotAction"] === undefined))
    refuse("Policy statement must contain actions.");
  const actions = strings(statement["Action"] ?? statement["NotAction"]);
  if (actions.length === 0) refuse("Policy statement must contain actions.");
  for (const action of actions)
    if (action !== "*" && !/^[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+$/.test(action))
      refuse("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
  return actions;
}

function refuseResources(statement: Props, kind: PolicyKind, refuse: Refuse): void {
  const given = statement["Resource"] ?? statement["NotResource"];
  if (kind === "trust") {
    if (given !== undefined) refuse("Has prohibited field Resource");
    return;
  }
  const resources = strings(given);
  if (resources.length === 0) refuse("Policy statement must contain resources.");
  for (const resource of resources)
    if (resource !== "*" && !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:.+/.test(resource))
      refuse(`Resource ${resource} must be in ARN format or "*".`);
}

function principalsOf(statement: Props, kind: PolicyKind, refuse: Refuse): Record<string, string[]> {
  const given = statement["Principal"] ?? statement["NotPrincipal"];
  if (kind === "identity") {
    if (given !== undefined) refuse("Policy document should not specify a principal.");
    return {};
  }
  if (given === "*") return { AWS: ["*"] };
  if (!isObject(given)) return refuse("Missing required field Principal");
  return Object.fromEntries(Object.entries(given).map(([type, names]) => [type, strings(names)]));
}

function conditionsOf(statement: Props, refuse: Refuse): Statement["conditions"] {
  const given = statement["Condition"];
  if (given === undefined) return {};
  if (!isObject(given)) return refuse("Syntax errors in policy.");
  const conditions: Statement["conditions"] = {};
  for (const [test, keys] of Object.entries(given)) {
    if (!operator.test(test)) refuse(`Invalid Condition type : ${test}.`);
    if (!isObject(keys)) return refuse("Syntax errors in policy.");
    conditions[test] = Object.fromEntries(
      Object.entries(keys).map(([key, value]) => {
        if (!key.includes(":"))
          refuse("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
        return [key, listOf(value).map(String)];
      }),
    );
  }
  return conditions;
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function strings(value: unknown): string[] {
  return listOf(value).filter((each) => typeof each === "string");
}

/** Whether a pattern with `*` and `?` covers a value; IAM compares actions without regard to case. */
export function covers(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "is").test(value);
}

/** Whether the statement is about the action. */
export function concerns(statement: Statement, action: string): boolean {
  return statement.actions.some((pattern) => covers(pattern, action)) === statement.listed;
}

/** Services that may be a principal. A service that is not among them is a slip of the pen. */
const services = new Set(
  (
    "acm apigateway application-autoscaling autoscaling backup bedrock cloudformation cloudfront cloudtrail " +
    "cloudwatch codebuild codepipeline config delivery.logs dnssec-route53 ec2 ecs ecs-tasks edgelambda eks " +
    "eks-fargate eks-fargate-pods eks-nodegroup elasticache elasticfilesystem elasticloadbalancing events " +
    "firehose globalaccelerator guardduty kinesis lambda logdelivery.elasticloadbalancing logs monitoring.rds " +
    "network-firewall pods.eks rds route53 route53resolver s3 sagemaker scheduler secretsmanager sns spot " +
    "spotfleet sqs ssm states transitgateway vpc-flow-logs wafv2"
  ).split(" "),
);

export function isService(principal: string): boolean {
  const name = /^(.+)\.amazonaws\.com(\.cn)?$/.exec(principal)?.[1];
  // Some services have a principal for each region: logs.us-east-1.amazonaws.com.
  return name !== undefined && services.has(name.replace(/\.[a-z]{2}(-[a-z]+)+-\d$/, ""));
}

/** Refuses a principal that does not exist, with the message that `wording` makes of its kind and name. */
export function refusePrincipals(
  statements: readonly Statement[],
  world: World,
  code: string,
  wording: (kind: string, name: string) => string,
): void {
  for (const { principals } of statements)
    for (const [kind, names] of Object.entries(principals))
      for (const name of names) refuseUnless(principalExists(kind, name, world), code, wording(kind, name));
}

function principalExists(kind: string, name: string, world: World): boolean {
  if (kind === "Service") return isService(name);
  if (kind === "Federated") return true;
  if (kind !== "AWS") return false;
  if (name === "*" || /^\d{12}$/.test(name)) return true;
  const parts = /^arn:aws(-cn|-us-gov)?:(iam|sts)::(\d{12}):(root$|role\/|user\/|assumed-role\/)/.exec(name);
  if (!parts) return false;
  // Nothing is known of other accounts.
  if (parts[3] !== world.account || parts[4] === "root") return true;
  return ["aws:iam/role:Role", "aws:iam/user:User", "aws:iam/serviceLinkedRole:ServiceLinkedRole"].some(
    (type) => world.list(type).some((each) => each.state["arn"] === name),
  );
}

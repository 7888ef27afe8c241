import type { Context } from "../behaviour.js";
import { arn, at, isObject, lookup, refuseUnless } from "./common.js";
import { concerns, covers, documentText, parsePolicy } from "./policyDocument.js";
import type { Statement } from "./policyDocument.js";
import { type } from "./references.js";
import { encryptionType } from "./s3Settings.js";

/** The resources of each statement of a policy document, in the document's order. */
export function resourcesOf(document: string): string[][] {
  const root: unknown = JSON.parse(document);
  const statements = isObject(root) ? root.Statement : undefined;
  return (Array.isArray(statements) ? (statements as unknown[]) : [statements]).map((statement) =>
    at(statement, "Resource")
      .flatMap((each): unknown[] => (Array.isArray(each) ? each : [each]))
      .map(String),
  );
}

/** Condition keys with fixed values that make a statement not public. Source: S3 user guide, 'The meaning of "public"'. */
const fixing =
  /^aws:(PrincipalArn|PrincipalAccount|PrincipalOrgID|SourceArn|SourceAccount|SourceIp|SourceVpc|SourceVpce|SourceOwner)$/i;

/** Whether a statement lets anybody in. */
export function isPublic(statement: Statement): boolean {
  const anybody = Object.values(statement.principals).some((names) => names.includes("*"));
  const keys = Object.values(statement.conditions).flatMap((condition) => Object.keys(condition));
  return statement.allows && anybody && !keys.some((key) => fixing.test(key));
}

/**
 * ELB writes a test object when logging is switched on, and refuses the change when it can't. The bucket must be
 * in the load balancer's region and encrypted with S3's own keys.
 * Source: Application Load Balancer guide, "Enable access logs for your Application Load Balancer".
 */
export function admitLogWriter(bucket: string, prefix: string | undefined, context: Context): void {
  const policy = context.world.find(type.bucketPolicy, bucket);
  const document = policy === undefined ? '{"Statement":[]}' : documentText(policy.state.policy);
  const statements = policy === undefined ? [] : parsePolicy(document, "resource", "MalformedPolicy");
  const folder = `${prefix === undefined ? "" : `${prefix}/`}AWSLogs/${context.world.account}`;
  const object = arn(context, "s3", `${bucket}/${folder}/ELBAccessLogTestFile`, { region: "", account: "" });
  const concerned = statements.filter(
    (statement, i) =>
      concerns(statement, "s3:PutObject") &&
      resourcesOf(document)[i]?.some((pattern) => covers(pattern, object)) === true,
  );
  const allowed = concerned.some(
    ({ allows, principals }) =>
      allows && principals["Service"]?.includes("logdelivery.elasticloadbalancing.amazonaws.com"),
  );
  const denied = concerned.some(({ allows, conditions }) => !allows && Object.keys(conditions).length === 0);
  const encryption = context.world.find(encryptionType, bucket);
  const algorithms = at(encryption?.state, "rules[].applyServerSideEncryptionByDefault.sseAlgorithm");
  refuseUnless(
    lookup(context, type.bucket, bucket) !== undefined &&
      allowed &&
      !denied &&
      algorithms.every((each) => each === "AES256"),
    "InvalidConfigurationRequest",
    `Access Denied for bucket: ${bucket}. Please check S3bucket permission`,
  );
}

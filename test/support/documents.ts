import type { Recorded } from "./mocks.js";

export interface Statement {
  Sid?: string | undefined;
  Effect: string;
  Principal?: "*" | Record<string, string | string[]>;
  Action?: string | string[] | undefined;
  Resource?: string | string[] | undefined;
  Condition?: Record<string, Record<string, string | string[]>>;
  [other: string]: unknown;
}

/** A policy document of a resource, and what it is for. */
export interface Document {
  /** Logical name of the resource. */
  name: string;
  kind: "trust" | "identity" | "key" | "resource" | "logs" | "endpoint";
  statements: Statement[];
}

const kinds: Record<string, Document["kind"]> = {
  "aws:iam/role:Role.assumeRolePolicy": "trust",
  "aws:iam/rolePolicy:RolePolicy.policy": "identity",
  "aws:kms/key:Key.policy": "key",
  "aws:s3/bucketPolicy:BucketPolicy.policy": "resource",
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy.policyDocument": "logs",
  "aws:ec2/vpcEndpoint:VpcEndpoint.policy": "endpoint",
};

/**
 * Every policy document among these resources' inputs, found by its looks.
 *
 * @throws for one at a place that is not known here: it would go unjudged
 */
export function documents(resources: readonly Recorded[]): Document[] {
  return resources.flatMap(({ type, name, inputs }) =>
    Object.entries(inputs).flatMap(([key, value]) => {
      const statements = statementsIn(value);
      if (!statements) return [];
      const kind = kinds[`${type}.${key}`];
      if (!kind) throw new Error(`${name}: a policy document in ${type}.${key}`);
      return [{ name, kind, statements }];
    }),
  );
}

/** The statements in a property: a document as text, wherever in it. */
function statementsIn(value: unknown): Statement[] | undefined {
  if (value !== null && typeof value === "object") {
    const found = Object.values(value).flatMap((each) => statementsIn(each) ?? []);
    return found.length > 0 ? found : undefined;
  }
  if (typeof value !== "string" || !value.includes('"Statement"')) return undefined;
  return list((JSON.parse(value) as { Statement: Statement | Statement[] }).Statement);
}

/** IAM writes one thing without a list. */
export function list<T>(value: T | T[] | undefined): T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

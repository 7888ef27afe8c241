import { createHash } from "node:crypto";
import type { Invoke, Props } from "../behaviour.js";
import { CloudError } from "../behaviour.js";
import { isObject, objects, text, texts } from "./common.js";

/** One value as a string, several as a sorted list: how the provider writes actions, resources and principals. */
function oneOrMany(values: string[]): string | string[] | undefined {
  if (values.length <= 1) return values[0];
  return [...values].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
}

function principals(statement: Props, property: string): unknown {
  const given = objects(statement, property);
  if (given.length === 0) return undefined;
  const byType: Record<string, string[]> = {};
  for (const each of given) (byType[text(each, "type") ?? ""] ??= []).push(...texts(each, "identifiers"));
  if (byType["*"]) return "*";
  return Object.fromEntries(Object.entries(byType).map(([type, names]) => [type, oneOrMany(names)]));
}

function conditions(statement: Props): unknown {
  const given = objects(statement, "conditions");
  if (given.length === 0) return undefined;
  const byTest: Record<string, Record<string, string | string[]>> = {};
  for (const each of given) {
    const values = texts(each, "values");
    const test = (byTest[text(each, "test") ?? ""] ??= {});
    test[text(each, "variable") ?? ""] = values.length === 1 ? (values[0] ?? "") : values;
  }
  return byTest;
}

function render(statement: Props): Props {
  return {
    ...(text(statement, "sid") === undefined ? {} : { Sid: statement["sid"] }),
    Effect: text(statement, "effect") ?? "Allow",
    Action: oneOrMany(texts(statement, "actions")),
    NotAction: oneOrMany(texts(statement, "notActions")),
    Resource: oneOrMany(texts(statement, "resources")),
    NotResource: oneOrMany(texts(statement, "notResources")),
    Principal: principals(statement, "principals"),
    NotPrincipal: principals(statement, "notPrincipals"),
    Condition: conditions(statement),
  };
}

/** Statements of other documents; a later one replaces an earlier one of the same Sid. */
function statementsOf(documents: string[]): Props[] {
  return documents.flatMap((document) => {
    const root: unknown = JSON.parse(document);
    return isObject(root) ? objects(root, "Statement") : [];
  });
}

/**
 * Renders a policy document as the provider does: no call to AWS is made, and nothing of the content is
 * judged. Source: provider docs of aws.iam.getPolicyDocument.
 */
export const getPolicyDocument: Invoke = (args) => {
  const statements: Props[] = [];
  for (const each of statementsOf(texts(args, "sourcePolicyDocuments"))) {
    const sid = text(each, "Sid");
    if (sid !== undefined && statements.some((other) => other["Sid"] === sid))
      throw new CloudError("InvalidPolicyDocument", `duplicate Sid (${sid}) in source_policy_documents`);
    statements.push(each);
  }
  const replace = (each: Props): void => {
    const sid = text(each, "Sid");
    const at = sid === undefined ? -1 : statements.findIndex((other) => other["Sid"] === sid);
    if (at < 0) statements.push(each);
    else statements[at] = each;
  };
  objects(args, "statements").map(render).forEach(replace);
  statementsOf(texts(args, "overridePolicyDocuments")).forEach(replace);
  const document = {
    Version: text(args, "version") ?? "2012-10-17",
    Id: text(args, "policyId"),
    Statement: statements,
  };
  const json = escaped(JSON.stringify(document, undefined, 2));
  return {
    ...args,
    id: String(createHash("sha256").update(json).digest().readUInt32BE()),
    version: document.Version,
    json,
    minifiedJson: escaped(JSON.stringify(document)),
  };
};

/** Go's encoder, which the provider uses, writes these three as escapes. */
function escaped(json: string): string {
  return json.replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
}

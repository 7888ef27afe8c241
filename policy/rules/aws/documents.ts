import type { Link } from "../../links.js";
import { at, isObject, list, show, unknown } from "../../values.js";

/** How the resources that settle something of a bucket name it. */
export const bucketLink: Link = { property: "bucket", by: ["id", "bucket"] };

/** One statement of a policy document, its lists made even. */
export interface PolicyStatement {
  effect: unknown;
  actions: string[];
  resources: string[];
  /** Whether the principal is everybody: `*` or `{"AWS": "*"}`. */
  anyone: boolean;
  statement: Record<string, unknown>;
  /** For messages: the Sid, or the place in the document. */
  label: string;
}

/** The statements of a policy document; none where there is no document. */
export function statements(document: unknown): PolicyStatement[] | typeof unknown {
  if (document === unknown) return unknown;
  const parsed: unknown = typeof document === "string" && document !== "" ? JSON.parse(document) : document;
  return list(at(parsed, "Statement")).flatMap((statement, i) =>
    isObject(statement) ? [read(statement, i)] : [],
  );
}

function read(statement: Record<string, unknown>, place: number): PolicyStatement {
  const { Sid: sid, Effect: effect, Principal: principal } = statement;
  return {
    effect,
    actions: list(statement["Action"]).map(String),
    resources: list(statement["Resource"]).map(String),
    anyone: principal === "*" || list(at(principal, "AWS")).includes("*"),
    statement,
    label: `statement ${sid === undefined ? place + 1 : show(sid)}`,
  };
}

/** Actions that are all of a service, or of every service. */
export function isWildcardAction(action: string): boolean {
  return action === "*" || /^[^:]*:\*+$/.test(action);
}

/** Condition keys that say who calls, or on whose behalf. */
const callerKeys = [
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceorgid",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "kms:calleraccount",
];

/** Whether a statement's conditions narrow who it is for. A negated or `IfExists` operator narrows nobody down. */
export function isNarrowed({ statement }: PolicyStatement): boolean {
  const condition = statement["Condition"];
  if (!isObject(condition)) return false;
  return Object.entries(condition).some(
    ([operator, keys]) =>
      /^(ForAnyValue:)?(String|Arn)(Equals|Like|EqualsIgnoreCase)$/.test(operator) &&
      isObject(keys) &&
      Object.entries(keys).some(
        ([key, value]) => callerKeys.includes(key.toLowerCase()) && !list(value).includes("*"),
      ),
  );
}

import * as pulumi from "@pulumi/pulumi";

/**
 * Values of resources, some of which only the cloud will know. A policy reports what is certainly wrong: every
 * helper here answers for an unknown value as if it were right, and the update, which knows it, judges again.
 */

export type Props = Record<string, unknown>;

/** Stands for a value that is not known before the update. */
export const unknown = Symbol("unknown until the update");

const { specialSigKey, specialSecretSig, unknownValue } = pulumi.runtime;

/**
 * A copy in plain data: secrets as their values, and {@link unknown} for what is not known: engines' and mocks'
 * placeholders, properties that throw when they are read (`@pulumi/policy` in a preview), sealed secrets of an
 * exported state.
 */
export function plain(value: unknown): unknown {
  if (value === unknown || value === unknownValue || pulumi.isUnknown(value)) return unknown;
  // By index: a callback of map() would be handed elements that throw.
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, i) => read(value, i));
  if (!isObject(value)) return value;
  if (value[specialSigKey] === specialSecretSig) {
    if ("value" in value) return plain(value["value"]);
    const { plaintext } = value;
    return typeof plaintext === "string" ? plain(JSON.parse(plaintext)) : unknown;
  }
  return Object.fromEntries(Object.keys(value).map((key) => [key, read(value, key)]));
}

function read(from: Props | unknown[], key: string | number): unknown {
  let value: unknown;
  try {
    value = (from as Props)[key];
  } catch {
    return unknown;
  }
  return plain(value);
}

export function isObject(value: unknown): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value under these keys; undefined where there is none. */
export function at(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (inner === unknown ? unknown : isObject(inner) ? inner[key] : undefined),
    value,
  );
}

/** Text in lower case, for what a cloud compares without case; anything else as it is. */
export function lower(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}

/** A port as text: clouds write them as numbers too. */
export function text(port: unknown): unknown {
  return port === unknown ? unknown : String(port);
}

/** The elements of a list; a value by itself is a list of one. */
export function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** True when the value is certainly none of these. */
export function differs(value: unknown, ...right: unknown[]): boolean {
  return value !== unknown && !right.includes(unknown) && !right.includes(value);
}

/** True when there is certainly no value: clouds answer "" and [] for what was not set. */
export function missing(value: unknown): boolean {
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

/** True when there certainly is a value. */
export function present(value: unknown): boolean {
  return value !== unknown && !missing(value);
}

/** True when the list certainly lacks the element. */
export function lacks(value: unknown, element: unknown): boolean {
  const elements = list(value);
  return !elements.includes(element) && !elements.includes(unknown);
}

/** A value for a message. */
export function show(value: unknown): string {
  if (missing(value)) return "nothing";
  return typeof value === "string" ? `"${value}"` : JSON.stringify(value);
}

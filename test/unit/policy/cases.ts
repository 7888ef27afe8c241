import type { Resource } from "../../../policy/policy.js";

/** A change of a good stack that breaks one policy. */
export interface Breach {
  policy: string;
  /** What the message says. */
  message: RegExp;
  /** Name of the resource that is at fault. */
  at: string;
  /** New values by `<resource>.<property>…`; undefined removes one. */
  set?: Record<string, unknown>;
  /** Names of resources that are missing. */
  drop?: string[];
  add?: Resource[];
}

/** Breaches by the policy that each breaks. */
export type Rows = Record<
  string,
  [at: string, message: RegExp, change: Pick<Breach, "set" | "drop" | "add">][]
>;

export function toBreaches(rows: Rows): Breach[] {
  return Object.entries(rows).flatMap(([policy, breaches]) =>
    breaches.map(([at, message, change]) => ({ policy, at, message, ...change })),
  );
}

export function resource(type: string, name: string, props: Record<string, unknown>): Resource {
  return { type, name, props };
}

/** The good stack with the change made. */
export function broken(good: readonly Resource[], { set = {}, drop = [], add = [] }: Breach): Resource[] {
  const copy = structuredClone([...good, ...add]).filter(({ name }) => !drop.includes(name));
  for (const [path, value] of Object.entries(set)) {
    const [name = "", ...keys] = path.split(".");
    const target = copy.find((each) => each.name === name);
    if (!target) throw new Error(`no resource ${name}`);
    place(target.props, keys, value);
  }
  return copy;
}

function place(target: unknown, keys: string[], value: unknown): void {
  const [key = "", ...rest] = keys;
  const holder = target as Record<string, unknown>;
  if (rest.length > 0) place((holder[key] ??= {}), rest, value);
  else if (value === undefined) delete holder[key];
  else holder[key] = value;
}

export function document(...statements: Record<string, unknown>[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });
}

import { CloudError, UNKNOWN } from "./behaviour.js";
import type { Context, Props, Provider, WorldObject } from "./behaviour.js";
import { isCidr } from "./cidr.js";

export * from "./cidr.js";

/** Reading inputs and stating rules, the same for every cloud. */

/** What naming a thing needs of a {@link Context}: invokes have no current object. */
export type Place = Pick<Context, "world" | "region" | "scope">;

/** False for an absent value and for one that a preview does not know yet. */
export function isKnown(value: unknown): boolean {
  return value !== undefined && value !== null && value !== UNKNOWN;
}

export function isObject(value: unknown): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * All values at a path: dots into objects, `[]` over a list's elements. Absent and unknown values are left
 * out, so a rule that loops over the result skips previews by itself.
 */
export function at(value: unknown, path: string): unknown[] {
  let values: unknown[] = [value];
  for (const step of path.split(".")) {
    const key = step.replace(/\[\]$/, "");
    values = values.flatMap((each) => (isObject(each) && isKnown(each[key]) ? [each[key]] : []));
    if (step.endsWith("[]")) {
      values = values.flatMap((each) => (Array.isArray(each) ? each : []) as unknown[]).filter(isKnown);
    }
  }
  return values;
}

/** The string (or number, as a string) at a path; undefined when it is absent, empty or unknown. */
export function text(value: unknown, path: string): string | undefined {
  const [found] = at(value, path);
  return typeof found === "number" || (typeof found === "string" && found !== "") ? String(found) : undefined;
}

/** The number at a path; undefined when absent or unknown. Accepts numerals, as the provider does. */
export function number(value: unknown, path: string): number | undefined {
  const found = text(value, path);
  return found === undefined || Number.isNaN(Number(found)) ? undefined : Number(found);
}

/** The strings of a list at a path. */
export function texts(value: unknown, path: string): string[] {
  return at(value, `${path}[]`).filter((each) => typeof each === "string");
}

/** The objects at a path: of a list, or the single one. */
export function objects(value: unknown, path: string): Props[] {
  return at(value, path)
    .flatMap((each): unknown[] => (Array.isArray(each) ? each : [each]))
    .filter(isObject);
}

export function isTrue(value: unknown, path: string): boolean {
  const [found] = at(value, path);
  return found === true || found === "true";
}

/** Throws the refusal when the rule does not hold. */
export function refuseUnless(holds: boolean, code: string, message: string): void {
  if (!holds) throw new CloudError(code, message);
}

/** One failure of a provider's own check. */
export interface Failure {
  property: string;
  reason: string;
}

/** The provider's refusal of values outside an enumeration, for every value at the path. */
export function oneOf(inputs: Props, path: string, allowed: readonly string[]): Failure[] {
  return at(inputs, path).flatMap((value) =>
    allowed.includes(String(value))
      ? []
      : [
          {
            property: path,
            reason: `expected ${path} to be one of [${allowed.map((each) => `"${each}"`).join(" ")}], got ${String(value)}`,
          },
        ],
  );
}

/** The provider's refusal of numbers outside a range, both ends included. */
export function inRange(inputs: Props, path: string, low: number, high: number): Failure[] {
  return at(inputs, path).flatMap((value) =>
    Number(value) >= low && Number(value) <= high
      ? []
      : [
          {
            property: path,
            reason: `expected ${path} to be in the range (${low} - ${high}), got ${String(value)}`,
          },
        ],
  );
}

/** The provider's refusal of strings that do not match; `rule` ends the sentence "invalid value for …". */
export function matches(inputs: Props, path: string, pattern: RegExp, rule: string): Failure[] {
  return at(inputs, path).flatMap((value) =>
    pattern.test(String(value))
      ? []
      : [{ property: path, reason: `invalid value for ${path} (${rule}): ${String(value)}` }],
  );
}

/** The provider's "conflicts with" and "one of … must be specified" over top-level inputs. */
export function exactlyOne(inputs: Props, properties: readonly string[], needed = true): Failure[] {
  // An unknown value is a value: it will be there at create.
  const given = properties.filter(
    (each) => inputs[each] !== undefined && inputs[each] !== null && inputs[each] !== "",
  );
  const list = properties.join(",");
  if (given.length > 1)
    return [{ property: given[1] ?? "", reason: `only one of \`${list}\` can be specified` }];
  if (given.length === 0 && needed)
    return [{ property: properties[0] ?? "", reason: `one of \`${list}\` must be specified` }];
  return [];
}

/** The provider's refusal of what is not a CIDR block. */
export function cidrs(inputs: Props, path: string): Failure[] {
  return at(inputs, path).flatMap((value) =>
    isCidr(String(value)) ? [] : [{ property: path, reason: `"${String(value)}" is not a valid CIDR block` }],
  );
}

/** A number below `limit` that is stable for the object, for made-up addresses and ports. */
export function pick(context: Pick<Context, "hex">, limit: number, salt?: string): number {
  return parseInt(context.hex(8, salt), 16) % limit;
}

/** A version-4 UUID, stable for the object. */
export function uuid(context: Pick<Context, "hex">, salt = "uuid"): string {
  const hex = context.hex(32, salt);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20),
  ];
  return parts.join("-");
}

/** The object with this id in the context's region. */
export function lookup(context: Place, type: string, id: string | undefined): WorldObject | undefined {
  const found = id === undefined ? undefined : context.world.find(type, id);
  return found?.region === context.region ? found : undefined;
}

/** The first object of a type, in the context's region, whose state holds the value. */
export function lookupBy(
  context: Place,
  type: string,
  property: string,
  value: string | undefined,
): WorldObject | undefined {
  if (value === undefined) return undefined;
  return context.world.list(type, context.region).find(({ state }) => state[property] === value);
}

/** The last segment of an id that is a path. */
export const nameOf = (id: string): string => id.split("/").at(-1) ?? "";

/** The first value that is in the list once before; undefined when all differ. Unknown ones are left out. */
export const repeated = <T>(values: readonly (T | undefined)[]): T | undefined =>
  values.find((value, i) => value !== undefined && values.indexOf(value) < i);

/** One provider out of many. */
export function merge(...providers: Provider[]): Provider {
  return {
    types: Object.assign({}, ...providers.map(({ types }) => types)) as Provider["types"],
    invokes: Object.assign({}, ...providers.map(({ invokes }) => invokes)) as Provider["invokes"],
  };
}

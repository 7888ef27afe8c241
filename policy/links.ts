import type { Finding, Resource } from "./policy.js";
import { at, list, missing, unknown } from "./values.js";

/** How one resource names another. */
export interface Link {
  /** Property of the one that names. */
  property: string;
  /** Where in the property, through every element of a list; default the property itself. */
  path?: readonly string[];
  /** Properties of the other, any of which may be the name. */
  by: readonly string[];
}

/** Whether `from` names `to`; {@link unknown} when that cannot be told yet. */
export function names(
  from: Resource,
  { property, path = [], by }: Link,
  to: Resource,
): boolean | typeof unknown {
  const values = follow(at(from.props, property), path).map(folded);
  const targets = by.map((key) => folded(at(to.props, key))).filter((target) => !missing(target));
  const certain = targets.filter((target) => target !== unknown);
  if (values.some((value) => certain.includes(value))) return true;
  // Before the update only the engine knows: by which resources of the kind the value comes from.
  const sources = (from.dependencies?.[property] ?? []).filter((urn) => typeOf(urn) === to.type);
  if (sources.length > 0) return sources.includes(urnOf(to));
  const open = values.includes(unknown) || targets.length === 0 || targets.includes(unknown);
  return values.length > 0 && open ? unknown : false;
}

/** The values at the end of the path, through every element of the lists on the way. */
export function follow(value: unknown, path: readonly string[]): unknown[] {
  return path.reduce((values, key) => values.flatMap((one) => list(at(one, key))), list(value));
}

/** One form of what a cloud writes in two: Azure's ids in any case, Google's with and without the API's address. */
function folded(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (value.startsWith("/subscriptions/")) return value.toLowerCase();
  return value.replace(/^https:\/\/(www|compute)\.googleapis\.com\/compute\/(v1|beta)\//, "");
}

/** `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>` */
function typeOf(urn: string): string | undefined {
  return urn.split("::")[2]?.split("$").at(-1);
}

export function urnOf(resource: Resource): string {
  return resource.urn ?? resource.name;
}

export function ofTypes(resources: Resource[], ...types: string[]): Resource[] {
  return resources.filter(({ type }) => types.includes(type));
}

/** A finding for each resource of a type that certainly none of another type names. */
export function* unaccompanied(
  resources: Resource[],
  type: string,
  companion: { type: string } & Link,
  message: string,
): Iterable<Finding> {
  const companions = ofTypes(resources, companion.type);
  for (const resource of ofTypes(resources, type))
    if (companions.every((one) => names(one, companion, resource) === false)) yield { resource, message };
}

import type { Finding, Resource } from "./policy.js";
import { at, list, missing, unknown } from "./values.js";

/** How one resource names another. */
export interface Link {
  /** Property of the one that names. */
  property: string;
  /** Properties of the other, any of which may be the name. */
  by: readonly string[];
}

/** Whether `from` names `to`; {@link unknown} when that cannot be told yet. */
export function names(from: Resource, { property, by }: Link, to: Resource): boolean | typeof unknown {
  if (from.dependencies?.[property]?.includes(urnOf(to))) return true;
  const values = list(at(from.props, property));
  const targets = by.map((key) => at(to.props, key)).filter((target) => !missing(target));
  const certain = targets.filter((target) => target !== unknown);
  if (values.some((value) => certain.includes(value))) return true;
  const open = values.includes(unknown) || targets.length === 0 || targets.includes(unknown);
  return values.length > 0 && open ? unknown : false;
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

import { urnOf } from "./links.js";
import { policies } from "./policies.js";
import type { Finding, Policy, Resource, Rule } from "./policy.js";
import { isObject, plain, unknown } from "./values.js";

type Check = NonNullable<Rule["each"]>[string];

export interface Violation {
  policy: string;
  urn: string;
  message: string;
}

/** What is wrong with one resource by one policy. */
export function judgeEach(policy: Policy, resource: Resource): string[] {
  return each(policy, resource.type).length === 0 ? [] : alone(policy, readable(resource));
}

/** What is wrong with the resources of a stack together, by one policy. */
export function judgeTogether(policy: Policy, resources: Resource[]): Finding[] {
  return together(policy).length === 0 ? [] : asOne(policy, resources.map(readable));
}

const byType = new WeakMap<Policy, Record<string, Check[]>>();

/** A policy's checks of single resources of a type, of every cloud. */
function each(policy: Policy, type: string): Check[] {
  let checks = byType.get(policy);
  if (!checks) byType.set(policy, (checks = {}));
  return (checks[type] ??= Object.values(policy.rules).flatMap((rule) => rule.each?.[type] ?? []));
}

const together = (policy: Policy) => Object.values(policy.rules).flatMap((rule) => rule.together ?? []);

function alone(policy: Policy, known: Resource): string[] {
  return each(policy, known.type).flatMap((check) => [...check(known)]);
}

function asOne(policy: Policy, known: Resource[]): Finding[] {
  const decided = known.map(undecided);
  return together(policy).flatMap((check) => [...check(decided)]);
}

/**
 * Every violation of every policy in a stack, as the policy pack would report them.
 *
 * @param resources all of the stack's resources, with inputs, outputs or both as `props`; unknown values as the
 *   engine or the mocks mark them. Without `id` among the props, what links a resource to others stays unjudged.
 */
export function violations(resources: Resource[]): Violation[] {
  const known = resources.map(readable);
  return policies.flatMap((policy) => [
    ...known.flatMap((resource) =>
      alone(policy, resource).map((message) => ({ policy: policy.name, urn: urnOf(resource), message })),
    ),
    ...asOne(policy, known).map(({ resource, message }) => ({
      policy: policy.name,
      urn: urnOf(resource),
      message,
    })),
  ]);
}

/** The parts of an exported resource that policies read. */
interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  propertyDependencies?: Record<string, string[] | null>;
  provider?: string;
}

/** The resources of an exported stack (`pulumi stack export`, `deployment`). */
export function exported(deployment: { resources?: StateResource[] }): Resource[] {
  return (deployment.resources ?? []).map(({ urn, type, id, inputs, outputs, provider, ...rest }) => ({
    urn,
    type,
    name: urn.split("::").slice(3).join("::"),
    props: { ...inputs, ...outputs, ...(id && { id }) },
    dependencies: Object.fromEntries(
      Object.entries(rest.propertyDependencies ?? {}).map(([property, urns]) => [property, urns ?? []]),
    ),
    ...(provider && { provider }),
  }));
}

function readable(resource: Resource): Resource {
  const props = plain(resource.props);
  return { ...resource, props: isObject(props) ? props : unknown };
}

/** In the preview of a stack whose cluster does not exist yet, the engine has nothing to say of what is in it. */
function undecided(resource: Resource): Resource {
  const empty = isObject(resource.props) && Object.keys(resource.props).length === 0;
  return empty ? { ...resource, props: unknown } : resource;
}

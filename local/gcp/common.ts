import type { Behaviour, Context, Props, Reference } from "../behaviour.js";
import { isKnown, matches, oneOf, refuseUnless, text } from "../rules.js";

export * from "../rules.js";

/** Token of an enabled API of a project. */
export const enabledApi = "gcp:projects/service:Service";

/** The project of a resource: its own input, or the provider's. */
export function project(inputs: Props, { scope }: Pick<Context, "scope">): string {
  return text(inputs, "project") ?? scope;
}

/** A project's number: twelve digits, stable for the project. */
export function projectNumber(id: string): string {
  let number = 7;
  for (const letter of id) number = (number * 31 + letter.charCodeAt(0)) % 899_999_999_999;
  return String(100_000_000_000 + number);
}

/** `https://www.googleapis.com/compute/v1/projects/…` and `projects/…` name the same thing. */
export const relative = (value: string): string =>
  value.replace(
    /^https:\/\/[a-z]+\.googleapis\.com\/(compute|[a-z0-9]+)\/(v\d[a-z0-9]*\/)?(?=projects\/)/,
    "",
  );

export const selfLink = (id: string): string => `https://www.googleapis.com/compute/v1/${id}`;

/** RFC 1035, as Compute Engine and most other services take names. Source: compute.v1 discovery, `name` pattern. */
export const rfc1035 = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

interface Gcp extends Omit<Behaviour, "id"> {
  /**
   * Template of the id: `projects/{project}/regions/{region}/subnetworks/{name}`. Braces name inputs; project
   * and region default to the provider's. One without region, zone or location makes the type global, unless
   * `global` says otherwise.
   */
  path: string;
  /** The API that serves it, which has to be enabled in the project: `compute.googleapis.com`. */
  api: string;
  /** What names must match; null: not checked. Default {@link rfc1035}. */
  name?: RegExp | null;
}

/** The id that a template gives for these inputs. */
export function idAt(path: string, inputs: Props, context: Pick<Context, "scope" | "region">): string {
  return path.replace(/\{(\w+)\}/g, (_, key: string) => {
    if (key === "project") return project(inputs, context);
    return text(inputs, key) ?? (key === "region" ? context.region : "");
  });
}

/**
 * A resource of a Google Cloud API: its id follows from its project, place and name, none of which can change,
 * and its API has to be enabled first. Source: the services' discovery documents; provider docs.
 */
export function gcpResource(spec: Gcp): Behaviour {
  const { path, api, name = rfc1035, ...more } = spec;
  const keys = [...path.matchAll(/\{(\w+)\}/g)].map(([, key]) => key ?? "");
  const given = keys.filter((key) => key !== "project" && key !== "region");
  const compute = api === "compute.googleapis.com";
  return {
    ...more,
    global: more.global ?? !keys.some((key) => ["region", "zone", "location"].includes(key)),
    required: [...given, ...(more.required ?? [])],
    replaces: [...keys, "project", ...(more.replaces ?? [])],
    ...(keys.includes("name") && { autoName: more.autoName ?? { property: "name", max: 63 } }),
    check: (inputs) => [
      ...(name !== null && keys.includes("name")
        ? matches(inputs, "name", name, `must match ${name.source}`)
        : []),
      ...oneOf(inputs, "deletionPolicy", ["ABANDON", "DELETE", "PREVENT"]),
      ...(more.check?.(inputs) ?? []),
    ],
    admit: (inputs, context) => {
      requireApi(api, inputs, context);
      more.admit?.(inputs, context);
    },
    // The provider's own refusal: the cloud is not asked.
    release: (object, context) => {
      refuseUnless(
        object.state["deletionPolicy"] !== "PREVENT",
        "DeletionPolicy",
        `cannot destroy ${object.id}: its deletion policy is "PREVENT"; set it to "DELETE" and apply that first`,
      );
      more.release?.(object, context);
    },
    id: (inputs, context) => context.current?.id ?? idAt(path, inputs, context),
    outputs: (inputs, context) => {
      const id = context.current?.id ?? idAt(path, inputs, context);
      return {
        project: project(inputs, context),
        ...(keys.includes("region") && { region: text(inputs, "region") ?? context.region }),
        ...(compute && { selfLink: selfLink(id) }),
        ...more.outputs?.(inputs, context),
      };
    },
  };
}

/** Refuses the call as long as the API is not enabled in the project. */
export function requireApi(api: string, inputs: Props, context: Context): void {
  const where = project(inputs, context);
  const enabled = context.world
    .list(enabledApi)
    .some(({ state }) => state["project"] === where && state["service"] === api);
  refuseUnless(
    enabled,
    "SERVICE_DISABLED",
    `googleapi: Error 403: ${api} has not been used in project ${projectNumber(where)} before or it is disabled.`,
  );
}

/** An input that holds another resource's id or self link. */
export function toGcp(types: string[], more: Partial<Reference> = {}): Reference {
  return {
    types,
    key: relative,
    code: "notFound",
    message: (value) => `googleapi: Error 404: The resource '${relative(value)}' was not found`,
    ...more,
  };
}

/** The state of the resource that an id or self link names, of any of these types. */
export function stateOf({ world }: Pick<Context, "world">, types: readonly string[], value: unknown) {
  if (!isKnown(value) || typeof value !== "string") return undefined;
  for (const type of types) {
    const found = world.find(type, relative(value));
    if (found) return found.state;
  }
  return undefined;
}

import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, WorldObject } from "../behaviour.js";
import { at, isObject, text, uuid } from "../rules.js";
import { answers, clusterAt, deleteUnreachable } from "./cluster.js";

/** One kind of Kubernetes object, as far as it differs from the others. */
export interface Kind {
  /** Kind with its group, as messages name it: `Deployment.apps`, `Service`. */
  kind: string;
  /** As messages name it when one is missing or there already: `deployments.apps`. */
  plural: string;
  source: string;
  /** False for kinds outside namespaces. */
  namespaced?: boolean;
  /** What a name may be. Default: a DNS subdomain of up to 253 characters. */
  name?: "label" | "service" | "path";
  required?: readonly string[];
  replaces?: readonly string[];
  /** What the API server refuses, and what keeps the object from becoming ready. */
  admit?: (inputs: Props, context: Context, place: Named) => void;
  /** Defaults and status that the API server and its controllers fill in, by top-level field. */
  state?: (inputs: Props, context: Context, place: Named) => Props;
  after?: (object: WorldObject, context: Context) => void;
  release?: (object: WorldObject, context: Context) => void;
  secrets?: readonly string[];
  minutes?: number;
}

export interface Named {
  name: string;
  namespace: string;
  /** Refuses the object with the API server's wording: a path and what is wrong with it. */
  refuse: (path: string, message: string) => never;
}

export const namespaceType = "kubernetes:core/v1:Namespace";
/** Every cluster has these from the start. */
const initial = /^(default|kube-system|kube-public|kube-node-lease)$/;

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const subdomain = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
/** Source: Kubernetes docs, "Object names and IDs". */
const names = {
  label: {
    pattern: label,
    max: 63,
    rule: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  },
  service: {
    pattern: /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
    max: 63,
    rule: "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  },
  path: { pattern: /^(?!\.{1,2}$)[^/%]{1,253}$/, max: 253, rule: "may not contain '/' or '%'" },
  subdomain: {
    pattern: subdomain,
    max: 253,
    rule: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  },
};

const labelKey = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

/** Refuses keys and values that no label may have. */
export function refuseLabels(given: unknown, path: string, refuse: Named["refuse"]): void {
  for (const [key, value] of isObject(given) ? Object.entries(given) : []) {
    if (!labelKey.test(key))
      refuse(
        path,
        `Invalid value: "${key}": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`,
      );
    if (typeof value !== "string" || !labelValue.test(value))
      refuse(
        path,
        `Invalid value: "${String(value)}": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character, no more than 63 characters`,
      );
  }
}

export const nameOf = (inputs: Props, context: Pick<Context, "name" | "hex">): string =>
  text(inputs, "metadata.name") ?? `${context.name}-${context.hex(8, "name")}`;

export const namespaceOf = (inputs: Props): string => text(inputs, "metadata.namespace") ?? "default";

/** Objects of a type in the same cluster and namespace. */
export function siblings(
  context: Pick<Context, "world" | "region">,
  type: string,
  namespace: string,
): WorldObject[] {
  return context.world.list(type, context.region).filter((each) => namespaceOf(each.state) === namespace);
}

export function sibling(
  context: Pick<Context, "world" | "region">,
  type: string,
  namespace: string,
  name: string,
): WorldObject | undefined {
  return siblings(context, type, namespace).find((each) => text(each.state, "metadata.name") === name);
}

function refuseNamespace(name: string, context: Pick<Context, "world" | "region">): void {
  const exists =
    initial.test(name) || context.world.list(namespaceType, context.region).some((each) => each.id === name);
  if (!exists) throw new CloudError("NotFound", `namespaces "${name}" not found`);
}

/** A description from what is particular to a kind. */
export function describe(kind: Kind): Behaviour {
  const namespaced = kind.namespaced !== false;
  const named = (inputs: Props, context: Context): Named => {
    const name = context.current
      ? (text(context.current.state, "metadata.name") ?? "")
      : nameOf(inputs, context);
    const refuse = (path: string, message: string): never => {
      throw new CloudError("Invalid", `${kind.kind} "${name}" is invalid: ${path}: ${message}`);
    };
    return { name, namespace: namespaceOf(inputs), refuse };
  };
  const id = (inputs: Props, context: Context): string => {
    if (context.current) return context.current.id;
    const { name, namespace } = named(inputs, context);
    return namespaced ? `${namespace}/${name}` : name;
  };
  return {
    source: `${kind.source}; forceNew properties of the provider (pulumi-kubernetes, diff.go)`,
    required: kind.required,
    replaces: ["metadata.name", "metadata.namespace", ...(kind.replaces ?? [])],
    autoName: { property: "metadata.name", max: names[kind.name ?? "subdomain"].max },
    unique: (inputs, context) =>
      text(inputs, "metadata.name") === undefined
        ? undefined
        : id(inputs, { ...context, current: undefined }),
    taken: (key) =>
      new CloudError("AlreadyExists", `${kind.plural} "${key.split("/").at(-1) ?? ""}" already exists`),
    admit: (inputs, context) => {
      clusterAt(context);
      const place = named(inputs, context);
      if (namespaced) refuseNamespace(place.namespace, context);
      const { pattern, rule } = names[kind.name ?? "subdomain"];
      if (!pattern.test(place.name)) place.refuse("metadata.name", `Invalid value: "${place.name}": ${rule}`);
      const [metadata] = at(inputs, "metadata");
      refuseLabels(isObject(metadata) ? metadata.labels : undefined, "metadata.labels", place.refuse);
      kind.admit?.(inputs, context, place);
    },
    id,
    outputs: (inputs, context) => {
      const place = named(inputs, context);
      const before = context.current ? (at(context.current.state, "metadata")[0] as Props) : undefined;
      const metadata = {
        ...(isObject(inputs.metadata) ? inputs.metadata : {}),
        name: place.name,
        ...(namespaced ? { namespace: place.namespace } : {}),
        uid: before?.uid ?? uuid(context),
        creationTimestamp: before?.creationTimestamp ?? context.now(),
        generation: Number(before?.generation ?? 0) + 1,
        resourceVersion: String(
          before ? Number(before.resourceVersion) + 1 : 1000 + parseInt(context.hex(5, "version"), 16),
        ),
      };
      return { ...kind.state?.(inputs, context, place), metadata };
    },
    after: kind.after,
    release: (object, context) => {
      if (context.scope === deleteUnreachable && !answers(context)) return;
      clusterAt(context);
      kind.release?.(object, context);
    },
    secrets: kind.secrets,
    minutes: kind.minutes,
  };
}

/** Whether a label selector takes a set of labels. Source: Kubernetes docs, "Labels and selectors". */
export function selects(selector: unknown, labels: Record<string, unknown>): boolean {
  if (!isObject(selector)) return false;
  const exact = isObject(selector.matchLabels) ? Object.entries(selector.matchLabels) : [];
  const terms = at(selector, "matchExpressions[]");
  return (
    exact.every(([key, value]) => labels[key] === value) &&
    terms.every((term) => {
      const value = labels[text(term, "key") ?? ""];
      const listed = at(term, "values[]").includes(value);
      switch (text(term, "operator")) {
        case "In":
          return listed;
        case "NotIn":
          return !listed;
        case "Exists":
          return value !== undefined;
        default:
          return value === undefined;
      }
    })
  );
}

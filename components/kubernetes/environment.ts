import type * as k8s from "@pulumi/kubernetes";
import type { Input, Output } from "@pulumi/pulumi";
import type { Setting, SourceName, ValueName, Workload } from "./workload.js";
import type { Edge } from "./selection.js";

type EnvVar = k8s.types.input.core.v1.EnvVar;

/** A Secret or ConfigMap in the namespace. */
export interface Source {
  kind: "secret" | "configMap";
  /** Its name in the cluster. */
  objectName: string;
  /** SHA-256 of its data, secret when the data is: changes the pods when the data changes. */
  checksum: Output<string>;
}

/** What this cell holds; a secret that was not given is absent. */
export type Sources = Partial<Record<SourceName, Source>>;

/** What this cell has for the catalogue's settings; variables whose value is absent are left out. */
export type Values = Partial<Record<ValueName, Input<string>>>;

export interface EnvironmentArgs {
  /** All edges of the cell. */
  edges: Edge[];
  values: Values;
  sources: Sources;
  /** Added last: overrides the catalogue. In plain text in the Deployment, so not for secrets. */
  extra?: Record<string, Input<string>>;
}

/**
 * The variables of a workload's container, each name once. Addresses of other services appear for those that
 * run in this cell only: a service must not wait for one that is not there.
 */
export function environment(workload: Workload, args: EnvironmentArgs): EnvVar[] {
  // The root file system is read-only, and many libraries write caches below $HOME.
  const variables = new Map<string, EnvVar>([["HOME", { name: "HOME", value: "/tmp" }]]);
  for (const [name, setting] of Object.entries(workload.environment)) {
    const variable = resolve(name, setting, args);
    if (variable) variables.set(name, variable);
  }
  for (const edge of args.edges) {
    if (edge.from === workload.name) variables.set(edge.env, { name: edge.env, value: edge.url });
  }
  for (const [name, value] of Object.entries(args.extra ?? {})) variables.set(name, { name, value });
  return [...variables.values()];
}

function resolve(name: string, setting: Setting, { values, sources }: EnvironmentArgs): EnvVar | undefined {
  if (typeof setting === "string") return { name, value: setting };
  if ("value" in setting) {
    const value = values[setting.value];
    return value === undefined ? undefined : { name, value };
  }
  const source = sources[setting.source];
  return source && { name, valueFrom: { secretKeyRef: { name: source.objectName, key: setting.key } } };
}

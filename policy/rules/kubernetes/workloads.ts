import type { Resource } from "../../policy.js";
import { at, isObject, list, unknown } from "../../values.js";

/** Types that run pods, and where their pod template is. */
const templates: Record<string, string[]> = {
  "kubernetes:apps/v1:DaemonSet": ["spec", "template"],
  "kubernetes:apps/v1:Deployment": ["spec", "template"],
  "kubernetes:apps/v1:ReplicaSet": ["spec", "template"],
  "kubernetes:apps/v1:StatefulSet": ["spec", "template"],
  "kubernetes:batch/v1:CronJob": ["spec", "jobTemplate", "spec", "template"],
  "kubernetes:batch/v1:Job": ["spec", "template"],
  "kubernetes:core/v1:Pod": [],
};

export const workloadTypes: readonly string[] = Object.keys(templates);

/** The pod's spec; {@link unknown} when it is not known. */
export function podSpec({ type, props }: Resource): unknown {
  return at(props, ...(templates[type] ?? []), "spec");
}

/** Every container of a pod, those that run first and those for debugging too. */
export function containers(spec: unknown): Record<string, unknown>[] {
  return ["containers", "initContainers", "ephemeralContainers"]
    .flatMap((kind) => list(at(spec, kind)))
    .filter(isObject);
}

/** The namespace an object is in; Kubernetes puts what names none into `default`. */
export function namespaceOf({ props }: Resource): string | typeof unknown {
  const namespace = at(props, "metadata", "namespace");
  if (namespace === unknown || at(props, "metadata") === unknown) return unknown;
  return typeof namespace === "string" && namespace !== "" ? namespace : "default";
}

/** The object's own name, which need not be the logical one. */
export function nameOf({ props }: Resource): unknown {
  return at(props, "metadata", "name");
}

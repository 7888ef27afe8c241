import type { Props, unknown } from "./values.js";

/** A resource as a policy sees it. */
export interface Resource {
  /** Pulumi type token: `aws:s3/bucket:Bucket`. */
  type: string;
  /** Logical name. */
  name: string;
  /** Default: {@link name}, where a stack is looked at without an engine. */
  urn?: string;
  /** Inputs before a resource is made, outputs afterwards; `id` where it is known. */
  props: Props | typeof unknown;
  /** URNs of the resources that each property comes from: links that hold while their values are unknown. */
  dependencies?: Record<string, string[]>;
  /** Tells the objects of one Kubernetes cluster from those of another. */
  provider?: string;
}

/** What is wrong with a resource: what was found, and what would be right. */
export interface Finding {
  resource: Resource;
  message: string;
}

/** A policy in one cloud's terms. */
export interface Rule {
  /** By type: what is wrong with one resource, judged before it is made. */
  each?: Record<string, (resource: Resource) => Iterable<string>>;
  /** What is wrong with the resources of a stack together. */
  together?: (resources: Resource[]) => Iterable<Finding>;
}

export type Cloud = "aws" | "azure" | "gcp" | "kubernetes";

/** One policy in words, with a rule for each cloud in which it can be broken. */
export interface Policy {
  /** Unique; what `--policy-pack-config` and messages call it. */
  name: string;
  title: string;
  description: string;
  remediation: string;
  rules: Partial<Record<Cloud, Rule>>;
  /** Why a cloud without a rule of its own cannot break it. */
  without?: string;
}

/** The same check for several types. */
export function forTypes(
  types: readonly string[],
  check: (resource: Resource) => Iterable<string>,
): Record<string, (resource: Resource) => Iterable<string>> {
  return Object.fromEntries(types.map((type) => [type, check]));
}

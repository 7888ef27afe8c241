import type { Resource } from "../../policy.js";
import { at, list, unknown } from "../../values.js";

/** A role that a resource of Google's IAM gives. */
export interface Grant {
  role: unknown;
  members: unknown[];
  /** Undefined where the grant has none. */
  condition: unknown;
  /** Counts for all of a project, a folder or an organization. */
  broad: boolean;
}

/** IAM resources of every service end alike: `…IAMMember`, `…IamBinding`, `…IAMPolicy`. */
const kind = /:\w*I[aA][mM](Member|Binding|Policy)$/;
const broad = /^gcp:(projects|folder|organizations)\//;

/** The grants that a resource makes; none for a resource that is not of IAM. */
export function grants({ type, props }: Resource): Grant[] {
  const made = kind.exec(type)?.[1];
  if (made === undefined || props === unknown) return [];
  const read = (grant: unknown, members: unknown): Grant => ({
    role: at(grant, "role"),
    members: list(members),
    condition: at(grant, "condition"),
    broad: broad.test(type),
  });
  if (made === "Member") return [read(props, at(props, "member"))];
  if (made === "Binding") return [read(props, at(props, "members"))];
  const data = at(props, "policyData");
  const policy: unknown = typeof data === "string" && data !== "" ? JSON.parse(data) : data;
  return list(at(policy, "bindings")).map((binding) => read(binding, at(binding, "members")));
}

/** Everybody, or everybody with a Google account. */
export function isAnyone(member: unknown): boolean {
  return member === "allUsers" || member === "allAuthenticatedUsers";
}

import type { NameRule } from "./rule.js";

/** Limits of Google Cloud by kind; the kind is the Pulumi token's tail where there is one. */
export const gcpNames = {} satisfies Record<string, NameRule>;

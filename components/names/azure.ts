import type { NameRule } from "./rule.js";

/** Limits of Azure by kind; the kind is the Pulumi token's tail where there is one. */
export const azureNames = {} satisfies Record<string, NameRule>;

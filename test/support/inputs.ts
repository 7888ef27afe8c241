import { isSecret } from "./needles.js";
import type { Run } from "./mocks.js";
import { identity } from "./runs.js";

/** Every resource's inputs by its type and name; secret values are left out. */
export function inputsOf({ resources }: Pick<Run<unknown>, "resources">): Record<string, unknown> {
  const hide = (value: unknown): unknown => {
    if (isSecret(value)) return "secret";
    if (Array.isArray(value)) return value.map(hide);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, hide(each)]));
  };
  return Object.fromEntries(resources.map((each) => [identity(each), hide(each.raw)]));
}

import type { StackRun } from "./runs.js";
import { freshRun } from "./runs.js";
import { configOf } from "./stacks.js";

const made = new Map<string, Promise<StackRun>>();

/** `prod-gcp` with one load balancer before its cells, and more of `javelin:dns`; made once. */
export function globally(more: Record<string, unknown> = {}, preview = false): Promise<StackRun> {
  const key = JSON.stringify([more, preview]);
  let found = made.get(key);
  if (!found) made.set(key, (found = freshRun(withAccelerator(more), preview, "prod-gcp")));
  return found;
}

/** The change of `prod-gcp`'s config. */
export function withAccelerator(more: Record<string, unknown> = {}): Record<string, unknown> {
  const dns = JSON.parse(configOf("prod-gcp")["javelin:dns"] ?? "{}") as object;
  return { "javelin:dns": { ...dns, accelerator: true, ...more } };
}

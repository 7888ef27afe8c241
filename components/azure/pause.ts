import type * as pulumi from "@pulumi/pulumi";
import { Sleep } from "@pulumiverse/time/sleep.js";

/**
 * Waits once, when a thing has been made: Azure says that some are there before they can be used. What must not come
 * at once depends on it.
 *
 * @param duration as Go writes it: `2m`
 * @param id of the thing; another one is waited for again
 */
export function pause(
  name: string,
  duration: `${number}m`,
  id: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): Sleep {
  return new Sleep(name, { createDuration: duration, triggers: { id } }, opts);
}

import { CloudError } from "../behaviour.js";
import type { WorldObject } from "../behaviour.js";

/** Compute Engine's refusal of a value. */
export function invalid(field: string, value: string, why: string): CloudError {
  return new CloudError(
    "invalid",
    `googleapi: Error 400: Invalid value for field 'resource.${field}': '${value}'. ${why}`,
  );
}

/** Compute Engine's refusal to delete what something else uses. */
export function inUse(object: WorldObject, by: WorldObject): CloudError {
  const kind = object.type.split(":").at(-1) ?? "";
  return new CloudError(
    "resourceInUseByAnotherResource",
    `googleapi: Error 400: The ${kind.toLowerCase()} resource '${object.id}' is already being used by '${by.id}'`,
  );
}

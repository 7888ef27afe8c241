import { CloudError } from "../behaviour.js";
import type { Invoke } from "../behaviour.js";
import { armId, text } from "./common.js";

/** Reads one resource by its names and its group; what is not there is refused as ARM does. */
export function lookUpInGroup(token: string, type: string, names: readonly string[]): Invoke {
  return (args, context) => {
    const group = text(args, "resourceGroupName") ?? "";
    const given = names.map((name) => text(args, name) ?? "");
    const id = armId(context, group, type, given);
    const found = context.world.find(token, id);
    if (!found)
      throw new CloudError(
        "ResourceNotFound",
        `The Resource '${type}/${given.join("/")}' under resource group '${group}' was not found.`,
      );
    return { ...found.state, id };
  };
}

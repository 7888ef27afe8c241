import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { physicalName, type NameKind } from "../names.js";

/**
 * A name of a kind that all of Azure shares: it ends with digits of the subscription's hash, so that two
 * customers may call their stacks alike. The same subscription and parts always give the same name.
 */
export function globalName(
  kind: NameKind,
  subscriptionId: pulumi.Input<string>,
  ...parts: string[]
): pulumi.Output<string> {
  return pulumi.output(subscriptionId).apply((id) => {
    const digits = createHash("sha256").update(id.toLowerCase()).digest("hex").slice(0, 8);
    return physicalName(kind, ...parts, digits);
  });
}

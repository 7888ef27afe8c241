import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/**
 * The name of the snapshot taken when a store is deleted. Snapshots outlive the stack, so the name ends in a
 * random part from the state: the next store of the same identifier can be deleted too.
 */
export function finalSnapshotName(
  name: string,
  identifier: string,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const suffix = new random.RandomId(`${name}-final-snapshot`, { byteLength: 4 }, { parent });
  return pulumi.interpolate`${identifier}-final-${suffix.hex}`;
}

import type { Context } from "../behaviour.js";
import type { Place } from "../rules.js";
import { partitionOf } from "./regions.js";

export * from "../rules.js";
export * from "./regions.js";

/**
 * An ARN. Region and account default to the context's; pass "" where the service leaves them out
 * (IAM has no region, S3 has neither).
 */
export function arn(
  context: Place,
  service: string,
  resource: string,
  { region = context.region, account = context.world.account } = {},
): string {
  return `arn:${partitionOf(context.region)}:${service}:${region}:${account}:${resource}`;
}

/** An EC2 id: the kind and 17 hex digits, as in `vpc-0a1b2c3d4e5f67890`. `salt` tells apart what one object makes. */
export function ec2Id(context: Pick<Context, "hex">, kind: string, salt?: string): string {
  return `${kind}-0${context.hex(16, salt)}`;
}

import type { Context, Props } from "../behaviour.js";
import { lookup, refuseUnless, text, texts } from "./common.js";
import { type } from "./references.js";

/** Where a subnet group's subnets lie: what RDS and ElastiCache derive from them. */
export function placesOf(inputs: Props, context: Context): { vpcId?: string; zones: string[] } {
  const subnets = texts(inputs, "subnetIds").flatMap((id) => lookup(context, type.subnet, id) ?? []);
  const vpcs = new Set(subnets.map((each) => text(each.inputs, "vpcId")));
  refuseUnless(
    vpcs.size <= 1,
    "InvalidSubnet",
    `The requested subnets [${texts(inputs, "subnetIds").join(", ")}] are not in the same VPC.`,
  );
  const zones = new Set(subnets.map((each) => text(each.state, "availabilityZone") ?? ""));
  return { vpcId: [...vpcs][0], zones: [...zones].sort() };
}

/** Refuses security groups of another VPC than the store's subnets. */
export function refuseForeignGroups(
  groups: string[],
  vpcId: string | undefined,
  context: Context,
  code: string,
  wording: (group: string, groupVpc: string) => string,
): void {
  for (const id of groups) {
    const groupVpc = text(lookup(context, type.securityGroup, id)?.state, "vpcId");
    refuseUnless(vpcId === undefined || groupVpc === vpcId, code, wording(id, String(groupVpc)));
  }
}

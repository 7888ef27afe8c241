import * as network from "@pulumi/azure-native/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import { cellRules, type PathArgs } from "./paths.js";
import type { CellTier } from "./subnets.js";

export interface SecurityRulesArgs extends PathArgs {
  resourceGroupName: pulumi.Input<string>;
  securityGroupNames: Record<CellTier, pulumi.Input<string>>;
}

/**
 * The rules of {@link cellRules}, as standalone resources: rules inside a group would fight with them. A group takes one
 * change at a time, hence one after another.
 */
export class SecurityRules extends pulumi.ComponentResource {
  constructor(name: string, args: SecurityRulesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:azure:SecurityRules", name, args, opts);
    const last = new Map<CellTier, network.SecurityRule>();
    for (const rule of cellRules(args)) {
      const before = last.get(rule.tier);
      const securityRuleName = `${rule.direction === "Inbound" ? "in" : "out"}-${rule.name}`;
      const made = new network.SecurityRule(
        `${name}-${rule.tier}-${securityRuleName}`,
        {
          resourceGroupName: args.resourceGroupName,
          networkSecurityGroupName: args.securityGroupNames[rule.tier],
          securityRuleName,
          description: rule.why,
          direction: rule.direction,
          access: rule.access,
          priority: rule.priority,
          protocol: rule.protocol,
          sourcePortRange: "*",
          ...few(rule.ports, "destinationPortRange", "destinationPortRanges"),
          ...few(rule.from, "sourceAddressPrefix", "sourceAddressPrefixes"),
          ...few(rule.to, "destinationAddressPrefix", "destinationAddressPrefixes"),
        },
        { parent: this, ...(before && { dependsOn: before }) },
      );
      last.set(rule.tier, made);
    }
    this.registerOutputs({});
  }
}

/** One value in the one property, several in the other: service tags and `*` are taken in the first only. */
function few<One extends string, Many extends string>(values: string[], one: One, many: Many) {
  const [first] = values;
  return (values.length === 1 ? { [one]: first } : { [many]: values }) as Partial<
    Record<One, string> & Record<Many, string[]>
  >;
}

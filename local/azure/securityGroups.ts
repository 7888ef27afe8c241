import type { Behaviour, Provider } from "../behaviour.js";
import { arm, nameOf, number, objects, parentOf, refuseUnless, text } from "./common.js";
import { inUse, net, networkName } from "./networkTypes.js";
import { admitRules, ruleFailures, ruleRequired, rulesOf } from "./securityRules.js";

const securityGroup: Behaviour = arm({
  source: "Microsoft.Network/networkSecurityGroups; Azure limits, Networking (1,000 rules a group)",
  type: "Microsoft.Network/networkSecurityGroups",
  names: ["networkSecurityGroupName"],
  check: (inputs) => [
    ...networkName(inputs, "networkSecurityGroupName"),
    ...objects(inputs, "securityRules").flatMap((rule, i) => ruleFailures(rule, `securityRules[${i}].`)),
  ],
  admit: (inputs) => {
    const rules = objects(inputs, "securityRules").map((rule) => ({
      name: text(rule, "name") ?? "",
      priority: number(rule, "priority") ?? 0,
      direction: text(rule, "direction") ?? "",
    }));
    admitRules(rules);
  },
  outputs: (inputs) => ({ securityRules: inputs.securityRules ?? [], defaultSecurityRules: [] }),
  inUse: inUse("Network security group", "InUseNetworkSecurityGroupCannotBeDeleted"),
});

const securityRule: Behaviour = arm({
  source: "Microsoft.Network/networkSecurityGroups/securityRules",
  type: "Microsoft.Network/networkSecurityGroups/securityRules",
  names: ["networkSecurityGroupName", "securityRuleName"],
  parent: net.securityGroup,
  required: ruleRequired,
  check: (inputs) => [...networkName(inputs, "securityRuleName"), ...ruleFailures(inputs)],
  admit: (inputs, context) => {
    const id = securityRule.id(inputs, context);
    const others = rulesOf(context, parentOf(id)).filter((rule) => rule.id !== id);
    refuseUnless(
      others.length < 1000,
      "MaxSecurityRulesPerNetworkSecurityGroupExceeded",
      `Network security group ${nameOf(parentOf(id))} holds at most 1000 rules.`,
    );
    admitRules([
      ...others,
      {
        name: text(inputs, "securityRuleName") ?? "",
        priority: number(inputs, "priority") ?? 0,
        direction: text(inputs, "direction") ?? "",
      },
    ]);
  },
});

export const securityGroups: Provider = {
  types: { [net.securityGroup]: securityGroup, [net.securityRule]: securityRule },
  invokes: {},
};

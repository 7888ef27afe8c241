import { follow } from "../../links.js";
import type { Resource, Rule } from "../../policy.js";
import { at, differs, missing, present, show } from "../../values.js";

function isPublic(frontends: unknown): boolean {
  return follow(frontends, ["publicIPAddress"]).some(present);
}

function* judgeGateway({ props }: Resource): Iterable<string> {
  if (!isPublic(at(props, "frontendIPConfigurations"))) return;
  const tier = at(props, "sku", "tier");
  if (differs(tier, "WAF_v2")) yield `sku.tier is ${show(tier)}, which takes no WAF policy; right is WAF_v2`;
  if (missing(at(props, "firewallPolicy", "id")))
    yield "a public application gateway has no firewallPolicy; right is the cell's WAF policy";
}

function* judgePolicy({ props }: Resource): Iterable<string> {
  const settings = { state: "Enabled", mode: "Prevention" };
  for (const [key, right] of Object.entries(settings)) {
    const value = at(props, "policySettings", key);
    if (differs(value, right)) yield `policySettings.${key} is ${show(value)}; right is ${right}`;
  }
  if (missing(at(props, "managedRules", "managedRuleSets")))
    yield "managedRules has no rule set; right is Microsoft's default one";
}

function* judgeBalancer({ props }: Resource): Iterable<string> {
  if (isPublic(at(props, "frontendIPConfigurations")))
    yield "a public load balancer takes no WAF policy; right is an application gateway";
}

/** The internet comes in by the firewall. */
export const guard: Rule = {
  each: {
    "azure-native:network:ApplicationGateway": judgeGateway,
    "azure-native:network:WebApplicationFirewallPolicy": judgePolicy,
    "azure-native:network:LoadBalancer": judgeBalancer,
  },
};

import type { Behaviour, Provider } from "../behaviour.js";
import {
  addressAt,
  arm,
  at,
  nameOf,
  objects,
  oneOf,
  parentOf,
  prefixLength,
  refuseUnless,
  stateOf,
  text,
  toArm,
} from "./common.js";
import { ruleCollectionGroup } from "./firewallRules.js";
import { admitPublicIps } from "./publicIp.js";
import {
  admitRegion,
  blocksOf,
  inUse,
  net,
  networkName,
  toPublicIp,
  toSubnet,
  zoneFailures,
} from "./networkTypes.js";

const tiers = ["Basic", "Standard", "Premium"];
const modes = ["Alert", "Deny", "Off"];

const firewallPolicy: Behaviour = arm({
  source: 'Microsoft.Network/firewallPolicies; "Azure Firewall features by SKU"',
  type: "Microsoft.Network/firewallPolicies",
  names: ["firewallPolicyName"],
  replaces: ["sku.tier"],
  check: (inputs) => [
    ...networkName(inputs, "firewallPolicyName"),
    ...oneOf(inputs, "sku.tier", tiers),
    ...oneOf(inputs, "threatIntelMode", modes),
  ],
  references: { "basePolicy.id": toArm([net.firewallPolicy]) },
  admit: (inputs) => {
    const tier = text(inputs, "sku.tier") ?? "Standard";
    const premium = [...objects(inputs, "intrusionDetection"), ...objects(inputs, "transportSecurity")];
    refuseUnless(
      premium.length === 0 || tier === "Premium",
      "FirewallPolicyPremiumFeatureNotSupported",
      `Firewall policy of tier ${tier} cannot have intrusion detection or TLS inspection.`,
    );
    refuseUnless(
      tier !== "Basic" || at(inputs, "dnsSettings.enableProxy")[0] !== true,
      "FirewallPolicyDnsSettingsNotSupported",
      "DNS proxy is not supported by firewall policies of tier Basic.",
    );
  },
  outputs: (inputs) => ({
    sku: { tier: text(inputs, "sku.tier") ?? "Standard" },
    threatIntelMode: text(inputs, "threatIntelMode") ?? "Alert",
    childPolicies: [],
    firewalls: [],
    ruleCollectionGroups: [],
  }),
  inUse: inUse("Firewall policy", "FirewallPolicyInUse"),
});

const firewall: Behaviour = arm({
  source:
    'Microsoft.Network/azureFirewalls; Azure Firewall FAQ (subnet by name, /26); "Deploy an Azure Firewall with availability zones"',
  type: "Microsoft.Network/azureFirewalls",
  names: ["azureFirewallName"],
  required: ["sku.name", "sku.tier"],
  replaces: ["zones", "sku.name"],
  check: (inputs) => [
    ...networkName(inputs, "azureFirewallName", 56),
    ...oneOf(inputs, "sku.name", ["AZFW_VNet", "AZFW_Hub"]),
    ...oneOf(inputs, "sku.tier", tiers),
    ...oneOf(inputs, "threatIntelMode", modes),
    ...zoneFailures(inputs),
  ],
  references: {
    "ipConfigurations[].subnet.id": toSubnet,
    "ipConfigurations[].publicIPAddress.id": toPublicIp,
    "firewallPolicy.id": toArm([net.firewallPolicy]),
  },
  admit: (inputs, context) => {
    const id = firewall.id(inputs, context);
    const subnets = at(inputs, "ipConfigurations[].subnet.id").map(String);
    refuseUnless(
      text(inputs, "sku.name") === "AZFW_Hub" || subnets.length === 1,
      "AzureFirewallIpConfigurationInvalid",
      `AzureFirewall ${nameOf(id)} must have exactly one IP configuration that names a subnet; found ${subnets.length}.`,
    );
    for (const subnet of subnets) {
      refuseUnless(
        nameOf(subnet) === "AzureFirewallSubnet",
        "AzureFirewallIpConfigurationSubnetNameInvalid",
        `The subnet of AzureFirewall ${nameOf(id)} must be named AzureFirewallSubnet; found ${nameOf(subnet)}.`,
      );
      const blocks = blocksOf(stateOf(context, [net.subnet], subnet));
      refuseUnless(
        blocks.every((block) => prefixLength(block) <= 26),
        "AzureFirewallSubnetTooSmall",
        `The subnet AzureFirewallSubnet must be a /26 or larger; found ${blocks.join(", ")}.`,
      );
      const [other] = context.world
        .list(net.firewall)
        .filter((each) => each.id !== id && at(each.inputs, "ipConfigurations[].subnet.id").includes(subnet));
      refuseUnless(
        other === undefined,
        "AzureFirewallSubnetInUse",
        `Subnet ${subnet} already holds AzureFirewall ${other?.id}: one firewall in a virtual network.`,
      );
    }
    const configurations = objects(inputs, "ipConfigurations");
    refuseUnless(
      configurations.every((each) => text(each, "publicIPAddress.id") !== undefined),
      "AzureFirewallIpConfigurationPublicIpMissing",
      `Every IP configuration of AzureFirewall ${nameOf(id)} must name a public IP address.`,
    );
    const addresses = at(inputs, "ipConfigurations[].publicIPAddress.id");
    admitRegion(context, text(inputs, "location"), [net.publicIp], addresses);
    admitRegion(context, text(inputs, "location"), [net.firewallPolicy], at(inputs, "firewallPolicy.id"));
    admitRegion(context, text(inputs, "location"), [net.virtualNetwork], subnets.map(parentOf));
    admitPublicIps(context, addresses.map(String), id, at(inputs, "zones[]").map(String));
    const policy = stateOf(context, [net.firewallPolicy], text(inputs, "firewallPolicy.id"));
    refuseUnless(
      policy === undefined ||
        text(policy, "sku.tier") === text(inputs, "sku.tier") ||
        (text(policy, "sku.tier") === "Standard" && text(inputs, "sku.tier") === "Premium"),
      "AzureFirewallPolicyTierMismatch",
      `AzureFirewall ${nameOf(id)} of tier ${text(inputs, "sku.tier")} cannot have a policy of tier ${text(policy, "sku.tier")}.`,
    );
  },
  outputs: (inputs, context) => ({
    // Azure keeps the first four addresses of a subnet; the firewall takes the next.
    ipConfigurations: objects(inputs, "ipConfigurations").map((each) => {
      const [block] = blocksOf(stateOf(context, [net.subnet], text(each, "subnet.id")));
      return {
        ...each,
        ...(block && { privateIPAddress: addressAt(block, 4) }),
        provisioningState: "Succeeded",
      };
    }),
    threatIntelMode: text(inputs, "threatIntelMode") ?? "Alert",
  }),
  minutes: 25,
});

export const azureFirewalls: Provider = {
  types: {
    [net.firewall]: firewall,
    [net.firewallPolicy]: firewallPolicy,
    [net.ruleCollectionGroup]: ruleCollectionGroup,
  },
  invokes: {},
};

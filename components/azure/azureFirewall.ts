import * as network from "@pulumi/azure-native/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { diagnostics } from "./diagnostics.js";
import { egressRules, type EgressRulesArgs } from "./egressRules.js";
import { addressOf, allZones } from "./virtualNetwork.js";

export interface AzureFirewallArgs extends EgressRulesArgs {
  prefix: string;
  resourceGroupName: pulumi.Input<string>;
  zones: string[];
  /** `AzureFirewallSubnet`. */
  subnetId: pulumi.Input<string>;
  workspaceId: pulumi.Input<string>;
}

/**
 * Azure Firewall, the one way out of an inspected cell. It reads the server name of every TLS connection and looks
 * the address up itself, so that a name in the list leads nowhere else.
 *
 * Its DNS proxy is on, for an owner who points the network's DNS there; the network keeps Azure's DNS, since
 * database and cluster come up before the firewall stands. So names are not filtered when they are looked up, which
 * AWS's DNS Firewall does.
 *
 * A connection that is silent for four minutes is dropped, which is fixed (Azure Firewall FAQ).
 */
export class AzureFirewall extends pulumi.ComponentResource {
  /** Where routes lead. */
  readonly privateAddress: pulumi.Output<string>;
  /** Where calls come from, as others see it. */
  readonly publicAddress: pulumi.Output<string>;

  constructor(name: string, args: AzureFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:azure:AzureFirewall", name, args, opts);
    const { prefix, resourceGroupName, region: location, zones } = args;
    const parent = { parent: this };
    const place = { resourceGroupName, location };

    const policy = new network.FirewallPolicy(
      `${name}-policy`,
      {
        ...place,
        firewallPolicyName: physicalName("azure:networkResource", prefix, "egress"),
        sku: { tier: "Standard" },
        threatIntelMode: "Deny",
        dnsSettings: { enableProxy: true },
      },
      parent,
    );
    // One group: Azure refuses two changes of one policy at once.
    const rules = new network.FirewallPolicyRuleCollectionGroup(
      `${name}-rules`,
      {
        resourceGroupName,
        firewallPolicyName: policy.name,
        ruleCollectionGroupName: "egress",
        priority: 100,
        ruleCollections: egressRules(args),
      },
      parent,
    );
    const address = new network.PublicIPAddress(
      `${name}-address`,
      {
        ...place,
        publicIpAddressName: physicalName("azure:publicIPAddress", prefix, "egress"),
        sku: { name: "Standard", tier: "Regional" },
        publicIPAllocationMethod: "Static",
        publicIPAddressVersion: "IPv4",
        zones: allZones,
      },
      parent,
    );
    const firewall = new network.AzureFirewall(
      `${name}-firewall`,
      {
        ...place,
        azureFirewallName: physicalName("azure:firewall", prefix),
        sku: { name: "AZFW_VNet", tier: "Standard" },
        zones,
        firewallPolicy: { id: policy.id },
        ipConfigurations: [
          { name: "egress", subnet: { id: args.subnetId }, publicIPAddress: { id: address.id } },
        ],
      },
      // A policy that is in use changes slowly, and not while the firewall itself does.
      { ...parent, dependsOn: [rules] },
    );
    diagnostics(name, firewall.id, args.workspaceId, parent);

    this.privateAddress = pulumi
      .all([firewall.ipConfigurations, firewall.id])
      .apply(([configurations, id]) => {
        const found = configurations?.[0]?.privateIPAddress;
        if (!found) throw new Error(`${id} has no private address`);
        return found;
      });
    this.publicAddress = addressOf(address);
    this.registerOutputs({ privateAddress: this.privateAddress, publicAddress: this.publicAddress });
  }
}

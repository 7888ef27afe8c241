import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { firewallRules } from "./firewallRules.js";
import type { FirewallRuleArgs } from "./firewallRules.js";

export interface NetworkFirewallArgs extends FirewallRuleArgs {
  prefix: string;
  networkId: pulumi.Input<string>;
}

/**
 * The network firewall policy of the cell, and its association with the network. Policy and rules are one
 * resource: a longer allow-list changes the whole list in one step, and no moment is without the denial at its end.
 */
export class NetworkFirewall extends pulumi.ComponentResource {
  readonly policyId: pulumi.Output<string>;
  /** The rules hold once this exists. */
  readonly association: pulumi.Resource;

  constructor(name: string, args: NetworkFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:gcp:NetworkFirewall", name, args, opts);
    const parent = { parent: this };
    const policyName = physicalName("gcp:firewallPolicy", args.prefix);
    const policy = new gcp.compute.NetworkFirewallPolicyWithRules(
      `${name}-policy`,
      { name: policyName, description: "Allow-list of the gateway's egress", rules: firewallRules(args) },
      parent,
    );
    this.association = new gcp.compute.NetworkFirewallPolicyAssociation(
      `${name}-association`,
      { name: policyName, firewallPolicy: policy.name, attachmentTarget: args.networkId },
      parent,
    );
    this.policyId = policy.id;
    this.registerOutputs({ policyId: this.policyId });
  }
}

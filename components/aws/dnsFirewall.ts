import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";

export interface DnsFirewallArgs {
  prefix: string;
  vpcId: pulumi.Input<string>;
  /** Names that resolve, as `host` or `*.host`; every other does not. */
  domains: string[];
  /** True: the association with the VPC cannot be changed or removed. */
  protect: boolean;
  logGroupArn: pulumi.Input<string>;
}

/**
 * Route 53 Resolver DNS Firewall: the allow-list on the VPC's resolver, which no other firewall sees, and its
 * query log.
 */
export class DnsFirewall extends pulumi.ComponentResource {
  readonly ruleGroupId: pulumi.Output<string>;

  constructor(name: string, args: DnsFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:DnsFirewall", name, args, opts);
    const parent = { parent: this };
    const physical = (what: string) => physicalName("aws:resolver", args.prefix, what);
    const { vpcId } = args;

    const allowed = new aws.route53.ResolverFirewallDomainList(
      `${name}-allowed`,
      { name: physical("allowed"), domains: args.domains },
      parent,
    );
    const everything = new aws.route53.ResolverFirewallDomainList(
      `${name}-everything`,
      { name: physical("everything"), domains: ["*"] },
      parent,
    );
    const group = new aws.route53.ResolverFirewallRuleGroup(
      `${name}-rules`,
      { name: physical("egress") },
      parent,
    );
    const allow = new aws.route53.ResolverFirewallRule(
      `${name}-allow`,
      {
        name: physical("allow"),
        firewallRuleGroupId: group.id,
        priority: 100,
        action: "ALLOW",
        firewallDomainListId: allowed.id,
        // An allowed name is often an alias of its provider's CDN, which changes without notice. Its owner may
        // point it where they like, while a query for the target itself stays blocked.
        firewallDomainRedirectionAction: "TRUST_REDIRECTION_DOMAIN",
      },
      parent,
    );
    const block = new aws.route53.ResolverFirewallRule(
      `${name}-block`,
      {
        name: physical("block"),
        firewallRuleGroupId: group.id,
        priority: 200,
        action: "BLOCK",
        firewallDomainListId: everything.id,
        // NODATA would end a look-up in musl's resolver before all search domains are tried.
        blockResponse: "NXDOMAIN",
      },
      parent,
    );
    new aws.route53.ResolverFirewallRuleGroupAssociation(
      `${name}-association`,
      {
        name: physical("egress"),
        firewallRuleGroupId: group.id,
        vpcId,
        priority: 1000,
        mutationProtection: args.protect ? "ENABLED" : "DISABLED",
      },
      // Never "block" without "allow", not even for a moment.
      { parent: this, dependsOn: [allow, block] },
    );
    new aws.route53.ResolverFirewallConfig(
      `${name}-config`,
      { resourceId: vpcId, firewallFailOpen: "DISABLED" },
      parent,
    );

    const log = new aws.route53.ResolverQueryLogConfig(
      `${name}-log`,
      { name: physical("queries"), destinationArn: args.logGroupArn },
      parent,
    );
    new aws.route53.ResolverQueryLogConfigAssociation(
      `${name}-log-association`,
      { resolverQueryLogConfigId: log.id, resourceId: vpcId },
      parent,
    );
    this.ruleGroupId = group.id;
    this.registerOutputs({ ruleGroupId: this.ruleGroupId });
  }
}

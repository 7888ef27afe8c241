import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { DnsFirewall } from "./dnsFirewall.js";
import { resolverDomains } from "./domains.js";
import { Network } from "./network.js";
import type { CellNetwork } from "./network.js";
import { NetworkFirewall } from "./networkFirewall.js";
import { SecurityGroups } from "./securityGroups.js";
import { VendedLogs } from "./vendedLogs.js";
import { WebAcl } from "./webAcl.js";

export interface FirewallArgs {
  /** `javelin-<stack>-<cell>`, the start of every physical name. */
  prefix: string;
  region: string;
  /** The cell's own {@link Network}, or an existing one, whose egress stays as its owner routes it. */
  network: CellNetwork;
  /**
   * True: egress passes AWS Network Firewall, in the network's firewall tier. False: NAT only. Of no effect in an
   * existing network.
   */
  inspected: boolean;
  /** Hosts outside the VPC that the cell may call, at port 443; `*.example.com` for the names below one. */
  allowedDomains: string[];
  /** Whether Bedrock is among the model providers, as the network was told. */
  bedrock: boolean;
  /** IPv4 blocks that may reach the load balancer. */
  ingressAllow: string[];
  /** IPv4 blocks that may reach the admin paths; none means nobody from outside. */
  adminAllow: string[];
  /** Requests that one address may make in a minute, 10 to 2,000,000,000. */
  requestsPerMinute: number;
  /** True: changes of the database are refused, since it is a copy. Default false. */
  readOnly?: boolean;
  /** NodePorts that the load balancer reaches. */
  nodePorts: number[];
  /** Ports of the services' pods, between nodes. */
  podPorts: number[];
  /** True: the Network Firewall and the DNS Firewall's association cannot be removed. */
  protect: boolean;
  partition: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  /** KMS key of the log groups and of the Network Firewall's rules. */
  logKeyArn: pulumi.Input<string>;
  logRetentionDays: number;
}

/**
 * Everything that guards a path of the cell. Ingress: web ACL and security groups. Egress: DNS Firewall at every
 * size and Network Firewall when inspected, and the routes that lead the nodes' traffic through it:
 *
 * | from | to | by |
 * |---|---|---|
 * | node subnet of a zone | 0.0.0.0/0 | the firewall endpoint of that zone (or its NAT gateway) |
 * | firewall subnet (Network) | 0.0.0.0/0 | the NAT gateway that serves the zone |
 * | subnet of that NAT gateway | node subnet of a zone | the firewall endpoint of that zone |
 *
 * In an existing network it makes neither Network Firewall nor routes. The DNS Firewall it makes there too, and
 * that one cannot be limited to subnets: whatever else runs in the VPC resolves the cell's names only.
 */
export class Firewall extends pulumi.ComponentResource {
  readonly albSecurityGroupId: pulumi.Output<string>;
  readonly controlPlaneSecurityGroupId: pulumi.Output<string>;
  readonly nodeSecurityGroupId: pulumi.Output<string>;
  readonly databaseSecurityGroupId: pulumi.Output<string>;
  readonly cacheSecurityGroupId: pulumi.Output<string>;
  readonly webAclArn: pulumi.Output<string>;
  /** What nodes must wait for: rules and routes without which they never join. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    // Not the network itself: a component among the inputs would say no more than its outputs do.
    const { network, ...plain } = args;
    super("javelin:aws:Firewall", name, { ...plain, vpcId: network.vpcId }, opts);
    const parent = { parent: this };
    const { prefix, region } = args;

    const groups = new SecurityGroups(
      `${name}-groups`,
      {
        prefix,
        vpcId: network.vpcId,
        ingressAllow: args.ingressAllow,
        nodePorts: args.nodePorts,
        podPorts: args.podPorts,
      },
      parent,
    );

    const own = network instanceof Network ? network : undefined;
    const inspection = own && args.inspected ? ["alert", "inspected-flow"] : [];
    const logs = new VendedLogs(
      `${name}-logs`,
      {
        prefix,
        region,
        partition: args.partition,
        accountId: args.accountId,
        logKeyArn: args.logKeyArn,
        logRetentionDays: args.logRetentionDays,
        groups: {
          // WAF takes only log groups named like this.
          waf: physicalName("aws:logGroup", "aws-waf-logs", prefix),
          ...Object.fromEntries(
            ["dns", ...inspection].map((key) => [key, physicalName("aws:logGroup", prefix, key)]),
          ),
        },
      },
      parent,
    );
    const acl = new WebAcl(
      `${name}-web`,
      {
        prefix,
        adminAllow: args.adminAllow,
        requestsPerMinute: args.requestsPerMinute,
        readOnly: args.readOnly,
        logGroupArn: logs.groups["waf"]!.arn,
      },
      parent,
    );
    const dns = new DnsFirewall(
      `${name}-dns`,
      {
        prefix,
        vpcId: network.vpcId,
        domains: resolverDomains(args.allowedDomains, region, args.bedrock),
        protect: args.protect,
        logGroupArn: logs.groups["dns"]!.arn,
      },
      parent,
    );
    const inspector =
      own && args.inspected
        ? new NetworkFirewall(
            `${name}-egress`,
            {
              prefix,
              vpcId: own.vpcId,
              cidr: own.cidr,
              zones: own.zones,
              subnetIds: own.subnetIds.firewall,
              allowedDomains: args.allowedDomains,
              protect: args.protect,
              keyArn: args.logKeyArn,
              alertLogGroup: logs.groups["alert"]!.name,
              flowLogGroup: logs.groups["inspected-flow"]!.name,
            },
            parent,
          )
        : undefined;

    const routes = own ? this.createRoutes(name, own, inspector?.endpointIds) : [];

    this.albSecurityGroupId = groups.ids.alb;
    this.controlPlaneSecurityGroupId = groups.ids.controlPlane;
    this.nodeSecurityGroupId = groups.ids.node;
    this.databaseSecurityGroupId = groups.ids.database;
    this.cacheSecurityGroupId = groups.ids.cache;
    this.webAclArn = acl.arn;
    this.ready = [groups, dns, ...routes];
    this.registerOutputs({
      albSecurityGroupId: this.albSecurityGroupId,
      controlPlaneSecurityGroupId: this.controlPlaneSecurityGroupId,
      nodeSecurityGroupId: this.nodeSecurityGroupId,
      databaseSecurityGroupId: this.databaseSecurityGroupId,
      cacheSecurityGroupId: this.cacheSecurityGroupId,
      webAclArn: this.webAclArn,
    });
  }

  /** The nodes' default routes, and the firewall's return routes. */
  private createRoutes(name: string, network: Network, endpointIds: pulumi.Output<string>[] | undefined) {
    const replies = (endpointIds ?? []).map(
      (vpcEndpointId, i) =>
        new aws.ec2.Route(
          `${name}-reply-${i + 1}`,
          {
            routeTableId: network.natRouteTableIds[i]!,
            destinationCidrBlock: network.plan.node[i]!,
            vpcEndpointId,
          },
          { parent: this },
        ),
    );
    // The same resource whether inspected or not, so that a change of size alters its target in place. Last, for
    // the way behind the firewall and the way back must stand before anything is sent there.
    return network.zones.map(
      (_, i) =>
        new aws.ec2.Route(
          `${name}-node-${i + 1}`,
          {
            routeTableId: network.routeTableIds.node[i]!,
            destinationCidrBlock: "0.0.0.0/0",
            ...(endpointIds
              ? { vpcEndpointId: endpointIds[i]! }
              : { natGatewayId: network.natGatewayIds[i]! }),
          },
          { parent: this, dependsOn: [network, ...replies] },
        ),
    );
  }
}

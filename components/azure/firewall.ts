import * as network from "@pulumi/azure-native/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import { AzureFirewall } from "./azureFirewall.js";
import type { Network } from "./network.js";
import { SecurityRules } from "./securityRules.js";
import { WebApplicationFirewall } from "./webApplicationFirewall.js";

export interface FirewallArgs {
  /** `javelin-<stack>-<cell>`, the start of every physical name. */
  prefix: string;
  region: string;
  /** Says whether egress passes Azure Firewall, by the subnet that it has for one. */
  network: Network;
  /** Hosts outside the network that the cell may call, at port 443; `*.example.com` for the names below one. */
  allowedDomains: string[];
  /** IPv4 blocks that may reach the Application Gateway. */
  ingressAllow: string[];
  /** IPv4 blocks that may reach the admin paths; none means nobody from outside. */
  adminAllow: string[];
  /** Requests that one address may make in a minute, 1 or more. */
  requestsPerMinute: number;
  /** True: changes of the database are refused, since it is a copy. Default false. */
  readOnly?: boolean;
  /** Ports of the internal load balancers that the Application Gateway reaches on the node subnet. */
  servicePorts: number[];
  /** Block of the cluster's pods. */
  podCidr: string;
  /** Data subnets of the cells that it shares a database with. Default: none. */
  databasePeers?: string[];
}

/**
 * Everything that guards a path of the cell. Ingress: the policy of the web application firewall, and the security
 * rules of every tier. Egress: security rules at every size; when inspected, Azure Firewall, and the route that leads
 * the nodes' traffic there.
 *
 * | from | to | by |
 * |---|---|---|
 * | node subnet | 0.0.0.0/0 | Azure Firewall (or the NAT gateway) |
 * | other subnets | 0.0.0.0/0 | Azure's own routes, as far as their security rules let anything out |
 *
 * When not inspected, egress is weaker: rules see addresses and ports and no names, so any host on the internet can
 * be reached at 443.
 *
 * In an existing network it makes the web application firewall's policy and nothing else: rules, routes and the way
 * out are the owner's.
 */
export class Firewall extends pulumi.ComponentResource {
  readonly wafPolicyId: pulumi.Output<string>;
  /** Public addresses that the cell's calls come from; none in an existing network, whose owner knows them. */
  readonly egressAddresses: pulumi.Output<string>[];
  /** What nodes and the Application Gateway must wait for: rules and routes without which they never come up. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    // Not the network itself: a component among the inputs would say no more than its outputs do.
    const { network: cellNetwork, ...plain } = args;
    super("javelin:azure:Firewall", name, { ...plain, subnetIds: cellNetwork.subnetIds }, opts);
    const { prefix, region } = args;
    const { own, plan, resourceGroupName } = cellNetwork;
    const parent = { parent: this };

    this.wafPolicyId = new WebApplicationFirewall(
      `${name}-web`,
      {
        prefix,
        region,
        resourceGroupName,
        adminAllow: args.adminAllow,
        requestsPerMinute: args.requestsPerMinute,
        readOnly: args.readOnly,
      },
      parent,
    ).id;
    this.egressAddresses = own?.natAddress ? [own.natAddress] : [];
    this.ready = [];

    if (own)
      this.ready.push(
        new SecurityRules(
          `${name}-rules`,
          {
            region,
            resourceGroupName,
            securityGroupNames: own.securityGroupNames,
            plan,
            podCidr: args.podCidr,
            ingressAllow: args.ingressAllow,
            servicePorts: args.servicePorts,
            ...(args.databasePeers && { databasePeers: args.databasePeers }),
          },
          parent,
        ),
      );
    if (own?.firewallSubnetId) {
      const inspector = new AzureFirewall(
        `${name}-egress`,
        {
          prefix,
          region,
          resourceGroupName,
          zones: cellNetwork.zones,
          subnetId: own.firewallSubnetId,
          sources: [plan.node],
          allowedDomains: args.allowedDomains,
          workspaceId: cellNetwork.workspaceId,
          workspaceCustomerId: cellNetwork.workspaceCustomerId,
        },
        parent,
      );
      // Last: what leads to the firewall before it lets anything through leads nowhere.
      const route = new network.Route(
        `${name}-node`,
        {
          resourceGroupName,
          routeTableName: own.routeTableName,
          routeName: "egress",
          addressPrefix: "0.0.0.0/0",
          nextHopType: "VirtualAppliance",
          nextHopIpAddress: inspector.privateAddress,
        },
        { parent: this, dependsOn: [inspector] },
      );
      this.egressAddresses.push(inspector.publicAddress);
      this.ready.push(inspector, route);
    }
    this.registerOutputs({ wafPolicyId: this.wafPolicyId, egressAddresses: this.egressAddresses });
  }
}

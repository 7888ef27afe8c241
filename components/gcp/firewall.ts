import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { CloudArmor } from "./cloudArmor.js";
import { loadBalancerRanges } from "./firewallRules.js";
import type { Network } from "./network.js";
import { NetworkFirewall } from "./networkFirewall.js";

export interface FirewallArgs {
  /** `javelin-<stack>-<cell>`, the start of every physical name. */
  prefix: string;
  network: Network;
  /** True: connections to allowed hosts are logged too. What is denied is logged at every size. */
  inspected: boolean;
  /** Hosts outside Google Cloud that the cell may call, at port 443; exact names. */
  allowedDomains: string[];
  /** IPv4 blocks that may reach the load balancer. */
  ingressAllow: string[];
  /** IPv4 blocks that may reach the admin paths; none means nobody from outside. */
  adminAllow: string[];
  /** Requests that one address may make in a minute. */
  requestsPerMinute: number;
  /** True: changes of the database are refused, since it is a copy. Default false. */
  readOnly?: boolean;
  /** NodePorts that the load balancer reaches. */
  nodePorts: number[];
  /** E-mail of the nodes' service account. Needed in an existing network, and used there only. */
  nodeServiceAccount?: pulumi.Input<string>;
}

/**
 * Everything that guards a path of the cell. Ingress: Cloud Armor at the load balancer, and the network firewall
 * policy, which admits Google's load balancers to the node ports. Egress: the same policy, from a machine's own
 * interface, so no route leads around it:
 *
 * | from a node or pod to | |
 * |---|---|
 * | nodes, pods, control plane | all |
 * | database, cache | their port |
 * | Google's APIs at private.googleapis.com | 443 |
 * | the allowed hosts | 443 |
 * | anything else | denied and logged |
 *
 * This is the same at every size: what it costs is by the gigabyte that leaves (Cloud NGFW Standard), and nothing
 * at rest, so `small` gains nothing by less. At `small` the connections that were allowed are not logged.
 *
 * The policy comes before the VPC firewall rules (see {@link Network}): GKE's own rules only let in, and what leaves
 * can't be opened by any of them. In an existing network there is no policy, which would bind its owner's other
 * machines and may be there already: what leaves is for the owner to say. One VPC firewall rule admits Google's load
 * balancers to the nodes.
 *
 * Weaker than the inspection of the other clouds: names are matched by the addresses that Cloud DNS gives for them
 * (at most 32 a name), not by the TLS server name, so a host that shares an allowed host's addresses can be
 * reached too. And all of Google's APIs are reachable, to whomever they then admit: VPC Service Controls, an
 * organization's setting, would limit them.
 *
 * @throws for an allowed host that is a wildcard or no domain name; and in an existing network without the nodes'
 *   service account.
 */
export class Firewall extends pulumi.ComponentResource {
  /** Id of the Cloud Armor policy, for backend services. */
  readonly securityPolicyId: pulumi.Output<string>;
  readonly securityPolicySelfLink: pulumi.Output<string>;
  /** What nodes must wait for: without the rules they never join, or join before anything is denied. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    // Not the network itself: a component among the inputs would say no more than its outputs do.
    const { network, ...plain } = args;
    super("javelin:gcp:Firewall", name, { ...plain, networkId: network.networkId }, opts);
    const child = { parent: this, dependsOn: network.apis };

    const egress = network.own ? this.createPolicy(name, args) : undefined;
    const admission =
      network.own || args.nodePorts.length === 0 ? undefined : this.admitLoadBalancers(name, args);
    const armor = new CloudArmor(
      `${name}-armor`,
      {
        prefix: args.prefix,
        ingressAllow: args.ingressAllow,
        adminAllow: args.adminAllow,
        requestsPerMinute: args.requestsPerMinute,
        readOnly: args.readOnly,
      },
      child,
    );

    this.securityPolicyId = armor.policyId;
    this.securityPolicySelfLink = armor.selfLink;
    // The whole network: NAT and the private zones are how a node finds its registry.
    this.ready = [network, ...(egress ? [egress.association] : []), ...(admission ? [admission] : [])];
    this.registerOutputs({
      securityPolicyId: this.securityPolicyId,
      securityPolicySelfLink: this.securityPolicySelfLink,
    });
  }

  private createPolicy(name: string, { network, prefix, ...args }: FirewallArgs): NetworkFirewall {
    return new NetworkFirewall(
      `${name}-network`,
      {
        prefix,
        networkId: network.networkId,
        plan: network.plan,
        podCidr: network.podCidr,
        allowedDomains: args.allowedDomains,
        nodePorts: args.nodePorts,
        logAllowed: args.inspected,
      },
      { parent: this, dependsOn: network.apis },
    );
  }

  private admitLoadBalancers(name: string, { network, prefix, ...args }: FirewallArgs): gcp.compute.Firewall {
    if (args.nodeServiceAccount === undefined)
      throw new Error(`${name}: in an existing network the firewall needs the nodes' service account`);
    return new gcp.compute.Firewall(
      `${name}-load-balancer`,
      {
        name: physicalName("gcp:firewall", prefix, "load-balancer"),
        description: "Google's load balancers to the gateway's public services",
        network: network.networkId,
        direction: "INGRESS",
        sourceRanges: [...loadBalancerRanges],
        targetServiceAccounts: [args.nodeServiceAccount],
        allows: [{ protocol: "tcp", ports: args.nodePorts.map(String) }],
        logConfig: { metadata: "INCLUDE_ALL_METADATA" },
      },
      { parent: this, dependsOn: network.apis },
    );
  }
}

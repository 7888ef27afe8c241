import type * as gcp from "@pulumi/gcp";
import { fqdnLists } from "./fqdnRules.js";
import { googleApis } from "./privateZones.js";
import type { SubnetPlan } from "./subnets.js";

/** Where Google's load balancers and their health checks come from. Source: Cloud Load Balancing, "Firewall rules". */
export const loadBalancerRanges = ["130.211.0.0/22", "35.191.0.0/16"] as const;

const anywhere = "0.0.0.0/0";
const databasePort = 5432;
/** Where Memorystore for Redis listens with TLS. */
const cachePort = 6378;

export interface FirewallRuleArgs {
  plan: SubnetPlan;
  podCidr: string;
  allowedDomains: string[];
  nodePorts: number[];
  /** True: allowed connections to the internet are logged, and not only what is denied. */
  logAllowed: boolean;
}

type Rule = gcp.types.input.compute.NetworkFirewallPolicyWithRulesRule;
type Match = Omit<gcp.types.input.compute.NetworkFirewallPolicyWithRulesRuleMatch, "layer4Configs">;

/**
 * The rules of a cell's network firewall policy, most urgent first.
 *
 * What is not here, because it always passes: DNS, time and metadata at 169.254.169.254 (Cloud NGFW, "Always
 * allowed traffic"). So a node finds names through Cloud DNS, and no other resolver is reachable.
 *
 * Connections from inside are left to the VPC firewall rules that GKE writes for its own cluster (nodes, pods,
 * control plane) and, after these, to the implied denial; connections from outside are decided here, so that no
 * Service of type LoadBalancer can open the cell.
 */
export function firewallRules(args: FirewallRuleArgs): Rule[] {
  const { plan, podCidr } = args;
  const tcp = (...ports: number[]) => [{ ipProtocol: "tcp", ports: [...new Set(ports)].map(String) }];
  const all = [{ ipProtocol: "all" }];
  const rule = (
    direction: "INGRESS" | "EGRESS",
    priority: number,
    action: "allow" | "deny" | "goto_next",
    ruleName: string,
    match: Match,
    layer4Configs: { ipProtocol: string; ports?: string[] }[],
    enableLogging: boolean,
  ): Rule => ({
    priority,
    direction,
    action,
    ruleName,
    match: { ...match, layer4Configs },
    enableLogging,
  });
  const inside = [plan.node, podCidr];

  const ingress = [
    ...(args.nodePorts.length === 0
      ? []
      : [
          rule(
            "INGRESS",
            100,
            "allow",
            "load-balancer",
            { srcIpRanges: [...loadBalancerRanges] },
            tcp(...args.nodePorts),
            false,
          ),
        ]),
    rule("INGRESS", 200, "goto_next", "inside", { srcIpRanges: [...inside, plan.endpoint] }, all, false),
    rule("INGRESS", 900, "deny", "deny-ingress", { srcIpRanges: [anywhere] }, all, true),
  ];
  const egress = [
    // Nodes, pods, and the control plane, whose private endpoint is an address of the node subnet.
    rule("EGRESS", 1000, "allow", "inside", { destIpRanges: inside }, all, false),
    rule(
      "EGRESS",
      1010,
      "allow",
      "endpoints",
      { destIpRanges: [plan.endpoint] },
      tcp(443, databasePort),
      false,
    ),
    rule("EGRESS", 1020, "allow", "cache", { destIpRanges: [plan.cache] }, tcp(cachePort), false),
    rule("EGRESS", 1030, "allow", "google-apis", { destIpRanges: [googleApis.cidr] }, tcp(443), false),
    ...fqdnLists(args.allowedDomains).map((destFqdns, i) =>
      rule("EGRESS", 2000 + i, "allow", `allowed-${i + 1}`, { destFqdns }, tcp(443), args.logAllowed),
    ),
    rule("EGRESS", 9000, "deny", "deny-egress", { destIpRanges: [anywhere] }, all, true),
  ];
  return [...ingress, ...egress];
}

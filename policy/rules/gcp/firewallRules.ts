import { isPublic } from "../../addresses.js";
import type { Resource } from "../../policy.js";
import { at, list, lower, missing, present, text, unknown } from "../../values.js";

/** One rule of a VPC firewall or of a firewall policy, however it was written; text in lower case. */
export interface FirewallRule {
  direction: unknown;
  /** `allow`, `deny`, or `goto_next`, which leaves it to the rules that come after. */
  action: unknown;
  protocols: { protocol: unknown; ports: unknown[] }[];
  /** Blocks at the other end. */
  blocks: unknown[];
  /** Whatever else says who is at the other end: names, tags, accounts, groups of addresses. */
  others: unknown[];
  /** The other end is the internet by another word than a block. */
  internet: boolean;
  logged: unknown;
}

const classic = "gcp:compute/firewall:Firewall";
/** A policy with its rules in it. */
export const withRules = [
  "gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules",
  "gcp:compute/regionNetworkFirewallPolicyWithRules:RegionNetworkFirewallPolicyWithRules",
  "gcp:compute/firewallPolicyWithRules:FirewallPolicyWithRules",
];
/** A rule of a policy by itself. */
export const policyRules = [
  "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule",
  "gcp:compute/regionNetworkFirewallPolicyRule:RegionNetworkFirewallPolicyRule",
  "gcp:compute/firewallPolicyRule:FirewallPolicyRule",
];

/** Every type that holds firewall rules. */
export const ruleTypes: readonly string[] = [classic, ...withRules, ...policyRules];

/** The rules that a resource holds and that count. */
export function firewallRules({ type, props }: Resource): FirewallRule[] {
  const rules = withRules.includes(type) ? list(at(props, "rules")) : [props];
  return rules
    .filter((rule) => at(rule, "disabled") !== true)
    .flatMap((rule) =>
      (type === classic ? classicRules(rule) : [policyRule(rule)]).map((one) =>
        at(rule, "disabled") === unknown ? { ...one, action: unknown } : one,
      ),
    );
}

function protocols(configs: unknown, protocol: string): FirewallRule["protocols"] {
  return list(configs).map((config) => ({
    protocol: lower(at(config, protocol)),
    ports: list(at(config, "ports")).map(text),
  }));
}

function given(from: unknown, ...keys: string[]): unknown[] {
  return keys.flatMap((key) => list(at(from, key))).filter((value) => !missing(value));
}

function classicRules(rule: unknown): FirewallRule[] {
  const direction = lower(at(rule, "direction") ?? "INGRESS");
  const [ranges, ...others] =
    direction === "egress" ? ["destinationRanges"] : ["sourceRanges", "sourceTags", "sourceServiceAccounts"];
  const shared = {
    direction,
    blocks: given(rule, ranges),
    others: given(rule, ...others),
    internet: false,
    logged: direction === unknown ? unknown : (at(rule, "logConfig") ?? false),
  };
  return (["allow", "deny"] as const).flatMap((action) => {
    const configs = at(rule, action === "allow" ? "allows" : "denies");
    return missing(configs) ? [] : [{ ...shared, action, protocols: protocols(configs, "protocol") }];
  });
}

function policyRule(rule: unknown): FirewallRule {
  const direction = lower(at(rule, "direction") ?? "INGRESS");
  const match = at(rule, "match");
  const side = direction === "egress" ? "dest" : "src";
  const contexts = given(match, `${side}NetworkContext`, `${side}NetworkScope`).map(lower);
  const regions = given(match, `${side}RegionCodes`, `${side}ThreatIntelligences`);
  const keys = ["AddressGroups", "Fqdns", "Networks", "SecureTags"].map((key) => `${side}${key}`);
  return {
    direction,
    action: lower(at(rule, "action")),
    protocols: protocols(at(match, "layer4Configs"), "ipProtocol"),
    blocks: given(match, `${side}IpRanges`),
    others: [...given(match, ...keys), ...regions, ...contexts],
    internet: contexts.includes("internet") || regions.some(present),
    logged: at(rule, "enableLogging"),
  };
}

/** Where Google's load balancers and their health checks come from. Source: Cloud Load Balancing, "Firewall rules". */
const balancers = ["130.211.0.0/22", "35.191.0.0/16", "209.85.152.0/22", "209.85.204.0/22"];

/** The blocks of a rule that are the internet's, and not Google's own load balancers. */
export function internetBlocks({ blocks }: FirewallRule): string[] {
  return blocks.filter(isPublic).filter((block) => !balancers.includes(block));
}

/** Whether a rule names nobody at its other end, which is everybody. */
export function isForEverybody({ blocks, others }: FirewallRule): boolean {
  return [...blocks, ...others].length === 0;
}

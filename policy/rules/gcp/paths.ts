import { isAnywhere, isPrivate } from "../../addresses.js";
import type { Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { differs, show, unknown } from "../../values.js";
import { firewallRules, isForEverybody, ruleTypes } from "./firewallRules.js";
import type { FirewallRule } from "./firewallRules.js";

/**
 * Nodes and pods among themselves, by their blocks: GKE opens them to each other with rules of its own, and network
 * policies name the ports. Source: "Automatically created firewall rules", GKE.
 */
function isAmongThemselves({ blocks, others, protocols }: FirewallRule): boolean {
  return (
    others.length === 0 &&
    blocks.every((block) => block === unknown || isPrivate(block)) &&
    protocols.every(({ protocol }) => !differs(protocol, "all"))
  );
}

function* judgeRules(resource: Resource): Iterable<string> {
  for (const rule of firewallRules(resource)) {
    const { direction, action, protocols, blocks, internet } = rule;
    if (action !== "allow" || direction === unknown) continue;
    const who = `an ${String(direction)} rule`;
    if (isForEverybody(rule)) yield `${who} names no peer; right is a block, a name or a tag`;
    else if (isAmongThemselves(rule)) continue;
    for (const { protocol, ports } of protocols) {
      if (differs(protocol, "tcp", "udp", "6", "17"))
        yield `${who} is for protocol ${show(protocol)}; right is tcp or udp`;
      else if (ports.length === 0) yield `${who} names no port; right is the one that is used`;
      for (const port of ports)
        if (port !== unknown && !/^[1-9]\d*$/.test(String(port)))
          yield `${who} is for ports ${show(port)}; right is one port`;
      const leadsAnywhere = internet || isForEverybody(rule) || blocks.some(isAnywhere);
      if (direction === "egress" && leadsAnywhere && ports.some((port) => differs(port, "443")))
        yield `an egress rule leads anywhere at port ${ports.map(show).join(", ")}; right is 443, or a peer by name`;
    }
  }
}

/** An open path names who is at its other end, and the ports one by one. */
export const paths: Rule = { each: forTypes(ruleTypes, judgeRules) };

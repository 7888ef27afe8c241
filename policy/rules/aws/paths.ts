import { isAnywhere } from "../../addresses.js";
import type { Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { differs, show, unknown } from "../../values.js";
import { groupRules, ruleTypes } from "./groupRules.js";

const withPorts = ["tcp", "udp", "6", "17", 6, 17];

function* judgeRules(resource: Resource): Iterable<string> {
  for (const { direction, protocol, from, to, cidrs, groups, prefixLists } of groupRules(resource)) {
    if (differs(protocol, ...withPorts))
      yield `an ${direction} rule is for protocol ${show(protocol)}; right is tcp or udp`;
    else if (differs(from, to))
      yield `an ${direction} rule is for ports ${show(from)} to ${show(to)}; right is one port`;
    else if (from !== unknown && !(Number(from) > 0))
      yield `an ${direction} rule names no port; right is the one that is used`;
    if ([...cidrs, ...groups, ...prefixLists].length === 0)
      yield `an ${direction} rule names no peer; right is a security group or a block`;
    if (direction === "egress" && cidrs.some(isAnywhere) && differs(from, 443))
      yield `an egress rule leads anywhere at port ${show(from)}; right is 443, or a peer by name`;
  }
}

/** An open path names who is at its other end, and the one port. */
export const paths: Rule = { each: forTypes(ruleTypes, judgeRules) };

import { isAnywhere } from "../../addresses.js";
import { names, ofTypes } from "../../links.js";
import type { Finding, Resource, Rule } from "../../policy.js";
import { at, differs, unknown } from "../../values.js";
import { firewallRules, isForEverybody, policyRules, ruleTypes, withRules } from "./firewallRules.js";
import type { FirewallRule } from "./firewallRules.js";

const network = "gcp:compute/network:Network";

function* judgeNetwork({ props }: Resource): Iterable<string> {
  // Left out, it is true.
  if (differs(at(props, "autoCreateSubnetworks"), false))
    yield "autoCreateSubnetworks is on: subnets in every region; right is false";
}

/** A network admits nothing by itself, and lets everything out. Source: "Implied rules", VPC firewall rules. */
function closes({ direction, action, protocols, blocks, ...rule }: FirewallRule): boolean {
  const everywhere =
    isForEverybody({ direction, action, protocols, blocks, ...rule }) ||
    blocks.some((block) => block === unknown || isAnywhere(block));
  return (
    !differs(direction, "egress") &&
    !differs(action, "deny") &&
    protocols.some(({ protocol }) => !differs(protocol, "all")) &&
    everywhere
  );
}

function* judgeNetworks(resources: Resource[]): Iterable<Finding> {
  const byName = ["id", "selfLink", "name"];
  const closing = ofTypes(resources, ...ruleTypes).filter((one) => firewallRules(one).some(closes));
  const associations = ofTypes(
    resources,
    "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation",
    "gcp:compute/regionNetworkFirewallPolicyAssociation:RegionNetworkFirewallPolicyAssociation",
  );
  for (const resource of ofTypes(resources, network)) {
    const associated = associations.filter(
      (one) => names(one, { property: "attachmentTarget", by: byName }, resource) !== false,
    );
    const isClosed = closing.some(({ type }, i) => {
      const rule = closing[i]!;
      if (withRules.includes(type))
        return associated.some(
          (one) => names(one, { property: "firewallPolicy", by: byName }, rule) !== false,
        );
      if (policyRules.includes(type)) return associated.some((one) => sharesPolicy(one, rule));
      return names(rule, { property: "network", by: byName }, resource) !== false;
    });
    if (!isClosed)
      yield {
        resource,
        message:
          "everything may leave the network; right is a firewall policy of the network that ends with a deny of egress to 0.0.0.0/0",
      };
  }
}

/** Whether an association and a rule may be of one policy. */
function sharesPolicy(association: Resource, rule: Resource): boolean {
  const [one, other] = [association, rule].map(({ props }) => at(props, "firewallPolicy"));
  return !differs(one, other) || String(one).split("/").at(-1) === String(other).split("/").at(-1);
}

function* judgeCluster({ props }: Resource): Iterable<string> {
  const dataplane = at(props, "datapathProvider");
  const calico = at(props, "networkPolicy", "enabled");
  if (differs(dataplane, "ADVANCED_DATAPATH") && differs(calico, true))
    yield "the cluster does not enforce network policies; right is datapathProvider ADVANCED_DATAPATH";
}

/** Nothing is open that nobody opened. */
export const denial: Rule = {
  each: { [network]: judgeNetwork, "gcp:container/cluster:Cluster": judgeCluster },
  together: judgeNetworks,
};

import { names, ofTypes } from "../../links.js";
import type { Finding, Resource, Rule } from "../../policy.js";
import { at, differs, missing, show } from "../../values.js";
import { holds, isIn } from "./ingress.js";
import type { SecurityRule } from "./securityRules.js";
import { group, securityRule, securityRules } from "./securityRules.js";

/** Subnets in which Azure admits no security group of the customer's. */
const withoutGroup = [
  "AzureFirewallSubnet",
  "AzureFirewallManagementSubnet",
  "GatewaySubnet",
  "RouteServerSubnet",
];

function* judgeSubnet({ props }: Resource): Iterable<string> {
  const name = at(props, "subnetName") ?? at(props, "name");
  if (differs(name, ...withoutGroup) && missing(at(props, "networkSecurityGroup")))
    yield "the subnet has no network security group; right is one that denies by default";
}

/** Azure's own rules admit the whole virtual network and let everything out; only a Deny before them closes. */
function closes(rule: SecurityRule, direction: string): boolean {
  return (
    !differs(rule.direction, direction) &&
    !differs(rule.access, "deny") &&
    !differs(rule.protocol, "*") &&
    [rule.ports, rule.sources, rule.destinations].every(
      (values) => values.length > 0 && values.every((value) => !differs(value, "*")),
    )
  );
}

function* judgeGroups(resources: Resource[]): Iterable<Finding> {
  const member = { property: "networkSecurityGroupName", by: ["name", "networkSecurityGroupName"] };
  const gateways = ofTypes(resources, "azure-native:network:ApplicationGateway");
  const ofGateway = ofTypes(resources, "azure-native:network:Subnet").filter((subnet) =>
    gateways.some((one) => isIn(one, subnet)),
  );
  for (const resource of ofTypes(resources, group)) {
    const rules = [
      resource,
      ...ofTypes(resources, securityRule).filter((rule) => names(rule, member, resource) !== false),
    ].flatMap(securityRules);
    // A gateway stops working when it cannot reach Azure itself. Source: "Application Gateway infrastructure".
    const directions = ofGateway.some((subnet) => holds(subnet, resource))
      ? ["inbound"]
      : ["inbound", "outbound"];
    for (const direction of directions)
      if (!rules.some((rule) => closes(rule, direction)))
        yield {
          resource,
          message: `nothing closes the group's ${direction} side; right is a Deny of everything after the rules`,
        };
  }
}

/** Machines in a subnet would go out by an address that Azure lends them, past every firewall. */
function* judgeWaysOut(resources: Resource[]): Iterable<Finding> {
  const gateways = ofTypes(resources, "azure-native:network:ApplicationGateway");
  for (const resource of ofTypes(resources, "azure-native:network:Subnet")) {
    const { props } = resource;
    // No machines of the customer's are in these, and a gateway's managers need their way out.
    const isAzures = !differs(at(props, "subnetName") ?? at(props, "name"), ...withoutGroup);
    if (isAzures || !missing(at(props, "delegations")) || gateways.some((one) => isIn(one, resource)))
      continue;
    if (differs(at(props, "defaultOutboundAccess"), false))
      yield {
        resource,
        message: "defaultOutboundAccess is on: machines go out by Azure's address; right is false",
      };
  }
}

function* judgeCluster({ props }: Resource): Iterable<string> {
  const policy = at(props, "networkProfile", "networkPolicy");
  if (missing(policy) || policy === "none")
    yield `networkProfile.networkPolicy is ${show(policy)}: AKS does not enforce network policies; right is cilium`;
}

/** Nothing is open that nobody opened. */
export const denial: Rule = {
  each: {
    "azure-native:network:Subnet": judgeSubnet,
    "azure-native:containerservice:ManagedCluster": judgeCluster,
  },
  *together(resources) {
    yield* judgeGroups(resources);
    yield* judgeWaysOut(resources);
  },
};

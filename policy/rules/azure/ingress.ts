import { follow, names, ofTypes } from "../../links.js";
import type { Finding, Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, list, present, show } from "../../values.js";
import { group, isInternet, ruleTypes, securityRule, securityRules } from "./securityRules.js";
import type { SecurityRule } from "./securityRules.js";

/** HTTPS, and HTTP for the redirect that the policy on TLS demands of it. */
const open = ["443", "80"];

function fromInternet({ direction, access, sources }: SecurityRule): boolean {
  return direction === "inbound" && access === "allow" && sources.some(isInternet);
}

function* judgeRules(resource: Resource): Iterable<string> {
  for (const { protocol, ports, sources } of securityRules(resource).filter(fromInternet))
    if (differs(protocol, "tcp") || ports.some((port) => differs(port, ...open)))
      yield `${sources.filter(isInternet).join(", ")} may reach ${show(protocol)} ${ports.map(show).join(", ")}; right is tcp 443, or 80 to be redirected`;
}

function* judgeGateway({ props }: Resource): Iterable<string> {
  for (const port of follow(at(props, "frontendPorts"), ["port"]))
    if (differs(port, 443, 80)) yield `a listener is on port ${show(port)}; right is 443, or 80 to redirect`;
}

/** Azure Firewall is the way out; what it translates inwards would come in beside the gateway and its WAF. */
function* judgeCollections({ props }: Resource): Iterable<string> {
  for (const rule of follow(at(props, "ruleCollections"), ["rules"]))
    if (at(rule, "ruleType") === "NatRule")
      yield `rule ${show(at(rule, "name"))} lets callers in by the egress firewall; right is the application gateway`;
}

const publicAddress = "a machine gets a public address; right is none: it leaves by the firewall or by NAT";

function* judgeInterface({ props }: Resource): Iterable<string> {
  if (follow(at(props, "ipConfigurations"), ["publicIPAddress"]).some(present)) yield publicAddress;
}

function* judgeScaleSet({ props }: Resource): Iterable<string> {
  const path = ["networkInterfaceConfigurations", "ipConfigurations", "publicIPAddressConfiguration"];
  if (follow(at(props, "virtualMachineProfile", "networkProfile"), path).some(present)) yield publicAddress;
}

function* judgePool(pool: unknown): Iterable<string> {
  if (at(pool, "enableNodePublicIP") === true)
    yield "nodes get public addresses; right is none: they leave by the firewall or by NAT";
}

/** What the internet may reach is an application gateway, which only forwards what it has a rule for. */
function* judgeMembers(resources: Resource[]): Iterable<Finding> {
  const subnets = ofTypes(resources, "azure-native:network:Subnet");
  const gateways = ofTypes(resources, "azure-native:network:ApplicationGateway");
  const rules = ofTypes(resources, securityRule).filter((rule) => securityRules(rule).some(fromInternet));
  for (const resource of ofTypes(resources, group)) {
    const member = { property: "networkSecurityGroupName", by: ["name", "networkSecurityGroupName"] };
    const isOpen =
      securityRules(resource).some(fromInternet) ||
      rules.some((rule) => names(rule, member, resource) === true);
    if (
      isOpen &&
      !subnets.some((subnet) => holds(subnet, resource) && gateways.some((one) => isIn(one, subnet)))
    )
      yield {
        resource,
        message:
          "the group is open to the internet and of no application gateway's subnet; right is a gateway in front",
      };
  }
}

/** Whether the subnet may have this security group. */
export function holds(subnet: Resource, securityGroup: Resource): boolean {
  return (
    names(subnet, { property: "networkSecurityGroup", path: ["id"], by: ["id"] }, securityGroup) !== false
  );
}

/** Whether the application gateway may be in this subnet. */
export function isIn(gateway: Resource, subnet: Resource): boolean {
  const link = { property: "gatewayIPConfigurations", path: ["subnet", "id"], by: ["id"] };
  return names(gateway, link, subnet) !== false;
}

export const ingress: Rule = {
  each: {
    ...forTypes(ruleTypes, judgeRules),
    "azure-native:network:ApplicationGateway": judgeGateway,
    "azure-native:network:FirewallPolicyRuleCollectionGroup": judgeCollections,
    "azure-native:network:NetworkInterface": judgeInterface,
    "azure-native:compute:VirtualMachineScaleSet": judgeScaleSet,
    "azure-native:containerservice:AgentPool": ({ props }) => judgePool(props),
    *"azure-native:containerservice:ManagedCluster"({ props }) {
      for (const pool of list(at(props, "agentPoolProfiles"))) yield* judgePool(pool);
    },
  },
  together: judgeMembers,
};

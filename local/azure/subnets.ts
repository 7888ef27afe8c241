import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  arm,
  at,
  cidrContains,
  cidrs,
  cidrsOverlap,
  exactlyOne,
  nameOf,
  objects,
  oneOf,
  parentOf,
  prefixLength,
  refuseUnless,
  stateOf,
  text,
  toArm,
} from "./common.js";
import { admitRegion, blocksOf, inUse, net, networkName, subnetUsers } from "./networkTypes.js";
import { lookUpInGroup } from "./queries.js";

const type = "Microsoft.Network/virtualNetworks/subnets";
const names = ["virtualNetworkName", "subnetName"];
const policies = ["Enabled", "Disabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"];

const attachments = [
  ["networkSecurityGroup.id", net.securityGroup],
  ["routeTable.id", net.routeTable],
  ["natGateway.id", net.natGateway],
] as const;

const subnet: Behaviour = arm({
  source:
    "Microsoft.Network/virtualNetworks/subnets; Virtual Network FAQ (sizes); Azure Firewall FAQ (its subnet)",
  type,
  names,
  parent: net.virtualNetwork,
  check: (inputs) => [
    ...networkName(inputs, "subnetName"),
    ...exactlyOne(inputs, ["addressPrefix", "addressPrefixes"]),
    ...cidrs(inputs, "addressPrefix"),
    ...cidrs(inputs, "addressPrefixes[]"),
    ...oneOf(inputs, "privateEndpointNetworkPolicies", policies),
    ...oneOf(inputs, "privateLinkServiceNetworkPolicies", ["Enabled", "Disabled"]),
  ],
  references: Object.fromEntries(attachments.map(([path, type]) => [path, toArm([type])])),
  admit: (inputs, context) => {
    admitBlocks(inputs, context);
    admitFirewallSubnet(inputs);
    const network = stateOf(context, [net.virtualNetwork], parentOf(subnet.id(inputs, context)));
    for (const [path, type] of attachments)
      admitRegion(context, text(network, "location"), [type], at(inputs, path));
    for (const delegation of objects(inputs, "delegations"))
      refuseUnless(
        /^Microsoft\.\w+\/\w+$/.test(text(delegation, "serviceName") ?? "") &&
          text(delegation, "name") !== undefined,
        "InvalidServiceNameOnDelegation",
        `Delegation ${text(delegation, "name")} of subnet ${text(inputs, "subnetName")} names no service that subnets can be delegated to.`,
      );
    admitChange(inputs, context);
  },
  outputs: (inputs) => ({
    privateEndpointNetworkPolicies: text(inputs, "privateEndpointNetworkPolicies") ?? "Disabled",
    privateLinkServiceNetworkPolicies: text(inputs, "privateLinkServiceNetworkPolicies") ?? "Enabled",
    delegations: objects(inputs, "delegations").map((each) => ({ ...each, provisioningState: "Succeeded" })),
  }),
  inUse: inUse("Subnet", "InUseSubnetCannotBeDeleted"),
});

/** Inside the network, apart from its other subnets, and with room for Azure's own five addresses. */
function admitBlocks(inputs: Props, context: Context): void {
  const name = text(inputs, "subnetName") ?? "";
  const networkId = parentOf(subnet.id(inputs, context));
  const network = nameOf(networkId);
  const spaces = at(stateOf(context, [net.virtualNetwork], networkId), "addressSpace.addressPrefixes[]").map(
    String,
  );
  const others = context.world
    .list(net.subnet)
    .filter(({ id }) => parentOf(id) === networkId && id !== context.current?.id);
  for (const block of blocksOf(inputs)) {
    refuseUnless(
      prefixLength(block) <= 29,
      "NetcfgInvalidSubnet",
      `Subnet '${name}' is not valid in virtual network '${network}': the smallest subnet is a /29.`,
    );
    refuseUnless(
      spaces.some((space) => cidrContains(space, block)),
      "NetcfgSubnetRangeOutsideVnet",
      `Subnet '${name}' is not valid because its IP address range is outside the IP address range of virtual network '${network}'.`,
    );
    refuseUnless(
      !others.some(({ inputs: other }) => blocksOf(other).some((each) => cidrsOverlap(each, block))),
      "NetcfgSubnetRangesOverlap",
      `Subnet '${name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network}'.`,
    );
  }
}

function admitFirewallSubnet(inputs: Props): void {
  if (text(inputs, "subnetName") !== "AzureFirewallSubnet") return;
  refuseUnless(
    text(inputs, "networkSecurityGroup.id") === undefined,
    "SubnetCannotHaveNetworkSecurityGroup",
    "A network security group cannot be associated with subnet AzureFirewallSubnet.",
  );
  refuseUnless(
    objects(inputs, "delegations").length === 0,
    "InvalidServiceNameOnDelegation",
    "Subnet AzureFirewallSubnet cannot be delegated.",
  );
}

/** What of a subnet stays as it is, ever or while something stands in it. */
function admitChange(inputs: Props, context: Context): void {
  const { current } = context;
  if (!current) return;
  const name = nameOf(current.id);
  refuseUnless(
    current.inputs.defaultOutboundAccess === inputs.defaultOutboundAccess,
    "SubnetDefaultOutboundAccessCannotBeChanged",
    `The property defaultOutboundAccess of subnet ${name} can only be set when the subnet is created.`,
  );
  const [user] = subnetUsers(context, current.id);
  if (!user) return;
  refuseUnless(
    blocksOf(current.inputs).join() === blocksOf(inputs).join() || blocksOf(inputs).length === 0,
    "InUsePrefixCannotBeDeleted",
    `IpPrefix ${blocksOf(current.inputs).join(", ")} on Subnet ${name} has active allocations requests and cannot be deleted.`,
  );
  const services = (of: Props) =>
    objects(of, "delegations")
      .map((each) => text(each, "serviceName"))
      .join();
  refuseUnless(
    services(current.inputs) === services(inputs),
    "SubnetDelegationsCannotChangeWhenSubnetUsedByResource",
    `Delegations of subnet ${name} cannot be changed while ${user.id} uses it.`,
  );
}

export const subnets: Provider = {
  types: { [net.subnet]: subnet },
  invokes: { "azure-native:network:getSubnet": lookUpInGroup(net.subnet, type, names) },
};

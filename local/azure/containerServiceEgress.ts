import type { Context, Props, WorldObject } from "../behaviour.js";
import {
  at,
  cidrContains,
  isCidr,
  isTrue,
  objects,
  parentOf,
  refuseUnless,
  stateOf,
  text,
  texts,
} from "./common.js";
import { principalOf } from "./diskEncryption.js";
import { blocksOf, net } from "./networkTypes.js";
import { holdsRole } from "./roles.js";
import { routesOf } from "./routes.js";
import { rulesOf } from "./securityRules.js";

const networkRoles = ["Network Contributor", "Contributor", "Owner"];

/**
 * What lets the nodes of a cluster come up, or not. Of the outbound type AKS checks some at once; the rest it reports
 * when nodes do not join, after half an hour; here it comes at once.
 * Source: "Customize cluster egress with outbound types in AKS"; "Control egress traffic using Azure Firewall in AKS";
 * "Troubleshoot the OutboundConnFailVMExtensionError".
 */
export function refuseEgress(cluster: Props, subnetId: string | undefined, context: Context): void {
  const subnet = context.world.find(net.subnet, subnetId ?? "");
  if (!subnet) return;
  const outbound = text(cluster, "networkProfile.outboundType") ?? "loadBalancer";
  admitGroup(subnet, context);
  if (outbound === "userDefinedRouting") admitRoutes(cluster, subnet, context);
  if (outbound === "userAssignedNATGateway") admitNat(cluster, subnet, context);
}

function joins(holds: boolean, why: string): void {
  refuseUnless(
    holds,
    "VMExtensionProvisioningError",
    `Nodes failed to reach what they need on the internet (exit status=50, VMExtensionError_OutboundConnFail): ${why}.`,
  );
}

/** The subnet's security group leaves nodes their way to port 443. */
function admitGroup({ id, inputs }: WorldObject, context: Context): void {
  const out = ["*", "Internet", "0.0.0.0/0"];
  const decides = (rule: Props): boolean => {
    const destinations = [
      ...at(rule, "destinationAddressPrefix"),
      ...texts(rule, "destinationAddressPrefixes"),
    ].map(String);
    const ports = [...at(rule, "destinationPortRange"), ...texts(rule, "destinationPortRanges")].map(String);
    const covers = (range: string) => {
      const [low = 0, high = low] = range === "*" ? [0, 65535] : range.split("-").map(Number);
      return low <= 443 && 443 <= high;
    };
    return (
      ["Tcp", "*"].includes(text(rule, "protocol") ?? "") &&
      destinations.some((each) => out.includes(each)) &&
      ports.some(covers)
    );
  };
  const [rule] = rulesOf(context, text(inputs, "networkSecurityGroup.id")).filter(
    ({ direction, inputs: each }) => direction === "Outbound" && decides(each),
  );
  joins(
    text(rule?.inputs, "access") !== "Deny",
    `security rule ${rule?.name ?? ""} of subnet ${id} denies TCP 443 to the internet`,
  );
}

function admitRoutes(cluster: Props, subnet: WorldObject, context: Context): void {
  const tableId = text(subnet.inputs, "routeTable.id");
  refuseUnless(
    tableId !== undefined,
    "ExistingRouteTableNotAssociatedWithSubnet",
    `An existing route table has not been associated with subnet ${subnet.id}. Please update the route table association.`,
  );
  const principal = principalOf(context, texts(cluster, "identity.userAssignedIdentities"));
  refuseUnless(
    holdsRole(context, principal, tableId ?? "", networkRoles),
    "CustomRouteTableMissingPermission",
    `Managed identity ${principal ?? ""} does not have permission Microsoft.Network/routeTables/write on route table ${tableId ?? ""}.`,
  );
  const route = routesOf(context, tableId).find((each) => text(each, "addressPrefix") === "0.0.0.0/0");
  refuseUnless(
    route !== undefined,
    "RouteTableMissingDefaultRoute",
    `Route table ${tableId ?? ""} has no default route 0.0.0.0/0, which outbound type userDefinedRouting needs.`,
  );
  const type = text(route, "nextHopType") ?? "";
  refuseUnless(
    ["VirtualAppliance", "VirtualNetworkGateway"].includes(type),
    "RouteTableInvalidNextHop",
    `Default route 0.0.0.0/0 has a next hop of ${type} but only next hops of VirtualAppliance or VirtualNetworkGateway are allowed.`,
  );
  if (type === "VirtualAppliance")
    admitFirewall(cluster, subnet, text(route, "nextHopIpAddress") ?? "", context);
}

/** The appliance is a firewall that is there and lets AKS's own destinations pass. */
function admitFirewall(cluster: Props, subnet: WorldObject, hop: string, context: Context): void {
  const firewall = context.world
    .list(net.firewall)
    .find(({ state }) => at(state, "ipConfigurations[].privateIPAddress").includes(hop));
  joins(firewall !== undefined, `nothing answers at ${hop}, the next hop of the default route`);
  const policy = text(firewall?.inputs, "firewallPolicy.id");
  const nodes = blocksOf(subnet.inputs);
  const fromNodes = (rule: Props) =>
    texts(rule, "sourceAddresses").some(
      (each) => each === "*" || (isCidr(each) && nodes.every((block) => cidrContains(each, block))),
    );
  const passes = context.world
    .list(net.ruleCollectionGroup)
    .filter(({ id }) => parentOf(id) === policy)
    .flatMap(({ inputs }) => objects(inputs, "ruleCollections"))
    .filter((each) => text(each, "action.type") === "Allow")
    .flatMap((each) => objects(each, "rules"))
    .some((rule) => fromNodes(rule) && texts(rule, "fqdnTags").includes("AzureKubernetesService"));
  joins(passes, `no rule of ${policy ?? hop} allows the FQDN tag AzureKubernetesService from the nodes`);
  admitAddresses(cluster, at(firewall?.inputs, "ipConfigurations[].publicIPAddress.id").map(String), context);
}

function admitNat(cluster: Props, subnet: WorldObject, context: Context): void {
  const gatewayId = text(subnet.inputs, "natGateway.id");
  refuseUnless(
    gatewayId !== undefined,
    "NatGatewayNotAssociatedWithSubnet",
    `Outbound type userAssignedNATGateway needs a NAT gateway on subnet ${subnet.id}.`,
  );
  const gateway = stateOf(context, [net.natGateway], gatewayId);
  const addresses = at(gateway, "publicIpAddresses[].id").map(String);
  joins(
    addresses.length + at(gateway, "publicIpPrefixes[].id").length > 0,
    `NAT gateway ${gatewayId ?? ""} has no public address`,
  );
  admitAddresses(cluster, addresses, context);
}

/** A public API that only some may reach lets the nodes in: they come from the addresses that they leave by. */
function admitAddresses(cluster: Props, ids: readonly string[], context: Context): void {
  const ranges = texts(cluster, "apiServerAccessProfile.authorizedIPRanges");
  if (ranges.length === 0 || isTrue(cluster, "apiServerAccessProfile.enablePrivateCluster")) return;
  for (const id of ids) {
    const address = text(stateOf(context, [net.publicIp], id), "ipAddress");
    refuseUnless(
      address === undefined ||
        ranges.some((each) => each === address || (isCidr(each) && cidrContains(each, `${address}/32`))),
      "VMExtensionProvisioningError",
      `Nodes failed to reach the API server (exit status=51, VMExtensionError_K8SAPIServerConnFail): ${address ?? ""}, the address that they leave by, is not among its authorized IP ranges.`,
    );
  }
}

/**
 * The cluster's identity joins nodes and load balancers to a subnet that it did not make, and the private zone of a
 * private API to the subnet's network. Source: "Create a private AKS cluster"; MicrosoftDocs/azure-aks-docs issue 110.
 */
export function refuseSubnetAccess(cluster: Props, subnetId: string, context: Context): void {
  const identities = texts(cluster, "identity.userAssignedIdentities");
  if (identities.length === 0) return;
  const principal = principalOf(context, identities);
  refuseUnless(
    holdsRole(context, principal, subnetId, networkRoles),
    "LinkedAuthorizationFailed",
    `The client with object id '${principal ?? ""}' does not have permission to perform action(s) 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) '${subnetId}' (respectively) or the linked scope(s) are invalid.`,
  );
  const networkId = parentOf(subnetId);
  refuseUnless(
    !isTrue(cluster, "apiServerAccessProfile.enablePrivateCluster") ||
      text(cluster, "apiServerAccessProfile.privateDNSZone") === "none" ||
      holdsRole(context, principal, networkId, [...networkRoles, "Private DNS Zone Contributor"]),
    "LinkedAuthorizationFailed",
    `The client with object id '${principal ?? ""}' does not have permission to perform action(s) 'Microsoft.Network/virtualNetworks/join/action' on the linked scope(s) '${networkId}' (respectively) or the linked scope(s) are invalid.`,
  );
}

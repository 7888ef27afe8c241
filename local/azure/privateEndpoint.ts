import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider, WorldObject } from "../behaviour.js";
import {
  addressAt,
  arm,
  armId,
  at,
  nameOf,
  objects,
  parentOf,
  plainLocation,
  prefixLength,
  refuseUnless,
  stateOf,
  text,
  texts,
  toArm,
  uuid,
} from "./common.js";
import { blocksOf, net, networkName, subnetUsers, toSubnet } from "./networkTypes.js";

/** Sub-resources of the services with private endpoints. Source: Azure Private Link, "private-link resource". */
const groups: Readonly<Record<string, readonly string[]>> = {
  "azure-native:redisenterprise:RedisEnterprise": ["redisEnterprise"],
  "azure-native:keyvault:Vault": ["vault"],
  "azure-native:dbforpostgresql:Server": ["postgresqlServer"],
  "azure-native:storage:StorageAccount": "blob blob_secondary table queue file web dfs".split(" "),
};
const targets = Object.keys(groups);

const connectionPaths = ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"];
const connectionsOf = (inputs: Props): Props[] => connectionPaths.flatMap((path) => objects(inputs, path));

const targetOf = (context: Pick<Context, "world">, inputs: Props): WorldObject | undefined => {
  const id = text(connectionsOf(inputs)[0], "privateLinkServiceId") ?? "";
  return targets.map((type) => context.world.find(type, id)).find((found) => found !== undefined);
};

const endpoint: Behaviour = arm({
  source: "Microsoft.Network/privateEndpoints (Azure/bicep-types-az); Azure Private Link, private endpoints",
  type: "Microsoft.Network/privateEndpoints",
  names: ["privateEndpointName"],
  replaces: [
    "subnet.id",
    "customNetworkInterfaceName",
    ...connectionPaths.flatMap((path) => [`${path}[].privateLinkServiceId`, `${path}[].groupIds`]),
  ],
  check: (inputs) => networkName(inputs, "privateEndpointName", 64, 2),
  references: {
    "subnet.id": toSubnet,
    // A service may go before its endpoint, which is disconnected then.
    ...Object.fromEntries(
      connectionPaths.map((path) => [`${path}[].privateLinkServiceId`, toArm(targets, { weak: true })]),
    ),
  },
  admit: (inputs, context) => {
    const subnetId = text(inputs, "subnet.id");
    refuseUnless(
      subnetId !== undefined || at(inputs, "subnet.id").length > 0,
      "MissingSubnet",
      "A private endpoint needs a subnet.",
    );
    const connections = connectionsOf(inputs);
    refuseUnless(
      connections.length === 1,
      "PrivateEndpointMustHaveOnePrivateLinkServiceConnection",
      `A private endpoint has one connection, not ${connections.length}.`,
    );
    const subnet = stateOf(context, [net.subnet], subnetId);
    const place = text(stateOf(context, [net.virtualNetwork], parentOf(subnetId ?? "")), "location");
    refuseUnless(
      place === undefined || plainLocation(place) === plainLocation(text(inputs, "location") ?? ""),
      "InvalidResourceReference",
      `The private endpoint is not in the region of its subnet, '${place ?? ""}'.`,
    );
    refuseUnless(
      objects(subnet, "delegations").length === 0,
      "PrivateEndpointCannotBeCreatedInDelegatedSubnet",
      `Private endpoints cannot be created in the delegated subnet ${subnetId ?? ""}.`,
    );
    refuseUnless(
      !subnetUsers(context, subnetId ?? "").some(({ type }) => type === net.applicationGateway),
      "PrivateEndpointCannotBeCreatedInApplicationGatewaySubnet",
      `The subnet ${subnetId ?? ""} belongs to an Application Gateway.`,
    );
    const [block] = blocksOf(subnet);
    refuseUnless(
      block === undefined || neighbours(context, subnetId).length < 2 ** (32 - prefixLength(block)) - 5,
      "SubnetIsFull",
      `Subnet ${nameOf(subnetId ?? "")} with address prefix ${block ?? ""} does not have enough capacity for 1 IP addresses.`,
    );
    checkGroups(inputs, context);
  },
  outputs: (inputs, context) => {
    if (context.current) {
      const { networkInterfaces, customDnsConfigs } = context.current.state;
      return { networkInterfaces, customDnsConfigs };
    }
    const subnetId = text(inputs, "subnet.id");
    const block = blocksOf(stateOf(context, [net.subnet], subnetId))[0] ?? "";
    const name = text(inputs, "privateEndpointName") ?? "";
    const nic = text(inputs, "customNetworkInterfaceName") ?? `${name}.nic.${uuid(context)}`;
    const target = targetOf(context, inputs)?.state;
    const fqdn = text(target, "hostName") ?? text(target, "name") ?? "";
    // Azure keeps the first four addresses of a subnet; others follow in order.
    const address = addressAt(block, 4 + neighbours(context, subnetId).length);
    const group = text(inputs, "resourceGroupName") ?? "";
    return {
      networkInterfaces: [{ id: armId(context, group, "Microsoft.Network/networkInterfaces", [nic]) }],
      customDnsConfigs: [{ fqdn, ipAddresses: [address] }],
    };
  },
  minutes: 2,
});

function neighbours(context: Context, subnetId: string | undefined): WorldObject[] {
  return context.world
    .list(net.privateEndpoint)
    .filter(({ id, inputs }) => text(inputs, "subnet.id") === subnetId && id !== context.current?.id);
}

/** One sub-resource, of those that the service has. */
function checkGroups(inputs: Props, context: Context): void {
  const target = targetOf(context, inputs);
  const given = texts(connectionsOf(inputs)[0], "groupIds");
  const known = groups[target?.type ?? ""] ?? [];
  if (!target) return;
  refuseUnless(
    given.length === 1,
    "PrivateEndpointInvalidGroupIds",
    `The connection to ${target.id} needs one group id, of: ${known.join(", ")}.`,
  );
  refuseUnless(
    known.includes(given[0] ?? ""),
    "PrivateEndpointInvalidGroupIds",
    `The group id '${given[0] ?? ""}' is not one of ${target.id}: ${known.join(", ")}.`,
  );
  refuseUnless(
    target.type !== "azure-native:dbforpostgresql:Server" ||
      text(target.inputs, "network.delegatedSubnetResourceId") === undefined,
    "PrivateEndpointNotSupported",
    `The server ${target.id} is in a virtual network and takes no private endpoints.`,
  );
}

const zoneGroup: Behaviour = arm({
  source: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups (Azure/bicep-types-az)",
  type: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
  names: ["privateEndpointName", "privateDnsZoneGroupName"],
  parent: net.privateEndpoint,
  references: {
    "privateDnsZoneConfigs[].privateDnsZoneId": toArm([net.privateZone]),
  },
  // One group an endpoint: its zones are the list's entries.
  unique: (inputs) =>
    `${text(inputs, "resourceGroupName") ?? ""}/${text(inputs, "privateEndpointName") ?? ""}`,
  taken: (key) => new CloudError("MoreThanOnePrivateDnsZoneGroup", `${key} has a DNS zone group already.`),
  admit: (inputs) => {
    const configs = objects(inputs, "privateDnsZoneConfigs");
    refuseUnless(
      configs.length >= 1 && configs.length <= 5,
      "InvalidPrivateDnsZoneConfigs",
      `A DNS zone group has 1 to 5 zones, not ${configs.length}.`,
    );
    refuseUnless(
      configs.every((each) => at(each, "name").length > 0 && at(each, "privateDnsZoneId").length > 0),
      "InvalidPrivateDnsZoneConfigs",
      "Each zone of a DNS zone group needs name and privateDnsZoneId.",
    );
  },
});

export const privateEndpoint: Provider = {
  types: { [net.privateEndpoint]: endpoint, "azure-native:network:PrivateDnsZoneGroup": zoneGroup },
  invokes: {},
};

import { CloudError } from "../behaviour.js";
import type { Props, Reference, WorldObject } from "../behaviour.js";
import { at, isKnown, nameOf, plainLocation, refuseUnless, stateOf, text, toArm } from "./common.js";
import type { Failure, Place } from "./common.js";

/** Tokens of the network's types, as others refer to them. */
export const net = {
  virtualNetwork: "azure-native:network:VirtualNetwork",
  subnet: "azure-native:network:Subnet",
  securityGroup: "azure-native:network:NetworkSecurityGroup",
  securityRule: "azure-native:network:SecurityRule",
  routeTable: "azure-native:network:RouteTable",
  route: "azure-native:network:Route",
  publicIp: "azure-native:network:PublicIPAddress",
  natGateway: "azure-native:network:NatGateway",
  firewall: "azure-native:network:AzureFirewall",
  firewallPolicy: "azure-native:network:FirewallPolicy",
  ruleCollectionGroup: "azure-native:network:FirewallPolicyRuleCollectionGroup",
  wafPolicy: "azure-native:network:WebApplicationFirewallPolicy",
  applicationGateway: "azure-native:network:ApplicationGateway",
  privateEndpoint: "azure-native:network:PrivateEndpoint",
  networkWatcher: "azure-native:network:NetworkWatcher",
  flowLog: "azure-native:network:FlowLog",
  privateZone: "azure-native:privatedns:PrivateZone",
  zoneLink: "azure-native:privatedns:VirtualNetworkLink",
  workspace: "azure-native:operationalinsights:Workspace",
  storageAccount: "azure-native:storage:StorageAccount",
} as const;

/** Where resources of each type hold the id of the subnet that they stand in. */
const subnetPaths: readonly (readonly [type: string, path: string])[] = [
  [net.firewall, "ipConfigurations[].subnet.id"],
  [net.applicationGateway, "gatewayIPConfigurations[].subnet.id"],
  [net.privateEndpoint, "subnet.id"],
  ["azure-native:containerservice:ManagedCluster", "agentPoolProfiles[].vnetSubnetID"],
  ["azure-native:containerservice:AgentPool", "vnetSubnetID"],
  ["azure-native:dbforpostgresql:Server", "network.delegatedSubnetResourceId"],
];

/** Where resources of each type hold the id of a public address. */
const addressPaths: readonly (readonly [type: string, path: string])[] = [
  [net.firewall, "ipConfigurations[].publicIPAddress.id"],
  [net.natGateway, "publicIpAddresses[].id"],
  [net.applicationGateway, "frontendIPConfigurations[].publicIPAddress.id"],
];

function users({ world }: Pick<Place, "world">, paths: typeof subnetPaths, id: string): WorldObject[] {
  return paths.flatMap(([type, path]) =>
    world.list(type).filter(({ inputs }) => at(inputs, path).includes(id)),
  );
}

/** What stands in a subnet. */
export const subnetUsers = (context: Pick<Place, "world">, id: string) => users(context, subnetPaths, id);

/** What has a public address. */
export const addressUsers = (context: Pick<Place, "world">, id: string) => users(context, addressPaths, id);

/** The IPv4 blocks of a subnet. */
export function blocksOf(subnet: Props | undefined): string[] {
  return [...at(subnet, "addressPrefix"), ...at(subnet, "addressPrefixes[]")].map(String);
}

export const toSubnet: Reference = toArm([net.subnet]);
export const toVirtualNetwork: Reference = toArm([net.virtualNetwork]);
export const toPublicIp: Reference = toArm([net.publicIp]);
export const toWorkspace: Reference = toArm([net.workspace], {
  code: "ResourceNotFound",
  message: (id) => `The workspace '${id}' was not found.`,
});

/** Azure's refusal to delete what another resource uses. */
export function inUse(kind: string, code: string) {
  return ({ id }: WorldObject, by: WorldObject) =>
    new CloudError(code, `${kind} ${nameOf(id)} is in use by ${by.id} and cannot be deleted.`);
}

/** Names of most of Microsoft.Network. Source: "Naming rules and restrictions for Azure resources". */
export function networkName(inputs: Props, property: string, max = 80, min = 1): Failure[] {
  const value = inputs[property];
  if (!isKnown(value)) return [];
  const name = String(value);
  return /^[A-Za-z0-9]([\w.-]*\w)?$/.test(name) && name.length <= max && name.length >= min
    ? []
    : [
        {
          property,
          reason:
            `Resource name ${name} is invalid. ${min} to ${max} letters, digits, underscores, periods and hyphens; ` +
            "the first a letter or digit, the last one of these or an underscore.",
        },
      ];
}

/** What a resource refers to has to be in its region. */
export function admitRegion(
  context: Pick<Place, "world">,
  location: string | undefined,
  types: readonly string[],
  ids: readonly unknown[],
): void {
  for (const id of ids.map(String)) {
    const found = text(stateOf(context, types, id), "location");
    refuseUnless(
      location === undefined || found === undefined || plainLocation(found) === plainLocation(location),
      "InvalidResourceReference",
      `Resource ${id} referenced by the resource is in ${found}, and the resource in ${location}: both have to be in the same region.`,
    );
  }
}

/** Zones are numbered 1 to 3 in every region that has them. */
export function zoneFailures(inputs: Props): Failure[] {
  return at(inputs, "zones[]").flatMap((zone) =>
    ["1", "2", "3"].includes(String(zone))
      ? []
      : [
          {
            property: "zones",
            reason: `The zone(s) '${String(zone)}' for resource is not supported. The supported zones are '1,2,3'`,
          },
        ],
  );
}

/**
 * Names of regions that the tag AzureCloud has under others: `AzureCloud.centralfrance` and not `francecentral`.
 * Source: "Virtual network service tags".
 */
const misnamed =
  /^AzureCloud\.(france(central|south)|germany(north|westcentral)|norway(east|west)|switzerland(north|west))$/i;

/** Whether Azure has no such service tag, although it has the form of one. */
export const isMisnamed = (tag: string): boolean => misnamed.test(tag);

/** An id that an update has to leave alone, for an output that Azure makes up once. */
export function once(current: WorldObject | undefined, property: string, make: () => string): string {
  return text(current?.state, property) ?? make();
}

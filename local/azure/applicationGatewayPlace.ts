import type { Context, Props } from "../behaviour.js";
import {
  at,
  nameOf,
  number,
  objects,
  parentOf,
  plainLocation,
  prefixLength,
  refuseUnless,
  stateOf,
  text,
  texts,
} from "./common.js";
import { blocksOf, net, subnetUsers } from "./networkTypes.js";
import { admitPublicIps } from "./publicIp.js";
import { routesOf } from "./routes.js";
import { admitGatewaySubnet } from "./securityRules.js";
import { hasZones } from "./zones.js";

/** The subnet and the public address: the gateway's alone, in its region and zones. */
export function checkPlace(inputs: Props, context: Context, gatewayId: string): void {
  const location = plainLocation(text(inputs, "location") ?? "");
  const zones = texts(inputs, "zones");
  refuseUnless(
    zones.length === 0 || hasZones(location),
    "AvailabilityZoneNotSupported",
    `Availability zones are not supported in location '${location}'.`,
  );
  const configurations = objects(inputs, "gatewayIPConfigurations");
  refuseUnless(
    configurations.length === 1,
    "ApplicationGatewayMustHaveOneGatewayIpConfiguration",
    `An application gateway has one gateway IP configuration, not ${configurations.length}.`,
  );
  const subnetId = text(configurations[0], "subnet.id");
  if (subnetId !== undefined) {
    checkSubnet(inputs, context, subnetId, location);
    admitGatewaySubnet(context, subnetId, gatewayId);
  }

  const addresses = at(inputs, "frontendIPConfigurations[].publicIPAddress.id").map(String);
  for (const id of addresses) {
    const address = stateOf(context, [net.publicIp], id);
    refuseUnless(
      text(address, "sku.name") === "Standard" && text(address, "sku.tier") !== "Global",
      "ApplicationGatewayPublicIpSkuMismatch",
      `An application gateway of a v2 SKU can only reference a regional public IP of SKU Standard; ${id} is none.`,
    );
    sameRegion(location, text(address, "location"), id);
  }
  admitPublicIps(context, addresses, gatewayId, zones);
}

function sameRegion(location: string, other: string | undefined, id: string): void {
  refuseUnless(
    plainLocation(other ?? location) === location,
    "InvalidResourceReference",
    `Resource ${id} is not in the region of the application gateway, '${location}'.`,
  );
}

function checkSubnet(inputs: Props, context: Context, subnetId: string, location: string): void {
  const subnet = stateOf(context, [net.subnet], subnetId);
  sameRegion(
    location,
    text(stateOf(context, [net.virtualNetwork], parentOf(subnetId)), "location"),
    subnetId,
  );
  const stranger = subnetUsers(context, subnetId).find(({ type }) => type !== net.applicationGateway);
  refuseUnless(
    stranger === undefined,
    "ApplicationGatewaySubnetCannotBeUsedByOtherResources",
    `Subnet ${subnetId} cannot be used for an application gateway: ${stranger?.id ?? ""} is in it.`,
  );
  const [block] = blocksOf(subnet);
  const needed = number(inputs, "sku.capacity") ?? number(inputs, "autoscaleConfiguration.minCapacity") ?? 1;
  refuseUnless(
    block === undefined || 2 ** (32 - prefixLength(block)) - 5 >= Math.max(1, needed),
    "SubnetIsFull",
    `Subnet ${nameOf(subnetId)} with address prefix ${block ?? ""} does not have enough capacity for ${needed} IP addresses.`,
  );
  const routeTable = text(subnet, "routeTable.id");
  refuseUnless(
    !routesOf(context, routeTable).some(
      (route) => text(route, "addressPrefix") === "0.0.0.0/0" && text(route, "nextHopType") !== "Internet",
    ),
    "ApplicationGatewaySubnetDefaultRouteNotSupported",
    `The route table ${routeTable ?? ""} of subnet ${subnetId} leads 0.0.0.0/0 elsewhere than to the internet.`,
  );
}

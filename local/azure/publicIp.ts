import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import { arm, at, inRange, oneOf, pick, refuseUnless, stateOf, text, uuid } from "./common.js";
import {
  addressUsers,
  admitRegion,
  inUse,
  net,
  networkName,
  once,
  toPublicIp,
  zoneFailures,
} from "./networkTypes.js";

const publicIp: Behaviour = arm({
  source:
    'Microsoft.Network/publicIPAddresses; "Public IP addresses in Azure" (Basic was retired on 2025-09-30; Standard is static)',
  type: "Microsoft.Network/publicIPAddresses",
  names: ["publicIpAddressName"],
  replaces: ["zones", "sku", "publicIPAddressVersion", "publicIPPrefix"],
  check: (inputs) => [
    ...networkName(inputs, "publicIpAddressName"),
    ...oneOf(inputs, "sku.name", ["Basic", "Standard", "StandardV2"]),
    ...oneOf(inputs, "sku.tier", ["Regional", "Global"]),
    ...oneOf(inputs, "publicIPAllocationMethod", ["Static", "Dynamic"]),
    ...oneOf(inputs, "publicIPAddressVersion", ["IPv4", "IPv6"]),
    ...inRange(inputs, "idleTimeoutInMinutes", 4, 30),
    ...zoneFailures(inputs),
  ],
  admit: (inputs) => {
    const sku = text(inputs, "sku.name") ?? "Basic";
    const zones = at(inputs, "zones[]").length;
    refuseUnless(
      sku !== "Basic",
      zones > 0 ? "ZonesNotAllowedForPublicIpAddressWithBasicSku" : "BasicSkuPublicIpAddressesNotAllowed",
      zones > 0
        ? "Zones can only be given to public IP addresses of SKU Standard."
        : "Public IP addresses of SKU Basic can no longer be created.",
    );
    refuseUnless(
      text(inputs, "publicIPAllocationMethod") === "Static",
      "PublicIPAndAllocationMethodNotSupported",
      "Standard sku publicIp must have AllocationMethod set to Static.",
    );
  },
  outputs: (inputs, context) => ({
    ipAddress: once(context.current, "ipAddress", () => publicAddress(context)),
    resourceGuid: once(context.current, "resourceGuid", () => uuid(context)),
    idleTimeoutInMinutes: inputs.idleTimeoutInMinutes ?? 4,
    publicIPAddressVersion: text(inputs, "publicIPAddressVersion") ?? "IPv4",
    ipTags: [],
  }),
  inUse: inUse("Public IP address", "PublicIPAddressCannotBeDeleted"),
});

/** An address in one of Azure's own ranges. */
const publicAddress = (context: Context) =>
  `20.${pick(context, 250, "a") + 1}.${pick(context, 250, "b") + 1}.${pick(context, 250, "c") + 1}`;

/**
 * What a resource with a public address asks of it: of SKU Standard, used by nobody else, and, where the resource
 * is in zones, in all of these. For every description that takes addresses.
 */
export function admitPublicIps(
  context: Context,
  ids: readonly string[],
  ownId: string,
  zones: readonly string[],
): void {
  for (const id of ids) {
    const address = stateOf(context, [net.publicIp], id);
    if (!address) continue;
    const [holder] = addressUsers(context, id).filter((each) => each.id !== ownId);
    refuseUnless(
      holder === undefined,
      "PublicIPAddressInUse",
      `Resource ${ownId} is referencing public IP address ${id} that is already allocated to resource ${holder?.id}.`,
    );
    const offered = at(address, "zones[]").map(String);
    refuseUnless(
      offered.length === 0 || zones.every((zone) => offered.includes(zone)),
      "ResourceAndPublicIPAddressZonesMismatch",
      `Resource ${ownId} is in zones ${zones.join(", ")} and public IP address ${id} is in ${offered.join(", ")}: it must be zone redundant or in the same zones.`,
    );
    refuseUnless(
      offered.length > 0 || zones.length === 0,
      "ResourceAndPublicIPAddressZonesMismatch",
      `Resource ${ownId} is in zones ${zones.join(", ")} and public IP address ${id} is in none.`,
    );
  }
}

const natGateway: Behaviour = arm({
  source:
    'Microsoft.Network/natGateways; "What is Azure NAT Gateway" (one zone or none, 16 addresses, idle 4 to 120)',
  type: "Microsoft.Network/natGateways",
  names: ["natGatewayName"],
  required: ["sku.name"],
  replaces: ["zones", "sku"],
  check: (inputs) => [
    ...networkName(inputs, "natGatewayName"),
    ...oneOf(inputs, "sku.name", ["Standard", "StandardV2"]),
    ...inRange(inputs, "idleTimeoutInMinutes", 4, 120),
    ...zoneFailures(inputs),
  ],
  references: { "publicIpAddresses[].id": toPublicIp },
  admit: (inputs, context) => {
    const zones = at(inputs, "zones[]").map(String);
    const addresses = at(inputs, "publicIpAddresses[].id").map(String);
    refuseUnless(
      zones.length <= 1 || text(inputs, "sku.name") !== "Standard",
      "NatGatewayWithMultipleZonesNotSupported",
      "A NAT gateway of SKU Standard can be in one zone only.",
    );
    refuseUnless(
      addresses.length <= 16,
      "NatGatewayPublicIpAddressesLimitExceeded",
      "A NAT gateway can have at most 16 public IP addresses.",
    );
    admitRegion(context, text(inputs, "location"), [net.publicIp], addresses);
    admitPublicIps(context, addresses, natGateway.id(inputs, context), zones);
  },
  outputs: (inputs: Props, context) => ({
    resourceGuid: once(context.current, "resourceGuid", () => uuid(context)),
    idleTimeoutInMinutes: inputs.idleTimeoutInMinutes ?? 4,
    subnets: [],
  }),
  inUse: inUse("NAT gateway", "InUseNatGatewayCannotBeDeleted"),
});

export const publicIps: Provider = {
  types: { [net.publicIp]: publicIp, [net.natGateway]: natGateway },
  invokes: {},
};

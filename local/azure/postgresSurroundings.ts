import type { Context, Props } from "../behaviour.js";
import {
  at,
  isKnown,
  nameOf,
  parentOf,
  plainLocation,
  prefixLength,
  refuseUnless,
  stateOf,
  text,
} from "./common.js";
import { keyObstacle } from "./diskEncryption.js";
import { identityType } from "./managedIdentity.js";
import { blocksOf, net } from "./networkTypes.js";
import { allow, invalid } from "./postgresRules.js";

/** What a server asks of what it stands on: subnet, private zone, key. */

const delegation = "Microsoft.DBforPostgreSQL/flexibleServers";
const zoneEnding = ".postgres.database.azure.com";

/** A server with private access: the subnet is its own kind's, and its name resolves in the network. */
export function checkNetwork(inputs: Props, context: Context): void {
  allow(inputs, "network.publicNetworkAccess", ["Enabled", "Disabled"]);
  const subnetId = text(inputs, "network.delegatedSubnetResourceId");
  if (subnetId === undefined) return;
  const subnet = stateOf(context, [net.subnet], subnetId);
  const networkId = parentOf(subnetId);
  const delegated = at(subnet, "delegations[]").some((each) => text(each, "serviceName") === delegation);
  refuseUnless(delegated, "SubnetNotDelegated", `The subnet ${subnetId} is not delegated to ${delegation}.`);
  const [prefix] = blocksOf(subnet);
  refuseUnless(
    prefix === undefined || prefixLength(prefix) <= 28,
    "InvalidSubnetSize",
    `The subnet ${subnetId} (${prefix ?? ""}) is too small: a server needs at least a /28.`,
  );
  const location = text(stateOf(context, [net.virtualNetwork], networkId), "location");
  refuseUnless(
    location === undefined || plainLocation(location) === plainLocation(text(inputs, "location") ?? ""),
    "InvalidResourceLocation",
    `The subnet ${subnetId} is in '${location ?? ""}', and the server is not.`,
  );
  refuseUnless(
    text(inputs, "network.publicNetworkAccess") !== "Enabled",
    invalid,
    "Public network access cannot be enabled on a server in a virtual network.",
  );

  const zoneId = text(inputs, "network.privateDnsZoneArmResourceId");
  const zoneName = nameOf(zoneId ?? "");
  const server = text(inputs, "serverName") ?? "";
  refuseUnless(zoneId !== undefined, "EmptyPrivateDnsZoneArmResourceId", "A private DNS zone must be given.");
  refuseUnless(
    `.${zoneName}`.endsWith(zoneEnding) && zoneName !== `${server}${zoneEnding}`,
    "InvalidPrivateDnsZoneName",
    `The private DNS zone's name '${zoneName}' must end with '${zoneEnding.slice(1)}' and differ from the server's.`,
  );
  refuseUnless(
    context.world
      .list(net.zoneLink)
      .some(({ id, state }) => parentOf(id) === zoneId && text(state, "virtualNetwork.id") === networkId),
    "PrivateDnsZoneNotLinked",
    `The private DNS zone ${zoneName} is not linked to the virtual network ${networkId}.`,
  );
}

/** A customer's key: an identity that the server has, and that may use the key. */
export function checkEncryption(inputs: Props, context: Context): void {
  allow(inputs, "dataEncryption.type", ["SystemManaged", "AzureKeyVault"]);
  if (text(inputs, "dataEncryption.type") !== "AzureKeyVault") return;
  const [uri] = at(inputs, "dataEncryption.primaryKeyURI");
  const identityId = text(inputs, "dataEncryption.primaryUserAssignedIdentityId");
  refuseUnless(
    uri !== undefined && at(inputs, "dataEncryption.primaryUserAssignedIdentityId").length > 0,
    invalid,
    "A customer-managed key needs primaryKeyURI and primaryUserAssignedIdentityId.",
  );
  const [given] = at(inputs, "identity.userAssignedIdentities");
  if (!isKnown(given) || identityId === undefined) return;
  const identities = Array.isArray(given) ? given : Object.keys(given as Props);
  refuseUnless(
    identities.includes(identityId),
    invalid,
    `The identity ${identityId} of the key is not one of the server's identities.`,
  );
  const principal = text(stateOf(context, [identityType], identityId), "principalId");
  const obstacle = keyObstacle(context, String(uri), principal);
  refuseUnless(
    obstacle === undefined,
    "AzureKeyVaultKeyAccessDenied",
    `The server cannot be encrypted by the key ${String(uri)}: ${obstacle ?? ""}.`,
  );
}

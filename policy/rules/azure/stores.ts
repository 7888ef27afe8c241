import type { Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, missing, show } from "../../values.js";

/** A server in a delegated subnet has no public address; any other has one until it is told otherwise. */
function* judgeFlexibleServer({ props }: Resource): Iterable<string> {
  const network = at(props, "network");
  const access = at(network, "publicNetworkAccess");
  const right = missing(at(network, "delegatedSubnetResourceId"))
    ? ["Disabled"]
    : ["Disabled", undefined, null];
  if (differs(access, ...right))
    yield `network.publicNetworkAccess is ${show(access)}; right is Disabled, with a delegated subnet or a private endpoint`;
}

function* judgeAccess({ props }: Resource): Iterable<string> {
  const access = at(props, "publicNetworkAccess");
  if (differs(access, "Disabled"))
    yield `publicNetworkAccess is ${show(access)}; right is Disabled, with a private endpoint`;
}

/** A cache in a subnet of its own has no public address. */
function* judgeRedis(resource: Resource): Iterable<string> {
  if (missing(at(resource.props, "subnetId"))) yield* judgeAccess(resource);
}

function* judgeVault({ props }: Resource): Iterable<string> {
  const access = at(props, "properties", "publicNetworkAccess");
  const action = at(props, "properties", "networkAcls", "defaultAction");
  // Azure writes and reads either word in any case.
  if (differs(access, "Disabled", "disabled") && differs(action, "Deny"))
    yield `properties.publicNetworkAccess is ${show(access)}; right is Disabled, or networkAcls that deny by default`;
}

/** Firewall rules of servers are for callers at the public address, and there is none. */
function* judgeFirewallRule({ props }: Resource): Iterable<string> {
  const [from, to] = [
    at(props, "startIpAddress") ?? at(props, "startIP"),
    at(props, "endIpAddress") ?? at(props, "endIP"),
  ];
  yield `a server's firewall admits ${show(from)} to ${show(to)} at a public address; right is no rule, and a private endpoint`;
}

export const privateStores: Rule = {
  each: {
    ...forTypes(
      ["azure-native:dbforpostgresql:Server", "azure-native:dbformysql:Server"],
      judgeFlexibleServer,
    ),
    ...forTypes(
      [
        "azure-native:redisenterprise:RedisEnterprise",
        "azure-native:sql:Server",
        "azure-native:cosmosdb:DatabaseAccount",
      ],
      judgeAccess,
    ),
    "azure-native:redis:Redis": judgeRedis,
    "azure-native:keyvault:Vault": judgeVault,
    ...forTypes(
      ["dbforpostgresql", "dbformysql", "sql", "redis"].map(
        (module) => `azure-native:${module}:FirewallRule`,
      ),
      judgeFirewallRule,
    ),
  },
};

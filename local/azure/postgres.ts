import type { Behaviour, Provider } from "../behaviour.js";
import { CloudError } from "../behaviour.js";
import { arm, matches, refuseName, refuseUnless, text, toArm } from "./common.js";
import { identityType } from "./managedIdentity.js";
import { net, toSubnet } from "./networkTypes.js";
import { parameters } from "./postgresParameters.js";
import { checkServer, checkUpdate } from "./postgresRules.js";
import {
  checkReplica,
  checkReplicaUpdate,
  endpointType,
  isReplica,
  releaseServer,
  replicaOutputs,
  serverType,
  virtualEndpoint,
} from "./postgresReplicas.js";
import { checkEncryption, checkNetwork } from "./postgresSurroundings.js";

const invalid = "InvalidParameterValue";

const server: Behaviour = arm({
  source:
    "Microsoft.DBforPostgreSQL/flexibleServers (Azure/bicep-types-az); Azure Database for PostgreSQL: compute, storage, high availability, private network, limits",
  type: "Microsoft.DBforPostgreSQL/flexibleServers",
  names: ["serverName"],
  defaults: () => ({ createMode: "Default" }),
  check: (inputs) =>
    refuseName(
      inputs,
      "serverName",
      /^[a-z0-9][-a-z0-9]{2,62}(?<!-)$/,
      "3 to 63 lower-case letters, digits and hyphens, without a hyphen at either end.",
    ),
  references: {
    "network.delegatedSubnetResourceId": toSubnet,
    "network.privateDnsZoneArmResourceId": toArm([net.privateZone]),
    "dataEncryption.primaryUserAssignedIdentityId": toArm([identityType]),
  },
  // The name is a host name under one domain, in every subscription.
  unique: (inputs) => text(inputs, "serverName"),
  taken: (key) => new CloudError("ServerNameAlreadyExists", `Specified server name is already used: ${key}.`),
  admit: (inputs, context) => {
    checkServer(inputs, context);
    checkNetwork(inputs, context);
    checkEncryption(inputs, context);
    checkReplica(inputs, context);
    checkReplicaUpdate(inputs, context);
    if (context.current) checkUpdate(context.current.inputs, inputs);
  },
  outputs: (inputs, context) => ({
    fullyQualifiedDomainName: `${text(inputs, "serverName") ?? ""}.postgres.database.azure.com`,
    state: "Ready",
    minorVersion: "10",
    replicaCapacity: 5,
    privateEndpointConnections: [],
    systemData: context.current?.state["systemData"] ?? { createdAt: context.now() },
    ...replicaOutputs(inputs, context),
  }),
  release: releaseServer,
  minutes: 8,
});

const configuration: Behaviour = arm({
  source: "Azure Database for PostgreSQL, server parameters (name, type, allowed values, read-only)",
  type: "Microsoft.DBforPostgreSQL/flexibleServers/configurations",
  names: ["serverName", "configurationName"],
  parent: serverType,
  // Every parameter exists from the start: writing one takes it over.
  adopts: true,
  admit: (inputs) => {
    const name = text(inputs, "configurationName") ?? "";
    const known = parameters[name];
    if (!known)
      throw new CloudError(
        "ConfigurationNotExists",
        `Configuration '${name}' does not exist for the server.`,
      );
    refuseUnless(
      known.readOnly !== true,
      "ReadOnlyConfiguration",
      `Configuration '${name}' is read only and cannot be changed.`,
    );
    const value = text(inputs, "value");
    refuseUnless(
      value === undefined || known.allowed.test(value),
      invalid,
      `Invalid value given for parameter ${name}: '${value ?? ""}'. Specify a valid parameter value.`,
    );
  },
  outputs: (inputs) => {
    const known = parameters[text(inputs, "configurationName") ?? ""];
    return {
      isDynamicConfig: known?.restart !== true,
      isReadOnly: false,
      isConfigPendingRestart: known?.restart === true,
      defaultValue: known?.byDefault ?? "",
      source: text(inputs, "source") ?? "user-override",
    };
  },
});

const reserved = new Set(["azure_maintenance", "azure_sys", "postgres", "template0", "template1"]);

const database: Behaviour = arm({
  source: "Microsoft.DBforPostgreSQL/flexibleServers/databases (Azure/bicep-types-az)",
  type: "Microsoft.DBforPostgreSQL/flexibleServers/databases",
  names: ["serverName", "databaseName"],
  parent: serverType,
  replaces: ["charset", "collation"],
  defaults: () => ({ charset: "UTF8", collation: "en_US.utf8" }),
  check: (inputs) =>
    matches(
      inputs,
      "databaseName",
      /^[a-zA-Z_][a-zA-Z0-9_-]{0,62}$/,
      "1 to 63 letters, digits, underscores and hyphens, no digit first",
    ),
  admit: (inputs, context) => {
    const name = text(inputs, "databaseName") ?? "";
    const server = context.world
      .list(serverType)
      .find((each) => each.inputs["serverName"] === inputs["serverName"]);
    refuseUnless(
      !isReplica(server?.state),
      "OperationNotAllowedOnReplica",
      `The server ${String(inputs["serverName"])} is a read replica, which takes no writes.`,
    );
    refuseUnless(!reserved.has(name), invalid, `Database name '${name}' is reserved.`);
    refuseUnless(
      (text(inputs, "charset") ?? "UTF8").toUpperCase() === "UTF8",
      invalid,
      `Invalid value given for parameter Charset: '${text(inputs, "charset") ?? ""}'.`,
    );
    refuseUnless(
      /^(C|C\.UTF-8|POSIX|[a-z]{2,3}_[A-Z]{2}\.utf8)$/.test(text(inputs, "collation") ?? ""),
      invalid,
      `Invalid value given for parameter Collation: '${text(inputs, "collation") ?? ""}'.`,
    );
  },
});

export const postgres: Provider = {
  types: {
    [serverType]: server,
    [endpointType]: virtualEndpoint,
    "azure-native:dbforpostgresql:Configuration": configuration,
    "azure-native:dbforpostgresql:Database": database,
  },
  invokes: {},
};

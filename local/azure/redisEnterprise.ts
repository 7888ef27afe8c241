import { createHash } from "node:crypto";
import type { Behaviour, Context, Invoke, Props, Provider } from "../behaviour.js";
import { CloudError } from "../behaviour.js";
import {
  arm,
  armId,
  at,
  isTrue,
  nameOf,
  number,
  parentOf,
  plainLocation,
  refuseName,
  refuseUnless,
  stateOf,
  text,
} from "./common.js";
import { memory } from "./redisSkus.js";

const clusterType = "azure-native:redisenterprise:RedisEnterprise";
const databaseType = "azure-native:redisenterprise:Database";
const invalid = "BadRequest";

/** The retired tiers, which name their instances' number and zones themselves. */
const enterprise = /^(Enterprise_E(1|5|10|20|50|100|200|400)|EnterpriseFlash_F(300|700|1500))$/;

function allow(inputs: Props, path: string, allowed: readonly string[]): void {
  const value = text(inputs, path);
  refuseUnless(
    value === undefined || allowed.includes(value),
    invalid,
    `The value '${value ?? ""}' of '${path}' is not valid. Valid values: ${allowed.join(", ")}.`,
  );
}

const cluster: Behaviour = arm({
  source:
    "Microsoft.Cache/redisEnterprise (Azure/bicep-types-az); Azure Managed Redis: tiers, TLS, reliability",
  type: "Microsoft.Cache/redisEnterprise",
  names: ["clusterName"],
  required: ["sku", "publicNetworkAccess"],
  replaces: ["zones"],
  check: (inputs) =>
    refuseName(
      inputs,
      "clusterName",
      /^(?=.{1,60}$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/,
      "1 to 60 letters, digits and single hyphens, with a letter or digit at either end.",
    ),
  // The name is a host name under the region's domain, in every subscription.
  unique: (inputs) =>
    `${text(inputs, "clusterName") ?? ""} in ${plainLocation(text(inputs, "location") ?? "")}`.toLowerCase(),
  taken: (key) => new CloudError("NameNotAvailable", `An instance of Redis named ${key} already exists.`),
  admit: (inputs, context) => {
    const sku = text(inputs, "sku.name") ?? "";
    const managed = memory.has(sku);
    refuseUnless(managed || enterprise.test(sku), "InvalidSku", `The SKU '${sku}' is not valid.`);
    refuseUnless(
      managed ? number(inputs, "sku.capacity") === undefined : number(inputs, "sku.capacity") !== undefined,
      "InvalidSku",
      managed ? `The SKU '${sku}' takes no capacity.` : `The SKU '${sku}' needs a capacity.`,
    );
    refuseUnless(
      !managed || at(inputs, "zones[]").length === 0,
      "ZonesNotSupported",
      `Zones cannot be specified for the SKU '${sku}': it is zone redundant by itself.`,
    );
    allow(inputs, "highAvailability", ["Enabled", "Disabled"]);
    allow(inputs, "publicNetworkAccess", ["Enabled", "Disabled"]);
    // 1.0 and 1.1 are in the schema still, and retired.
    allow(inputs, "minimumTlsVersion", ["1.2"]);
    const before = context.current?.inputs;
    refuseUnless(
      before === undefined ||
        text(before, "highAvailability") === "Disabled" ||
        text(inputs, "highAvailability") !== "Disabled",
      invalid,
      "High availability cannot be disabled once it is enabled.",
    );
    const old = memory.get(text(before, "sku.name") ?? "");
    refuseUnless(
      old === undefined || old <= (memory.get(sku) ?? 0),
      invalid,
      `The cluster cannot be scaled from '${text(before, "sku.name") ?? ""}' down to '${sku}'.`,
    );
    for (const database of context.world.list(databaseType))
      if (context.current && parentOf(database.id) === context.current.id)
        checkPolicy(text(database.inputs, "clusteringPolicy"), sku);
  },
  outputs: (inputs) => ({
    hostName: `${text(inputs, "clusterName") ?? ""}.${plainLocation(text(inputs, "location") ?? "")}.redis.azure.net`,
    kind: "v2",
    redisVersion: "7.4",
    redundancyMode: text(inputs, "highAvailability") === "Disabled" ? "None" : "ZR",
    resourceState: "Running",
    privateEndpointConnections: [],
  }),
  minutes: 10,
});

/** Source: Azure Managed Redis, "Cluster policies". */
function checkPolicy(policy: string | undefined, sku: string): void {
  refuseUnless(
    policy !== "NoCluster" || (memory.get(sku) ?? 0) <= 25,
    invalid,
    `The clustering policy NoCluster is for at most 25 GB; the SKU '${sku}' has more.`,
  );
}

const evictions =
  "AllKeysLFU AllKeysLRU AllKeysRandom VolatileLRU VolatileLFU VolatileTTL VolatileRandom NoEviction".split(
    " ",
  );

const database: Behaviour = arm({
  source:
    "Microsoft.Cache/redisEnterprise/databases (Azure/bicep-types-az); Azure Managed Redis, persistence",
  type: "Microsoft.Cache/redisEnterprise/databases",
  names: ["clusterName", "databaseName"],
  parent: clusterType,
  replaces: ["modules", "port", "geoReplication.groupNickname"],
  replacesWhen: (olds, news) => {
    const old = text(olds, "clusteringPolicy") ?? "OSSCluster";
    return old !== "NoCluster" && old !== (text(news, "clusteringPolicy") ?? "OSSCluster")
      ? ["clusteringPolicy"]
      : [];
  },
  admit: (inputs, context) => {
    const name = text(inputs, "databaseName") ?? "";
    refuseUnless(name === "default", invalid, `The database must be named 'default', not '${name}'.`);
    const port = number(inputs, "port");
    refuseUnless(
      port === undefined || port === 10000,
      invalid,
      `The port ${port ?? ""} is not available; use 10000.`,
    );
    allow(inputs, "clientProtocol", ["Encrypted", "Plaintext"]);
    allow(inputs, "clusteringPolicy", ["EnterpriseCluster", "OSSCluster", "NoCluster"]);
    allow(inputs, "evictionPolicy", evictions);
    allow(inputs, "accessKeysAuthentication", ["Enabled", "Disabled"]);
    allow(inputs, "deferUpgrade", ["Deferred", "NotDeferred"]);
    allow(inputs, "persistence.rdbFrequency", ["1h", "6h", "12h"]);
    allow(inputs, "persistence.aofFrequency", ["1s", "always"]);
    for (const kind of ["rdb", "aof"])
      refuseUnless(
        !isTrue(inputs, `persistence.${kind}Enabled`) ||
          at(inputs, `persistence.${kind}Frequency`).length > 0,
        invalid,
        `Persistence by ${kind} needs ${kind}Frequency.`,
      );
    refuseUnless(
      !(isTrue(inputs, "persistence.rdbEnabled") && isTrue(inputs, "persistence.aofEnabled")),
      invalid,
      "Only one of rdbEnabled and aofEnabled can be set.",
    );
    refuseUnless(
      at(inputs, "geoReplication").length === 0 ||
        !(isTrue(inputs, "persistence.rdbEnabled") || isTrue(inputs, "persistence.aofEnabled")),
      invalid,
      "A geo-replicated database cannot be persisted.",
    );
    const owner = stateOf(context, [clusterType], clusterOf(inputs, context));
    checkPolicy(text(inputs, "clusteringPolicy"), text(owner, "sku.name") ?? "");
  },
  outputs: (inputs) => ({
    port: number(inputs, "port") ?? 10000,
    redisVersion: "7.4",
    resourceState: "Running",
  }),
  minutes: 3,
});

const clusterOf = (inputs: Props, context: Pick<Context, "world" | "scope">): string =>
  armId(context, text(inputs, "resourceGroupName") ?? "", "Microsoft.Cache/redisEnterprise", [
    text(inputs, "clusterName") ?? "",
  ]);

const listDatabaseKeys: Invoke = (args, context) => {
  const id = `${clusterOf(args, context)}/databases/${text(args, "databaseName") ?? ""}`;
  const state = context.world.find(databaseType, id)?.state;
  if (!state)
    throw new CloudError(
      "ResourceNotFound",
      `The Resource 'Microsoft.Cache/redisEnterprise/${nameOf(parentOf(id))}/databases/${nameOf(id)}' was not found.`,
    );
  refuseUnless(
    text(state, "accessKeysAuthentication") === "Enabled",
    invalid,
    "Access keys are disabled for this database.",
  );
  const key = (which: string) =>
    createHash("sha256").update(`${context.world.account}/${id}/${which}`).digest("base64");
  return { primaryKey: key("primary"), secondaryKey: key("secondary") };
};

export const redisEnterprise: Provider = {
  types: { [clusterType]: cluster, [databaseType]: database },
  invokes: { "azure-native:redisenterprise:listDatabaseKeys": listDatabaseKeys },
};

import * as redis from "@pulumi/azure-native/redisenterprise/index.js";
import * as pulumi from "@pulumi/pulumi";
import { diagnostics } from "./diagnostics.js";
import { globalName } from "./globalName.js";
import { privateEndpoint } from "./privateEndpoint.js";

export interface CacheArgs {
  resourceGroupName: pulumi.Input<string>;
  region: string;
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  /** Part of the cache's name, which all of a region shares. */
  subscriptionId: pulumi.Input<string>;
  /** The endpoint tier's subnet. */
  endpointSubnetId: pulumi.Input<string>;
  /** The zone `privatelink.redis.azure.net`. */
  privateZoneId: pulumi.Input<string>;
  /** `Balanced_B1`, `Balanced_B5`, …, at most 24 GB: a larger one has to be clustered. */
  sku: string;
  /** A second node, in another zone where the region has zones, which takes over by itself. */
  highAvailability: boolean;
  /** The cache is not deleted or replaced, and is written to disk every six hours. */
  protect: boolean;
  workspaceId: pulumi.Input<string>;
}

const port = 10000;
/** A cluster has one database, of this name. */
const databaseName = "default";

/** Azure Managed Redis behind a private endpoint: TLS only, access key, encrypted. */
export class Cache extends pulumi.ComponentResource {
  /** Follows the primary through a failover. Known once it resolves to the private endpoint. */
  readonly endpoint: pulumi.Output<string>;
  readonly port = port;
  /** Access key of the user `default`. Secret. */
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: CacheArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:azure:Cache", name, args, opts);
    const { prefix, region, resourceGroupName, protect } = args;
    const parent = { parent: this };

    // Azure spreads the nodes over zones by itself: of these SKUs none takes a list of zones.
    const cluster = new redis.RedisEnterprise(
      `${name}-cluster`,
      {
        clusterName: globalName("azure:redisEnterprise", args.subscriptionId, prefix),
        resourceGroupName,
        location: region,
        sku: { name: args.sku },
        highAvailability: args.highAvailability ? "Enabled" : "Disabled",
        minimumTlsVersion: "1.2",
        publicNetworkAccess: "Disabled",
      },
      { ...parent, protect },
    );
    const database = new redis.Database(
      `${name}-database`,
      {
        databaseName,
        clusterName: cluster.name,
        resourceGroupName,
        port,
        clientProtocol: "Encrypted",
        // One shard, as on the other clouds: the gateway's client uses keys together that a cluster would part.
        clusteringPolicy: "NoCluster",
        // Under pressure only keys that expire anyway are dropped; the gateway's settings have no expiry.
        evictionPolicy: "VolatileLRU",
        accessKeysAuthentication: "Enabled",
        deferUpgrade: "NotDeferred",
        ...(protect && { persistence: { rdbEnabled: true, rdbFrequency: "6h" } }),
      },
      { ...parent, protect },
    );
    const resolves = privateEndpoint(
      name,
      {
        resourceGroupName,
        region,
        prefix,
        role: "cache",
        subnetId: args.endpointSubnetId,
        resourceId: cluster.id,
        groupId: "redisEnterprise",
        privateZoneId: args.privateZoneId,
      },
      parent,
    );
    diagnostics(name, cluster.id, args.workspaceId, parent, ["metrics"]);
    diagnostics(`${name}-database`, database.id, args.workspaceId, parent, ["logs"]);

    const keys = redis.listDatabaseKeysOutput(
      { clusterName: cluster.name, databaseName: database.name, resourceGroupName },
      parent,
    );
    const usable = pulumi.all([cluster.hostName, database.id, resolves.id]);
    this.endpoint = usable.apply(([hostName]) => hostName);
    this.password = pulumi.secret(keys.primaryKey);
    this.registerOutputs({ endpoint: this.endpoint, port, password: this.password });
  }
}

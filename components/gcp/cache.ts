import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";

export interface CacheArgs {
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  region: string;
  networkId: pulumi.Input<string>;
  /** Block of the network that no subnet has, a /29: Memorystore takes it for itself and peers with the network. */
  reservedRange: string;
  /**
   * Key of what Memorystore stores; it must be usable by Memorystore. Chosen when the cache is made, and kept
   * whatever is said later. Default Google's own.
   */
  keyId?: pulumi.Input<string>;
  /** Redis version, major and minor: `7.2`. */
  version: string;
  /** Memory, 1 to 300 GiB. */
  memoryGiB: number;
  /** Deletion protection. */
  protect: boolean;
  /** The enabled APIs. */
  apis: pulumi.Resource[];
}

/** Memorystore's port with TLS; 6379 is the one without. */
const port = 6378;

/**
 * Memorystore for Redis: TLS only, password, encrypted. Not Memorystore for Valkey: what that takes for a password
 * is an IAM token of one hour, and the gateway reads its password once, from its environment.
 */
export class Cache extends pulumi.ComponentResource {
  /** Address; it follows the primary through a failover. */
  readonly endpoint: pulumi.Output<string>;
  readonly port = port;
  /** Secret. Memorystore makes it up; the user is `default`. */
  readonly password: pulumi.Output<string>;
  /** The authority that signed the server's certificate, which is Memorystore's own: PEM, the old and the new one while it changes. */
  readonly caCertificate: pulumi.Output<string>;

  constructor(name: string, args: CacheArgs, opts?: pulumi.ComponentResourceOptions) {
    const { apis, ...inputs } = args;
    super("javelin:gcp:Cache", name, inputs, opts);

    const instance = new gcp.redis.Instance(
      `${name}-instance`,
      {
        name: physicalName("gcp:cache", args.prefix),
        displayName: `${args.prefix} cache`,
        region: args.region,
        // A replica in another zone, which takes over by itself, at every size: a tier is for ever, and a cell that
        // grew would lose its cache. More replicas would only serve reads, which the gateway doesn't ask for.
        tier: "STANDARD_HA",
        memorySizeGb: args.memoryGiB,
        redisVersion: `REDIS_${args.version.replace(".", "_")}`,
        authorizedNetwork: args.networkId,
        connectMode: "DIRECT_PEERING",
        reservedIpRange: args.reservedRange,
        authEnabled: true,
        transitEncryptionMode: "SERVER_AUTHENTICATION",
        customerManagedKey: args.keyId,
        // Under pressure only keys that expire anyway are dropped; the gateway's settings have no expiry.
        redisConfigs: { "maxmemory-policy": "volatile-lru" },
        persistenceConfig: { persistenceMode: "RDB", rdbSnapshotPeriod: "TWENTY_FOUR_HOURS" },
        maintenancePolicy: { weeklyMaintenanceWindows: [{ day: "SUNDAY", startTime: { hours: 5 } }] },
        deletionProtection: args.protect,
      },
      {
        parent: this,
        protect: args.protect,
        dependsOn: apis,
        additionalSecretOutputs: ["authString"],
        // Another key makes another cache: a cell that grew to a size with one would lose its own.
        ignoreChanges: ["customerManagedKey"],
      },
    );

    this.endpoint = instance.host;
    this.password = pulumi.secret(instance.authString);
    this.caCertificate = instance.serverCaCerts.apply((certificates) =>
      certificates.map(({ cert }) => cert).join("\n"),
    );
    this.registerOutputs({ endpoint: this.endpoint, port, password: this.password });
  }
}

import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { physicalName } from "../names.js";

export interface DatabaseArgs {
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  region: string;
  /** The project's id: the only one that may connect. */
  project: pulumi.Input<string>;
  networkId: pulumi.Input<string>;
  /** The endpoint tier's subnet, where the database's address lies. */
  endpointSubnetId: pulumi.Input<string>;
  /** One zone for each instance, in this order; the second only with `reader`. */
  zones: string[];
  /** Key of what Cloud SQL stores; it must be usable by Cloud SQL. Chosen when the database is made; default Google's own. */
  keyId?: pulumi.Input<string>;
  /** PostgreSQL version. Only the major one counts: Cloud SQL picks the minor one in the maintenance window. */
  version: string;
  /** A tier of the Enterprise edition: `db-custom-<vCPU>-<MiB>`, `db-g1-small`. */
  tier: string;
  /** A standby in another zone, which takes over when the primary fails. It serves no queries. */
  reader: boolean;
  databaseName: string;
  username: string;
  password: pulumi.Input<string>;
  /** Days that automated backups are kept, 1 to 365: one is made a day, and this many are kept. */
  backupDays: number;
  /** Deletion protection, a final backup kept for 30 days, and automated backups that outlive the instance. */
  protect: boolean;
  /** The enabled APIs. */
  apis: pulumi.Resource[];
}

const port = 5432;

/**
 * Cloud SQL for PostgreSQL, reached by Private Service Connect: TLS only, no public address, backed up. (The other
 * private way, peering, holds on to the network for days after the database is gone.)
 */
export class Database extends pulumi.ComponentResource {
  /** Address in the endpoint subnet; it follows the primary through a failover. Known once database and user exist. */
  readonly endpoint: pulumi.Output<string>;
  readonly port = port;
  /** `<project>:<region>:<instance>`. */
  readonly connectionName: pulumi.Output<string>;
  /** A cell's own database takes writes. */
  readonly writable = true;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    const { apis, ...inputs } = args;
    super("javelin:gcp:Database", name, { ...inputs, password: pulumi.secret(args.password) }, opts);
    const { prefix, region, protect, zones } = args;
    const parent = { parent: this };
    const ready = { parent: this, dependsOn: apis };

    // Cloud SQL holds the name of a deleted instance for a week. What replaces the instance gives it a new one.
    const generation = new random.RandomId(
      `${name}-generation`,
      { byteLength: 4, keepers: { region, key: args.keyId === undefined ? "google" : "own" } },
      parent,
    );
    const instance = new gcp.sql.DatabaseInstance(
      `${name}-instance`,
      {
        name: pulumi.interpolate`${physicalName("gcp:database", prefix)}-${generation.hex}`,
        region,
        databaseVersion: `POSTGRES_${args.version.split(".")[0]}`,
        encryptionKeyName: args.keyId,
        deletionProtection: protect,
        settings: {
          // From PostgreSQL 16 on the default is Enterprise Plus, which has no db-custom tiers.
          edition: "ENTERPRISE",
          tier: args.tier,
          availabilityType: args.reader ? "REGIONAL" : "ZONAL",
          locationPreference: { zone: zones[0], secondaryZone: args.reader ? zones[1] : undefined },
          diskType: "PD_SSD",
          diskAutoresize: true,
          ipConfiguration: {
            ipv4Enabled: false,
            sslMode: "ENCRYPTED_ONLY",
            pscConfigs: [{ pscEnabled: true, allowedConsumerProjects: [args.project] }],
          },
          // Statements are not logged: their values hold prompts and keys.
          databaseFlags: [
            { name: "cloudsql.iam_authentication", value: "on" },
            { name: "log_connections", value: "on" },
            { name: "log_disconnections", value: "on" },
            { name: "log_lock_waits", value: "on" },
          ],
          backupConfiguration: {
            enabled: true,
            startTime: "03:00",
            location: region,
            pointInTimeRecoveryEnabled: true,
            // The most that the Enterprise edition keeps.
            transactionLogRetentionDays: 7,
            backupRetentionSettings: { retainedBackups: args.backupDays, retentionUnit: "COUNT" },
          },
          maintenanceWindow: { day: 7, hour: 5, updateTrack: "stable" },
          // Queries are kept without their values.
          insightsConfig: {
            queryInsightsEnabled: true,
            recordClientAddress: false,
            recordApplicationTags: false,
          },
          deletionProtectionEnabled: protect,
          retainBackupsOnDelete: protect,
          finalBackupConfig: protect ? { enabled: true, retentionDays: 30 } : { enabled: false },
        },
      },
      ready,
    );
    // They go with the instance: PostgreSQL drops no user that owns tables, and no database that is in use.
    const deletionPolicy = "ABANDON";
    const database = new gcp.sql.Database(
      `${name}-database`,
      { instance: instance.name, name: args.databaseName, deletionPolicy },
      parent,
    );
    const user = new gcp.sql.User(
      `${name}-user`,
      {
        instance: instance.name,
        name: args.username,
        password: pulumi.secret(args.password),
        deletionPolicy,
      },
      parent,
    );

    const address = new gcp.compute.Address(
      `${name}-address`,
      {
        name: physicalName("gcp:address", prefix, "database"),
        region,
        addressType: "INTERNAL",
        purpose: "GCE_ENDPOINT",
        subnetwork: args.endpointSubnetId,
      },
      ready,
    );
    const connection = new gcp.compute.ForwardingRule(
      `${name}-connection`,
      {
        name: physicalName("gcp:address", prefix, "database"),
        region,
        network: args.networkId,
        ipAddress: address.selfLink,
        target: instance.pscServiceAttachmentLink,
        // What makes it a Private Service Connect endpoint and not a load balancer.
        loadBalancingScheme: "",
        allowPscGlobalAccess: false,
      },
      parent,
    );

    this.endpoint = pulumi
      .all([address.address, connection.pscConnectionStatus, database.id, user.id])
      .apply(([found, status]) => {
        // The endpoint is made all the same, and then nothing answers.
        if (status === "REJECTED" || status === "CLOSED")
          throw new Error(`Cloud SQL does not accept the connection of ${prefix}: found ${status}`);
        return found;
      });
    this.connectionName = instance.connectionName;
    this.registerOutputs({ endpoint: this.endpoint, port, connectionName: this.connectionName });
  }
}

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
  /** Present when the cell shares its database with others. */
  replication?: Replication;
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

/** A part of a database that cells share: the instance that writes, or with a `source` one that follows it. */
export interface Replication {
  /** Name of the instance that writes, known once it can be followed. */
  source?: { id: pulumi.Input<string> };
  /** Parent of what moves along with the writes and belongs to no cell. */
  keeper: pulumi.Resource;
}

const port = 5432;

/** What an instance was made with, as the part that it had then. A promotion changes the part and nothing of this. */
const madeWith = ["masterInstanceName"];

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
  /** The instance's name, known once another can follow it. */
  readonly source: pulumi.Output<string>;
  /** False for an instance that follows another. */
  readonly writable: boolean;
  /** Whether it writes by what the cloud said when it was last read: a promotion changes that. */
  readonly leads: pulumi.Output<boolean>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    const { apis, replication, ...inputs } = args;
    const source = replication?.source;
    const given = { ...inputs, ...(source && { source: source.id }) };
    super("javelin:gcp:Database", name, { ...given, password: pulumi.secret(args.password) }, opts);
    const { prefix, region, protect, zones } = args;
    const parent = { parent: this };
    const ready = { parent: this, dependsOn: apis };

    // Cloud SQL holds the name of a deleted instance for a week. What replaces the instance gives it a new one.
    const generation = new random.RandomId(
      `${name}-generation`,
      { byteLength: 4, keepers: { region } },
      parent,
    );
    // A copy has no standby, no backups and no maintenance window of its own before it writes.
    const standby = args.reader && !source;
    const instance = new gcp.sql.DatabaseInstance(
      `${name}-instance`,
      {
        name: pulumi.interpolate`${physicalName("gcp:database", prefix)}-${generation.hex}`,
        region,
        databaseVersion: `POSTGRES_${args.version.split(".")[0]}`,
        encryptionKeyName: args.keyId,
        ...(source && { masterInstanceName: source.id }),
        deletionProtection: protect,
        settings: {
          // From PostgreSQL 16 on the default is Enterprise Plus, which has no db-custom tiers.
          edition: "ENTERPRISE",
          tier: args.tier,
          availabilityType: standby ? "REGIONAL" : "ZONAL",
          locationPreference: { zone: zones[0], secondaryZone: standby ? zones[1] : undefined },
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
          ...(!source && {
            backupConfiguration: {
              enabled: true,
              startTime: "03:00",
              location: region,
              pointInTimeRecoveryEnabled: true,
              // The Enterprise edition keeps logs for 7 days, and no logs for longer than backups.
              transactionLogRetentionDays: Math.min(7, args.backupDays),
              backupRetentionSettings: { retainedBackups: args.backupDays, retentionUnit: "COUNT" },
            },
            maintenanceWindow: { day: 7, hour: 5, updateTrack: "stable" },
          }),
          // Queries are kept without their values.
          insightsConfig: {
            queryInsightsEnabled: true,
            recordClientAddress: false,
            recordApplicationTags: false,
          },
          deletionProtectionEnabled: protect,
          retainBackupsOnDelete: protect,
          finalBackupConfig: protect && !source ? { enabled: true, retentionDays: 30 } : { enabled: false },
        },
      },
      // A key is chosen once: another would make another, empty database.
      { ...ready, protect, ignoreChanges: ["encryptionKeyName", ...(replication ? madeWith : [])] },
    );
    // They go with the instance: PostgreSQL drops no user that owns tables, and no database that is in use.
    // Where cells share them, they are nobody's own: whichever instance writes, they are the same.
    const content = source ? [] : this.content(name, instance, args);

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
      .output({
        found: address.address,
        status: connection.pscConnectionStatus,
        content: content.map(({ id }) => id),
      })
      .apply(({ found, status }) => {
        // The endpoint is made all the same, and then nothing answers.
        if (status === "REJECTED" || status === "CLOSED")
          throw new Error(`Cloud SQL does not accept the connection of ${prefix}: found ${status}`);
        return found;
      });
    this.connectionName = instance.connectionName;
    this.source = pulumi.all([instance.name, this.endpoint]).apply(([found]) => found);
    this.writable = source === undefined;
    this.leads = instance.instanceType.apply((kind) => kind !== "READ_REPLICA_INSTANCE");
    this.registerOutputs({ endpoint: this.endpoint, port, connectionName: this.connectionName });
  }

  /** The database and its user. */
  private content(name: string, instance: gcp.sql.DatabaseInstance, args: DatabaseArgs) {
    const deletionPolicy = "ABANDON";
    const { keeper } = args.replication ?? {};
    const start = keeper ? "database-content" : name;
    const opts = keeper ? { parent: keeper, ignoreChanges: ["instance"] } : { parent: this };
    return [
      new gcp.sql.Database(
        keeper ? start : `${start}-database`,
        { instance: instance.name, name: args.databaseName, deletionPolicy },
        opts,
      ),
      new gcp.sql.User(
        `${start}-user`,
        {
          instance: instance.name,
          name: args.username,
          password: pulumi.secret(args.password),
          deletionPolicy,
        },
        opts,
      ),
    ];
  }
}

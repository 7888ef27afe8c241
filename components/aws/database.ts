import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { finalSnapshotName } from "./finalSnapshot.js";

export interface DatabaseArgs {
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  /** One zone per instance, in this order; the second only with `reader`. */
  zones: string[];
  /** The data tier's subnets; Aurora asks for at least two zones. */
  subnetIds: pulumi.Input<string>[];
  securityGroupId: pulumi.Input<string>;
  keyArn: pulumi.Input<string>;
  /**
   * Aurora PostgreSQL version. `16.8` is held until it is edited; `16` lets RDS move the minor version in the
   * maintenance window. (Both at once can't be had: RDS refuses the way back from a minor version it moved to.)
   */
  version: string;
  /** At least `db.t4g.medium`, the smallest class of Aurora. */
  instanceClass: string;
  /** A second instance in another zone, which takes over when the writer fails. */
  reader: boolean;
  /** Present when it is part of a global database. */
  replication?: Replication;
  databaseName: string;
  /** Master user: 1 to 16 letters or digits, a letter first (RDS CreateDBCluster). */
  username: string;
  password: pulumi.Input<string>;
  /** Days that automated backups are kept, 1 to 35. */
  backupDays: number;
  /** Deletion protection, a final snapshot, and automated backups that outlive the cluster. */
  protect: boolean;
  logRetentionDays: number;
}

/** A part of a global database: the one that takes writes, or with a `source` one that follows it. */
export interface Replication {
  /** The global database, known once it can be joined, and the region of the cluster that writes. */
  source?: { id: pulumi.Input<string>; region: string };
}

const port = 5432;

/**
 * What a cluster was made with, as the part of a global database that it was then. A switchover swaps the parts
 * and changes none of this; what follows from the part that it has now, RDS keeps itself.
 */
const madeWith = [
  "databaseName",
  "globalClusterIdentifier",
  "masterUsername",
  "replicationSourceIdentifier",
  "sourceRegion",
];

/** Aurora PostgreSQL in the data tier: TLS only, encrypted, backed up. */
export class Database extends pulumi.ComponentResource {
  /**
   * Follows the writer through a failover. Known once there is an instance to connect to. Of a cluster that follows
   * another: the readers' address, since its writer's leads nowhere.
   */
  readonly endpoint: pulumi.Output<string>;
  /** Spreads over the readers; the writer's address while there is none. */
  readonly readerEndpoint: pulumi.Output<string>;
  readonly port = port;
  readonly clusterArn: pulumi.Output<string>;
  /** The cluster's ARN, known once another can follow it: it needs an instance for that. */
  readonly source: pulumi.Output<string>;
  /** False for a part of a global database that follows another. */
  readonly writable: boolean;
  /** Whether it writes by what the cloud said when it was last read: a promotion changes that. */
  readonly leads: pulumi.Output<boolean>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:Database", name, args, opts);
    const { prefix, protect, replication } = args;
    const source = replication?.source;
    const parent = { parent: this };
    const engine = aws.rds.EngineType.AuroraPostgresql;
    const identifier = physicalName("aws:dbCluster", prefix);
    const major = Number(args.version.split(".")[0]);
    const family = `aurora-postgresql${major}`;
    const description = `${prefix} database`;

    const subnetGroup = new aws.rds.SubnetGroup(
      `${name}-subnets`,
      { name: physicalName("aws:dbGroup", prefix), description, subnetIds: args.subnetIds },
      parent,
    );
    // The family is part of the name so that a new major version's group stands beside the one in use.
    const parameterGroup = new aws.rds.ClusterParameterGroup(
      `${name}-parameters`,
      {
        name: physicalName("aws:dbGroup", prefix, family),
        description,
        family,
        // Statements are not logged: their values hold prompts and keys.
        parameters: [
          {
            name: "rds.force_ssl",
            value: "1",
            // From 17 on it is the default, which RDS shows as pending, whatever it was given: a change without end.
            // Source: hashicorp/terraform-provider-aws, issue 23335; Aurora user guide, "Securing Aurora PostgreSQL data".
            ...(major >= 17 && { applyMethod: "pending-reboot" }),
          },
          { name: "ssl_min_protocol_version", value: "TLSv1.2" },
          { name: "log_connections", value: "1" },
          { name: "log_disconnections", value: "1" },
          { name: "log_lock_waits", value: "1" },
        ],
      },
      parent,
    );
    // RDS makes this group itself when it is missing, unencrypted and kept for ever.
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: `/aws/rds/cluster/${identifier}/postgresql`,
        retentionInDays: args.logRetentionDays,
        kmsKeyId: args.keyArn,
      },
      parent,
    );

    const cluster = new aws.rds.Cluster(
      `${name}-cluster`,
      {
        clusterIdentifier: identifier,
        engine,
        engineMode: aws.rds.EngineMode.Provisioned,
        engineVersion: args.version,
        // A major version changes only by an edit of the config, never by itself.
        allowMajorVersionUpgrade: true,
        // One that follows has the users and the databases of the other.
        ...(source
          ? { globalClusterIdentifier: source.id, sourceRegion: source.region }
          : {
              databaseName: args.databaseName,
              masterUsername: args.username,
              masterPassword: args.password,
            }),
        port,
        dbSubnetGroupName: subnetGroup.name,
        dbClusterParameterGroupName: parameterGroup.name,
        vpcSecurityGroupIds: [args.securityGroupId],
        storageEncrypted: true,
        kmsKeyId: args.keyArn,
        iamDatabaseAuthenticationEnabled: true,
        backupRetentionPeriod: args.backupDays,
        preferredBackupWindow: "03:00-04:00",
        preferredMaintenanceWindow: "sun:05:00-sun:06:00",
        copyTagsToSnapshot: true,
        enabledCloudwatchLogsExports: ["postgresql"],
        deletionProtection: protect,
        deleteAutomatedBackups: !protect,
        skipFinalSnapshot: !protect,
        finalSnapshotIdentifier: protect ? finalSnapshotName(name, identifier, this) : undefined,
        // When `up` returns, the change has happened, rather than waiting for Sunday.
        applyImmediately: true,
      },
      {
        ...parent,
        protect,
        dependsOn: logGroup,
        ...(replication && { ignoreChanges: source ? [...madeWith, "masterPassword"] : madeWith }),
      },
    );

    // Numbered, not named by role: a failover swaps the roles. Enhanced Monitoring stays off: it writes to a log
    // group that the whole account shares and needs a role for it; Performance Insights needs neither.
    const instances = args.zones.slice(0, args.reader ? 2 : 1).map(
      (availabilityZone, index) =>
        new aws.rds.ClusterInstance(
          `${name}-instance-${index}`,
          {
            identifier: physicalName("aws:dbInstance", prefix, String(index)),
            clusterIdentifier: cluster.id,
            engine,
            instanceClass: args.instanceClass,
            availabilityZone,
            promotionTier: index,
            dbSubnetGroupName: subnetGroup.name,
            publiclyAccessible: false,
            caCertIdentifier: "rds-ca-rsa2048-g1",
            autoMinorVersionUpgrade: !args.version.includes("."),
            copyTagsToSnapshot: true,
            performanceInsightsEnabled: true,
            performanceInsightsKmsKeyId: args.keyArn,
            performanceInsightsRetentionPeriod: 7,
            applyImmediately: true,
          },
          parent,
        ),
    );

    // The cluster's names resolve before it has an instance: whoever connects waits for the instances too.
    const ready = instances.map((instance) => instance.arn);
    const endpoints = pulumi.output({ writer: cluster.endpoint, reader: cluster.readerEndpoint, ready });
    this.readerEndpoint = endpoints.reader;
    this.endpoint = source ? this.joined(cluster, source.id).apply(() => endpoints.reader) : endpoints.writer;
    this.clusterArn = cluster.arn;
    this.source = pulumi.all([cluster.arn, ...ready]).apply(([arn]) => arn!);
    this.writable = source === undefined;
    this.leads = cluster.replicationSourceIdentifier.apply((leader) => !leader);
    this.registerOutputs({
      endpoint: this.endpoint,
      readerEndpoint: this.readerEndpoint,
      port,
      clusterArn: this.clusterArn,
    });
  }

  /**
   * Looks up whether the cluster is part of the global database: one that stood alone before cannot become a part,
   * and RDS would leave it as it was.
   */
  private joined(cluster: aws.rds.Cluster, globalId: pulumi.Input<string>): pulumi.Output<void> {
    const identifier = pulumi.all([globalId, cluster.arn]).apply(([id]) => id);
    const { members } = aws.rds.getGlobalClusterOutput({ identifier }, { parent: this });
    return pulumi.all([members, cluster.arn, cluster.clusterIdentifier]).apply(([found, arn, own]) => {
      if (found.some(({ dbClusterArn }) => dbClusterArn === arn)) return;
      throw new Error(
        `${own} has data of its own and cannot join a global database: take its cell out of javelin:cells, run up, put it in again`,
      );
    });
  }
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { finalSnapshotName } from "./finalSnapshot.js";

export interface CacheArgs {
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  /** The data tier's subnets. */
  subnetIds: pulumi.Input<string>[];
  securityGroupId: pulumi.Input<string>;
  keyArn: pulumi.Input<string>;
  /** Valkey version, major and minor: `8.0`. */
  version: string;
  nodeType: string;
  /** Copies beside the primary, 0 to 5. From 1 on they lie in other zones and take over by themselves. */
  replicas: number;
  /** AUTH token of the user `default`. */
  token: pulumi.Input<string>;
  /** A final snapshot, and daily ones kept for 7 days instead of 1. */
  protect: boolean;
  logRetentionDays: number;
}

const port = 6379;

/** ElastiCache for Valkey in the data tier: TLS only, token, encrypted. */
export class Cache extends pulumi.ComponentResource {
  /** Follows the primary through a failover. */
  readonly endpoint: pulumi.Output<string>;
  readonly port = port;

  constructor(name: string, args: CacheArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:Cache", name, args, opts);
    const { prefix, protect } = args;
    const parent = { parent: this };
    const identifier = physicalName("aws:cache", prefix);
    const family = `valkey${args.version.split(".")[0]}`;
    const description = `${prefix} cache`;
    const replicated = args.replicas > 0;

    const subnetGroup = new aws.elasticache.SubnetGroup(
      `${name}-subnets`,
      { name: physicalName("aws:cacheGroup", prefix), description, subnetIds: args.subnetIds },
      parent,
    );
    // The family is part of the name so that a new major version's group stands beside the one in use.
    const parameterGroup = new aws.elasticache.ParameterGroup(
      `${name}-parameters`,
      {
        name: physicalName("aws:cacheGroup", prefix, family),
        description,
        family,
        // Under pressure only keys that expire anyway are dropped; the gateway's settings have no expiry.
        parameters: [{ name: "maxmemory-policy", value: "volatile-lru" }],
      },
      parent,
    );
    const logs = ["slow-log", "engine-log"].map((logType) => {
      const group = new aws.cloudwatch.LogGroup(
        `${name}-${logType}`,
        {
          // Under this prefix a log group adds nothing to the account's one resource policy for log delivery,
          // which is limited to 5,120 characters (CloudWatch Logs, vended logs).
          name: `/aws/vendedlogs/elasticache/${physicalName("aws:logGroup", prefix, logType)}`,
          retentionInDays: args.logRetentionDays,
          kmsKeyId: args.keyArn,
        },
        parent,
      );
      return { logType, logFormat: "json", destinationType: "cloudwatch-logs", destination: group.name };
    });

    const group = new aws.elasticache.ReplicationGroup(
      `${name}-group`,
      {
        replicationGroupId: identifier,
        description,
        engine: "valkey",
        engineVersion: args.version,
        // The version is held here: after a minor version that AWS moved by itself, this one would be a
        // downgrade, and a downgrade replaces the group. Patches come as service updates.
        autoMinorVersionUpgrade: false,
        nodeType: args.nodeType,
        numCacheClusters: args.replicas + 1,
        automaticFailoverEnabled: replicated,
        multiAzEnabled: replicated,
        port,
        subnetGroupName: subnetGroup.name,
        parameterGroupName: parameterGroup.name,
        securityGroupIds: [args.securityGroupId],
        atRestEncryptionEnabled: true,
        kmsKeyId: args.keyArn,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        authToken: args.token,
        // The token before stays valid until the next one, so running pods keep their connection while they are
        // rolled. SET would cut them off, and ElastiCache accepts it only after a ROTATE (ModifyReplicationGroup).
        authTokenUpdateStrategy: "ROTATE",
        snapshotRetentionLimit: protect ? 7 : 1,
        snapshotWindow: "03:00-04:00",
        maintenanceWindow: "sun:05:00-sun:06:00",
        finalSnapshotIdentifier: protect ? finalSnapshotName(name, identifier, this) : undefined,
        logDeliveryConfigurations: logs,
        // When `up` returns, the change has happened, rather than waiting for Sunday.
        applyImmediately: true,
      },
      { ...parent, protect },
    );

    this.endpoint = group.primaryEndpointAddress;
    this.registerOutputs({ endpoint: this.endpoint, port });
  }
}

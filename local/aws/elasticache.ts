import { CloudError } from "../behaviour.js";
import type { Behaviour, Provider } from "../behaviour.js";
import {
  arn,
  exactlyOne,
  inRange,
  isTrue,
  lookup,
  matches,
  number,
  objects,
  oneOf,
  refuseUnless,
  text,
  texts,
  zonesOf,
} from "./common.js";
import { parameterGroup, parameterGroupType, subnetGroup, subnetGroupType } from "./elasticacheGroups.js";
import { familyOf, refuseEngine, refuseToken, refuseTopology, zoneCode } from "./elasticacheRules.js";
import { refuseKey } from "./kms.js";
import { accountSuffix, once, placed } from "./outputs.js";
import { toSecurityGroup, type } from "./references.js";
import { refuseForeignGroups } from "./vpcGroups.js";

const groupType = "aws:elasticache/replicationGroup:ReplicationGroup";
const snapshotType = "held:elasticache/snapshot";

const replicationGroup: Behaviour = {
  source:
    "ElastiCache CreateReplicationGroup, DeleteReplicationGroup; CloudFormation AWS::ElastiCache::ReplicationGroup; ElastiCache user guide; provider docs of aws.elasticache.ReplicationGroup",
  required: ["description"],
  replaces: [
    "atRestEncryptionEnabled",
    "dataTieringEnabled",
    "globalReplicationGroupId",
    "kmsKeyId",
    "networkType",
    "port",
    "replicationGroupId",
    "securityGroupNames",
    "snapshotArns",
    "snapshotName",
    "subnetGroupName",
  ],
  // ElastiCache goes from Redis OSS to Valkey and up, never back.
  replacesWhen: (olds, news) => [
    ...(olds.engine === "valkey" && news.engine !== "valkey" ? ["engine"] : []),
    ...(olds.engine === news.engine &&
    (number(news, "engineVersion") ?? 0) < (number(olds, "engineVersion") ?? 0)
      ? ["engineVersion"]
      : []),
  ],
  autoName: { property: "replicationGroupId", max: 40 },
  defaults: () => ({ automaticFailoverEnabled: false, multiAzEnabled: false }),
  check: (inputs) => [
    ...matches(
      inputs,
      "replicationGroupId",
      /^[a-zA-Z](-?[0-9A-Za-z]){0,39}$/,
      "1 to 40 letters, digits and hyphens, beginning with a letter, without two hyphens in a row or one at the end",
    ),
    ...matches(inputs, "replicationGroupId", /^.{1,40}$/, "at most 40 characters"),
    ...oneOf(inputs, "engine", ["redis", "valkey"]),
    ...oneOf(inputs, "clusterMode", ["enabled", "disabled", "compatible"]),
    ...oneOf(inputs, "transitEncryptionMode", ["preferred", "required"]),
    ...oneOf(inputs, "authTokenUpdateStrategy", ["SET", "ROTATE", "DELETE"]),
    ...oneOf(inputs, "logDeliveryConfigurations[].destinationType", ["cloudwatch-logs", "kinesis-firehose"]),
    ...oneOf(inputs, "logDeliveryConfigurations[].logFormat", ["json", "text"]),
    ...oneOf(inputs, "logDeliveryConfigurations[].logType", ["slow-log", "engine-log"]),
    ...inRange(inputs, "snapshotRetentionLimit", 0, 35),
    ...exactlyOne(inputs, ["authToken", "authTokenWo", "userGroupIds"], false),
    ...exactlyOne(inputs, ["numCacheClusters", "numNodeGroups"], false),
    ...refuseToken(inputs),
    ...(isTrue(inputs, "multiAzEnabled") && inputs.automaticFailoverEnabled === false
      ? [
          {
            property: "multiAzEnabled",
            reason: "automatic_failover_enabled must be true if multi_az_enabled is true",
          },
        ]
      : []),
    ...(inputs.globalReplicationGroupId === undefined
      ? []
      : [
          {
            property: "globalReplicationGroupId",
            reason: "the local cloud does not know globalReplicationGroupId",
          },
        ]),
  ],
  references: {
    subnetGroupName: {
      types: [subnetGroupType],
      code: "CacheSubnetGroupNotFoundFault",
      message: (name) => `Cache Subnet Group ${name} does not exist.`,
      except: /^default$/,
    },
    parameterGroupName: {
      types: [parameterGroupType],
      code: "CacheParameterGroupNotFound",
      message: (name) => `CacheParameterGroup ${name} not found.`,
      except: /^default\./,
    },
    "securityGroupIds[]": toSecurityGroup,
  },
  unique: (inputs) => text(inputs, "replicationGroupId")?.toLowerCase(),
  taken: (id) =>
    new CloudError(
      "ReplicationGroupAlreadyExists",
      `Replication group with specified id ${id} already exists.`,
    ),
  admit: (inputs, context) => {
    refuseEngine(inputs, context);
    refuseTopology(inputs);
    refuseKey(inputs, "kmsKeyId", context, "InvalidKMSKeyFault");
    const vpcId = text(lookup(context, subnetGroupType, text(inputs, "subnetGroupName"))?.state, "vpcId");
    refuseForeignGroups(
      texts(inputs, "securityGroupIds"),
      vpcId,
      context,
      "InvalidParameterValue",
      (group, groupVpc) =>
        `The security group ${group} is in ${groupVpc}, while the cache is in ${String(vpcId)}.`,
    );
    for (const each of objects(inputs, "logDeliveryConfigurations"))
      if (each.destinationType === "cloudwatch-logs")
        refuseUnless(
          lookup(context, type.logGroup, text(each, "destination")) !== undefined,
          "InvalidParameterValue",
          `Log group ${String(each.destination)} does not exist.`,
        );
    const zones = zonesOf(context.region);
    for (const zone of texts(inputs, "preferredCacheClusterAzs"))
      refuseUnless(
        zones.includes(zone),
        "InvalidParameterValue",
        `${zone} is not a valid availability zone.`,
      );
  },
  id: (inputs) => (text(inputs, "replicationGroupId") ?? "").toLowerCase(),
  outputs: (inputs, context) => {
    const id = replicationGroup.id(inputs, context);
    const valkey = inputs.engine === "valkey";
    const shards = number(inputs, "numNodeGroups") ?? 1;
    const replicas = number(inputs, "replicasPerNodeGroup") ?? (number(inputs, "numCacheClusters") ?? 1) - 1;
    const sharded = inputs.clusterMode === "enabled" || shards > 1;
    // Valkey is encrypted unless one asks otherwise.
    const tls =
      inputs.transitEncryptionEnabled === undefined ? valkey : isTrue(inputs, "transitEncryptionEnabled");
    const tail = `${accountSuffix(context, 6)}.${zoneCode(context.region)}.cache.amazonaws.com`;
    const nodes = shards * (replicas + 1);
    const version = text(inputs, "engineVersion") ?? (valkey ? "8.0" : "7.1");
    const host = (role: string, plain: string) =>
      tls ? `${role}.${id}.${tail}` : `${id}${plain}.${tail.replace(".", ".ng.0001.")}`;
    return {
      ...placed(inputs, context),
      ...once(context, () => ({
        arn: arn(context, "elasticache", `replicationgroup:${id}`),
        maintenanceWindow: inputs.maintenanceWindow ?? "sun:05:00-sun:06:00",
        snapshotWindow: inputs.snapshotWindow ?? "03:00-04:00",
      })),
      applyImmediately: isTrue(inputs, "applyImmediately"),
      atRestEncryptionEnabled:
        inputs.atRestEncryptionEnabled === undefined ? valkey : isTrue(inputs, "atRestEncryptionEnabled"),
      autoMinorVersionUpgrade: inputs.autoMinorVersionUpgrade ?? true,
      clusterEnabled: sharded,
      clusterMode: inputs.clusterMode ?? "disabled",
      configurationEndpointAddress: sharded ? `clustercfg.${id}.${tail}` : "",
      primaryEndpointAddress: sharded ? "" : host("master", ""),
      readerEndpointAddress: sharded ? "" : host("replica", "-ro"),
      dataTieringEnabled: isTrue(inputs, "dataTieringEnabled"),
      engine: inputs.engine ?? "redis",
      engineVersion: version,
      engineVersionActual: `${version}.1`,
      globalReplicationGroupId: "",
      nodeGroupConfigurations: inputs.nodeGroupConfigurations ?? [],
      securityGroupNames: inputs.securityGroupNames ?? [],
      ipDiscovery: inputs.ipDiscovery ?? "ipv4",
      memberClusters: Array.from({ length: nodes }, (_, i) =>
        sharded
          ? `${id}-${String(Math.floor(i / (replicas + 1)) + 1).padStart(4, "0")}-${String((i % (replicas + 1)) + 1).padStart(3, "0")}`
          : `${id}-${String(i + 1).padStart(3, "0")}`,
      ),
      networkType: inputs.networkType ?? "ipv4",
      nodeType: inputs.nodeType,
      numCacheClusters: nodes,
      numNodeGroups: shards,
      parameterGroupName:
        inputs.parameterGroupName ?? `default.${familyOf(inputs)}${sharded ? ".cluster.on" : ""}`,
      port: inputs.port ?? 6379,
      replicasPerNodeGroup: replicas,
      securityGroupIds: inputs.securityGroupIds ?? [],
      snapshotRetentionLimit: inputs.snapshotRetentionLimit ?? 0,
      subnetGroupName: inputs.subnetGroupName ?? "default",
      transitEncryptionEnabled: tls,
      transitEncryptionMode: inputs.transitEncryptionMode ?? (tls ? "required" : ""),
    };
  },
  volatile: ["memberClusters", "engineVersionActual", "numCacheClusters"],
  release: ({ inputs }, context) => {
    const snapshot = text(inputs, "finalSnapshotIdentifier");
    refuseUnless(
      lookup(context, snapshotType, snapshot) === undefined,
      "SnapshotAlreadyExistsFault",
      `Snapshot with specified name already exists: ${String(snapshot)}`,
    );
  },
  afterDelete: ({ id, region, inputs }, { world }) => {
    const snapshot = text(inputs, "finalSnapshotIdentifier");
    if (snapshot === undefined) return;
    world.add({ type: snapshotType, id: snapshot, region, inputs: {}, state: { replicationGroupId: id } });
  },
  secrets: ["authToken", "authTokenWo"],
  minutes: 7,
};

export const elasticache: Provider = {
  types: {
    [groupType]: replicationGroup,
    [subnetGroupType]: subnetGroup,
    [parameterGroupType]: parameterGroup,
  },
  invokes: {},
};

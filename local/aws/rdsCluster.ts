import { CloudError } from "../behaviour.js";
import type { Behaviour, Props } from "../behaviour.js";
import {
  arn,
  at,
  exactlyOne,
  inRange,
  isKnown,
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
import { refuseKey } from "./kms.js";
import {
  globalOf,
  instancesOf,
  leaveGlobal,
  membersOf,
  refuseMemberChange,
  refuseSecondary,
  refuseWriterWithReaders,
  settleMembership,
  writerUser,
} from "./rdsGlobal.js";
import { accountSuffix, base32, once, placed } from "./outputs.js";
import { hostedZones, identifier, identifierRule, windows } from "./rdsNames.js";
import { refuseEngine, refuseInsights, refuseMonitoring, refusePassword, refuseUpgrade } from "./rdsRules.js";
import { parameterGroupType, subnetGroupType } from "./rdsGroups.js";
import { toSecurityGroup } from "./references.js";
import { refuseForeignGroups } from "./vpcGroups.js";

const snapshotType = "aws:rds/clusterSnapshot:ClusterSnapshot";

export const cluster: Behaviour = {
  source:
    "RDS CreateDBCluster, ModifyDBCluster, DeleteDBCluster; CloudFormation AWS::RDS::DBCluster; Aurora user guide; provider docs of aws.rds.Cluster",
  required: ["engine"],
  replaces: [
    "availabilityZones",
    "clusterIdentifier",
    "clusterIdentifierPrefix",
    "clusterScalabilityType",
    "databaseName",
    "dbSubnetGroupName",
    "dbSystemId",
    "engine",
    "engineMode",
    "kmsKeyId",
    "masterUsername",
    "restoreToPointInTime",
    "s3Import",
    "snapshotIdentifier",
    "sourceRegion",
    "storageEncrypted",
  ],
  autoName: { property: "clusterIdentifier", max: 63 },
  defaults: () => ({
    copyTagsToSnapshot: false,
    deleteAutomatedBackups: true,
    enableGlobalWriteForwarding: false,
    enableHttpEndpoint: false,
    enableLocalWriteForwarding: false,
    engineMode: "provisioned",
    skipFinalSnapshot: false,
  }),
  check: (inputs) => [
    ...exactlyOne(inputs, ["clusterIdentifier", "clusterIdentifierPrefix"], false),
    ...matches(inputs, "clusterIdentifier", identifier, identifierRule),
    ...oneOf(inputs, "engine", ["aurora-mysql", "aurora-postgresql", "mysql", "postgres"]),
    ...oneOf(inputs, "enabledCloudwatchLogsExports[]", [
      "audit",
      "error",
      "general",
      "iam-db-auth-error",
      "instance",
      "postgresql",
      "slowquery",
      "upgrade",
    ]),
    ...inRange(inputs, "backupRetentionPeriod", 1, 35),
    ...exactlyOne(inputs, ["manageMasterUserPassword", "masterPassword", "masterPasswordWo"], false),
    ...matches(
      inputs,
      "finalSnapshotIdentifier",
      /^[0-9A-Za-z](-?[0-9A-Za-z])*$/,
      "letters, digits and single hyphens",
    ),
    ...matches(inputs, "kmsKeyId", /^arn:/, "an ARN"),
    ...["replicationSourceIdentifier", "s3Import", "restoreToPointInTime", "snapshotIdentifier"].flatMap(
      (property) =>
        isKnown(inputs[property]) ? [{ property, reason: `the local cloud does not know ${property}` }] : [],
    ),
  ],
  references: {
    dbSubnetGroupName: {
      types: [subnetGroupType],
      code: "DBSubnetGroupNotFoundFault",
      message: (name) => `DB subnet group '${name}' does not exist.`,
    },
    dbClusterParameterGroupName: {
      types: [parameterGroupType],
      code: "DBClusterParameterGroupNotFound",
      message: (name) => `DBClusterParameterGroup not found: ${name}`,
      except: /^default\./,
    },
    "vpcSecurityGroupIds[]": toSecurityGroup,
  },
  unique: (inputs) => text(inputs, "clusterIdentifier"),
  taken: () => new CloudError("DBClusterAlreadyExistsFault", "DB Cluster already exists"),
  admit: (inputs, context) => {
    refuseEngine(inputs, context);
    const joins = text(inputs, "globalClusterIdentifier") !== undefined;
    if (context.current) refuseMemberChange(inputs, context);
    else if (joins) refuseSecondary(inputs, context);
    const global = globalOf(context, text(inputs, "globalClusterIdentifier"));
    // A secondary has the users of the primary. The first member of an empty global database has its own.
    const follows = membersOf(global).some(({ dbClusterArn }) => dbClusterArn !== context.current?.state.arn);
    if (!follows) refusePassword(inputs);
    refuseInsights(inputs, context);
    refuseMonitoring(inputs, context);
    if (text(inputs, "kmsKeyId") !== undefined)
      refuseUnless(
        isTrue(inputs, "storageEncrypted"),
        "InvalidParameterCombination",
        "You can't specify a KMS key for a DB cluster whose storage is not encrypted.",
      );
    refuseKey(inputs, "kmsKeyId", context, "KMSKeyNotAccessibleFault");
    const vpcId = text(lookup(context, subnetGroupType, text(inputs, "dbSubnetGroupName"))?.state, "vpcId");
    refuseForeignGroups(
      texts(inputs, "vpcSecurityGroupIds"),
      vpcId,
      context,
      "InvalidVPCNetworkStateFault",
      (_, groupVpc) =>
        `The DB instance and EC2 security group are in different VPCs. The DB instance is in ${String(vpcId)} and the EC2 security group is in ${groupVpc}`,
    );
    const zones = zonesOf(context.region);
    for (const zone of texts(inputs, "availabilityZones"))
      refuseUnless(zones.includes(zone), "InvalidParameterValue", `Invalid availability zone: ${zone}`);
    if (context.current) refuseUpgrade(inputs, context.current.state);
  },
  id: (inputs) => text(inputs, "clusterIdentifier") ?? "",
  outputs: (inputs, context) => {
    const state = context.current?.state ?? {};
    const id = text(inputs, "clusterIdentifier") ?? "";
    const host = (kind: string) =>
      `${id}.${kind}-${accountSuffix(context)}.${context.region}.rds.amazonaws.com`;
    const zones = zonesOf(context.region).slice(0, 3);
    const { backup, maintenance } = windows(context);
    const version = text(inputs, "engineVersion") ?? text(state, "engineVersion") ?? "16.6";
    const family = `${text(inputs, "engine") ?? ""}${version.split(".")[0] ?? ""}`;
    const insights = isTrue(inputs, "performanceInsightsEnabled");
    return {
      ...placed(inputs, context),
      ...once(context, () => ({
        arn: arn(context, "rds", `cluster:${id}`),
        clusterResourceId: `cluster-${base32(context, 26)}`,
        endpoint: host("cluster"),
        readerEndpoint: host("cluster-ro"),
        hostedZoneId: hostedZones[context.region] ?? `Z${base32(context, 13, "zone")}`,
        availabilityZones: inputs.availabilityZones ?? zones,
        clusterIdentifierPrefix: "",
        // What RDS answers at the creation, before any instance: reading it again is not modelled.
        clusterMembers: [],
        preferredBackupWindow: inputs.preferredBackupWindow ?? backup,
        preferredMaintenanceWindow: inputs.preferredMaintenanceWindow ?? maintenance,
        caCertificateIdentifier: inputs.caCertificateIdentifier ?? "rds-ca-rsa2048-g1",
      })),
      allocatedStorage: inputs.allocatedStorage ?? 1,
      applyImmediately: isTrue(inputs, "applyImmediately"),
      autoMinorVersionUpgrade: inputs.autoMinorVersionUpgrade ?? true,
      backupRetentionPeriod: inputs.backupRetentionPeriod ?? 1,
      clusterScalabilityType: inputs.clusterScalabilityType ?? "standard",
      databaseInsightsMode: inputs.databaseInsightsMode ?? "standard",
      databaseName: inputs.databaseName ?? "",
      dbClusterParameterGroupName: inputs.dbClusterParameterGroupName ?? `default.${family}`,
      dbSubnetGroupName: inputs.dbSubnetGroupName ?? "default",
      deletionProtection: isTrue(inputs, "deletionProtection"),
      engineLifecycleSupport: inputs.engineLifecycleSupport ?? "open-source-rds-extended-support",
      // Of the cluster that a global database was made from, it is the cloud's to say.
      globalClusterIdentifier: inputs.globalClusterIdentifier ?? state.globalClusterIdentifier ?? "",
      replicationSourceIdentifier: state.replicationSourceIdentifier ?? "",
      engineVersion: version,
      engineVersionActual: version.includes(".") ? version : `${version}.6`,
      iamRoles: inputs.iamRoles ?? [],
      kmsKeyId: inputs.kmsKeyId ?? "",
      // A secondary tells the primary's.
      masterUsername: inputs.masterUsername ?? state.masterUsername ?? writerUser(inputs, context),
      masterUserSecrets: [],
      masterUserSecretKmsKeyId: inputs.masterUserSecretKmsKeyId ?? "",
      dbSystemId: inputs.dbSystemId ?? "",
      monitoringInterval: inputs.monitoringInterval ?? 0,
      monitoringRoleArn: inputs.monitoringRoleArn ?? "",
      networkType: inputs.networkType ?? "IPV4",
      performanceInsightsKmsKeyId: inputs.performanceInsightsKmsKeyId ?? "",
      performanceInsightsRetentionPeriod: inputs.performanceInsightsRetentionPeriod ?? (insights ? 7 : 0),
      port: inputs.port ?? ((text(inputs, "engine") ?? "").includes("mysql") ? 3306 : 5432),
      storageEncrypted: isTrue(inputs, "storageEncrypted"),
      storageType: inputs.storageType ?? "",
      vpcSecurityGroupIds: inputs.vpcSecurityGroupIds ?? [],
    };
  },
  volatile: ["engineVersionActual"],
  after: settleMembership,
  release: (object, context) => {
    const { inputs } = object;
    const members = instancesOf(context.world, object);
    refuseUnless(
      !isTrue(inputs, "deletionProtection"),
      "InvalidParameterCombination",
      "Cannot delete protected Cluster, please disable deletion protection and try again.",
    );
    refuseUnless(
      members.length === 0,
      "InvalidDBClusterStateFault",
      "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
    );
    refuseWriterWithReaders(object, context);
    if (isTrue(inputs, "skipFinalSnapshot")) return;
    const snapshot = finalSnapshot(inputs);
    if (snapshot === undefined)
      throw new CloudError(
        "InvalidParameterCombination",
        "RDS Cluster FinalSnapshotIdentifier is required when a final snapshot is required",
      );
    refuseUnless(
      lookup(context, snapshotType, snapshot) === undefined,
      "DBClusterSnapshotAlreadyExistsFault",
      `Cannot create the cluster snapshot because one with the identifier ${snapshot} already exists.`,
    );
  },
  afterDelete: (object, context) => {
    leaveGlobal(object, context);
    const snapshot = finalSnapshot(object.inputs);
    if (isTrue(object.inputs, "skipFinalSnapshot") || snapshot === undefined) return;
    context.world.add({
      type: snapshotType,
      id: snapshot,
      region: object.region,
      inputs: { dbClusterIdentifier: object.id, dbClusterSnapshotIdentifier: snapshot },
      state: {
        dbClusterSnapshotIdentifier: snapshot,
        dbClusterSnapshotArn: arn(context, "rds", `cluster-snapshot:${snapshot}`),
        status: "available",
      },
    });
  },
  secrets: ["masterPassword", "masterPasswordWo"],
  minutes: 2,
};

/** RDS keeps snapshot identifiers in lower case. */
const finalSnapshot = (inputs: Props) => text(inputs, "finalSnapshotIdentifier")?.toLowerCase();

/** Whether Serverless v2 instances may join. */
export const scalesServerless = (inputs: Props) =>
  objects(inputs, "serverlessv2ScalingConfiguration").length > 0 ||
  at(inputs, "serverlessv2ScalingConfiguration.maxCapacity").length > 0;

/** For the number of instances that a cluster takes: one writer and 15 readers. */
export const mostInstances = 16;

export const portOf = (state: Props) => number(state, "port") ?? 5432;

import { CloudError } from "../behaviour.js";
import type { Behaviour, Invoke, Props, Provider } from "../behaviour.js";
import {
  arn,
  exactlyOne,
  inRange,
  isTrue,
  lookup,
  matches,
  refuseUnless,
  text,
  texts,
  zonesOf,
} from "./common.js";
import { accountSuffix, base32, once, placed } from "./outputs.js";
import { cluster, mostInstances, portOf, scalesServerless } from "./rdsCluster.js";
import { clusterType, globalType, instanceType, isBurstable } from "./rdsGlobal.js";
import { getGlobalCluster, globalCluster } from "./rdsGlobalCluster.js";
import { identifier, identifierRule, windows } from "./rdsNames.js";
import { parameterGroup, parameterGroupType, subnetGroup, subnetGroupType } from "./rdsGroups.js";
import { isEngineVersion, isInstanceClass, refuseInsights, refuseMonitoring } from "./rdsRules.js";
import { placesOf } from "./vpcGroups.js";

const combination = "InvalidParameterCombination";

const instance: Behaviour = {
  source:
    "RDS CreateDBInstance, DeleteDBInstance; CloudFormation AWS::RDS::DBInstance; Aurora user guide; provider docs of aws.rds.ClusterInstance",
  required: ["clusterIdentifier", "engine", "instanceClass"],
  replaces: [
    "availabilityZone",
    "clusterIdentifier",
    "customIamInstanceProfile",
    "dbSubnetGroupName",
    "engine",
    "identifier",
    "identifierPrefix",
  ],
  autoName: { property: "identifier", max: 63 },
  defaults: () => ({
    autoMinorVersionUpgrade: true,
    copyTagsToSnapshot: false,
    forceDestroy: false,
    monitoringInterval: 0,
    promotionTier: 0,
  }),
  check: (inputs) => [
    ...exactlyOne(inputs, ["identifier", "identifierPrefix"], false),
    ...matches(inputs, "identifier", identifier, identifierRule),
    ...inRange(inputs, "promotionTier", 0, 15),
  ],
  references: {
    clusterIdentifier: {
      types: [clusterType],
      code: "DBClusterNotFoundFault",
      message: (id) => `Source cluster: ${id} doesn't exist.`,
    },
    dbSubnetGroupName: {
      types: [subnetGroupType],
      code: "DBSubnetGroupNotFoundFault",
      message: (name) => `DB subnet group '${name}' does not exist.`,
    },
  },
  unique: (inputs) => text(inputs, "identifier"),
  taken: () => new CloudError("DBInstanceAlreadyExists", "DB instance already exists"),
  admit: (inputs, context) => {
    const owner = lookup(context, clusterType, text(inputs, "clusterIdentifier"));
    const [engine, name] = [text(inputs, "engine") ?? "", text(inputs, "instanceClass") ?? ""];
    const clusterEngine = text(owner?.inputs, "engine") ?? engine;
    const version = text(owner?.state, "engineVersion") ?? "";
    refuseUnless(
      engine === clusterEngine,
      combination,
      `The engine name requested for your DB Instance (${engine}) doesn't match the engine name of your DB Cluster (${clusterEngine}).`,
    );
    refuseUnless(
      isInstanceClass(engine, name),
      combination,
      `RDS does not support creating a DB instance with the following combination: DBInstanceClass=${name}, Engine=${engine}, EngineVersion=${version}, LicenseModel=postgresql-license. For supported combinations of instance class and database engine version, see the documentation.`,
    );
    refuseUnless(
      (text(owner?.state, "globalClusterIdentifier") ?? "") === "" || !isBurstable(name),
      combination,
      `RDS does not support the DB instance class ${name} in a global cluster.`,
    );
    refuseUnless(
      name !== "db.serverless" || (owner !== undefined && scalesServerless(owner.inputs)),
      "InvalidDBClusterStateFault",
      "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 DB instance.",
    );
    refuseUnless(
      context.current !== undefined || membersOf(inputs, context).length < mostInstances,
      "InstanceQuotaExceeded",
      `A DB cluster holds at most ${mostInstances} instances.`,
    );
    const group = text(inputs, "dbSubnetGroupName");
    refuseUnless(
      group === undefined || group === owner?.state.dbSubnetGroupName,
      combination,
      `The DB subnet group ${String(group)} is not the one of the DB cluster, ${String(owner?.state.dbSubnetGroupName)}.`,
    );
    const zone = text(inputs, "availabilityZone");
    refuseUnless(
      zone === undefined || zonesFor(inputs, context).includes(zone),
      "InvalidVPCNetworkStateFault",
      `The requested availability zone ${String(zone)} is not covered by the DB subnet group.`,
    );
    refuseInsights(inputs, context);
    refuseMonitoring(inputs, context);
  },
  id: (inputs) => text(inputs, "identifier") ?? "",
  outputs: (inputs, context) => {
    const id = text(inputs, "identifier") ?? "";
    const owner = lookup(context, clusterType, text(inputs, "clusterIdentifier"));
    const state: Props = owner?.state ?? {};
    const members = membersOf(inputs, context);
    const zones = zonesFor(inputs, context);
    const { maintenance } = windows(context);
    const insights = inputs.performanceInsightsEnabled ?? isTrue(state, "performanceInsightsEnabled");
    return {
      ...placed(inputs, context),
      ...once(context, () => ({
        arn: arn(context, "rds", `db:${id}`),
        // RDS spreads the members of a cluster over the group's zones.
        availabilityZone: inputs.availabilityZone ?? zones[members.length % Math.max(zones.length, 1)],
        caCertIdentifier: inputs.caCertIdentifier ?? "rds-ca-rsa2048-g1",
        dbiResourceId: `db-${base32(context, 26)}`,
        endpoint: `${id}.${accountSuffix(context)}.${context.region}.rds.amazonaws.com`,
        identifierPrefix: "",
        preferredMaintenanceWindow: inputs.preferredMaintenanceWindow ?? maintenance,
        writer: members.length === 0,
      })),
      applyImmediately: isTrue(inputs, "applyImmediately"),
      dbParameterGroupName: inputs.dbParameterGroupName ?? state.dbClusterParameterGroupName,
      dbSubnetGroupName: inputs.dbSubnetGroupName ?? state.dbSubnetGroupName,
      engineVersion: inputs.engineVersion ?? state.engineVersion,
      engineVersionActual: state.engineVersionActual,
      kmsKeyId: state.kmsKeyId,
      monitoringRoleArn: inputs.monitoringRoleArn ?? "",
      networkType: state.networkType,
      performanceInsightsEnabled: insights,
      performanceInsightsKmsKeyId:
        inputs.performanceInsightsKmsKeyId ?? state.performanceInsightsKmsKeyId ?? "",
      performanceInsightsRetentionPeriod:
        inputs.performanceInsightsRetentionPeriod ?? (insights === true ? 7 : 0),
      port: portOf(state),
      preferredBackupWindow: inputs.preferredBackupWindow ?? state.preferredBackupWindow,
      publiclyAccessible: isTrue(inputs, "publiclyAccessible"),
      storageEncrypted: state.storageEncrypted,
    };
  },
  minutes: 6,
};

type Place = Parameters<NonNullable<Behaviour["outputs"]>>[1];

const membersOf = (inputs: Props, { world, region, current }: Place) =>
  world
    .list(instanceType, region)
    .filter((each) => each.inputs.clusterIdentifier === inputs.clusterIdentifier && each.id !== current?.id);

/** Zones that the cluster's subnet group covers; all of the region's for the default group. */
function zonesFor(inputs: Props, context: Place): string[] {
  const owner = lookup(context, clusterType, text(inputs, "clusterIdentifier"));
  const group = lookup(context, subnetGroupType, text(owner?.state, "dbSubnetGroupName"));
  return group && texts(group.inputs, "subnetIds").length > 0
    ? placesOf(group.inputs, context).zones
    : zonesOf(context.region);
}

const getEngineVersion: Invoke = (args) => {
  const [engine = "", version = "16.6"] = [text(args, "engine"), text(args, "version")];
  refuseUnless(
    isEngineVersion(engine, version),
    "InvalidParameterValue",
    `no RDS engine versions match the criteria: ${engine} ${version}`,
  );
  const [major = ""] = version.split(".");
  return {
    ...args,
    id: version,
    version,
    versionActual: version,
    parameterGroupFamily: `${engine}${major}`,
    status: "available",
    supportsGlobalDatabases: true,
    supportsReadReplica: true,
  };
};

export const rds: Provider = {
  types: {
    [clusterType]: cluster,
    [globalType]: globalCluster,
    [instanceType]: instance,
    [subnetGroupType]: subnetGroup,
    [parameterGroupType]: parameterGroup,
  },
  invokes: {
    "aws:rds/getEngineVersion:getEngineVersion": getEngineVersion,
    "aws:rds/getGlobalCluster:getGlobalCluster": getGlobalCluster,
  },
};

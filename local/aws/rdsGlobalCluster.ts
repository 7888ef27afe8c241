import { CloudError } from "../behaviour.js";
import type { Behaviour, Invoke } from "../behaviour.js";
import { arn, exactlyOne, isKnown, isTrue, matches, oneOf, refuseUnless, text } from "./common.js";
import { once } from "./outputs.js";
import {
  clusterBy,
  clusterType,
  combination,
  globalType,
  instancesOf,
  isBurstable,
  membersOf,
  writerOf,
} from "./rdsGlobal.js";
import { identifier, identifierRule } from "./rdsNames.js";

export const globalCluster: Behaviour = {
  source:
    "RDS CreateGlobalCluster, ModifyGlobalCluster, DeleteGlobalCluster, RemoveFromGlobalCluster; Aurora user guide, global databases; provider docs of aws.rds.GlobalCluster",
  // Its ARN names no region, and every region describes the same ones.
  global: true,
  required: ["globalClusterIdentifier"],
  replaces: [
    "databaseName",
    "engine",
    "globalClusterIdentifier",
    "region",
    "sourceDbClusterIdentifier",
    "storageEncrypted",
  ],
  defaults: () => ({ deletionProtection: false }),
  check: (inputs) => [
    ...matches(inputs, "globalClusterIdentifier", identifier, identifierRule),
    ...exactlyOne(inputs, ["engine", "sourceDbClusterIdentifier"], false),
    ...oneOf(inputs, "engine", ["aurora", "aurora-mysql", "aurora-postgresql"]),
    ...(isKnown(inputs["sourceDbClusterIdentifier"]) && inputs["forceDestroy"] === undefined
      ? [
          {
            property: "sourceDbClusterIdentifier",
            reason: "all of `force_destroy,source_db_cluster_identifier` must be specified",
          },
        ]
      : []),
  ],
  references: {
    sourceDbClusterIdentifier: {
      types: [clusterType],
      by: "arn",
      code: "DBClusterNotFoundFault",
      message: (id) => `DBCluster ${id} not found.`,
      anyRegion: true,
      weak: true,
    },
  },
  unique: (inputs) => text(inputs, "globalClusterIdentifier"),
  taken: (id) => new CloudError("GlobalClusterAlreadyExistsFault", `Global cluster ${id} already exists`),
  admit: (inputs, { current, world }) => {
    if (current) return;
    const source = clusterBy(world, text(inputs, "sourceDbClusterIdentifier"));
    if (!source) return;
    for (const property of ["databaseName", "engineVersion", "storageEncrypted"])
      refuseUnless(
        !isKnown(inputs[property]),
        combination,
        `${property} can't be specified together with SourceDBClusterIdentifier`,
      );
    refuseUnless(
      (text(source.state, "globalClusterIdentifier") ?? "") === "",
      "InvalidDBClusterStateFault",
      "The source cluster is part of a global cluster already.",
    );
    refuseUnless(
      instancesOf(world, source).every(({ inputs: each }) => !isBurstable(text(each, "instanceClass"))),
      combination,
      "Burstable DB instance classes can't be used in a global cluster.",
    );
  },
  id: (inputs) => text(inputs, "globalClusterIdentifier") ?? "",
  outputs: (inputs, context) => {
    const id = text(inputs, "globalClusterIdentifier") ?? "";
    const source = clusterBy(context.world, text(inputs, "sourceDbClusterIdentifier"));
    return {
      tagsAll: inputs["tags"] ?? {},
      ...once(context, () => {
        const version = text(source?.state, "engineVersionActual") ?? text(inputs, "engineVersion") ?? "16.6";
        return {
          arn: arn({ ...context, region: "us-east-1" }, "rds", `global-cluster:${id}`, { region: "" }),
          databaseName: inputs["databaseName"] ?? source?.state["databaseName"] ?? "",
          endpoint: `${id}.global-${context.hex(12, "endpoint")}.global.rds.amazonaws.com`,
          engine: inputs["engine"] ?? source?.state["engine"] ?? "aurora",
          engineLifecycleSupport: "open-source-rds-extended-support",
          engineVersion: version,
          engineVersionActual: version,
          globalClusterMembers: source ? [{ dbClusterArn: source.state["arn"], isWriter: true }] : [],
          globalClusterResourceId: `cluster-${context.hex(16, "resource")}`,
          storageEncrypted: inputs["storageEncrypted"] ?? isTrue(source?.state ?? {}, "storageEncrypted"),
        };
      }),
    };
  },
  after: (object, { world }) => {
    for (const { dbClusterArn } of membersOf(object)) {
      const member = clusterBy(world, dbClusterArn);
      if (member) world.amend(clusterType, member.id, { globalClusterIdentifier: object.id });
    }
  },
  release: (object) => {
    refuseUnless(
      !isTrue(object.state, "deletionProtection"),
      combination,
      "Cannot delete protected Global Cluster, please disable deletion protection and try again.",
    );
    refuseUnless(
      membersOf(object).length === 0 || isTrue(object.inputs, "forceDestroy"),
      "InvalidGlobalClusterStateFault",
      `Global Cluster ${String(object.state["arn"])} is not empty`,
    );
  },
  // Taken out, a secondary is a cluster of its own, which takes writes.
  afterDelete: (object, { world }) => {
    for (const { dbClusterArn } of membersOf(object)) {
      const member = clusterBy(world, dbClusterArn);
      if (member)
        world.amend(clusterType, member.id, {
          globalClusterIdentifier: "",
          replicationSourceIdentifier: "",
        });
    }
  },
  minutes: 2,
};

/** Source: provider docs of aws.rds.getGlobalCluster. */
export const getGlobalCluster: Invoke = (args, { world }) => {
  const id = text(args, "identifier") ?? "";
  const found = world.find(globalType, id);
  if (!found) throw new CloudError("GlobalClusterNotFoundFault", `Global cluster ${id} not found`);
  const { globalClusterResourceId: resourceId, ...state } = found.state;
  const members = membersOf(found);
  const writer = writerOf(found);
  return {
    ...args,
    ...state,
    id,
    resourceId,
    tags: state["tagsAll"],
    members: members.map((member) => ({
      ...member,
      readers:
        member.dbClusterArn === writer ? members.map((m) => m.dbClusterArn).filter((m) => m !== writer) : [],
    })),
  };
};

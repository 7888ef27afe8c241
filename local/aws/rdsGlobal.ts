import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Invoke, Props, World, WorldObject } from "../behaviour.js";
import {
  arn,
  exactlyOne,
  isKnown,
  isTrue,
  matches,
  objects,
  oneOf,
  refuseUnless,
  text,
} from "./common.js";
import { once } from "./outputs.js";
import { identifier, identifierRule } from "./rdsNames.js";

export const globalType = "aws:rds/globalCluster:GlobalCluster";
const clusterType = "aws:rds/cluster:Cluster";
const instanceType = "aws:rds/clusterInstance:ClusterInstance";
const combination = "InvalidParameterCombination";

/** Regions beside the primary's. Source: Aurora user guide, quotas and constraints of global databases. */
const mostSecondaries = 10;

interface Member {
  dbClusterArn: string;
  isWriter: boolean;
}

export const membersOf = (global: WorldObject | undefined): Member[] =>
  (global?.state["globalClusterMembers"] as Member[] | undefined) ?? [];

type Place = Pick<Context, "world">;

export const globalOf = ({ world }: Place, id: string | undefined): WorldObject | undefined =>
  id === undefined || id === "" ? undefined : world.find(globalType, id);

const clusterBy = (world: World, wanted: string | undefined): WorldObject | undefined =>
  world.list(clusterType).find(({ state }) => state["arn"] === wanted);

const regionIn = (dbClusterArn: string): string => dbClusterArn.split(":")[3] ?? "";

/** Burstable classes take no part in a global database. Source: Aurora user guide, its configuration requirements. */
export const isBurstable = (instanceClass: string | undefined): boolean =>
  /^db\.t\d/.test(instanceClass ?? "");

const instancesOf = (world: World, cluster: WorldObject): WorldObject[] =>
  world
    .list(instanceType, cluster.region)
    .filter(({ inputs }) => inputs["clusterIdentifier"] === cluster.id);

/** What a cluster may not have that joins a global database: it follows the writer. */
export function refuseSecondary(inputs: Props, context: Context): void {
  const id = text(inputs, "globalClusterIdentifier");
  const global = globalOf(context, id);
  if (!global)
    throw new CloudError("GlobalClusterNotFoundFault", `Global cluster ${String(id)} not found`);
  const members = membersOf(global);
  for (const [property, word] of [
    ["databaseName", "database name"],
    ["masterUsername", "user name"],
    ["masterPassword", "user password"],
  ] as const)
    refuseUnless(
      members.length === 0 || text(inputs, property) === undefined,
      combination,
      `Cannot specify ${word} for cross region replication cluster`,
    );
  refuseUnless(
    members.every(({ dbClusterArn }) => regionIn(dbClusterArn) !== context.region),
    "InvalidGlobalClusterStateFault",
    `Global cluster ${global.id} already has a cluster in region ${context.region}`,
  );
  refuseUnless(
    members.length <= mostSecondaries,
    "GlobalClusterQuotaExceededFault",
    `A global cluster holds at most ${mostSecondaries} secondary clusters.`,
  );
  const version = text(inputs, "engineVersion");
  const [own, shared] = [text(inputs, "engine"), text(global.state, "engine")];
  refuseUnless(
    own === shared && (version === undefined || version === global.state["engineVersion"]),
    combination,
    `The engine and version of the cluster (${String(own)} ${String(version)}) don't match those of the global cluster (${String(shared)} ${String(global.state["engineVersion"])}).`,
  );
  if (isTrue(global.state, "storageEncrypted"))
    refuseUnless(
      isTrue(inputs, "storageEncrypted") && text(inputs, "kmsKeyId") !== undefined,
      combination,
      "The parameter KmsKeyId must be specified for an encrypted cross region replication cluster.",
    );
  const writer = clusterBy(context.world, writerOf(global));
  refuseUnless(
    members.length === 0 || (writer !== undefined && instancesOf(context.world, writer).length > 0),
    "InvalidDBClusterStateFault",
    `Source cluster: ${String(writerOf(global))} is in a state which is not valid for physical replication`,
  );
}

export const writerOf = (global: WorldObject | undefined): string | undefined =>
  membersOf(global).find(({ isWriter }) => isWriter)?.dbClusterArn;

/** What changes of a member only through its global database, or only where it writes. */
export function refuseMemberChange(inputs: Props, { current, world }: Context): void {
  const before = text(current?.state, "globalClusterIdentifier") ?? "";
  const asked = text(inputs, "globalClusterIdentifier") ?? "";
  refuseUnless(
    asked === "" || asked === before,
    "Provider",
    before === ""
      ? "existing RDS Clusters cannot be added to an existing RDS Global Cluster"
      : "existing RDS Clusters cannot be migrated between existing RDS Global Clusters",
  );
  const global = globalOf({ world }, before);
  if (!current || !global) return;
  const isWriter = writerOf(global) === current.state["arn"];
  refuseUnless(
    isWriter || inputs["masterPassword"] === current.inputs["masterPassword"],
    "InvalidDBClusterStateFault",
    "The master user password of a secondary cluster can't be changed: it is the primary's.",
  );
  const version = text(inputs, "engineVersion");
  const [old, fresh] = [text(current.state, "engineVersion"), version ?? ""];
  if (version === undefined || old === undefined || old === fresh) return;
  refuseUnless(
    old.split(".")[0] === fresh.split(".")[0],
    combination,
    "The major version of a member of a global cluster is changed by ModifyGlobalCluster.",
  );
  const behind = membersOf(global).filter(
    ({ dbClusterArn, isWriter: writes }) =>
      !writes && clusterBy(world, dbClusterArn)?.state["engineVersion"] !== fresh,
  );
  refuseUnless(
    !isWriter || behind.length === 0,
    "InvalidDBClusterStateFault",
    "Upgrade the secondary clusters of a global cluster before its primary.",
  );
}

/** Enters a cluster that was made with the global database's name, or takes one out that no longer has it. */
export function settleMembership(object: WorldObject, { world }: Place): void {
  const { id, inputs, state } = object;
  const own = String(state["arn"]);
  const asked = text(inputs, "globalClusterIdentifier");
  const global = globalOf({ world }, asked);
  if (!global || membersOf(global).some(({ dbClusterArn }) => dbClusterArn === own)) return;
  const source = writerOf(global);
  world.amend(globalType, global.id, {
    globalClusterMembers: [
      ...membersOf(global),
      { dbClusterArn: own, isWriter: source === undefined },
    ],
  });
  world.amend(clusterType, id, { replicationSourceIdentifier: source ?? "" });
}

/** The provider takes a cluster out of its global database before it deletes it. The writer goes last. */
export function refuseWriterWithReaders({ state }: WorldObject, { world }: Place): void {
  const global = globalOf({ world }, text(state, "globalClusterIdentifier"));
  refuseUnless(
    writerOf(global) !== state["arn"] || membersOf(global).length === 1,
    "InvalidGlobalClusterStateFault",
    "Unable to delete cluster that is a primary member of global cluster while there are other global cluster members",
  );
}

export function leaveGlobal({ state }: WorldObject, { world }: Place): void {
  const global = globalOf({ world }, text(state, "globalClusterIdentifier"));
  if (global)
    world.amend(globalType, global.id, {
      globalClusterMembers: membersOf(global).filter(({ dbClusterArn }) => dbClusterArn !== state["arn"]),
    });
}

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
  taken: (id) =>
    new CloudError("GlobalClusterAlreadyExistsFault", `Global cluster ${id} already exists`),
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
        const version =
          text(source?.state, "engineVersionActual") ?? text(inputs, "engineVersion") ?? "16.6";
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
  after: ({ id, state }, { world }) => {
    for (const { dbClusterArn } of objects(state, "globalClusterMembers") as unknown as Member[]) {
      const member = clusterBy(world, dbClusterArn);
      if (member) world.amend(clusterType, member.id, { globalClusterIdentifier: id });
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
      readers: member.dbClusterArn === writer ? members.map((m) => m.dbClusterArn).filter((m) => m !== writer) : [],
    })),
  };
};

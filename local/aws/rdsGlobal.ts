import { CloudError } from "../behaviour.js";
import type { Context, Props, World, WorldObject } from "../behaviour.js";
import { isTrue, refuseUnless, text } from "./common.js";

export const globalType = "aws:rds/globalCluster:GlobalCluster";
export const clusterType = "aws:rds/cluster:Cluster";
export const instanceType = "aws:rds/clusterInstance:ClusterInstance";
export const combination = "InvalidParameterCombination";

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

export const clusterBy = (world: World, wanted: string | undefined): WorldObject | undefined =>
  world.list(clusterType).find(({ state }) => state["arn"] === wanted);

const regionIn = (dbClusterArn: string): string => dbClusterArn.split(":")[3] ?? "";

/** Burstable classes take no part in a global database. Source: Aurora user guide, its configuration requirements. */
export const isBurstable = (instanceClass: string | undefined): boolean =>
  /^db\.t\d/.test(instanceClass ?? "");

export const instancesOf = (world: World, cluster: WorldObject): WorldObject[] =>
  world.list(instanceType, cluster.region).filter(({ inputs }) => inputs["clusterIdentifier"] === cluster.id);

/** What a cluster may not have that joins a global database: it follows the writer. */
export function refuseSecondary(inputs: Props, context: Context): void {
  const id = text(inputs, "globalClusterIdentifier");
  const global = globalOf(context, id);
  if (!global) throw new CloudError("GlobalClusterNotFoundFault", `Global cluster ${String(id)} not found`);
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
    globalClusterMembers: [...membersOf(global), { dbClusterArn: own, isWriter: source === undefined }],
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

/** A secondary tells the users of the primary. */
export const writerUser = (inputs: Props, context: Pick<Context, "world">) => {
  const writer = writerOf(globalOf(context, text(inputs, "globalClusterIdentifier")));
  return clusterBy(context.world, writer)?.state.masterUsername ?? "";
};

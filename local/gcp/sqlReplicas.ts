import { CloudError } from "../behaviour.js";
import type { Context, Props, World, WorldObject } from "../behaviour.js";
import { isKnown, isTrue, project, refuseUnless, text } from "./common.js";
import { editionOf, major, refuse } from "./sqlRules.js";

export const instanceType = "gcp:sql/databaseInstance:DatabaseInstance";

/** Source: Cloud SQL, quotas and limits: read replicas. */
const mostReplicas = 10;

export const isReplica = (state: Props | undefined): boolean =>
  state?.["instanceType"] === "READ_REPLICA_INSTANCE";

/** By what the provider's id, the bare name, does not tell: the project too. */
export const findInstance = (world: World, where: string, name: string): WorldObject | undefined =>
  world.list(instanceType).find(({ state }) => state["project"] === where && state["name"] === name);

const sourceOf = (inputs: Props, context: Context): WorldObject | undefined => {
  const name = text(inputs, "masterInstanceName");
  if (name === undefined || context.current) return undefined;
  const found = findInstance(context.world, project(inputs, context), name);
  if (!found)
    throw new CloudError(
      "instanceDoesNotExist",
      `googleapi: Error 404: The Cloud SQL instance does not exist: ${name}., instanceDoesNotExist`,
    );
  return found;
};

const replicasOf = (world: World, name: unknown): WorldObject[] =>
  world.list(instanceType).filter(({ state }) => isReplica(state) && state["masterInstanceName"] === name);

/** vCPU and memory of a tier, for comparing; shared cores are the smallest. Other series have a fixed ratio. */
const sizeOf = (tier: string): number => {
  const [, cpu, mib] = /^db-(?:custom|perf-optimized-N|c4a-highmem)-(\d+)(?:-(\d+))?$/.exec(tier) ?? [];
  return Number(cpu ?? 0) * 1e7 + Number(mib ?? 0);
};

/** What an instance may be that follows another. Source: Cloud SQL for PostgreSQL, "Create read replicas", "About replication". */
export function refuseReplica(inputs: Props, context: Context): void {
  const follows = context.current ? isReplica(context.current.state) : isKnown(inputs["masterInstanceName"]);
  refuse(
    !isKnown(inputs["replicaConfiguration"]) || isKnown(inputs["masterInstanceName"]),
    "A replica configuration needs masterInstanceName",
  );
  if (!follows) return;
  refuse(
    !isTrue(inputs, "settings.backupConfiguration.enabled"),
    "Backups can't be enabled on a read replica",
  );
  refuse(
    !isKnown((inputs["settings"] as Props | undefined)?.["maintenanceWindow"]),
    "A maintenance window can't be set on a read replica: it is its primary's",
  );
  const source = sourceOf(inputs, context);
  if (!source) return;
  const name = String(source.state["name"]);
  refuse(!isReplica(source.state), `The instance ${name} is a read replica itself`);
  refuse(
    isTrue(source.inputs, "settings.backupConfiguration.enabled") &&
      isTrue(source.inputs, "settings.backupConfiguration.pointInTimeRecoveryEnabled"),
    `The primary ${name} needs automated backups and point-in-time recovery before it can be replicated`,
  );
  refuse(
    replicasOf(context.world, name).length < mostReplicas,
    `The instance ${name} has the most read replicas that are allowed, ${mostReplicas}`,
  );
  refuse(
    major(inputs) === major(source.inputs),
    "The database version of a read replica must be its primary's",
  );
  refuse(
    editionOf(inputs) === editionOf(source.inputs),
    "The edition of a read replica must be its primary's",
  );
  const [own, wanted] = [inputs, source.inputs].map((each) => text(each, "settings.tier") ?? "") as [
    string,
    string,
  ];
  refuse(
    sizeOf(own) >= sizeOf(wanted),
    `The tier of a read replica (${own}) must not be smaller than its primary's (${wanted})`,
  );
  const encrypted = (text(source.inputs, "encryptionKeyName") ?? "") !== "";
  refuse(
    source.region === context.region || encrypted === ((text(inputs, "encryptionKeyName") ?? "") !== ""),
    "A replica in another region of an instance with a customer's key needs a key of its own region",
  );
}

export function replicaOutputs(inputs: Props, { current }: Context): Props {
  if (current) {
    const { instanceType: kind, masterInstanceName } = current.state;
    return { instanceType: kind, masterInstanceName };
  }
  const masterInstanceName = text(inputs, "masterInstanceName") ?? "";
  return {
    instanceType: masterInstanceName === "" ? "CLOUD_SQL_INSTANCE" : "READ_REPLICA_INSTANCE",
    masterInstanceName,
  };
}

export function refuseWithReplicas({ state }: WorldObject, { world }: Context): void {
  const [replica] = replicasOf(world, state["name"]);
  refuse(
    replica === undefined,
    `The instance ${String(state["name"])} has the read replica ${String(replica?.state["name"])}: delete it first`,
  );
}

/** Users and databases are written where the writes are. */
export function refuseOnReplica(instance: WorldObject | undefined): void {
  refuse(
    !isReplica(instance?.state),
    "The operation is not allowed on a read replica",
    "operationNotAllowedOnReplica",
  );
}

/** `gcloud sql instances promote-replica`: it stands alone, and so does its primary. Source: "Promote replicas". */
export function promoteInstance(world: World, id: string): void {
  const target = world.find(instanceType, id);
  refuseUnless(target !== undefined, "instanceDoesNotExist", `The Cloud SQL instance does not exist: ${id}`);
  refuse(isReplica(target?.state), `The instance ${id} is no read replica`);
  world.amend(instanceType, id, { instanceType: "CLOUD_SQL_INSTANCE", masterInstanceName: "" });
}

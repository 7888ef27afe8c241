import { Refusal } from "./errors.js";
import { cellType } from "./events.js";
import type { ExportedState } from "./pending.js";
import { deployed, listOf, objectOf, ofType, textOf } from "./state.js";
import type { Deployed } from "./state.js";

/** `switchover`: both databases are well, and swap their parts without loss. `failover`: the one that writes is lost. */
export type Way = "switchover" | "failover";

/** How the database of a cell is made the one that takes writes. */
export interface Promotion {
  /** The calls of the cloud's own command, one after the other: the program and its arguments. */
  calls: string[][];
  /** How it is seen that the database writes, where the calls return before. */
  progress?: Progress;
  /** Calls for afterwards, without which the database writes all the same. */
  tidying: string[][];
  /** The database. */
  target: Deployed;
  /** What it changes: URNs. */
  affected: string[];
  /** What there is to know before it. */
  warnings: string[];
}

export interface Progress {
  /** The call that shows it. */
  call: string[];
  /** What the call's output says. `idle`: the same database writes as before, and nothing is under way. */
  read: (output: string) => "done" | "under way" | "idle";
}

type Planner = (database: Deployed, all: readonly Deployed[], way: Way) => Omit<Promotion, "target">;

/** By type of the database in a cell, which says the cloud. */
const planners: Record<string, Planner> = {
  "aws:rds/cluster:Cluster": planAws,
  "azure-native:dbforpostgresql:Server": planAzure,
  "gcp:sql/databaseInstance:DatabaseInstance": planGcp,
};

/**
 * Reads from a stack's state how a cell's database is promoted.
 *
 * @throws {Refusal} when the stack has no such cell, or its database follows no other
 */
export function planPromotion(state: ExportedState, cell: string, way: Way): Promotion {
  const all = deployed(state);
  const cells = all.filter(({ type }) => cellType.test(type)).map(({ name }) => name);
  if (!cells.includes(cell)) {
    const known = cells.length > 0 ? `It has ${cells.join(", ")}.` : "It has none: is it up?";
    throw new Refusal(`The stack has no cell ${cell}. ${known}`);
  }
  const database = all.find(({ type, name }) => type in planners && name.startsWith(`${cell}-database-`));
  const planner = planners[database?.type ?? ""];
  if (!database || !planner) throw new Refusal(`The cell ${cell} has no database that could be promoted.`);
  return { target: database, ...planner(database, all, way) };
}

/** The cell writes, or has nothing to do with the others. */
const alone = ({ name }: Deployed): Refusal =>
  new Refusal(
    `${name.split("-database-")[0]} takes writes already. (Cells share a database with javelin:database.replication global.)`,
  );

function planAws(database: Deployed, all: readonly Deployed[], way: Way): ReturnType<Planner> {
  const [global] = ofType(all, "aws:rds/globalCluster:GlobalCluster");
  if (!global) throw alone(database);
  const members = ofType(all, database.type);
  const arn = textOf(database.props["arn"]);
  const name = textOf(global.props["globalClusterIdentifier"]);
  const regionOf = (cluster: string) => cluster.split(":")[3] ?? "";
  const writer = listOf(global.outputs["globalClusterMembers"]).find((member) => member["isWriter"] === true);
  const primary = textOf(writer?.["dbClusterArn"]);
  if (primary === "" || primary === arn) throw alone(database);
  const call = (verb: string, region: string) => [
    ...["aws", "rds", verb, "--region", region],
    ...["--global-cluster-identifier", name, "--target-db-cluster-identifier", arn],
  ];
  return {
    calls: [
      way === "switchover"
        ? call("switchover-global-cluster", regionOf(primary))
        : [...call("failover-global-cluster", regionOf(arn)), "--allow-data-loss"],
    ],
    progress: {
      call: [
        ...["aws", "rds", "describe-global-clusters", "--region", regionOf(arn)],
        ...["--global-cluster-identifier", name, "--output", "json"],
      ],
      read: (output) => readGlobalCluster(output, arn, way),
    },
    tidying: [],
    affected: [global, ...members].map(({ urn }) => urn),
    warnings:
      way === "switchover"
        ? []
        : ["What the lost region wrote in its last second or so, and had not copied yet, is gone."],
  };
}

/**
 * `FailoverState` is there as long as one is asked for or under way, and after a loss perhaps until the lost region is
 * back. Source: RDS API reference, GlobalCluster.
 */
function readGlobalCluster(output: string, arn: string, way: Way): ReturnType<Progress["read"]> {
  const [cluster] = listOf(objectOf(JSON.parse(output))["GlobalClusters"]);
  const busy = textOf(objectOf(cluster?.["FailoverState"])["Status"]) !== "";
  const writes = listOf(cluster?.["GlobalClusterMembers"]).some(
    (each) => each["DBClusterArn"] === arn && each["IsWriter"] === true,
  );
  if (writes && (way === "failover" || !busy)) return "done";
  return busy ? "under way" : "idle";
}

function planAzure(database: Deployed, all: readonly Deployed[], way: Way): ReturnType<Planner> {
  const [pair] = ofType(all, "azure-native:dbforpostgresql:VirtualEndpoint");
  if (!pair || textOf(database.props["sourceServerResourceId"]) === "") throw alone(database);
  const [, , subscription = "", , group = "", , , , server = ""] = database.id.split("/");
  const az = (verb: string[], ...more: string[]) => [
    ...["az", "postgres", "flexible-server", ...verb, "--yes"],
    ...["--subscription", subscription, "--resource-group", group, ...more],
  ];
  const option = way === "switchover" ? "planned" : "forced";
  const promotion = ["--promote-mode", "switchover", "--promote-option", option];
  return {
    calls: [az(["replica", "promote"], "--name", server, ...promotion)],
    // It is the other server's now, where no state knows it; the next up makes one that names the new copy.
    tidying: [
      az(["virtual-endpoint", "delete"], "--server-name", server, "--name", textOf(pair.props["name"])),
    ],
    affected: [...ofType(all, database.type), ...ofType(all, pair.type)].map(({ urn }) => urn),
    warnings:
      way === "switchover" ? [] : ["What the lost server wrote last, and had not copied yet, is gone."],
  };
}

function planGcp(database: Deployed, all: readonly Deployed[], way: Way): ReturnType<Planner> {
  if (textOf(database.props["masterInstanceName"]) === "") throw alone(database);
  if (way === "switchover")
    throw new Refusal(
      "Cloud SQL's Enterprise edition swaps no parts: --failover makes the copy stand alone, and the other one has to be made anew afterwards.",
    );
  return {
    calls: [
      [
        ...["gcloud", "sql", "instances", "promote-replica", textOf(database.props["name"])],
        ...["--project", textOf(database.props["project"]), "--quiet"],
      ],
    ],
    tidying: [],
    affected: ofType(all, database.type).map(({ urn }) => urn),
    warnings: [
      "Both databases stand alone afterwards. Stop the writes to the old one first where it still runs: what it takes later is in none but it.",
    ],
  };
}

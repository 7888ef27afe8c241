import { listOf, objectOf, ofType, textOf } from "../state.js";
import type { Deployed } from "../state.js";
import type { CellSketch } from "./cellSketch.js";

const label = "replication";

interface Store {
  box: string;
  resource: Deployed;
}

/** Which database follows which, where cells share their data. */
export function drawReplication(cells: readonly CellSketch[], shared: readonly Deployed[]): void {
  const stores = (type: string): Store[] =>
    cells.flatMap((cell) =>
      ofType(cell.state.resources, type).map((resource) => ({ box: cell.id("database"), resource })),
    );
  const connect = (from: Store | undefined, { box, resource }: Store) => {
    if (from && from.box !== box) cells[0]?.sketch.arrow(from.box, box, label, resource.urn);
  };

  const aurora = stores("aws:rds/cluster:Cluster");
  for (const { id, props } of ofType(shared, "aws:rds/globalCluster:GlobalCluster")) {
    const [writer] = listOf(props["globalClusterMembers"])
      .filter((member) => member["isWriter"] === true)
      .map((member) => textOf(member["dbClusterArn"]));
    const arn = writer ?? textOf(props["sourceDbClusterIdentifier"]);
    const source = aurora.find(({ resource }) => textOf(resource.props["arn"]) === arn);
    for (const each of aurora)
      if (textOf(each.resource.props["globalClusterIdentifier"]) === id) connect(source, each);
  }
  const flexible = stores("azure-native:dbforpostgresql:Server");
  for (const each of flexible) {
    const { props } = each.resource;
    // What was promoted still names where it was copied from.
    if (textOf(objectOf(props["replica"])["role"]) === "Primary") continue;
    const source = textOf(props["sourceServerResourceId"]).toLowerCase();
    connect(
      flexible.find(({ resource }) => resource.id.toLowerCase() === source),
      each,
    );
  }
  const instances = stores("gcp:sql/databaseInstance:DatabaseInstance");
  for (const each of instances) {
    const source = textOf(each.resource.props["masterInstanceName"]).split(":").at(-1) ?? "";
    connect(
      instances.find(({ resource }) => source !== "" && textOf(resource.props["name"]) === source),
      each,
    );
  }
}

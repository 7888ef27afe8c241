import { cellMachines } from "./cellDefaults.js";
import type { Cell } from "./cellSchema.js";
import type { Cloud } from "./clouds.js";
import type { Parsed, Refuse } from "./rules.js";

interface Limits {
  /**
   * Why a machine takes no part in a database over regions. Sources: Aurora user guide, configuration requirements
   * of a global database; Azure Database for PostgreSQL, read replicas; Cloud SQL, replication in PostgreSQL.
   */
  burstable: (machine: string) => boolean;
  example: string;
  /** Cells that one database serves at the most: one that writes, and its copies. */
  cells: number;
  /** What has to be the same for all cells. */
  same?: "project" | "subscription";
}

const limits: Readonly<Record<Cloud, Limits>> = {
  aws: { burstable: (name) => /^db\.t\d/.test(name), example: "db.r7g.large", cells: 11 },
  azure: {
    burstable: (name) => name.startsWith("Standard_B"),
    example: "Standard_D2ds_v5",
    cells: 6,
    same: "subscription",
  },
  gcp: {
    burstable: (name) => /^db-[fg]1-/.test(name),
    example: "db-custom-2-7680",
    cells: 11,
    same: "project",
  },
};

const independent = "database.replication independent";

/** What a database that several regions share asks of the cells. */
export function databaseRules({ values, cells, cellCount }: Parsed, refuse: Refuse): void {
  const { database, topology, dns } = values;
  if (database?.replication !== "global") return;
  const replication = ["database", "replication"];
  if (topology === "single-region") {
    const remedy =
      "one cell has nobody to share a database with: write independent, or topology cross-region";
    return refuse(replication, "global", remedy);
  }
  if (dns?.mode === "active-active") {
    const remedy = `one cell alone takes writes, and every cell is sent some: write active-passive, or ${independent}`;
    refuse(["dns", "mode"], dns.mode, remedy);
  }
  const [first] = cells.values();
  if (!first) return;
  const { cloud } = first;
  const other = [...cells.values()].find((cell) => cell.cloud !== cloud);
  if (other) {
    const remedy = `no database spans ${cloud} and ${other.cloud}: write independent, or put every cell on ${cloud}`;
    return refuse(replication, "global", remedy);
  }
  const { cells: most, same } = limits[cloud];
  if (cellCount > most) {
    const remedy = `one database serves ${most} regions on ${cloud}: write ${most} cells or fewer, or ${independent}`;
    refuse(["cells"], `${cellCount} cells`, remedy);
  }
  if (cloud === "aws" && !database.version.includes(".")) {
    const remedy = `every region has to run the same version, and a major one is not exact: write one such as "16.11"`;
    refuse(["database", "version"], database.version, remedy);
  }
  const regions = new Map<string, number>();
  for (const [index, cell] of cells) {
    const twin = regions.get(cell.region);
    if (twin !== undefined) {
      const remedy = `cells[${twin}] is there, and a copy in the same region saves nothing: write another region, or ${independent}`;
      refuse(["cells", index, "region"], cell.region, remedy);
    }
    regions.set(cell.region, twin ?? index);
    if (same && cell[same] !== first[same]) {
      const remedy = `a database and its copies lie in one ${same}: write the same in every cell, or ${independent}`;
      refuse(["cells", index, same], cell[same], remedy);
    }
    machines({ values, cell, index, first }, refuse);
  }
}

function machines(
  { values, cell, index, first }: Pick<Parsed, "values"> & { cell: Cell; index: number; first: Cell },
  refuse: Refuse,
): void {
  const { burstable, example } = limits[cell.cloud];
  const written = values.database?.instanceClass;
  const machine = written ?? cellMachines(cell, values).database;
  const path = ["database", "instanceClass"];
  if (burstable(machine)) {
    // Once, for all cells that take what is written.
    if (cell !== first && written !== undefined) return;
    const remedy = `a burstable machine takes no part in a database over regions: write ${example} or larger, or size standard`;
    return refuse(path, machine, remedy);
  }
  const wanted = written ?? cellMachines(first, values).database;
  if (machine !== wanted) {
    const remedy = `any cell may have to take the writes of all: write the same size in every cell, or database.instanceClass`;
    refuse(["cells", index, "size"], cell.size, remedy);
  }
}

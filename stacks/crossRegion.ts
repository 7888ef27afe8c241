import * as pulumi from "@pulumi/pulumi";
import type { Cell } from "./cell.js";
import type { CrossRegionConfig } from "./config.js";
import { prepareCells } from "./createCells.js";
import { explain } from "./failoverBudget.js";
import { cellOutput, publicRecords, urls } from "./outputs.js";
import type { Outputs } from "./outputs.js";
import { publicDns } from "./publicDns.js";
import { shareDatabase } from "./sharedDatabase.js";

/**
 * Several cells, on one cloud or on several, and public names that follow those that can serve. The cells know
 * nothing of each other: one can fail, come or go without a change to another. They may share one database.
 */
export async function crossRegion(config: CrossRegionConfig): Promise<Outputs> {
  const { secrets, certificate, routeSecrets, failover, budget } = config;
  await pulumi.log.info(explain(budget));
  const builds = await prepareCells(config.stack, config.cells);
  const [primary] = config.cells;
  const zone = await publicDns(config.dns, config.prefix, primary!.protect);
  const sharing = config.replication === "global" ? await shareDatabase(config) : undefined;
  // One after the other only as programs go: no cell's resources wait for another's, save a database that follows and
  // certificates that are proved in the zone by one record.
  const cells: Cell[] = [];
  for (const build of builds) {
    const shared = sharing && { sharedDatabase: sharing.part(cells) };
    cells.push(await build({ secrets, certificate, routeSecrets, zone, ...shared }));
  }
  sharing?.complete(cells);
  const balanced = await zone.balance({
    domain: config.domain,
    cells,
    mode: config.mode,
    ...failover,
  });
  zone.point(publicRecords(cells, primary!, balanced));
  return { ...urls(primary!), cells: cells.map(cellOutput), failover: budget };
}

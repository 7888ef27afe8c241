import type { SingleRegionConfig } from "./config.js";
import { prepareCells } from "./createCells.js";
import { cellOutput, publicRecords, urls } from "./outputs.js";
import type { Outputs } from "./outputs.js";
import { publicDns } from "./publicDns.js";

/** One cell, and every public name pointing at it. */
export async function singleRegion(config: SingleRegionConfig): Promise<Outputs> {
  const { secrets, certificate, routeSecrets } = config;
  const [build] = await prepareCells(config.stack, [config.cell]);
  const zone = await publicDns(config.dns, config.prefix, config.cell.protect);
  const cell = await build!({ secrets, certificate, routeSecrets, zone });
  // The gateway's names lead to the cell's: with a second cell, only where they lead changes.
  const there = { target: { host: cell.origin }, ready: cell.ready };
  zone.point(publicRecords([cell], config.cell, there));
  return { ...urls(config.cell), cells: [cellOutput(cell)] };
}

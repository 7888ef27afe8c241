import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Row } from "./rows.js";
import { print } from "./rows.js";

/** The families of rows; each loads what it needs. */
const families: Record<string, (directory: string) => Promise<Row[]>> = {
  engine: async (directory) => (await import("./engine.js")).engineRows(directory),
  start: async () => (await import("./start.js")).startRows(),
  ready: async () => (await import("./ready.js")).readyRows(),
  drill: async () => (await import("./drill.js")).drillRows(),
  growth: async (directory) => (await import("./growth.js")).growthRows(directory),
};

const { values: flags, positionals } = parseArgs({
  options: { json: { type: "boolean", default: false } },
  allowPositionals: true,
});
const asked = positionals.length > 0 ? positionals : Object.keys(families);
const unknown = asked.filter((name) => !families[name]);
if (unknown.length > 0)
  throw new Error(`no such rows: ${unknown.join(", ")}; there are ${Object.keys(families).join(", ")}`);

const temporary = mkdtempSync(join(tmpdir(), "javelin-bench-"));
try {
  const rows: Row[] = [];
  for (const name of asked) rows.push(...(await families[name]!(temporary)));
  if (flags.json) console.log(JSON.stringify(rows));
  else print(rows);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
// Channels of the stubs may still be closing.
process.exit(0);

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { execute } from "../automation/processes.js";
import type { Operation } from "./operation.js";
import { startSeconds } from "./start.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: flags } = parseArgs({ options: { json: { type: "boolean", default: false } } });

/** How often each of the two sides of a row is measured. */
const times = { up: 3, preview: 5, start: 3 };

/** A measurement over its floor, both medians of the same run. A floor that cannot be measured is null. */
interface Row {
  row: string;
  value: number;
  floor: number | null;
  unit: "s";
  ratio: number | null;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const temporary = mkdtempSync(join(tmpdir(), "javelin-bench-"));
try {
  const rows = [...(await engineRows(temporary)), await startRow()];
  if (flags.json) console.log(JSON.stringify(rows));
  else print(rows);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
// Channels of the stubs may still be closing.
process.exit(0);

/** The two sides take turns, so that noise on the machine hits both. */
async function engineRows(directory: string): Promise<Row[]> {
  const ups: [Operation[], Operation[]] = [[], []];
  for (let i = 0; i < times.up; i++) {
    const dev = await run("dev", "up", join(directory, `dev-${i}`));
    ups[0].push(dev);
    ups[1].push(await run("floor", "up", join(directory, `floor-${i}`), dev));
  }
  const previews: [Operation[], Operation[]] = [[], []];
  for (let i = 0; i < times.preview; i++) {
    const dev = await run("dev", "preview", join(directory, "dev-0"));
    previews[0].push(dev);
    previews[1].push(await run("floor", "preview", join(directory, "floor-0"), dev));
  }
  const seconds = ([value, floor]: [Operation[], Operation[]], name: string): Row =>
    rowOf(
      name,
      value.map((o) => o.seconds),
      floor.map((o) => o.seconds),
    );
  return [
    seconds(previews, `no-change preview of dev (n=${times.preview})`),
    seconds(ups, `first up of dev (n=${times.up})`),
  ];
}

/** @param like the operation on `dev` whose number of registrations the floor matches */
async function run(
  subject: "dev" | "floor",
  operation: "up" | "preview",
  directory: string,
  like?: Operation,
): Promise<Operation> {
  const script = fileURLToPath(new URL("operation.ts", import.meta.url));
  const counts = like ? [String(like.registrations), String(like.providers)] : [];
  const output = await execute({
    file: process.execPath,
    arguments: ["--import", import.meta.resolve("tsx/esm"), script, subject, operation, directory, ...counts],
    directory: root,
  });
  const result = JSON.parse(output) as Operation;
  const kinds = Object.keys(result.changes).join();
  if (kinds !== (operation === "up" ? "create" : "same"))
    throw new Error(`${operation} of ${subject} is not what is measured: ${JSON.stringify(result.changes)}`);
  if (like && like.registrations !== result.registrations)
    throw new Error(`the floor registered ${result.registrations} resources, dev ${like.registrations}`);
  say(
    `${operation.padEnd(7)} ${subject.padEnd(5)} ${result.seconds.toFixed(2)} s, ${result.registrations} resources`,
  );
  return result;
}

async function startRow(): Promise<Row> {
  const own: number[] = [];
  const standard: number[] = [];
  let runs = true;
  for (let i = 0; i < times.start; i++) {
    own.push(await startSeconds(root, true));
    say(`start   dev   ${own.at(-1)?.toFixed(2)} s`);
    if (!runs) continue;
    try {
      standard.push(await startSeconds(root, false));
      say(`start   floor ${standard.at(-1)?.toFixed(2)} s`);
    } catch (error) {
      runs = false;
      const [what, why] = (error as Error).message.split("\n");
      say(`start   floor does not run here: ${[what, why].join(" ")}`);
    }
  }
  const name = `start to first resource, over Pulumi's default TypeScript runtime (n=${times.start})`;
  return rowOf(name, own, runs ? standard : undefined);
}

function rowOf(row: string, values: number[], floors: number[] | undefined): Row {
  const value = median(values);
  const floor = floors ? median(floors) : null;
  return { row, value, floor, unit: "s", ratio: floor === null ? null : rounded(value / floor) };
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = sorted.slice(sorted.length % 2 === 0 ? middle - 1 : middle);
  return rounded(sorted.length % 2 === 0 ? (low + high) / 2 : low);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function print(rows: Row[]): void {
  const cells = [
    ["row", "value", "floor", "ratio"],
    ...rows.map(({ row, value, floor, unit, ratio }) => [
      row,
      `${value.toFixed(2)} ${unit}`,
      floor === null ? "–" : `${floor.toFixed(2)} ${unit}`,
      ratio === null ? "–" : ratio.toFixed(2),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  for (const line of cells)
    console.log(
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join("  "),
    );
}

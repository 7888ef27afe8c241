import { join, relative } from "node:path";
import { WrongUse } from "../errors.js";
import { stateOf } from "../inspect.js";
import type { Project } from "../operate.js";
import { checkOut, writeOut } from "../out.js";
import { ScaledClock } from "./clock.js";
import { deploymentOf } from "./deployment.js";
import { drill, expectedSeconds, modes } from "./drill.js";
import type { Mode } from "./drill.js";
import type { LoopbackWorld } from "./loopback.js";
import { loopbackWorld } from "./loopback.js";
import { inBudget, measure } from "./measure.js";
import { drillDocument, drillSummary, inSeconds } from "./report.js";
import { readState } from "./state.js";
import { timeline } from "./timeline.js";

export interface DrillOptions {
  local: boolean;
  json: boolean;
  /** The cell that goes down; default the first. */
  cell?: string;
  mode: string;
  /** How many times faster than real time. */
  scale?: string;
  /** Where the picture goes. */
  out?: string;
}

/** Seconds that a drill is meant to take. */
const comfortable = 15;
/** Faster than this, what is measured is this machine. */
const fastest = 60;

/**
 * Takes a cell of a deployed stack down, on this machine's loopback, and shows what its callers see of it.
 *
 * @returns the exit code: 1 when callers waited longer than the budget
 * @throws {WrongUse} for a stack with one cell, for a cell, a mode or a scale that does not exist, and when the picture
 *   could not be written
 */
export async function runDrill(project: Project, stack: string, options: DrillOptions): Promise<number> {
  const mode = modeOf(options.mode);
  const asked = options.scale === undefined ? undefined : scaleOf(options.scale);
  const shortName = stack.split("/").at(-1) ?? stack;
  const out = options.out ?? join(project.localDirectory, "drills", `${shortName}-${mode}.svg`);
  checkOut(out);
  const up = `javelin up ${stack}${options.local ? " --local" : ""}`;
  const deployment = deploymentOf(readState(await stateOf(project, stack, options), stack, up));
  const names = deployment.cells.map(({ name }) => name);
  const cell = options.cell ?? names[0] ?? "";
  if (!names.includes(cell))
    throw new WrongUse(`The stack ${stack} has no cell ${cell}: it has ${names.join(", ")}.`);

  const expected = expectedSeconds(deployment, mode);
  const scale = asked ?? Math.min(fastest, Math.max(1, Math.round(expected / comfortable)));
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  say(`${deployment.title}: ${mode}; ${inSeconds(expected)} at ${scale} times the speed, or less.`);
  let world: LoopbackWorld | undefined;
  const seen = await drill(
    deployment,
    async (now) => (world = await loopbackWorld(deployment, now, new ScaledClock(scale))),
    { cell, mode, tell: say },
  ).finally(() => world?.close());

  const measures = measure(seen, deployment);
  const picture = { stack, cell, mode, deployment, seen, measures };
  writeOut(out, timeline(picture));
  console.log(
    options.json ? drillDocument(picture) : drillSummary(picture, scale, relative(process.cwd(), out)),
  );
  return inBudget(measures, mode) ? 0 : 1;
}

function modeOf(text: string): Mode {
  const found = modes.find((each) => each === text);
  if (!found) throw new WrongUse(`--mode ${text}: one of ${modes.join(", ")} is expected.`);
  return found;
}

function scaleOf(text: string): number {
  const scale = Number(text);
  if (!(scale >= 1 && scale <= fastest))
    throw new WrongUse(`--scale ${text}: a number from 1 to ${fastest} is expected.`);
  return scale;
}

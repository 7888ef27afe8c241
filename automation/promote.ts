import { CloudError } from "../local/behaviour.js";
import { Held } from "../local/directory.js";
import { promoteIn } from "../local/promotion.js";
import { Refusal } from "./errors.js";
import { attach, runningServer } from "./local.js";
import type { Project } from "./operate.js";
import type { ExportedState } from "./pending.js";
import { execute } from "./processes.js";
import type { Promotion } from "./promotion.js";
import { planPromotion } from "./promotion.js";
import type { OpenStack } from "./workspace.js";
import { openStack } from "./workspace.js";

export interface PromoteOptions {
  /** The database that writes is lost, and with it what was not copied yet. */
  failover: boolean;
  local: boolean;
  /** Carries it out. On the local cloud it is carried out in any case. */
  yes: boolean;
  json: boolean;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * Makes the database of a cell the one that takes writes, by the cloud's own command, and reads the new parts into
 * the stack's state. Without `--yes` it only says what it would call.
 *
 * @returns the exit code: 0 done or shown, 1 failed
 */
export async function promote(
  project: Project,
  stack: string,
  cell: string,
  options: PromoteOptions,
): Promise<number> {
  const open = await openStack({
    root: project.root,
    stack,
    program: () => Promise.resolve(),
    local: options.local ? project.localDirectory : undefined,
    config: [],
    path: false,
    create: false,
    say,
  });
  const started = Date.now();
  try {
    const state = JSON.parse(await open.pulumi(["stack", "export"])) as ExportedState;
    const plan = planPromotion(state, cell, options.failover ? "failover" : "switchover");
    const carryOut = options.local || options.yes;
    for (const warning of plan.warnings) say(warning);
    for (const call of plan.calls)
      say(`${carryOut && !options.local ? "Calling" : "The call"}: ${shellLine(call)}`);
    if (carryOut) {
      await run(project, plan, options.local);
      await refresh(open, plan, options.local ? project.localDirectory : undefined);
    }
    const seconds = Number(((Date.now() - started) / 1000).toFixed(1));
    const next = nextSteps(stack, cell, options.local, carryOut);
    if (options.json) {
      const { way, calls } = plan;
      console.log(
        JSON.stringify(
          { stack, operation: "promote", cell, way, calls, done: carryOut, seconds, next },
          null,
          2,
        ),
      );
    } else {
      const done = `${cell} takes the writes of ${stack} now (${plan.way}, ${seconds} s).`;
      console.log(
        [carryOut ? done : "Nothing was changed.", "", "Next:", ...next.map((step) => `  ${step}`)].join(
          "\n",
        ),
      );
    }
    return 0;
  } finally {
    open.close();
  }
}

async function run(project: Project, plan: Promotion, local: boolean): Promise<void> {
  if (!local) {
    for (const [file = "", ...arguments_] of plan.calls)
      await execute({ file, arguments: arguments_, directory: project.root }).catch((error: unknown) => {
        const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
        const why = missing ? `there is no ${file} on this machine` : (error as Error).message;
        throw new Refusal(`The promotion failed at ${file} ${arguments_.slice(0, 4).join(" ")}: ${why}`, {
          cause: error,
        });
      });
    return;
  }
  if (await runningServer(project.localDirectory))
    throw new Refusal('The local cloud runs in the background: "javelin local stop" ends it first.');
  try {
    promoteIn(project.localDirectory, plan.target.type, plan.target.id);
  } catch (error) {
    if (error instanceof CloudError || error instanceof Held)
      throw new Refusal(`The promotion failed: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Without this, the state still holds the old parts, and a later deletion of the database would go by them. */
async function refresh(open: OpenStack, plan: Promotion, local: string | undefined): Promise<void> {
  const cloud = local === undefined ? undefined : await attach(local, say);
  try {
    Object.assign(open.stack.workspace.envVars, cloud?.environment);
    await open.stack.refresh({ target: plan.affected, suppressOutputs: true, color: "never" });
  } catch {
    say("The state could not be refreshed (a lost region does not answer): do it once the region is back.");
  } finally {
    await cloud?.close();
  }
}

function nextSteps(stack: string, cell: string, local: boolean, done: boolean): string[] {
  const where = local ? " --local" : "";
  if (!done) return [`npx javelin promote ${stack} ${cell} --yes   carry it out`];
  return [
    `put ${cell} first in javelin:cells of Pulumi.${stack}.yaml`,
    `npx javelin preview ${stack}${where}   nothing is replaced or deleted`,
    `npx javelin up ${stack}${where}   callers and writes go to ${cell}`,
  ];
}

const shellLine = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");

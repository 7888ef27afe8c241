import { CloudError } from "../local/behaviour.js";
import { Held } from "../local/directory.js";
import { promoteIn } from "../local/promotion.js";
import { Refusal } from "./errors.js";
import { openDeployed } from "./inspect.js";
import { attach, runningServer } from "./local.js";
import type { Project } from "./operate.js";
import type { ExportedState } from "./pending.js";
import { execute } from "./processes.js";
import { carryOut } from "./promoting.js";
import type { Promotion } from "./promotion.js";
import { planPromotion } from "./promotion.js";
import type { OpenStack } from "./workspace.js";

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
 */
export async function promote(
  project: Project,
  stack: string,
  cell: string,
  options: PromoteOptions,
): Promise<void> {
  const { failover, local, yes, json } = options;
  const open = await openDeployed(project, stack, options);
  const started = Date.now();
  const state = JSON.parse(await open.pulumi(["stack", "export"])) as ExportedState;
  const way = failover ? "failover" : "switchover";
  const plan = planPromotion(state, cell, way);
  const done = local || yes;
  for (const warning of plan.warnings) say(warning);
  const calls = [...plan.calls, ...plan.tidying];
  for (const call of calls) say(`${done && !local ? "Calling" : "The call"}: ${shellLine(call)}`);
  if (done) {
    const left = await run(project, plan, local);
    await refresh(open, plan, local ? project.localDirectory : undefined);
    for (const line of left) say(line);
  }
  const seconds = Number(((Date.now() - started) / 1000).toFixed(1));
  const next = nextSteps(stack, cell, options);
  if (json) {
    const document = { stack, operation: "promote", cell, way, calls, done, seconds, next };
    console.log(JSON.stringify(document, null, 2));
    return;
  }
  const result = done
    ? `${cell} takes the writes of ${stack} now (${way}, ${seconds} s).`
    : "Nothing was changed.";
  console.log([result, "", "Next:", ...next.map((step) => `  ${step}`)].join("\n"));
}

/** @returns what is left to be done by hand */
async function run(project: Project, plan: Promotion, local: boolean): Promise<string[]> {
  if (!local && plan.progress) say("Waiting until the database writes …");
  if (!local)
    return carryOut(plan, ([file = "", ...arguments_]) =>
      execute({ file, arguments: arguments_, directory: project.root }),
    );
  if (await runningServer(project.localDirectory))
    throw new Refusal('The local cloud runs in the background: "javelin local stop" ends it first.');
  try {
    promoteIn(project.localDirectory, plan.target.type, plan.target.id);
    return [];
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

function nextSteps(stack: string, cell: string, { failover, local, yes }: PromoteOptions): string[] {
  const where = local ? " --local" : "";
  if (!local && !yes)
    return [`npx javelin promote ${stack} ${cell}${failover ? " --failover" : ""} --yes   carry it out`];
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

import type { Stack, UpOptions } from "@pulumi/pulumi/automation/index.js";
import { serveState } from "./backend/service.js";
import type { Log } from "./events.js";

/** How long a program that has failed may be silent before it counts as stuck. */
const patienceSeconds = 10;

/**
 * Ends a run whose program is stuck. A look-up that the cloud refuses leaves the program waiting for what never
 * comes, and the engine for the program: once nothing is under way any more, the run is aborted.
 *
 * @returns the signal to run with, and what ends the watch.
 */
export function watchForStuck(
  log: Log,
  abort = new AbortController(),
): { signal: AbortSignal; close(): void } {
  let broken = false;
  let { runs } = log;
  const onRejection = (): void => void (broken = true);
  const watch = setInterval(() => {
    // What was stuck has ended with its run.
    if (log.runs !== runs) broken = false;
    ({ runs } = log);
    const idle = log.underWay.size === 0 && Date.now() - log.lastHeard > patienceSeconds * 1000;
    if (broken && idle) abort.abort();
  }, 1000);
  process.on("unhandledRejection", onRejection);
  return {
    signal: abort.signal,
    close: () => {
      clearInterval(watch);
      process.off("unhandledRejection", onRejection);
    },
  };
}

/**
 * Brings a stack up. Cells are independent of each other: where there are several, a failure in one, or its region, does
 * not hold up the others. They have a run of their own, without the cells that failed. The engine's own way, to go on
 * after an error, ends at whatever needs what was not made, and deletes what the state still needs (Pulumi 3.259:
 * "snapshot integrity error" at the next run).
 *
 * @param log hears the events of `options.onEvent`
 * @param cancelled whether a person has ended it: a terminal's interrupt reaches the engine without `options.signal`
 * @throws the first error, once the other cells are up
 */
export async function bringUp(
  stack: Stack,
  log: Log,
  options: UpOptions,
  cancelled: () => boolean,
): Promise<void> {
  const { "javelin:cells": cells } = await stack.getAllConfig();
  // The log has not heard of all of them when one fails early.
  const count = (JSON.parse(cells?.value ?? "[]") as unknown[]).length;
  const failed = new Set<string>();
  const errors: unknown[] = [];
  for (let again = true; again;) {
    const exclude = [...failed].flatMap((cell) => [`**::${cell}`, `**::${cell}-*`]);
    const without = failed.size > 0 && { exclude, excludeDependents: true, refresh: false };
    again = await stack.up({ ...options, ...without }).then(
      () => false,
      (error: unknown) => {
        errors.push(error);
        const before = failed.size;
        for (const cell of log.failedCells) failed.add(cell);
        const others = failed.size < count;
        const ended = cancelled() || options.signal?.aborted === true;
        return failed.size > before && others && !ended;
      },
    );
  }
  if (errors.length > 0) throw errors[0];
}

/**
 * Runs what changes a stack. On the local cloud the engine sends its state's changes to this process, which is several
 * times as fast as a file that is written anew at each step.
 *
 * @param local the local cloud's directory; absent for a real cloud, where the user's backend is used as it is
 */
export async function withState<T>(
  { workspace }: Stack,
  local: string | undefined,
  run: () => Promise<T>,
): Promise<T> {
  if (local === undefined) return run();
  const service = await serveState(local);
  const { envVars } = workspace;
  workspace.envVars = { ...envVars, ...service.environment };
  try {
    return await run();
  } finally {
    workspace.envVars = envVars;
    await service.close();
  }
}

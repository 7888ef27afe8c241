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
  const onRejection = (): void => void (broken = true);
  const watch = setInterval(() => {
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
 * not hold up the others.
 */
export async function bringUp(stack: Stack, options: UpOptions): Promise<void> {
  const { "javelin:topology": topology } = await stack.getAllConfig();
  await stack.up({ ...options, continueOnError: topology?.value === "cross-region" });
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

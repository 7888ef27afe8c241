import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { isAlive } from "../local/directory.js";
import { pulumiDirectories } from "./localEnvironment.js";
import { until } from "./processes.js";

interface Lock {
  file: string;
  stack: string;
  pid: number;
}

/** An engine whose `javelin` was killed ends by itself within seconds. */
const graceSeconds = 20;

/** The locks of the file backend, one per engine at work, of the processes of this machine (pkg/backend/diy/lock.go). */
function locks(directory: string): Lock[] {
  const below = join(pulumiDirectories(directory).state, ".pulumi", "locks");
  if (!existsSync(below)) return [];
  return readdirSync(below, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      const file = join(below, name);
      try {
        const { pid, hostname: host } = JSON.parse(readFileSync(file, "utf8")) as {
          pid: number;
          hostname: string;
        };
        return host === hostname() ? [{ file, stack: basename(dirname(file)), pid }] : [];
      } catch {
        // Being written or just removed.
        return [];
      }
    });
}

/** The processes of the engines that work on stacks of the local cloud, or on one of them. */
export function engines(directory: string, stack?: string): number[] {
  return locks(directory)
    .filter((lock) => stack === undefined || lock.stack === stack)
    .flatMap(({ pid }) => (isAlive(pid) ? [pid] : []));
}

/**
 * Removes the locks that killed engines left on a stack. The lock of one that lives on stays: the engine then
 * refuses by itself, and names it.
 */
export async function clearStaleLocks(directory: string, stack: string): Promise<void> {
  for (const { file, pid } of locks(directory).filter((lock) => lock.stack === stack))
    if (await until(() => (isAlive(pid) ? undefined : true), graceSeconds)) rmSync(file, { force: true });
}

import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Where a project's local cloud keeps its world; `JAVELIN_LOCAL_DIR` names another place. */
export function defaultDirectory(projectRoot: string): string {
  return resolve(process.env["JAVELIN_LOCAL_DIR"] ?? join(projectRoot, ".local-cloud"));
}

/** Where a local cloud's directory holds the world's journal. */
export function worldFile(directory: string): string {
  return join(directory, "world.jsonl");
}

/** True while a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Takes the world for this process: two servers on one journal would lose each other's objects. The lock of
 * a process that is gone is taken over.
 *
 * @returns a function that gives it back
 * @throws when a living process holds it
 */
export function lock(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "lock");
  const mine = `${file}.${process.pid}`;
  for (;;) {
    try {
      // Linked, so that the lock never is without its holder's id.
      writeFileSync(mine, String(process.pid));
      linkSync(mine, file);
      rmSync(mine);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = holderOf(file);
      if (holder !== undefined && isAlive(holder)) {
        rmSync(mine, { force: true });
        throw inUse(directory, holder, error);
      }
      // Moved away before it is removed: of two processes that find the same stale lock, one must not remove the
      // other's fresh one.
      try {
        renameSync(file, mine);
      } catch {
        continue;
      }
      const moved = holderOf(mine);
      if (moved !== undefined && moved !== holder && isAlive(moved)) {
        renameSync(mine, file);
        throw inUse(directory, moved, error);
      }
    }
  }
}

/** The process that a lock names; undefined when it is gone. */
function holderOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}

function inUse(directory: string, holder: number, cause: unknown): Error {
  return new Error(
    `the local cloud in ${directory} is in use by process ${holder}: wait until it ends, or stop it with "javelin local stop"`,
    { cause },
  );
}

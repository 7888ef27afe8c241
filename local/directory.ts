import { linkSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Where a project's local cloud keeps its world; `JAVELIN_LOCAL_DIR` names another place. */
export function defaultDirectory(projectRoot: string): string {
  // Set and empty counts as unset, or it would be the working directory.
  return resolve(process.env["JAVELIN_LOCAL_DIR"] || join(projectRoot, ".local-cloud"));
}

/** Where a local cloud's directory holds the world's journal. */
export function worldFile(directory: string): string {
  return join(directory, "world.jsonl");
}

/** True while a process with this id exists. */
export function isAlive(pid: number): boolean {
  // To the system call, 0 is the caller's own group.
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Another living process holds the lock. */
export class Held extends Error {}

/**
 * Takes the world for this process: two servers on one journal would lose each other's objects. The lock of
 * a process that is gone is taken over.
 *
 * @returns a function that gives it back
 * @throws {Held} when a living process holds it
 */
export function lock(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  return lockFile(
    join(directory, "lock"),
    (holder) =>
      `the local cloud in ${directory} is in use by process ${holder}: wait until it ends, or stop it with "javelin local stop"`,
  );
}

/**
 * Makes a file that names this process, unless a living process has made it.
 *
 * @param refusal what is said when one has
 * @returns a function that removes it
 * @throws {Held} when a living process has made it
 */
export function lockFile(file: string, refusal: (holder: number) => string): () => void {
  const mine = `${file}.${process.pid}`;
  try {
    // Linked, so that the lock never is without its holder's id.
    writeFileSync(mine, String(process.pid));
    for (;;) {
      try {
        linkSync(mine, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const holder = holderOf(file);
      if (holder !== undefined && isAlive(holder)) throw new Held(refusal(holder));
      removeStale(file);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Nobody needs longer to look at a lock and remove it. */
const guardMilliseconds = 2000;

/**
 * Removes the lock of a process that is gone. One process at a time looks and removes: another that had looked
 * earlier would remove the lock that was taken since.
 */
function removeStale(file: string): void {
  const guard = `${file}.guard`;
  try {
    mkdirSync(guard);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const since = statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    // Its maker was killed.
    if (Date.now() - since > guardMilliseconds) rmSync(guard, { recursive: true, force: true });
    return;
  }
  try {
    const holder = holderOf(file);
    if (holder !== undefined && !isAlive(holder)) rmSync(file);
  } finally {
    rmdirSync(guard);
  }
}

/** The process that a lock names, 0 when it names none; undefined when there is no lock. */
function holderOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, "utf8")) || 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

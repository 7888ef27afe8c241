import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
      if (holder > 0 && isAlive(holder))
        throw new Error(
          `the local cloud in ${directory} is in use by process ${holder}: wait until it ends, or stop it with "javelin local stop"`,
          { cause: error },
        );
      rmSync(file, { force: true });
    }
  }
}

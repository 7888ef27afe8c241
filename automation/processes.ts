import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** The command line of a process, or undefined when there is none: what tells our process from another of its id. */
export async function commandLine(pid: number): Promise<string | undefined> {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return new Promise((resolve) => {
      execFile("ps", ["-o", "args=", "-p", String(pid)], (error, stdout) => {
        resolve(error ? undefined : stdout.trim());
      });
    });
  }
}

export interface Command {
  file: string;
  arguments: string[];
  directory: string;
  environment?: Record<string, string>;
  input?: string;
  /** Seconds until it is ended. Default: none. */
  limit?: number;
}

/**
 * Runs a program to its end.
 *
 * @returns what it wrote to stdout
 * @throws with the end of what it wrote to stderr, when it does not end with 0
 */
export function execute(command: Command): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command.file, command.arguments, {
      cwd: command.directory,
      env: { ...process.env, ...command.environment },
      ...(command.limit === undefined ? {} : { timeout: command.limit * 1000 }),
    });
    let output = "";
    let trouble = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (trouble = (trouble + text).slice(-4000)));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(trouble.trim() || `${command.file} ended with ${code ?? signal}`));
    });
    // A program that ends without reading its input is judged by its exit code.
    child.stdin.on("error", () => undefined);
    child.stdin.end(command.input ?? "");
  });
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Calls `poll` every 100 ms until it gives a value, or gives undefined once `seconds` have passed. */
export async function until<T>(poll: () => T | undefined, seconds: number): Promise<T | undefined> {
  for (const end = Date.now() + seconds * 1000; ; await sleep(100)) {
    const value = poll();
    if (value !== undefined || Date.now() >= end) return value;
  }
}

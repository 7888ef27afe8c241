import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { settleJournals } from "./backend/store.js";
import { Held, isAlive, lock, worldFile } from "../local/directory.js";
import { Refusal } from "./errors.js";
import { localEnvironment, pulumiDirectories } from "./localEnvironment.js";
import { commandLine, until } from "./processes.js";

/** A local cloud that runs in a process of its own. */
interface ServerRecord {
  pid: number;
  environment: Environment;
}

/** What attaches the engine to a local cloud. */
type Environment = Record<string, string>;

const serverScript = fileURLToPath(new URL("./localServer.ts", import.meta.url));
const stopSeconds = 10;
const waitSeconds = 120;

/** Where a running server says who it is. */
export function serverFile(directory: string): string {
  return join(directory, "server.json");
}

const logFile = (directory: string): string => join(directory, "server.log");

/** The server that holds this world, if one runs. */
export async function runningServer(directory: string): Promise<ServerRecord | undefined> {
  const file = serverFile(directory);
  const record = recordIn(file);
  if (!record) return undefined;
  // The id may be another process's by now: ours names its script and this directory.
  const line = await commandLine(record.pid);
  return line?.includes(serverScript) && line.includes(directory) ? record : undefined;
}

/** Undefined when its writer was killed, or removed it. */
function recordIn(file: string): ServerRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ServerRecord;
  } catch {
    return undefined;
  }
}

/**
 * Starts a server and waits until it answers.
 *
 * @param life "background": until it is stopped; "tied": until this process and its engine have ended
 */
async function launch(directory: string, life: "background" | "tied"): Promise<[ChildProcess, Environment]> {
  mkdirSync(directory, { recursive: true });
  const log = logFile(directory);
  const trouble = openSync(log, "w", 0o600);
  // A group of its own: an interrupt from the terminal is for the engine, which then winds up with its help.
  const server = spawn(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), serverScript, directory, life],
    { detached: true, stdio: ["pipe", "pipe", trouble] },
  );
  closeSync(trouble);
  const line = await new Promise<string>((resolve) => {
    createInterface(server.stdout as Readable).once("line", resolve);
    server.once("exit", () => {
      resolve("");
    });
  });
  if (line === "") throw new Refusal(`The local cloud did not start: ${readFileSync(log, "utf8").trim()}`);
  return [server, JSON.parse(line) as Environment];
}

/** Starts a server in the background, unless one runs already. */
export async function startServer(directory: string): Promise<ServerRecord> {
  const running = await runningServer(directory);
  if (running) return running;
  const [server, environment] = await launch(directory, "background");
  server.unref();
  return { pid: server.pid ?? 0, environment };
}

/** @returns whether one was running */
export async function stopServer(directory: string): Promise<boolean> {
  const running = await runningServer(directory);
  if (!running) return false;
  process.kill(running.pid, "SIGTERM");
  const ended = await until(() => (isAlive(running.pid) ? undefined : true), stopSeconds);
  if (!ended)
    throw new Refusal(`Process ${running.pid}, the local cloud, did not end within ${stopSeconds} s.`);
  return true;
}

function isFree(directory: string): boolean {
  try {
    lock(directory)();
    return true;
  } catch (error) {
    if (error instanceof Held) return false;
    throw error;
  }
}

/**
 * Deletes the world with everything in it, and the state of the stacks that were made in it; nothing else, since
 * `JAVELIN_LOCAL_DIR` may name a directory that holds other things.
 */
export async function resetWorld(directory: string): Promise<void> {
  await stopServer(directory);
  const unlock = lock(directory);
  const world = worldFile(directory);
  const { home } = pulumiDirectories(directory);
  for (const path of [world, `${world}.new`, serverFile(directory), logFile(directory), dirname(home)])
    rmSync(path, { recursive: true, force: true });
  unlock();
  if (readdirSync(directory).length === 0) rmSync(directory, { recursive: true });
}

/** Shell lines that let the plain `pulumi` CLI use the local cloud with the stacks that `javelin` made there. */
export async function shellLines(directory: string): Promise<string> {
  const running = await runningServer(directory);
  if (!running) throw new Refusal('The local cloud is not running: "javelin local start" starts it.');
  settleJournals(directory);
  return Object.entries({ ...localEnvironment(directory), ...running.environment })
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`)
    .join("");
}

/**
 * A local cloud for one run: the one that runs already, or one that is tied to this process. Waits for another
 * run that holds the world, such as one whose `javelin` was killed and whose engine is winding up.
 */
export async function attach(
  directory: string,
  say: (line: string) => void,
): Promise<{ environment: Environment; close: () => Promise<void> }> {
  const running = await runningServer(directory);
  if (running) return { environment: running.environment, close: () => Promise.resolve() };
  if (!isFree(directory)) {
    say("Waiting for another run on the local cloud to end …");
    await until(() => isFree(directory) || undefined, waitSeconds);
  }
  const [server, environment] = await launch(directory, "tied");
  const ended = new Promise<void>((resolve) =>
    server.once("exit", () => {
      resolve();
    }),
  );
  return {
    environment,
    // Waited for, so that the next command finds the world free.
    close: () => {
      server.stdin?.end();
      return ended;
    },
  };
}

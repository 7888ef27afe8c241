import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { version as sdkVersion } from "@pulumi/pulumi/version.js";
import { Refusal } from "./errors.js";
import { Held, lockFile } from "../local/directory.js";
import { execute, sleep } from "./processes.js";

/** Older ones write engine events to a file, which is read with a delay (Automation API, `setupEventLog`). */
const oldestUsable = { major: 3, minor: 206 };

const installSeconds = 180;
const buildSeconds = 1200;

/** Where downloaded and built CLIs are kept: one directory per version, shared by all checkouts of a user. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "javelin", "pulumi");
}

interface Way {
  version: string;
  /** Puts `bin/pulumi` below `root`. */
  make: (root: string, version: string, say: (line: string) => void) => Promise<void>;
}

/** In the order in which they are tried. */
const ways: Way[] = [
  // The Automation API fetches the version of its own SDK.
  { version: sdkVersion, make: download },
  // Of the recent versions this one is known to be served whole by the Go module proxy.
  { version: "3.259.0", make: build },
];

/**
 * The Pulumi CLI: the one on PATH when it is new enough, else a cached one, else a downloaded one, else one
 * built from its Go module. `say` hears what takes long.
 *
 * @throws {Refusal} when none of these works.
 */
export async function findPulumi(say: (line: string) => void): Promise<PulumiCommand> {
  return (await onPath()) ?? (await cached()) ?? (await obtain(say));
}

async function onPath(): Promise<PulumiCommand | undefined> {
  const command = await PulumiCommand.get().catch(() => undefined);
  return command?.version && isNewEnough(command.version) ? command : undefined;
}

export function isNewEnough(version: { major: number; minor: number }): boolean {
  return version.major === oldestUsable.major && version.minor >= oldestUsable.minor;
}

async function cached(): Promise<PulumiCommand | undefined> {
  for (const { version } of ways) {
    const root = join(cacheDirectory(), version);
    if (existsSync(root)) return PulumiCommand.get({ root });
  }
  return undefined;
}

/** Makes the CLI in a directory of its own and moves it into place whole, one process at a time. */
async function obtain(say: (line: string) => void): Promise<PulumiCommand> {
  mkdirSync(cacheDirectory(), { recursive: true });
  const unlock = await lock(join(cacheDirectory(), "lock"), say);
  const fresh = join(cacheDirectory(), `new.${process.pid}`);
  try {
    const other = await cached();
    if (other) return other;
    const reasons: string[] = [];
    for (const { version, make } of ways)
      try {
        await make(fresh, version, say);
        const root = join(cacheDirectory(), version);
        renameSync(fresh, root);
        return await PulumiCommand.get({ root });
      } catch (error) {
        reasons.push(`- ${(error as Error).message}`);
        rmSync(fresh, { recursive: true, force: true });
      }
    const { major, minor } = oldestUsable;
    throw new Refusal(
      [
        `The Pulumi CLI, ${major}.${minor} or newer, is not on PATH and could not be obtained:`,
        ...reasons,
        "Install it (https://www.pulumi.com/docs/install/), or install Go 1.25 or newer, and run this again.",
      ].join("\n"),
    );
  } finally {
    unlock();
  }
}

async function download(root: string, version: string, say: (line: string) => void): Promise<void> {
  // The installer itself waits for minutes where the network is closed, so that is found out first.
  const site = "https://get.pulumi.com";
  const reached = await fetch(site, { method: "HEAD", signal: AbortSignal.timeout(5000) }).catch(
    () => undefined,
  );
  if (!reached) throw new Error(`download: ${site} cannot be reached`);
  say(`Downloading the Pulumi CLI ${version} (once) …`);
  const install = PulumiCommand.install({ root });
  const late = sleep(installSeconds * 1000).then(() => {
    throw new Error(`it took longer than ${installSeconds} s`);
  });
  await Promise.race([install, late]).catch((error: unknown) => {
    throw new Error(`download: ${firstLine(error)}`, { cause: error });
  });
}

async function build(root: string, version: string, say: (line: string) => void): Promise<void> {
  const source = join(root, "source");
  mkdirSync(source, { recursive: true });
  const modules = ["pkg", "sdk"].map((part) => `\tgithub.com/pulumi/pulumi/${part}/v3 v${version}\n`);
  writeFileSync(join(source, "go.mod"), `module pulumicli\n\ngo 1.25.0\n\nrequire (\n${modules.join("")})\n`);
  say(`Building the Pulumi CLI ${version} from its Go module (once, about three minutes) …`);
  // Without the version the Automation API refuses the CLI.
  const stamp = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  const target = ["-o", join(root, "bin", "pulumi"), "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"];
  const options = ["-mod=mod", "-trimpath", "-ldflags", `-s -w ${stamp}`];
  await execute({
    file: "go",
    arguments: ["build", ...options, ...target],
    directory: source,
    limit: buildSeconds,
  }).catch((error: unknown) => {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new Error(`build: ${missing ? "Go is not installed" : (error as Error).message}`, { cause: error });
  });
  rmSync(source, { recursive: true });
}

/** Waits for another process that is at the same work; a lock whose process is gone counts for nothing. */
async function lock(file: string, say: (line: string) => void): Promise<() => void> {
  for (let told = false; ; await sleep(500)) {
    try {
      return lockFile(file, (holder) => `Waiting for process ${holder}, which is obtaining the Pulumi CLI …`);
    } catch (error) {
      if (!(error instanceof Held)) throw error;
      if (!told) say(error.message);
      told = true;
    }
  }
}

function firstLine(error: unknown): string {
  return (
    String((error as Error).message)
      .trim()
      .split("\n", 1)[0] ?? ""
  );
}

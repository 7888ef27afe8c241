import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parse } from "yaml";
import { startEngineStub } from "./engineStub.js";
import { root } from "./operation.js";
import type { Row } from "./rows.js";
import { median, rowOf, say } from "./rows.js";

/** How often each of the two sides of the row is measured. */
const times = 3;

/** A program that has registered nothing by then does not count as one that runs. */
const limitSeconds = 60;

interface ProjectFile {
  runtime: { options?: { nodeargs?: string; typescript?: boolean } };
}

/** Time of a program's process to its first resource, over that of Pulumi's own way to run TypeScript. */
export async function startRows(): Promise<Row[]> {
  const own: number[] = [];
  const standard: number[] = [];
  let runs = true;
  for (let i = 0; i < times; i++) {
    own.push(await startSeconds(root, true));
    say(`start   dev   ${own.at(-1)?.toFixed(2)} s`);
    if (!runs) continue;
    try {
      standard.push(await startSeconds(root, false));
      say(`start   floor ${standard.at(-1)?.toFixed(2)} s`);
    } catch (error) {
      runs = false;
      const [what, why] = (error as Error).message.split("\n");
      say(`start   floor does not run here: ${[what, why].join(" ")}`);
    }
  }
  const name = `start to first resource, over Pulumi's default TypeScript runtime (n=${times})`;
  return [rowOf(name, median(own), runs ? median(standard) : undefined, "s")];
}

/**
 * How long a program's process takes to its first resource, started as Pulumi's Node.js language host starts it.
 *
 * @param root the project's directory
 * @param own true: with the options of the project's `Pulumi.yaml`; false: with Pulumi's defaults, by which it
 *   compiles TypeScript itself
 * @returns seconds from the start of the process to the first registration, the stack's own left out
 * @throws when the program ends, or fails, before it has registered anything
 */
async function startSeconds(root: string, own: boolean): Promise<number> {
  const { runtime } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as ProjectFile;
  const options = own ? (runtime.options ?? {}) : {};
  const nodeArguments = options.nodeargs?.split(/\s+/) ?? [];
  const script = createRequire(join(root, "package.json")).resolve("@pulumi/pulumi/cmd/run/index.js");

  let registered = (): void => undefined;
  let failed: (reason: Error) => void = () => undefined;
  const first = new Promise<void>((resolve, reject) => {
    registered = resolve;
    failed = reject;
  });
  let trouble = "";
  const hear = (text: string): void => void (trouble = (trouble + text).slice(-4000));
  const stub = await startEngineStub(() => {
    registered();
  }, hear);
  const start = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...[...nodeArguments, script, `--monitor=${stub.address}`, `--engine=${stub.address}`],
      ...["--organization=organization", "--project=javelin", "--stack=dev", "--dry-run", "--parallel=16"],
      ...[`--root-directory=${root}`, `--pwd=${root}`, "."],
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(settings(root)),
        PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
      },
      stdio: ["ignore", "ignore", "pipe"],
      timeout: limitSeconds * 1000,
    },
  );
  const ended = new Promise<void>((resolve) =>
    child.once("close", () => {
      failed(new Error(trouble.trim() || "it ended without registering anything"));
      resolve();
    }),
  );
  child.once("error", failed);
  child.stderr.setEncoding("utf8").on("data", hear);
  try {
    await first;
    return (performance.now() - start) / 1000;
  } finally {
    child.kill("SIGKILL");
    await ended;
    stub.stop();
  }
}

/** The settings of `dev` as the language host hands them over: structured values as JSON. */
function settings(root: string): Record<string, string> {
  const { config } = parse(readFileSync(join(root, "Pulumi.dev.yaml"), "utf8")) as {
    config: Record<string, unknown>;
  };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

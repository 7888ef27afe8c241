import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { LocalWorkspace, Stack, StackNotFoundError } from "@pulumi/pulumi/automation/index.js";
import { settleJournals } from "./backend/store.js";
import { Refusal, WrongUse } from "./errors.js";
import { localEnvironment, writeLocalWorkspace } from "./localEnvironment.js";
import { execute } from "./processes.js";
import { findPulumi } from "./pulumiCli.js";

export interface Opening {
  /** The repository's root, where `Pulumi.yaml` is. */
  root: string;
  /** As Pulumi takes it: `dev`, or `organisation/dev` on a backend that has organisations. */
  stack: string;
  program: PulumiFn;
  /** The local cloud's directory; absent for the real cloud. */
  local?: string | undefined;
  /** `key=value` pairs that hold for this run only. */
  config: string[];
  /** True: the keys are paths into maps and lists. */
  path: boolean;
  /** True: a stack that does not exist is created. */
  create: boolean;
  say: (line: string) => void;
}

/**
 * How many resources are made at once. Pulumi's own limit goes by this machine's processors, four times their number,
 * but what takes long is waiting for clouds: with few processors one cell would wait for the other.
 */
export const parallel = 100;

/** One stack, ready for one operation. */
export interface OpenStack {
  stack: Stack;
  /** The settings file of this run, when it isn't the project's own. */
  configFile: string | undefined;
  /** Runs the Pulumi CLI on this stack and gives what it prints. */
  pulumi: (arguments_: string[], input?: string) => Promise<string>;
  /** Removes what was made for this run only. */
  close: () => void;
}

/**
 * Opens a stack of the project. On the real cloud the project's own directory is the workspace, with the
 * user's backend and credentials; for the local cloud it is a copy. Overrides go into a settings file of this
 * run, by the CLI itself, so that they mean exactly what they mean to `pulumi config set`.
 *
 * @throws {WrongUse} for a stack without a settings file, or an override without a value
 * @throws {Refusal} when the stack does not exist and is not to be created, or there is no CLI
 */
export async function openStack(opening: Opening): Promise<OpenStack> {
  const { root, local, create } = opening;
  const shortName = opening.stack.split("/").at(-1) ?? opening.stack;
  const stackName = local === undefined ? opening.stack : shortName;
  const settings = settingsOf(root, shortName);
  for (const pair of opening.config)
    if (pair.indexOf("=") < 1) throw new WrongUse(`-c ${pair}: key=value is expected`);

  // The program and the engine talk over loopback: gRPC's client for Node would ask the user's proxy for it.
  process.env["no_grpc_proxy"] ||= "127.0.0.1,localhost";
  const command = await findPulumi(opening.say);
  if (local !== undefined) settleJournals(local);
  const copy =
    local === undefined
      ? undefined
      : writeLocalWorkspace(local, read(join(root, "Pulumi.yaml")), shortName, settings);
  // Only what makes a stack runs the program.
  const standIns = (create && copy?.standIns) || [];
  if (standIns.length > 0) {
    const keys = [...new Set(standIns.map(({ key }) => key))];
    opening.say(`Encrypted for the real stack, so placeholders here: ${keys.join(", ")}`);
  }
  const directory = copy?.workspace ?? root;
  const environment: Record<string, string> = {
    PULUMI_PARALLEL: process.env["PULUMI_PARALLEL"] ?? String(parallel),
    ...(local !== undefined ? localEnvironment(local) : { PULUMI_SKIP_UPDATE_CHECK: "true" }),
  };
  const pulumi = (arguments_: string[], input?: string): Promise<string> =>
    execute({
      file: command.command,
      arguments: [...arguments_, "--stack", stackName, "--non-interactive"],
      directory,
      environment,
      ...(input === undefined ? {} : { input }),
    });

  const workspace = await LocalWorkspace.create({
    workDir: directory,
    program: opening.program,
    pulumiCommand: command,
    envVars: environment,
  });
  const stack = await (
    create ? Stack.createOrSelect(stackName, workspace) : Stack.select(stackName, workspace)
  ).catch((error: unknown) => {
    if (!(error instanceof StackNotFoundError)) throw error;
    const makers = local === undefined ? [`pulumi stack init ${opening.stack}`] : [];
    makers.push(`javelin up ${opening.stack}${local === undefined ? "" : " --local"}`);
    const makes = makers.map((each) => `"${each}"`).join(" or ");
    throw new Refusal(`The stack ${opening.stack} does not exist yet: ${makes} creates it.`, {
      cause: error,
    });
  });

  if (standIns.length > 0)
    await pulumi([
      ...["config", "set-all", "--path"],
      ...standIns.flatMap(({ path, value }) => ["--secret", `${path}=${value}`]),
    ]);

  if (opening.config.length === 0) return { stack, configFile: undefined, pulumi, close: () => undefined };
  // The stack's creation may have written its salt into the settings, so the copy is taken now.
  const temporary = copy ? undefined : mkdtempSync(join(tmpdir(), "javelin-"));
  const configFile = copy?.file ?? join(temporary ?? "", `Pulumi.${shortName}.yaml`);
  const close = (): void => {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  };
  try {
    if (!copy) writeFileSync(configFile, settingsOf(root, shortName), { mode: 0o600 });
    const pairs = opening.config.flatMap((pair) => ["--plaintext", pair]);
    const options = ["--config-file", configFile, ...(opening.path ? ["--path"] : [])];
    await pulumi(["config", "set-all", ...options, ...pairs]).catch((error: unknown) => {
      throw new WrongUse(`-c: ${(error as Error).message.replace(/^error: /, "")}`, { cause: error });
    });
  } catch (error) {
    close();
    throw error;
  }
  return { stack, configFile: copy ? undefined : configFile, pulumi, close };
}

const read = (file: string): string => readFileSync(file, "utf8");

function settingsOf(root: string, stack: string): string {
  const file = join(root, `Pulumi.${stack}.yaml`);
  if (existsSync(file)) return read(file);
  const known = readdirSync(root).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  throw new WrongUse(
    `There is no Pulumi.${stack}.yaml. Stacks with settings: ${known.join(", ") || "none"}.`,
  );
}

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, CommanderError } from "commander";
import { defaultDirectory } from "../local/directory.js";
import type { DiagramOptions } from "./diagram/command.js";
import type { DrillOptions } from "./drill/command.js";
import { exitCodeOf, Refusal, WrongUse } from "./errors.js";
import type { Operation, Project } from "./operate.js";
import type { PromoteOptions } from "./promote.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The repository that this command belongs to, from wherever it is called. */
const project: Project = {
  root,
  localDirectory: defaultDirectory(root),
  program: async () => (await import("../index.js")).default,
};

interface Options {
  local: boolean;
  config: string[];
  path: boolean;
  yes: boolean;
  json: boolean;
  made: string[];
}

const operations: Record<Operation, string> = {
  up: "create or change what the stack's settings describe",
  preview: "show what up would do",
  refresh: "read into the state what the cloud has now",
  destroy: "delete everything that the stack made; its history stays",
};

/**
 * The `javelin` command.
 *
 * @param argv the arguments after the command's own name
 * @returns the exit code: 0 done, 1 failed, 2 wrong use
 */
export async function main(argv: string[]): Promise<number> {
  let code = 0;
  let called: Command | undefined;
  const program = new Command("javelin")
    .description(
      "Deploys the Javelin AI Gateway, to a cloud or to the local one, by the program that pulumi runs",
    )
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .hook("preAction", (_, command) => void (called = command));
  for (const [name, description] of Object.entries(operations))
    onStack(program, name, description)
      .option("-c, --config <key=value>", "a config value for this run only; repeatable", gather, [])
      .option("--path, --config-path", "the keys of -c are paths into maps and lists", false)
      .option("--yes", "ask nothing", false)
      .option("--made <name=id>", "what a killed run made, by its id; empty: nothing; repeatable", gather, [])
      .action(async (stack: string, options: Options & { configPath: boolean }) => {
        const { operate } = await import("./operate.js");
        const request = { ...options, stack, operation: name as Operation, path: options.configPath };
        code = await operate(project, request);
      });
  onStack(program, "outputs", "print the stack's outputs; secrets are masked").action(
    async (stack: string, options: Options) => {
      const { printOutputs } = await import("./inspect.js");
      await printOutputs(project, stack, options);
    },
  );
  onStack(program, "export", "print the stack's state as JSON; secrets stay encrypted").action(
    async (stack: string, options: Options) => {
      const { printState } = await import("./inspect.js");
      await printState(project, stack, options);
    },
  );
  onStack(program, "diagram", "draw the stack as it was deployed, as SVG; with --json, what is drawn and why")
    .option("--out <file.svg>", "write the picture into a file instead of stdout")
    .action(async (stack: string, options: DiagramOptions) => {
      const { printDiagram } = await import("./diagram/command.js");
      await printDiagram(project, stack, options);
    });
  onStack(
    program,
    "drill",
    "take a cell of the deployed stack down, on this machine, and measure what callers see",
  )
    .option("--cell <name>", "the cell that goes down; default: the first")
    .option("--mode <mode>", "region-down, slow, flapping, health-path or all-down", "region-down")
    .option("--scale <factor>", "how many times faster than real time, 1 to 60; default: some 15 s in all")
    .option("--out <file>", "where the picture goes; default: beside the local cloud's world")
    .action(async (stack: string, options: DrillOptions) => {
      const { runDrill } = await import("./drill/command.js");
      code = await runDrill(project, stack, options);
    });
  onStack(program, "promote", "make the database of a cell the one that takes writes", " <cell>")
    .option("--failover", "the database that writes is lost, and what it had not copied", false)
    .option("--yes", "carry it out, instead of showing the call", false)
    .action(async (stack: string, cell: string, options: PromoteOptions) => {
      const { promote } = await import("./promote.js");
      await promote(project, stack, cell, options);
    });
  addLocal(program);

  try {
    await program.parseAsync(pathAfterPair(argv), { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (exitCodeOf(error) === 1) await printFailure(called, error);
    process.stderr.write(`${await wordsOf(error)}\n`);
    return exitCodeOf(error);
  }
}

async function wordsOf(error: unknown): Promise<string> {
  if (error instanceof Refusal || error instanceof WrongUse) return error.message;
  const { describe, explainThrown } = await import("./failure.js");
  return describe(explainThrown(error));
}

/** The document of a command that has failed, if it was to print one. Operations print their own. */
async function printFailure(command: Command | undefined, error: unknown): Promise<void> {
  const operation = command?.name() ?? "";
  if (command?.opts<Partial<Options>>().json !== true || operation in operations) return;
  const { explainThrown } = await import("./failure.js");
  const document = { stack: command.args[0], operation, error: explainThrown(error) };
  console.log(JSON.stringify(document, null, 2));
}

const gather = (pair: string, pairs: string[]): string[] => [...pairs, pair];

function onStack(program: Command, name: string, description: string, more = ""): Command {
  return program
    .command(`${name} <stack>${more}`)
    .description(description)
    .option("--local", "on the local cloud: no account, nothing leaves this machine", false)
    .option("--json", "one JSON document on stdout", false);
}

function addLocal(program: Command): void {
  const directory = project.localDirectory;
  const local = program
    .command("local")
    .description("the local cloud, as a process of its own for plain pulumi");
  const verb = (
    name: string,
    description: string,
    action: (at: typeof import("./local.js")) => Promise<string>,
  ) =>
    local
      .command(name)
      .description(description)
      .action(async () => {
        process.stdout.write(await action(await import("./local.js")));
      });
  verb("start", "start it in the background", async ({ startServer }) => {
    const { pid } = await startServer(directory);
    return `The local cloud runs as process ${pid}. For plain pulumi: eval "$(npx javelin local env)"\n`;
  });
  verb("stop", "end it; the world stays on disk", async ({ stopServer }) =>
    (await stopServer(directory)) ? "The local cloud has ended.\n" : "The local cloud was not running.\n",
  );
  verb("reset", "delete the world and the state of its stacks", async ({ resetWorld }) => {
    await resetWorld(directory);
    return "The local cloud is empty.\n";
  });
  verb("env", "print what a shell needs so that plain pulumi uses it", ({ shellLines }) =>
    shellLines(directory),
  );
}

/** `-c --path key=value` is read as `--path -c key=value`: an option's value could not begin with a hyphen anyway. */
function pathAfterPair(argv: string[]): string[] {
  const read = [...argv];
  for (const [i, word] of read.entries())
    if ((word === "-c" || word === "--config") && read[i + 1] === "--path")
      [read[i], read[i + 1]] = ["--path", word];
  return read;
}

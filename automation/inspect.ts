import type { Project } from "./operate.js";
import type { OpenStack } from "./workspace.js";
import { openStack } from "./workspace.js";

interface Options {
  local: boolean;
  json: boolean;
}

/** Prints the stack's outputs: for people a line each, with `--json` one document. Secrets are masked. */
export async function printOutputs(project: Project, stack: string, options: Options): Promise<void> {
  const outputs = JSON.parse(await ask(project, stack, options, ["stack", "output", "--json"])) as Record<
    string,
    unknown
  >;
  if (options.json) console.log(JSON.stringify({ stack, operation: "outputs", outputs }, null, 2));
  else
    for (const [name, value] of Object.entries(outputs))
      console.log(`${name}: ${typeof value === "string" ? value : JSON.stringify(value, null, 2)}`);
}

/** Prints the deployment as Pulumi stores it. */
export async function printState(project: Project, stack: string, options: Options): Promise<void> {
  process.stdout.write(await stateOf(project, stack, options));
}

/** The deployment as Pulumi stores it: JSON, in which secrets stay encrypted. */
export function stateOf(project: Project, stack: string, options: Options): Promise<string> {
  return ask(project, stack, options, ["stack", "export"]);
}

async function ask(project: Project, stack: string, options: Options, command: string[]): Promise<string> {
  return (await openDeployed(project, stack, options)).pulumi(command);
}

/** Opens a stack that exists, for what works on its state and does not run its program. Nothing is to be closed. */
export function openDeployed(
  project: Project,
  stack: string,
  { local }: Pick<Options, "local">,
): Promise<OpenStack> {
  return openStack({
    root: project.root,
    stack,
    program: () => Promise.resolve(),
    local: local ? project.localDirectory : undefined,
    config: [],
    path: false,
    create: false,
    say: (line) => void process.stderr.write(`${line}\n`),
  });
}

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { attach } from "../automation/local.js";
import { openStack } from "../automation/workspace.js";

/** What one operation came to. */
export interface Operation {
  /** From the call of the Automation API to its end. */
  seconds: number;
  /** Resources that the program registers, the stack itself left out. */
  registrations: number;
  /** Provider instances among them. */
  providers: number;
  changes: Record<string, number>;
}

// One operation in a process of its own, as one call of the javelin command is: modules are loaded anew each
// time, while the workspace opens and the local cloud starts.
const [, , subject = "", operation = "", directory = "", registrations = "0", providers = "0"] = process.argv;
const isFloor = subject === "floor";
const say = (line: string): void => void process.stderr.write(`${line}\n`);

const program = isFloor
  ? import("./floor.js").then((m) => () => {
      m.floor(Number(registrations), Number(providers));
      return Promise.resolve({});
    })
  : import("../index.js").then((m) => m.default);
// Awaited by the engine, which may not come so far.
program.catch(() => undefined);

mkdirSync(directory, { recursive: true });
const attached = attach(directory, say);
const open = await openStack({
  root: isFloor ? floorProject(directory) : dirname(dirname(fileURLToPath(import.meta.url))),
  stack: subject,
  program: async () => (await program)(),
  local: directory,
  config: [],
  path: false,
  create: true,
  say,
});
const { environment, close } = await attached;
Object.assign(open.stack.workspace.envVars, environment);

const types = new Map<string, string>();
const options = {
  color: "never" as const,
  suppressProgress: true,
  onEvent: ({ resourcePreEvent }: { resourcePreEvent?: { metadata: { urn: string; type: string } } }) => {
    if (resourcePreEvent) types.set(resourcePreEvent.metadata.urn, resourcePreEvent.metadata.type);
  },
};
try {
  const start = performance.now();
  const changes =
    operation === "preview"
      ? (await open.stack.preview(options)).changeSummary
      : (await open.stack.up(options)).summary.resourceChanges;
  const seconds = (performance.now() - start) / 1000;
  types.delete([...types].find(([, type]) => type === "pulumi:pulumi:Stack")?.[0] ?? "");
  const result: Operation = {
    seconds,
    registrations: types.size,
    providers: [...types.values()].filter((type) => type.startsWith("pulumi:providers:")).length,
    changes: changes ?? {},
  };
  console.log(JSON.stringify(result));
} finally {
  open.close();
  await close();
}
// Sockets of the engine's side channels may still be closing.
process.exit(0);

/** A project without settings: its directory. */
function floorProject(below: string): string {
  const root = join(below, "project");
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "Pulumi.yaml"), "name: floor\nruntime: nodejs\n");
  writeFileSync(join(root, "Pulumi.floor.yaml"), "config: {}\n");
  return root;
}

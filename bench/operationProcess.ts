import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withState } from "../automation/engine.js";
import { attach } from "../automation/local.js";
import { openStack } from "../automation/workspace.js";
import type { Operation, OperationRequest } from "./operation.js";
import { root } from "./operation.js";
import { say } from "./rows.js";

const request = JSON.parse(process.argv[2] ?? "{}") as OperationRequest;
const { directory, floor } = request;

const program = floor
  ? import("./floor.js").then((m) => () => {
      m.floor(floor.registrations, floor.providers);
      return Promise.resolve({});
    })
  : import("../index.js").then((m) => m.default);
// Awaited by the engine, which may not come so far.
program.catch(() => undefined);

mkdirSync(directory, { recursive: true });
const attached = attach(directory, say);
const open = await openStack({
  root: floor ? floorProject(directory) : root,
  stack: request.stack,
  program: async () => (await program)(),
  local: directory,
  config: request.config ?? [],
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
const used = watchChildren();
try {
  const start = performance.now();
  const changes =
    request.operation === "preview"
      ? (await open.stack.preview(options)).changeSummary
      : (await withState(open.stack, directory, () => open.stack.up(options))).summary.resourceChanges;
  const seconds = (performance.now() - start) / 1000;
  types.delete([...types].find(([, type]) => type === "pulumi:pulumi:Stack")?.[0] ?? "");
  const result: Operation = {
    seconds,
    registrations: types.size,
    providers: [...types.values()].filter((type) => type.startsWith("pulumi:providers:")).length,
    changes: changes ?? {},
    used: used(),
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
  const project = join(below, "project");
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, "Pulumi.yaml"), "name: floor\nruntime: nodejs\n");
  writeFileSync(join(project, "Pulumi.floor.yaml"), "config: {}\n");
  return project;
}

/** Looks at this process's children every half second: the system forgets what they used when they end. */
function watchChildren() {
  const used: Operation["used"] = {};
  const look = (): void => {
    for (const pid of children()) {
      try {
        const of = (file: string): string => readFileSync(`/proc/${pid}/${file}`, "utf8");
        const who = /localServer/.test(of("cmdline"))
          ? "cloud"
          : /pulumi\0(up|preview)\0/.test(of("cmdline"))
            ? "engine"
            : undefined;
        const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(of("status")) ?? [];
        // After the name in parentheses: the fields from the third on; ticks are hundredths of a second.
        const fields = of("stat")
          .replace(/^.*\) /s, "")
          .split(" ");
        if (who)
          used[who] = {
            megabytes: Number(kilobytes) / 1024,
            cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
          };
      } catch {
        // Gone, or there is no /proc on this system.
      }
    }
  };
  const timer = setInterval(look, 500);
  return () => {
    clearInterval(timer);
    look();
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    return {
      ...used,
      program: { megabytes: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 },
    };
  };
}

function children(): string[] {
  try {
    return execFileSync("ps", ["-o", "pid=", "--ppid", String(process.pid)], { encoding: "utf8" })
      .trim()
      .split(/\s+/);
  } catch {
    return [];
  }
}

import { createInterface } from "node:readline/promises";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { Refusal, WrongUse } from "./errors.js";
import { Log } from "./events.js";
import { describe, explain, refusal } from "./failure.js";
import { jsonDocument, masking } from "./json.js";
import { attach } from "./local.js";
import type { ExportedState } from "./pending.js";
import { secretConfigTexts, secretTexts } from "./pending.js";
import { planLines } from "./plan.js";
import { showProgress } from "./progress.js";
import { refuseProtected } from "./protection.js";
import { recover } from "./recovery.js";
import type { Result } from "./summary.js";
import { bringUp, watchForStuck, withState } from "./engine.js";
import { changesLine, summary } from "./summary.js";
import type { OpenStack } from "./workspace.js";
import { openStack } from "./workspace.js";

export type Operation = "up" | "preview" | "refresh" | "destroy";

/** The project: where it is, where its local cloud is, and its program, which is loaded when it is needed. */
export interface Project {
  root: string;
  localDirectory: string;
  program: () => Promise<PulumiFn>;
}

export interface Request {
  operation: Operation;
  stack: string;
  local: boolean;
  config: string[];
  path: boolean;
  yes: boolean;
  json: boolean;
  /** What a killed run made, where the cloud cannot be asked: `name=id`, or `name=` for nothing. */
  made: string[];
}

const title = { up: "Bringing up", preview: "Previewing", refresh: "Refreshing", destroy: "Taking down" };

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * Carries out an operation. What it comes to is written to stdout, everything on the way to stderr.
 *
 * @returns the exit code: 0 done, 1 failed or declined
 * @throws {WrongUse} before anything is touched
 */
export async function operate(project: Project, request: Request): Promise<number> {
  // The local cloud holds nothing that could be lost, so nothing is asked there.
  const hesitate = !request.local && !request.yes && request.operation !== "preview";
  if (hesitate && !interactive())
    throw new WrongUse(`${request.operation} needs --yes where nobody can be asked`);

  let log = new Log();
  /** Of the run under way: the operation, or its plan. */
  let current = log;
  const cleanUp: (() => void | Promise<void>)[] = [];
  let open: OpenStack | undefined;
  try {
    const local = request.local ? project.localDirectory : undefined;
    // The cloud, the program and the stack take most of a second each to get ready: side by side.
    const attached = local === undefined ? undefined : attach(local, say);
    // Looked at once the stack is open.
    attached?.catch(() => undefined);
    if (attached) cleanUp.push(async () => (await attached.catch(() => undefined))?.close());
    open = await openRequested(project, request, local);
    cleanUp.push(open.close);
    // Fetching or building the Pulumi CLI took its time before: it is not the operation's.
    log = current = new Log();
    Object.assign(open.stack.workspace.envVars, (await attached)?.environment);
    const word = { made: request.made, ...(interactive() ? { ask } : {}) };
    const refresh = request.operation !== "preview" && (await recover(open, request.stack, local, say, word));
    if (request.operation === "destroy")
      refuseProtected(request.stack, JSON.parse(await open.pulumi(["stack", "export"])) as ExportedState);
    if (hesitate) {
      const plan = (current = new Log());
      await run(open, request.operation, { planned: true, refresh, local }, plan);
      say([...planLines(plan), `${request.stack}: ${changesLine(plan.changes, true)}.`].join("\n"));
      if (!/^y(es)?$/i.test(await ask(`Go on with ${request.operation}? [y/N]`))) {
        say("No resource was changed.");
        return 1;
      }
      // The time that a person takes is not the operation's.
      log = current = new Log();
    }
    await run(open, request.operation, { planned: false, refresh, local }, log);
    await showWarnings(open, log);
    const outputs = JSON.parse(await open.pulumi(["stack", "output", "--json"])) as Record<string, unknown>;
    const result = resultOf(request, log, outputs);
    if (request.operation === "preview" && !request.json) console.log(planLines(log).join("\n"));
    console.log(request.json ? jsonDocument(result) : summary(result, request.local, overridesOf(request)));
    return 0;
  } catch (error) {
    if (error instanceof WrongUse) throw error;
    const refused = error instanceof Refusal;
    const mask = refused || !open ? (text: string) => text : await maskOf(open);
    const failure = refused ? refusal(error) : explain(current, error, mask);
    if (request.json) console.log(jsonDocument(resultOf(request, log, {}), failure));
    say(describe(failure));
    if (open && !refused && request.operation !== "preview") {
      const { create, update, replace, delete: deleted } = log.changes;
      const changed = create + update + replace + deleted > 0;
      const line = changed ? changesLine({ ...log.changes, same: 0 }, false) : "no resource was changed";
      say(`${request.stack}: ${line} before it failed.`);
    }
    return 1;
  } finally {
    for (const step of cleanUp.reverse()) await step();
  }
}

/** The run's own config values, as they were written, for the command that comes next. */
function overridesOf({ config, path }: Request): string {
  const quoted = config.map(
    (pair) => ` -c ${/^[\w:=.,-]+$/.test(pair) ? pair : `'${pair.replaceAll("'", `'\\''`)}'`}`,
  );
  return config.length === 0 ? "" : `${path ? " --path" : ""}${quoted.join("")}`;
}

async function openRequested(
  project: Project,
  request: Request,
  local: string | undefined,
): Promise<OpenStack> {
  // Only these run the program; the others work on the state.
  const runs = request.operation === "up" || request.operation === "preview";
  const program = runs ? project.program() : Promise.resolve((): Promise<void> => Promise.resolve());
  // Looked at when the engine runs it, which may be after it has failed.
  program.catch(() => undefined);
  return openStack({
    root: project.root,
    stack: request.stack,
    program: async () => (await program)(),
    local,
    config: request.config,
    path: request.path,
    // A preview changes nothing: of a stack on a real backend neither its existence nor its settings file.
    create: request.operation === "up" || (runs && local !== undefined),
    say,
  });
}

async function run(
  { stack, configFile }: OpenStack,
  operation: Operation,
  { planned, refresh, local }: { planned: boolean; refresh: boolean; local: string | undefined },
  log: Log,
): Promise<void> {
  const progress = showProgress(
    log,
    `${planned ? "Previewing" : title[operation]} ${stack.name}`,
    process.stderr,
  );
  const abort = new AbortController();
  let cancelled = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    cancelled = true;
    progress.say("Cancelling: what is under way is finished first, so that nothing is lost.");
    // A terminal sends the interrupt to the engine as well; a second one would end it at once.
    if (signal === "SIGTERM" || !interactive()) abort.abort();
  };
  const options = {
    onEvent: (event: Parameters<Log["handle"]>[0]) => {
      log.handle(event);
    },
    signal: abort.signal,
    color: "never" as const,
    suppressProgress: true,
    ...(configFile === undefined ? {} : { configFile }),
  };
  const watch = watchForStuck(log, abort);
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  try {
    if (operation === "preview" || (operation === "up" && planned))
      await stack.preview({ ...options, refresh });
    else if (planned)
      await (operation === "refresh" ? stack.previewRefresh(options) : stack.previewDestroy(options));
    else
      await withState(stack, local, async () => {
        if (operation === "up") await bringUp(stack, log, { ...options, refresh }, () => cancelled);
        else if (operation === "refresh") await stack.refresh(options);
        else await stack.destroy({ ...options, refresh });
      });
  } finally {
    watch.close();
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    progress.close();
  }
}

/** True when a person can be asked. */
const interactive = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Nothing is no answer: it could mean that a cloud holds nothing.
  const closed = new Promise<never>((_, reject) =>
    terminal.once("close", () => {
      reject(new Refusal("Not answered, so no resource was changed."));
    }),
  );
  try {
    return (await Promise.race([terminal.question(`${question} `), closed])).trim();
  } finally {
    terminal.close();
  }
}

/**
 * Messages of clouds and programs may quote what they were given. The state and the config know which of it is
 * secret; what could not be made is in the config alone.
 */
async function maskOf(open: OpenStack): Promise<(text: string) => string> {
  const [state, config] = await Promise.all([
    open.pulumi(["stack", "export", "--show-secrets"]).catch(() => "{}"),
    open.pulumi(["config", "--json", "--show-secrets"]).catch(() => "{}"),
  ]);
  const values = JSON.parse(config) as Parameters<typeof secretConfigTexts>[0];
  return masking([...secretTexts(JSON.parse(state)), ...secretConfigTexts(values)]);
}

async function showWarnings(open: OpenStack, log: Log): Promise<void> {
  const warnings = log.diagnostics.filter((d) => d.severity === "warning");
  if (warnings.length === 0) return;
  const mask = await maskOf(open);
  for (const warning of warnings) say(mask(warning.message));
}

function resultOf(request: Request, log: Log, outputs: Record<string, unknown>): Result {
  const { stack, operation } = request;
  return { stack, operation, changes: log.changes, outputs, seconds: log.seconds };
}

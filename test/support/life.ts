import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { Log } from "../../automation/events.js";
import type { Changes } from "../../automation/events.js";
import type { ExportedState } from "../../automation/pending.js";
import { recover } from "../../automation/recovery.js";
import { bringUp, watchForStuck, withState } from "../../automation/engine.js";
import type { OpenStack } from "../../automation/workspace.js";
import { openStack } from "../../automation/workspace.js";
import gateway from "../../index.js";
import { LocalCloud, providers } from "../../local/cloud.js";
import { secretsOf } from "./stacks.js";
import type { Faults } from "../../local/faults.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Outcome {
  changes: Changes;
  log: Log;
  /** Type and name of every resource in the engine's plan, in the order it saw them. */
  seen: string[];
}

/** One stack on the real engine, in a world of its own. */
export class Life {
  private cloud: LocalCloud | undefined;

  private constructor(
    private readonly stackName: string,
    readonly directory: string,
  ) {}

  /** @param directory a life that another process has begun; default: a new one */
  static begin(stackName: string, directory = mkdtempSync(join(tmpdir(), "javelin-life-"))): Life {
    return new Life(stackName, directory);
  }

  /** The world as it is now. Call between operations. */
  get world(): LocalCloud["world"] {
    if (!this.cloud) throw new Error("the world is open only while the cloud runs");
    return this.cloud.world;
  }

  /** Starts the cloud anew: with faults, or without. */
  async restart(faults: Faults = {}, millisecondsPerMinute = 0): Promise<void> {
    await this.cloud?.stop();
    this.cloud = await LocalCloud.start({ directory: this.directory, faults, millisecondsPerMinute });
  }

  /**
   * @param config values of this operation only, as `-c` takes them: `javelin:size=standard`
   */
  async run(operation: "up" | "preview" | "refresh" | "destroy", config: string[] = []): Promise<Outcome> {
    if (!this.cloud) await this.restart();
    const open = await openStack({
      root,
      stack: this.stackName,
      program: gateway,
      local: this.directory,
      config,
      path: false,
      create: true,
      say: () => undefined,
    });
    try {
      Object.assign(open.stack.workspace.envVars, this.cloud?.environment);
      // The others run no program.
      if (operation === "up" || operation === "preview") await setSecrets(open, this.stackName, config);
      const refresh =
        operation === "up" && (await recover(open, this.stackName, this.directory, () => undefined));
      const log = new Log();
      const seen: string[] = [];
      const onEvent = (event: EngineEvent): void => {
        log.handle(event);
        const metadata = event.resourcePreEvent?.metadata;
        if (metadata) seen.push(`${metadata.type} ${metadata.urn.split("::").at(-1) ?? ""}`);
      };
      const options = { onEvent, color: "never" as const, suppressProgress: true, suppressOutputs: true };
      const watch = watchForStuck(log);
      try {
        const { stack } = open;
        const watched = { ...options, signal: watch.signal };
        if (operation === "preview") await stack.preview(watched);
        else
          await withState(stack, this.directory, async () => {
            if (operation === "up") await bringUp(stack, log, { ...watched, refresh }, () => false);
            else await stack[operation](watched);
          });
      } finally {
        watch.close();
      }
      return { changes: log.changes, log, seen };
    } finally {
      open.close();
    }
  }

  /** The state as `pulumi stack export` prints it. */
  async export(): Promise<ExportedState> {
    const open = await openStack({
      root,
      stack: this.stackName,
      program: gateway,
      local: this.directory,
      config: [],
      path: false,
      create: false,
      say: () => undefined,
    });
    const text = await open.pulumi(["stack", "export"]);
    open.close();
    return JSON.parse(text) as ExportedState;
  }

  /**
   * What the world and the state do not agree on: things that no state knows (orphans), and things that the
   * state believes in and the world does not hold. What the cloud made by itself has an owner and is no orphan.
   */
  async disagreements(): Promise<string[]> {
    const { deployment } = await this.export();
    const known = new Set<string>();
    for (const { custom, type, id } of deployment.resources ?? []) {
      const provider = providers[type.split(":", 1)[0] ?? ""];
      if (custom && provider && provider.stateOnly !== true) known.add(`${type} ${id ?? ""}`);
    }
    const held = new Set<string>();
    for (const { type, id, owner } of this.world.all())
      if (owner === undefined && !type.startsWith("held:")) held.add(`${type} ${id}`);
    return [
      ...[...held].filter((key) => !known.has(key)).map((key) => `orphan: ${key}`),
      ...[...known].filter((key) => !held.has(key)).map((key) => `missing: ${key}`),
    ];
  }

  /** Stops the cloud; the world stays. */
  async stop(): Promise<void> {
    await this.cloud?.stop();
    this.cloud = undefined;
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** What a customer does once, with `pulumi config set --secret --path`. */
async function setSecrets(open: OpenStack, stack: string, config: string[]): Promise<void> {
  const changes = Object.fromEntries(
    config.map((each) => each.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
  const pairs = Object.entries(secretsOf(stack, changes)).flatMap(([key, value]) =>
    Object.entries(value).flatMap(([member, text]) => ["--secret", `${key}.${member}=${text}`]),
  );
  await open.pulumi(["config", "set-all", "--path", ...pairs]);
}

/** Types and names of the resources in a state, sorted: the same for the same config, whatever happened on the way. */
export function inventory(state: ExportedState): string[] {
  return (state.deployment.resources ?? [])
    .filter((r) => !r.type.startsWith("pulumi:pulumi:"))
    .map((r) => `${r.type} ${r.urn.split("::").at(-1) ?? ""}`)
    .sort();
}

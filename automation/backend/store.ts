import { createHash, randomUUID } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { pulumiDirectories } from "../localEnvironment.js";
import { engines } from "../locks.js";
import type { Deployment, Entry } from "./journal.js";
import { replay } from "./journal.js";

/** The organisation that a file backend puts before every stack's name. */
export const organisation = "organization";

/** A deployment as the engine takes it and gives it. */
export interface Versioned {
  version: number;
  features?: string[];
  deployment: Deployment;
}

interface Checkpoint {
  version: number;
  features?: string[];
  checkpoint: { stack: string; latest?: Deployment };
}

/** What is said of a run once it is over, as a file backend keeps it (`UpdateInfo` of pkg/backend/updates.go). */
export interface Update {
  kind: string;
  startTime: number;
  endTime: number;
  message: string;
  environment: Record<string, string>;
  config: Record<string, unknown>;
  result: string;
  version: number;
  resourceChanges: Record<string, number>;
}

/**
 * One stack's state in the files of Pulumi's file backend, so that the plain CLI reads what is written here; and
 * beside them the journal of the run under way.
 */
export class StackStore {
  private readonly file: string;
  private readonly journal: string;
  readonly lockDirectory: string;
  private readonly history: string;

  constructor(
    directory: string,
    private readonly project: string,
    private readonly stack: string,
  ) {
    const { state, journals } = pulumiDirectories(directory);
    const below = (...names: string[]) => join(state, ".pulumi", ...names);
    this.file = below("stacks", project, `${stack}.json`);
    this.lockDirectory = below("locks", organisation, project, stack);
    this.history = below("history", project, stack);
    this.journal = join(journals, project, `${stack}.jsonl`);
  }

  exists(): boolean {
    return existsSync(this.file);
  }

  read(): Versioned {
    const { version, features, checkpoint } = JSON.parse(readFileSync(this.file, "utf8")) as Checkpoint;
    return { version, ...(features && { features }), deployment: checkpoint.latest ?? {} };
  }

  /**
   * Begins a run's journal, under a lock that any engine heeds.
   *
   * @param pid the engine's process
   * @returns what ends the lock, or undefined when another run holds the stack
   */
  begin(pid: number): (() => void) | undefined {
    mkdirSync(this.lockDirectory, { recursive: true });
    if (this.locks() > 0) return undefined;
    const lock = join(this.lockDirectory, `${randomUUID()}.json`);
    const holder = { pid, username: userInfo().username, hostname: hostname(), timestamp: new Date() };
    write(lock, JSON.stringify(holder));
    const unlock = (): void => {
      rmSync(lock, { force: true });
    };
    // Of two that came at once both give way, as in pkg/backend/diy/lock.go.
    if (this.locks() > 1) {
      unlock();
      return undefined;
    }
    // The engine reads the state only now.
    this.settle();
    write(this.journal, JSON.stringify({ base: this.hash() }));
    return unlock;
  }

  private locks(): number {
    return readdirSync(this.lockDirectory).filter((name) => name.endsWith(".json")).length;
  }

  /** @param entries a JSON document with a list of them, as the engine sent it */
  append(entries: string): void {
    // The break comes first: what a full disk has cut off does not spoil the line that comes after it.
    appendFileSync(this.journal, `\n${entries}`);
  }

  /** @param whole the whole state, as an engine without a journal sends it: nothing sent before counts any more */
  restart(whole: string): void {
    const [first = ""] = textOf(this.journal)?.split("\n", 1) ?? [];
    write(this.journal, `${first}\n${asEntry(whole)}`);
  }

  /** Puts a journal's outcome into the state, and ends the journal. Nothing to do when there is none. */
  settle(): void {
    const [first = "", ...lines] = textOf(this.journal)?.split("\n") ?? [];
    // Else the outcome was written, and the process ended before it could remove the journal.
    const current = (parsed(first) as { base?: string } | undefined)?.base === this.hash();
    if (current) {
      const { deployment, ...version } = this.read();
      // A process that is killed may leave half a line.
      const entries = lines.flatMap(
        (line) => (parsed(line) as { entries?: Entry[] } | undefined)?.entries ?? [],
      );
      if (entries.length > 0) this.write({ ...version, deployment: replay(deployment, entries) });
    }
    rmSync(this.journal, { force: true });
  }

  /** Keeps what is said of a run, and the state that it led to. */
  record(update: Update): void {
    const name = join(this.history, `${this.stack}-${BigInt(Date.now()) * 1_000_000n}`);
    write(`${name}.history.json`, JSON.stringify(update));
    write(`${name}.checkpoint.json`, readFileSync(this.file, "utf8"));
  }

  private write({ deployment, ...version }: Versioned): void {
    const stack = `${organisation}/${this.project}/${this.stack}`;
    const checkpoint: Checkpoint = { ...version, checkpoint: { stack, latest: deployment } };
    write(this.file, JSON.stringify(checkpoint));
    // What a file backend notes of the file that it wrote itself.
    rmSync(`${this.file}.attrs`, { force: true });
  }

  private hash(): string {
    return createHash("sha256").update(readFileSync(this.file)).digest("hex");
  }
}

/** Settles what runs left that were killed. Call it before the state is read; runs that go on are left alone. */
export function settleJournals(directory: string): void {
  const { journals } = pulumiDirectories(directory);
  if (!existsSync(journals)) return;
  for (const project of readdirSync(journals))
    for (const name of readdirSync(join(journals, project))) {
      const stack = /^(.+)\.jsonl$/.exec(name)?.[1];
      if (stack !== undefined && engines(directory, stack).length === 0)
        new StackStore(directory, project, stack).settle();
    }
}

/** A whole state as the journal's entry that replaces it. */
function asEntry(text: string): string {
  const sent = JSON.parse(text) as {
    deployment?: Deployment;
    untypedDeployment?: { deployment?: Deployment };
    sequenceNumber?: number;
  };
  const newSnapshot = sent.untypedDeployment?.deployment ?? sent.deployment ?? {};
  return JSON.stringify({
    entries: [{ kind: 5, sequenceID: sent.sequenceNumber ?? Date.now(), newSnapshot }],
  });
}

/** As a whole or not at all. */
function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  // Two commands may settle the same journal.
  const mine = `${file}.${process.pid}.new`;
  writeFileSync(mine, text, { mode: 0o600 });
  renameSync(mine, file);
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

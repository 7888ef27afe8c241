import { randomInt } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Props, World, WorldObject } from "./behaviour.js";

type Entry =
  { put: WorldObject } | { gone: [type: string, id: string] } | { account: string; serial: number };

/**
 * Everything that exists in the local cloud, shared by all stacks as an account is. With a file it outlives
 * the process: an append-only journal, one JSON object a line, written before the caller hears that a thing
 * was made, so that a killed process loses nothing; a torn last line is dropped. Without a file it lives in
 * memory only (unit tests).
 */
export class StoredWorld implements World {
  account = "";
  private serial = 0;
  private readonly objects = new Map<string, Map<string, WorldObject>>();
  private journal: number | undefined;

  private constructor(private readonly clock: () => number) {}

  static inMemory(clock: () => number = Date.now): StoredWorld {
    const world = new StoredWorld(clock);
    world.account = "123456789012";
    return world;
  }

  static open(file: string, clock: () => number = Date.now): StoredWorld {
    const world = new StoredWorld(clock);
    if (existsSync(file)) for (const entry of readJournal(file)) world.replay(entry);
    if (world.account === "") world.account = String(randomInt(1e11, 1e12 - 1));
    world.compact(file);
    world.journal = openSync(file, "a", 0o600);
    return world;
  }

  /**
   * How many objects exist; not counted are what was there from the start, and what a cloud keeps for a while
   * after a deletion (types `held:…`: names of secrets, keys that wait for their end).
   */
  get size(): number {
    let count = 0;
    for (const o of this.all()) if (o.owner !== seeded && !o.type.startsWith("held:")) count++;
    return count;
  }

  *all(): Generator<WorldObject> {
    for (const byId of this.objects.values()) yield* byId.values();
  }

  types(): string[] {
    return [...this.objects.keys()];
  }

  find(type: string, id: string): WorldObject | undefined {
    return this.objects.get(type)?.get(id);
  }

  list(type: string, region?: string): WorldObject[] {
    const all = [...(this.objects.get(type)?.values() ?? [])];
    return region === undefined ? all : all.filter((o) => o.region === region);
  }

  /** Milliseconds on the world's clock. */
  now(): number {
    return this.clock();
  }

  /** A number that no other object of this world had: what makes ids distinct. */
  nextSerial(): number {
    this.serial++;
    this.write({ account: this.account, serial: this.serial });
    return this.serial;
  }

  add(object: Omit<WorldObject, "created">): WorldObject {
    const whole: WorldObject = { ...object, created: this.clock() };
    this.put(whole);
    return whole;
  }

  put(object: WorldObject): void {
    this.keep(object);
    this.write({ put: object });
  }

  amend(type: string, id: string, change: Props): void {
    const object = this.find(type, id);
    if (object) this.put({ ...object, state: { ...object.state, ...change } });
  }

  /** Removes an object and all that the cloud made for it. */
  remove(type: string, id: string): void {
    this.objects.get(type)?.delete(id);
    this.write({ gone: [type, id] });
    for (const object of [...this.all()]) if (object.owner === id) this.remove(object.type, object.id);
  }

  close(): void {
    if (this.journal !== undefined) closeSync(this.journal);
    this.journal = undefined;
  }

  private keep(object: WorldObject): void {
    let byId = this.objects.get(object.type);
    if (!byId) this.objects.set(object.type, (byId = new Map<string, WorldObject>()));
    byId.set(object.id, object);
  }

  private replay(entry: Entry): void {
    if ("put" in entry) this.keep(entry.put);
    else if ("gone" in entry) this.objects.get(entry.gone[0])?.delete(entry.gone[1]);
    else {
      this.account = entry.account;
      this.serial = entry.serial;
    }
  }

  private write(entry: Entry): void {
    if (this.journal !== undefined) writeSync(this.journal, `${JSON.stringify(entry)}\n`);
  }

  private compact(file: string): void {
    mkdirSync(dirname(file), { recursive: true });
    const entries: Entry[] = [{ account: this.account, serial: this.serial }];
    for (const object of this.all()) entries.push({ put: object });
    const fresh = `${file}.new`;
    writeFileSync(fresh, entries.map((e) => `${JSON.stringify(e)}\n`).join(""), { mode: 0o600 });
    renameSync(fresh, file);
  }
}

/** The owner of what a new account already holds (the hosted zone that a domain's owner has delegated). */
export const seeded = "seeded";

function* readJournal(file: string): Generator<Entry> {
  const lines = readFileSync(file, "utf8").split("\n");
  for (const [i, line] of lines.entries()) {
    if (line === "") continue;
    try {
      yield JSON.parse(line) as Entry;
    } catch (error) {
      // Only the last line may be torn: the process was killed while it wrote.
      if (i < lines.length - 2)
        throw new Error(`${file}:${i + 1} is damaged; "javelin local reset" starts anew`, { cause: error });
    }
  }
}

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
  | { put: WorldObject }
  | { gone: [type: string, id: string, region: string] }
  | { account: string; serial: number };

/**
 * Everything that exists in the local cloud, shared by all stacks as an account is. With a file it outlives
 * the process: an append-only journal, one JSON object a line, written before the caller hears that a thing
 * was made, so that a killed process loses nothing; a torn last line is dropped. Without a file it lives in
 * memory only (unit tests).
 */
export class StoredWorld implements World {
  account = "";
  private serial = 0;
  private readonly objects = new Map<string, Map<string, WorldObject[]>>();
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
    for (const byId of this.objects.values()) for (const alike of byId.values()) yield* alike;
  }

  types(): string[] {
    return [...this.objects.keys()];
  }

  /** One thing; names may recur from region to region, and from cluster to cluster. Default region: any. */
  find(type: string, id: string, region?: string): WorldObject | undefined {
    const alike = this.objects.get(type)?.get(id);
    return region === undefined ? alike?.[0] : alike?.find((o) => o.region === region);
  }

  /** Things of one type and id, in whatever region. */
  alike(type: string, id: string): WorldObject[] {
    return this.objects.get(type)?.get(id) ?? [];
  }

  list(type: string, region?: string): WorldObject[] {
    const all = [...(this.objects.get(type)?.values() ?? [])].flat();
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

  amend(type: string, id: string, change: Props, region?: string): void {
    const object = this.find(type, id, region);
    if (object) this.put({ ...object, state: { ...object.state, ...change } });
  }

  /** Removes an object and all that the cloud made for it. */
  remove({ type, id, region }: WorldObject): void {
    this.forget(type, id, region);
    this.write({ gone: [type, id, region] });
    for (const object of [...this.all()])
      if (
        object.owner === id &&
        object.ownerType === type &&
        (region === "global" || object.region === region)
      )
        this.remove(object);
  }

  close(): void {
    if (this.journal !== undefined) closeSync(this.journal);
    this.journal = undefined;
  }

  private keep(object: WorldObject): void {
    const { type, id, region } = object;
    let byId = this.objects.get(type);
    if (!byId) this.objects.set(type, (byId = new Map<string, WorldObject[]>()));
    const alike = byId.get(id) ?? [];
    const at = alike.findIndex((o) => o.region === region);
    if (at < 0) byId.set(id, [...alike, object]);
    else alike[at] = object;
  }

  private forget(type: string, id: string, region: string): void {
    const byId = this.objects.get(type);
    const rest = byId?.get(id)?.filter((o) => o.region !== region) ?? [];
    if (rest.length > 0) byId?.set(id, rest);
    else byId?.delete(id);
  }

  replay(entry: Entry): void {
    if ("put" in entry) this.keep(entry.put);
    else if ("gone" in entry) this.forget(...entry.gone);
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

/**
 * The world as a call in one region sees it: things of that region come first, and what the cloud makes by
 * itself belongs to the type at hand.
 */
export class PlacedWorld implements World {
  constructor(
    private readonly whole: StoredWorld,
    private readonly region: string,
    private readonly type: string,
  ) {}

  get account(): string {
    return this.whole.account;
  }

  find(type: string, id: string): WorldObject | undefined {
    return this.whole.find(type, id, this.region) ?? this.whole.find(type, id);
  }

  list(type: string, region?: string): WorldObject[] {
    return this.whole.list(type, region);
  }

  add(object: Omit<WorldObject, "created">): void {
    this.whole.add(object.owner === undefined ? object : { ...object, ownerType: this.type });
  }

  amend(type: string, id: string, change: Props): void {
    this.whole.amend(type, id, change, this.find(type, id)?.region);
  }
}

/** The owner of what a new account already holds (the hosted zone that a domain's owner has delegated). */
export const seeded = "seeded";

/** What exists in a world, by its journal; reading it disturbs no process that writes it. */
export function readWorld(file: string): WorldObject[] {
  const world = StoredWorld.inMemory();
  if (existsSync(file)) for (const entry of readJournal(file)) world.replay(entry);
  return [...world.all()];
}

function* readJournal(file: string): Generator<Entry> {
  const lines = readFileSync(file, "utf8").split("\n");
  for (const [i, line] of lines.entries()) {
    if (line === "") continue;
    try {
      yield JSON.parse(line) as Entry;
    } catch (error) {
      // Only what no newline ends may be torn: the process was killed while it wrote.
      if (i < lines.length - 1)
        throw new Error(`${file}:${i + 1} is damaged; "javelin local reset" starts anew`, { cause: error });
    }
  }
}

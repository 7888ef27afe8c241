import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { resetWorld } from "../../../automation/local.js";
import type { Provider } from "../../../local/behaviour.js";
import { UNKNOWN } from "../../../local/behaviour.js";
import { defaultDirectory, lock } from "../../../local/directory.js";
import { FaultPlan, faultsFrom } from "../../../local/faults.js";
import { Operations } from "../../../local/operations.js";
import { changedPaths, touches, valuesAt } from "../../../local/paths.js";
import { readWorld, StoredWorld } from "../../../local/world.js";

const object = (id: string, region = "us-east-1", more = {}) => ({
  ...{ type: "test:index:Thing", id, region, inputs: { name: id }, state: { name: id } },
  ...more,
});

describe("the local cloud's world", () => {
  let directory = "";
  let file = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "javelin-world-"));
    file = join(directory, "world.jsonl");
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("outlives its process, without being closed", () => {
    const world = StoredWorld.open(file);
    world.add(object("a"));
    const b = world.add(object("b"));
    world.remove(b);
    const again = StoredWorld.open(file);
    expect([...again.all()].map((o) => o.id)).to.deep.equal(["a"]);
    expect(again.account).to.equal(world.account);
    expect(again.nextSerial()).to.be.greaterThan(0);
  });

  it("drops a torn last line, and refuses damage before it", () => {
    StoredWorld.open(file).add(object("a"));
    appendFileSync(file, '{"put":{"type":"test:in');
    expect([...StoredWorld.open(file).all()].map((o) => o.id)).to.deep.equal(["a"]);
    writeFileSync(file, `not json\n${readFileSync(file, "utf8")}`);
    expect(() => StoredWorld.open(file)).to.throw(/:1 is damaged.*javelin local reset/);
    expect(() => readWorld(file)).to.throw(/damaged/);
  });

  it("refuses damage in the last line when that is whole: no kill leaves such a line", () => {
    StoredWorld.open(file).add(object("a"));
    appendFileSync(file, "not json\n");
    expect(() => StoredWorld.open(file)).to.throw(/damaged/);
  });

  it("keeps things of one name apart by region", () => {
    const world = StoredWorld.inMemory();
    const east = world.add(object("a"));
    world.add(object("a", "us-west-2"));
    world.remove(east);
    expect(world.find("test:index:Thing", "a", "us-east-1")).to.equal(undefined);
    expect(world.find("test:index:Thing", "a", "us-west-2")?.region).to.equal("us-west-2");
  });

  it("removes with a thing what the cloud made for it, and nothing that only has its name", () => {
    const world = StoredWorld.inMemory();
    const cluster = world.add(object("same"));
    world.add(object("same", "us-east-1", { type: "test:index:Other" }));
    world.add(object("made", "us-east-1", { owner: "same", ownerType: "test:index:Other" }));
    world.remove(cluster);
    expect([...world.all()].map((o) => `${o.type} ${o.id}`)).to.deep.equal([
      "test:index:Thing made",
      "test:index:Other same",
    ]);
    world.remove(world.find("test:index:Other", "same")!);
    expect(world.size).to.equal(0);
  });

  it("belongs to one living process at a time", () => {
    const unlock = lock(directory);
    expect(() => lock(directory)).to.throw(new RegExp(`in use by process ${process.pid}`));
    unlock();
    // No process has this id: it is above Linux's and macOS's largest.
    writeFileSync(join(directory, "lock"), "99999999");
    expect(() => lock(directory)()).not.to.throw();
    expect(readdirSync(directory)).to.deep.equal([]);
  });

  it("leaves a stale lock alone while another process looks at it, unless that was killed", () => {
    writeFileSync(join(directory, "lock"), "99999999");
    const guard = join(directory, "lock.guard");
    mkdirSync(guard);
    const long = (Date.now() - 60_000) / 1000;
    utimesSync(guard, long, long);
    expect(() => lock(directory)()).not.to.throw();
    expect(readdirSync(directory)).to.deep.equal([]);
  });

  it("is where JAVELIN_LOCAL_DIR says, which says nothing when it is empty", () => {
    const before = process.env["JAVELIN_LOCAL_DIR"];
    try {
      process.env["JAVELIN_LOCAL_DIR"] = "";
      expect(defaultDirectory(directory)).to.equal(join(directory, ".local-cloud"));
      process.env["JAVELIN_LOCAL_DIR"] = join(directory, "other");
      expect(defaultDirectory(directory)).to.equal(join(directory, "other"));
    } finally {
      if (before === undefined) delete process.env["JAVELIN_LOCAL_DIR"];
      else process.env["JAVELIN_LOCAL_DIR"] = before;
    }
  });

  it("is all that a reset deletes", async () => {
    StoredWorld.open(file).close();
    writeFileSync(join(directory, "mine.txt"), "");
    await resetWorld(directory);
    expect(readdirSync(directory)).to.deep.equal(["mine.txt"]);
    rmSync(join(directory, "mine.txt"));
    await resetWorld(directory);
    expect(existsSync(directory)).to.equal(false);
  });
});

describe("the local cloud's reckoning of changes", () => {
  it("finds the values at a path", () => {
    const root = { a: [{ b: [1, 2] }, { b: [3] }], c: { d: null } };
    expect(valuesAt(root, "a[].b[]")).to.deep.equal([1, 2, 3]);
    expect(valuesAt(root, "c.d")).to.deep.equal([]);
    expect(valuesAt(root, "x.y[]")).to.deep.equal([]);
  });

  it("names what differs, outermost first, and takes empty for absent", () => {
    expect(changedPaths({ a: { b: 1, c: [1, 2] } }, { a: { b: 2, c: [1, 3] } })).to.deep.equal([
      "a.b",
      "a.c[1]",
    ]);
    expect(changedPaths({ a: [] }, {})).to.deep.equal([]);
    expect(changedPaths({ tags: { "a.b/c": 1 } }, {})).to.deep.equal(["tags"]);
    expect(changedPaths({ tags: { "a.b/c": 1, d: 1 } }, { tags: { d: 2 } })).to.deep.equal([
      'tags["a.b/c"]',
      "tags.d",
    ]);
    expect(changedPaths({ a: { b: 1 } }, { a: UNKNOWN })).to.deep.equal(["a"]);
  });

  it("knows when a change touches what a pattern names", () => {
    expect(touches("vpc.subnets[2]", "vpc.subnets[]")).to.equal(true);
    expect(touches("vpc", "vpc.subnets[]")).to.equal(true);
    expect(touches("vpc.subnets[0].id", "vpc.subnets")).to.equal(true);
    expect(touches("vpcs", "vpc")).to.equal(false);
    expect(touches('tags["a.b"]', "tags")).to.equal(true);
  });
});

describe("the local cloud's operations", () => {
  const thing = {
    source: "this test",
    autoName: { property: "name", max: 20 },
    replaces: ["name", "zone"],
    id: (inputs: Record<string, unknown>) => String(inputs["name"]),
  };
  const provider: Provider = {
    types: {
      "test:index:Thing": thing,
      "test:index:User": {
        source: "this test",
        id: (_, context) => context.hex(8),
        references: { thing: { types: ["test:index:Thing"], code: "NoSuchThing" } },
      },
    },
    invokes: {},
  };
  const east = { region: "us-east-1" };
  const cloud = () => new Operations({ test: provider }, StoredWorld.inMemory());
  const type = "test:index:Thing";

  it("refuses a type, a function and a provider that it does not know, by name", () => {
    expect(() => cloud().create("test:index:Nothing", "n", {}, east)).to.throw("test:index:Nothing");
    expect(() => cloud().invoke("test:index:get", {}, east)).to.throw("test:index:get");
    expect(() => cloud().behaviour("other:index:Thing")).to.throw("other");
  });

  it("refuses what exists, what is missing or elsewhere, and deleting what is used", () => {
    const operations = cloud();
    const made = operations.create(type, "t", { name: "t" }, east);
    expect(() => operations.create(type, "t", { name: "t" }, east)).to.throw("AlreadyExists");
    expect(() => operations.create("test:index:User", "u", { thing: "x" }, east)).to.throw("NoSuchThing");
    const west = { region: "us-west-2" };
    expect(() => operations.create("test:index:User", "u", { thing: "t" }, west)).to.throw("NoSuchThing");
    operations.create("test:index:User", "u", { thing: "t" }, east);
    expect(() => operations.delete(type, made.id, "t", {}, east)).to.throw("DependencyViolation");
    expect(() => operations.delete(type, "gone", "t", {}, east)).not.to.throw();
  });

  it("names what the program does not, keeps that name, and deletes first only what the program named", () => {
    const operations = cloud();
    const seed = new Uint8Array([1, 2, 3, 4]);
    const { inputs } = operations.check(type, "t", {}, undefined, seed);
    expect(inputs["name"]).to.match(/^t-[0-9a-f]{7}$/);
    expect(operations.check(type, "t", {}, inputs, new Uint8Array(4)).inputs).to.deep.equal(inputs);
    const moved = (name: unknown) => operations.diff(type, "t", { name, zone: "a" }, { name, zone: "b" });
    expect(moved(inputs["name"])).to.deep.include({ replaces: ["zone"], deleteBeforeReplace: false });
    expect(moved("mine")).to.deep.include({ replaces: ["zone"], deleteBeforeReplace: true });
  });

  it("knows its own name of a thing whose logical name it had to cut", () => {
    const operations = cloud();
    const long = "a-logical-name-that-is-long";
    const { inputs } = operations.check(type, long, {}, undefined, new Uint8Array([1, 2, 3, 4]));
    expect(inputs["name"]).to.have.length(20);
    const moved = operations.diff(type, long, { ...inputs, zone: "a" }, { ...inputs, zone: "b" });
    expect(moved).to.deep.include({ replaces: ["zone"], deleteBeforeReplace: false });
  });

  it("does not keep a name that the program gave and gives no longer", () => {
    const { inputs } = cloud().check(type, "t", {}, { name: "mine" }, new Uint8Array(4));
    expect(inputs["name"]).to.equal("t-0000000");
  });

  it("takes over what exists where a creation does so", () => {
    const types = { [type]: { ...thing, adopts: true } };
    const operations = new Operations({ test: { types, invokes: {} } }, StoredWorld.inMemory());
    operations.create(type, "t", { name: "t", zone: "a" }, east);
    const again = operations.create(type, "t", { name: "t", zone: "b" }, east);
    expect(again.state).to.deep.equal({ name: "t", zone: "b" });
    expect(operations.world.size).to.equal(1);
  });

  it("fills in a default where the program says null", () => {
    const types = { [type]: { ...thing, defaults: () => ({ zone: "a", kind: "k" }) } };
    const operations = new Operations({ test: { types, invokes: {} } }, StoredWorld.inMemory());
    const given = { name: "n", zone: null, kind: "mine" };
    const { inputs } = operations.check(type, "t", given, undefined, new Uint8Array(4));
    expect(inputs).to.deep.equal({ name: "n", zone: "a", kind: "mine" });
  });

  it("lets a thing go that only refers to itself", () => {
    const operations = cloud();
    const user = "test:index:User";
    const self = { types: [user], code: "NoSuchUser" };
    const selfish = new Operations(
      { test: { types: { [user]: { ...provider.types[user]!, references: { self } } }, invokes: {} } },
      operations.world,
    );
    const made = selfish.create(user, "u", {}, east);
    selfish.update(user, made.id, "u", {}, { self: made.id }, east);
    selfish.delete(user, made.id, "u", {}, east);
    expect(operations.world.size).to.equal(0);
  });
});

describe("the local cloud's faults", () => {
  it("are read from JSON, and refused when they are not understood", () => {
    expect(faultsFrom({})).to.deep.equal({});
    expect(faultsFrom({ JAVELIN_LOCAL_FAULTS: '{"failCreate": 3}' })).to.deep.equal({ failCreate: 3 });
    for (const text of ["{", '{"failCreat": 3}', '{"failCreate": 0}'])
      expect(() => faultsFrom({ JAVELIN_LOCAL_FAULTS: text })).to.throw(/JAVELIN_LOCAL_FAULTS.*failCreate/s);
  });

  it("strike the create and the region that they name", async () => {
    const plan = new FaultPlan({ failCreate: 2, regionsDown: ["us-east-1"] });
    expect(await plan.beforeCreate()).to.equal(1);
    const outcome = (promise: Promise<unknown>) =>
      promise.then(
        () => "done",
        (error: Error) => error.message,
      );
    expect(await outcome(plan.beforeCreate())).to.match(/^InternalFailure/);
    expect(await outcome(plan.beforeCall("us-east-1"))).to.match(/no answer from us-east-1/);
    expect(await outcome(plan.beforeCall("us-west-2"))).to.equal("done");
  });
});

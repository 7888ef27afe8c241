import { expect } from "chai";
import fc from "fast-check";
import type { Deployment, Entry, Resource } from "../../../automation/backend/journal.js";
import { replay, UnknownEntry } from "../../../automation/backend/journal.js";

const [begin, success, failure, refreshSuccess, outputs, write, secretsManager, rebuilt] = [
  0, 1, 2, 3, 4, 5, 6, 7,
];

let sequence = 0;
const entry = (kind: number, operationID: number, rest: Partial<Entry> = {}): Entry => ({
  kind,
  operationID,
  sequenceID: ++sequence,
  ...rest,
});
const named = (urn: string, rest: Partial<Resource> = {}): Resource => ({ urn, ...rest });
const urns = ({ resources = [] }: Deployment) => resources.map(({ urn }) => urn);
const creating = (urn: string) => ({ type: "creating", resource: named(urn) });

describe("the engine's journal", () => {
  const base: Deployment = {
    manifest: { version: "v3", magic: "m" },
    secrets_providers: { type: "passphrase" },
    resources: [named("a"), named("b", { dependencies: ["a"] })],
  };

  it("puts what was made before what was there", () => {
    const after = replay(base, [
      entry(begin, 1, { operation: creating("c") }),
      entry(success, 1, { state: named("c") }),
    ]);
    expect(urns(after)).to.deep.equal(["c", "a", "b"]);
    expect(after.pending_operations).to.deep.equal([]);
    expect(after.manifest).to.include({ version: "v3", magic: "m" });
  });

  it("replaces what was updated, drops what was deleted, and leaves what failed", () => {
    const after = replay(base, [
      entry(success, 1, { state: named("a", { id: "new" } as Partial<Resource>), removeOld: 0 }),
      entry(begin, 2, { operation: { type: "updating", resource: named("b") } }),
      entry(failure, 2),
    ]);
    expect(after.resources).to.deep.equal([{ urn: "a", id: "new" }, base.resources![1]]);
    expect(urns(replay(base, [entry(success, 1, { removeOld: 1 })]))).to.deep.equal(["a"]);
  });

  it("keeps the note of an operation that nobody saw the end of, and of an earlier creation", () => {
    const before = {
      ...base,
      pending_operations: [creating("x"), { type: "updating", resource: named("a") }],
    };
    const after = replay(before, [entry(begin, 1, { operation: creating("c") })]);
    expect(after.pending_operations).to.deep.equal([creating("c"), creating("x")]);
    expect(urns(after)).to.deep.equal(["a", "b"]);
  });

  it("keeps both sides of a replacement until the old one is deleted", () => {
    const replaced = [entry(success, 1, { state: named("a"), deleteOld: 0 })];
    const half = replay(base, replaced);
    expect(half.resources!.map(({ urn, delete: gone }) => [urn, gone])).to.deep.equal([
      ["a", undefined],
      ["a", true],
      ["b", undefined],
    ]);
    expect(urns(replay(base, [...replaced, entry(success, 2, { removeOld: 0 })]))).to.deep.equal(["a", "b"]);
    expect(base.resources![0]).to.deep.equal({ urn: "a" });
  });

  it("marks what this run made itself, and removes it", () => {
    const made = entry(success, 5, { state: named("c") });
    const marked = replay(base, [made, entry(success, 6, { pendingReplacementNew: 5 })]);
    expect(marked.resources![0]).to.deep.equal({ urn: "c", pendingReplacement: true });
    expect(urns(replay(base, [made, entry(success, 6, { removeNew: 5 })]))).to.deep.equal(["a", "b"]);
  });

  it("writes a component's outputs over it, in its place", () => {
    const after = replay(base, [
      entry(success, 1, { state: named("c") }),
      entry(success, 2, { state: named("d", { parent: "c" }) }),
      entry(outputs, 3, { state: named("c", { outputs: {} } as Partial<Resource>), removeNew: 1 }),
    ]);
    expect(after.resources!.slice(0, 2)).to.deep.equal([
      { urn: "c", outputs: {} },
      { urn: "d", parent: "c" },
    ]);
  });

  it("leaves nothing that depends on what a refresh found gone", () => {
    const before = {
      resources: [
        named("top"),
        named("a"),
        named("b", {
          parent: "a",
          dependencies: ["a", "top"],
          propertyDependencies: { x: ["a"], y: ["top"] },
          deletedWith: "a",
          replaceWith: ["a"],
        }),
      ],
    };
    const { resources } = replay(before, [entry(refreshSuccess, 1, { removeOld: 1 })]);
    expect(resources![1]).to.deep.equal({
      urn: "b",
      dependencies: ["top"],
      propertyDependencies: { y: ["top"] },
      replaceWith: [],
    });
  });

  it("begins anew from what a refresh has read", () => {
    const after = replay(base, [
      entry(refreshSuccess, 1, { removeOld: 0, state: named("a", { id: "read" } as Partial<Resource>) }),
      entry(rebuilt, 0),
      // An index of the deployment as it was rebuilt.
      entry(success, 2, { removeOld: 1 }),
    ]);
    expect(after.resources).to.deep.equal([{ urn: "a", id: "read" }]);
  });

  it("leaves nothing that depends on what is gone, after a refresh that the run went on from, too", () => {
    const after = replay(base, [
      entry(refreshSuccess, 1, { removeOld: 1 }),
      entry(rebuilt, 0),
      entry(success, 2, { state: named("c", { dependencies: ["b"] }) }),
    ]);
    expect(after.resources![0]).to.deep.equal({ urn: "c", dependencies: [] });
  });

  it("does not bring back what is gone", () => {
    const [state, c] = [named("a"), named("c")];
    const after = replay(base, [
      ...[entry(success, 1, { removeOld: 0 }), entry(outputs, 2, { removeOld: 0, state })],
      ...[entry(success, 3, { state: c }), entry(success, 4, { removeNew: 3 })],
      entry(outputs, 5, { removeNew: 3, state: c }),
    ]);
    expect(urns(after)).to.deep.equal(["b"]);
  });

  it("names what got another URN by it, where the run did not come to", () => {
    const of = (types: string, name: string) => `urn:pulumi:dev::javelin::${types}::${name}`;
    const before: Deployment = {
      resources: [
        named(of("x:y:Group", "old")),
        named(of("x:y:Group$x:y:Leaf", "leaf"), { parent: of("x:y:Group", "old") }),
        named(of("x:y:Other", "other"), {
          dependencies: [of("x:y:Group", "old")],
          propertyDependencies: { a: [of("x:y:Group$x:y:Leaf", "leaf")] },
          deletedWith: of("x:y:Group", "old"),
          provider: `${of("x:y:Group", "old")}::id`,
        }),
      ],
    };
    const state = named(of("x:y:Set", "new"), { aliases: [of("x:y:Group", "old")] });
    const after = replay(before, [entry(success, 1, { removeOld: 0, state })]);
    const [group, leaf] = [of("x:y:Set", "new"), of("x:y:Set$x:y:Leaf", "leaf")];
    expect(after.resources).to.deep.equal([
      { urn: group },
      { urn: leaf, parent: group },
      {
        urn: of("x:y:Other", "other"),
        dependencies: [group],
        propertyDependencies: { a: [leaf] },
        deletedWith: group,
        provider: `${group}::id`,
      },
    ]);
  });

  it("takes a whole deployment, and the way its secrets are kept", () => {
    const after = replay(base, [
      entry(write, 0, { newSnapshot: { resources: [named("z")] } }),
      entry(secretsManager, 0, { secretsProvider: { type: "other" } }),
    ]);
    expect(urns(after)).to.deep.equal(["z"]);
    expect(after.secrets_providers).to.deep.equal({ type: "other" });
  });

  it("refuses what it does not know", () => {
    expect(() => replay(base, [entry(99, 1)])).to.throw(UnknownEntry, "kind 99");
  });

  it("comes to the same however often and in whichever order a batch arrives", () => {
    const step = fc.record({ what: fc.constantFrom("make", "update", "delete"), which: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.func(fc.integer()), (steps, rank) => {
        const start: Deployment = { resources: Array.from({ length: 5 }, (_, i) => named(`old-${i}`)) };
        /** Where each resource stands: an index of the start, or an operation of the run. */
        const there = new Map<string, Partial<Entry>>(
          start.resources!.map(({ urn }, i) => [urn, { removeOld: i }]),
        );
        const entries = steps.flatMap(({ what, which }, i): Entry[] => {
          const operation = i + 1;
          const target = what === "make" ? undefined : [...there.keys()][which % Math.max(there.size, 1)];
          if (what !== "make" && target === undefined) return [];
          const urn = target ?? `new-${i}`;
          const instead = target === undefined ? {} : there.get(target);
          if (what === "delete") there.delete(urn);
          else there.set(urn, { removeNew: operation });
          return [entry(success, operation, { ...instead, ...(what !== "delete" && { state: named(urn) }) })];
        });
        const arrived = [...entries, ...entries].sort(
          (one, other) => Number(rank(one.sequenceID)) - Number(rank(other.sequenceID)),
        );
        const after = replay(start, arrived);
        expect(urns(after)).to.have.members([...there.keys()]);
        expect(after).to.deep.include({ resources: replay(start, entries).resources });
      }),
    );
  });
});

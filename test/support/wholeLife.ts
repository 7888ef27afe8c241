import { expect } from "chai";
import type { WorldObject } from "../../local/behaviour.js";
import { exported, violations } from "../../policy/evaluate.js";
import type { Outcome } from "./life.js";
import { Life } from "./life.js";
import { secretsOf } from "./stacks.js";

export interface WholeLife {
  stack: string;
  /** What is secret in the world, by type of what holds it: a value that the program generated or was given back. */
  secrets: Record<string, (object: WorldObject) => unknown>;
  /** A thing whose setting somebody changes by hand, and the setting. */
  drift: { type: string; change: Record<string, unknown> };
  /** A thing that somebody deletes by hand: nothing of its own depends on it. */
  lost: string;
}

const none = { create: 0, update: 0, replace: 0, delete: 0 };

/** One whole life of a stack on the real engine: each step goes on where the one before ended. */
export function wholeLife({ stack, secrets, drift, lost }: WholeLife): void {
  describe(`the stack ${stack} on the real engine`, function () {
    this.timeout(240_000);
    const life = Life.begin(stack);
    after(() => life.end());

    let made: Outcome;
    const first = (type: string): WorldObject => {
      const [object] = life.world.list(type);
      if (!object) throw new Error(`no ${type}`);
      return object;
    };

    it("previews every resource that up then creates", async () => {
      const planned = await life.run("preview");
      expect(life.world.size).to.equal(0, "a preview made something");
      made = await life.run("up");
      expect(made.changes.create).to.be.greaterThan(120);
      expect(made.changes).to.deep.include({ update: 0, replace: 0, delete: 0 });
      expect([...made.seen].sort()).to.deep.equal([...planned.seen].sort());
    });

    it("leaves a world that agrees with the state, and a state that breaks no policy", async () => {
      expect(await life.disagreements()).to.deep.equal([]);
      expect(violations(exported((await life.export()).deployment))).to.deep.equal([]);
    });

    it("keeps every secret out of the exported state and the engine's messages", async () => {
      const state = JSON.stringify(await life.export());
      const messages = JSON.stringify(made.log.diagnostics);
      const generated = Object.entries(secrets).map(([type, of]) => of(first(type)));
      const given = Object.values(secretsOf(stack)).flatMap((value) => Object.values(value));
      // JSON inside JSON escapes line ends: of a text of several lines, the one with the key in it is looked for.
      const texts = [...generated, ...given].map((text) => String(text).split("\n").at(-2) ?? String(text));
      for (const secret of texts) {
        // The world holds them, as a cloud does: were they not there, this test could not fail.
        // Kubernetes keeps them in base64.
        const held = [secret, Buffer.from(secret).toString("base64")];
        const world = JSON.stringify([...life.world.all()]);
        expect(
          held.some((text) => world.includes(text)),
          `${secret} in the world`,
        ).to.equal(true);
        expect(state).not.to.contain(secret);
        expect(messages).not.to.contain(secret);
      }
    });

    it("changes nothing the second time", async () => {
      const { changes } = await life.run("up");
      expect(changes).to.deep.equal({ ...none, same: made.changes.create });
    });

    it("sees drift at refresh, and up repairs it", async () => {
      const drifted = first(drift.type);
      life.world.put({
        ...drifted,
        inputs: { ...drifted.inputs, ...drift.change },
        state: { ...drifted.state, ...drift.change },
      });
      life.world.remove(first(lost));
      const refreshed = await life.run("refresh");
      expect(refreshed.changes).to.deep.include({ update: 1, delete: 1 });
      const repaired = await life.run("up");
      expect(repaired.changes).to.deep.include({ create: 1, update: 1, replace: 0, delete: 0 });
      expect(first(drift.type).inputs).not.to.deep.include(drift.change);
      expect(await life.disagreements()).to.deep.equal([]);
    });

    it("is destroyed to an empty world", async () => {
      await life.run("destroy");
      expect(life.world.size).to.equal(0, [...life.world.all()].map((o) => o.type).join(" "));
    });
  });
}

import { expect } from "chai";
import type { Outcome } from "../support/life.js";
import { Life } from "../support/life.js";

/** One whole life of the stack dev: each step goes on where the one before ended. */
describe("the stack dev on the real engine", function () {
  this.timeout(120_000);
  const life = Life.begin("dev");
  after(() => life.end());

  let planned: Outcome;
  let made: Outcome;

  it("previews every resource that up then creates", async () => {
    planned = await life.run("preview");
    expect(life.world.size).to.equal(0, "a preview made something");
    made = await life.run("up");
    expect(made.changes.create).to.be.greaterThan(120);
    expect(made.changes).to.deep.include({ update: 0, replace: 0, delete: 0 });
    expect([...made.seen].sort()).to.deep.equal([...planned.seen].sort());
  });

  it("leaves a world that agrees with the state", async () => {
    expect(await life.disagreements()).to.deep.equal([]);
  });
});


import { expect } from "chai";
import { creationMinutes } from "../../../local/behaviour.js";
import { time } from "../../../local/time.js";
import { FakeWorld } from "../../support/fakeWorld.js";

const sleep = "time:index/sleep:Sleep";

describe("local time", () => {
  it("waits as long as it is told, and leaves nothing in the world", () => {
    const cloud = new FakeWorld();
    cloud.make(sleep, { createDuration: "2m", triggers: { id: "a" } });
    expect(cloud.world.list(sleep)).to.deep.equal([]);
    const behaviour = time.types[sleep];
    expect(creationMinutes(behaviour!, { createDuration: "5m" })).to.equal(5);
  });

  it("refuses what is no duration", () => {
    for (const createDuration of ["2 minutes", "2", "m", ""])
      expect(() => new FakeWorld().make(sleep, { createDuration })).to.throw(/a number and a unit/);
    expect(() => new FakeWorld().make(sleep, {})).to.throw(/createDuration/);
  });
});

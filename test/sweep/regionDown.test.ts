import { expect } from "chai";
import { inventory, Life } from "../support/life.js";

const none = { create: 0, update: 0, replace: 0, delete: 0 };

describe("the stack prod-multicloud, whose second region goes down in the middle of its first up", function () {
  this.timeout(480_000);
  const life = Life.begin("prod-multicloud");
  let whole: string[];
  after(() => life.end());

  before(async () => {
    const undisturbed = Life.begin("prod-multicloud");
    try {
      await undisturbed.run("up");
      whole = inventory(await undisturbed.export());
    } finally {
      await undisturbed.end();
    }
  });

  it("makes all of the healthy cell, and says what is missing and why", async () => {
    const regionsDown: string[] = [];
    const middle = Math.round(whole.length / 3);
    await life.restart({ regionsDown, onCreate: (n) => void (n === middle && regionsDown.push("eastus2")) });
    let failure: unknown;
    await life.run("up").catch((error: unknown) => (failure = error));
    expect(String(failure)).to.contain("no answer from eastus2");
    const made = new Set(inventory(await life.export()));
    const missing = whole.filter((each) => !made.has(each));
    expect(missing.some((each) => / eastus2/.test(each))).to.equal(true);
    // The public names lead to both, and only the other cell uses some providers.
    const healthy = missing.filter((each) => !/ (eastus2|dns)\b|^pulumi:providers:\w+ default/.test(each));
    expect(healthy).to.deep.equal([]);
  });

  it("is completed by the next up", async () => {
    await life.restart();
    await life.run("up");
    expect(inventory(await life.export())).to.deep.equal(whole);
    expect(await life.disagreements()).to.deep.equal([]);
    expect((await life.run("preview")).changes).to.deep.include(none);
  });
});

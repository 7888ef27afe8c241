import { expect } from "chai";
import { exported, violations } from "../../policy/evaluate.js";
import { Life } from "../support/life.js";
import { crossStacks } from "../support/runs.js";

const none = { create: 0, update: 0, replace: 0, delete: 0 };
const held = (life: Life): string => [...life.world.all()].map(({ type }) => type).join(" ");

for (const stack of crossStacks)
  describe(`the stack ${stack} on the real engine`, function () {
    this.timeout(480_000);
    const life = Life.begin(stack);
    after(() => life.end());

    it("comes up in one go, and agrees with the world and the policies", async () => {
      const { changes } = await life.run("up");
      expect(changes.create).to.be.greaterThan(300);
      expect(changes).to.deep.include({ update: 0, replace: 0, delete: 0 });
      expect(await life.disagreements()).to.deep.equal([]);
      expect(violations(exported((await life.export()).deployment))).to.deep.equal([]);
    });

    it("changes nothing the second time", async () => {
      expect((await life.run("up")).changes).to.deep.include(none);
    });

    it("is destroyed to an empty world once its protection is taken back", async () => {
      await life.run("up", ["javelin:protect=false"]);
      await life.run("destroy");
      expect(life.world.size).to.equal(0, held(life));
    });
  });

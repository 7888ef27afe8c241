import { expect } from "chai";
import { Life } from "../support/life.js";
import type { Outcome } from "../support/life.js";

const none = { create: 0, update: 0, replace: 0, delete: 0 };

/** What a run replaced or deleted, by type and name. */
const lost = ({ log }: Outcome): string[] =>
  log.steps
    .filter(({ operation }) => /replace|delete/.test(operation))
    .map(({ type, name }) => `${type} ${name}`);

const variants = [
  {
    stack: "dev-azure",
    first: { cloud: "azure", region: "eastus2", cidr: "10.10.0.0/16" },
    second: { cloud: "azure", region: "centralus", cidr: "10.20.0.0/16" },
  },
  {
    stack: "dev-gcp",
    first: { cloud: "gcp", region: "us-central1", cidr: "10.10.0.0/16", project: "example-project" },
    second: { cloud: "gcp", region: "us-east4", cidr: "10.20.0.0/16", project: "example-project" },
  },
];

/** As `crossRegion.test.ts` for AWS, without a region down. */
for (const { stack, first, second } of variants)
  describe(`${stack} across regions on the real engine`, function () {
    this.timeout(240_000);
    const life = Life.begin(stack);
    after(() => life.end());
    const single = [`javelin:cells=${JSON.stringify([first])}`];
    const across = (...cells: unknown[]) => [
      "javelin:topology=cross-region",
      `javelin:cells=${JSON.stringify(cells)}`,
    ];

    it("gets a second cell, and loses nothing of the first", async () => {
      await life.run("up", single);
      expect(lost(await life.run("up", across(first, second)))).to.deep.equal([]);
      expect((await life.run("up", across(first, second))).changes).to.deep.include(none);
      expect(await life.disagreements()).to.deep.equal([]);
    });

    it("swaps the roles of its cells by changing DNS alone", async () => {
      const swapped = await life.run("up", across(second, first));
      expect(lost(swapped)).to.deep.equal([]);
      const touched = swapped.log.steps.map(({ name }) => name);
      expect(touched.length).to.be.above(0);
      expect(touched.filter((name) => !name.startsWith("dns-"))).to.deep.equal([]);
    });

    it("lets the first cell go, and nothing of the other", async () => {
      const gone = lost(await life.run("up", [`javelin:cells=${JSON.stringify([second])}`]));
      expect(gone.length).to.be.above(100);
      expect(gone.filter((each) => each.includes(` ${second.region}`))).to.deep.equal([]);
    });

    it("is destroyed to an empty world", async () => {
      await life.run("destroy");
      expect(life.world.size).to.equal(0, [...life.world.all()].map(({ type }) => type).join(" "));
    });
  });

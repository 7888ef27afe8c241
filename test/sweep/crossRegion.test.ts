import { expect } from "chai";
import { inventory, Life } from "../support/life.js";
import type { Outcome } from "../support/life.js";

const cell = (region: string, cidr: string) => ({ cloud: "aws", region, cidr });
const first = cell("us-east-1", "10.10.0.0/16");
const second = cell("us-west-2", "10.20.0.0/16");

const single = [`javelin:cells=${JSON.stringify([first])}`];
const across = (...cells: unknown[]) => [
  "javelin:topology=cross-region",
  `javelin:cells=${JSON.stringify(cells)}`,
];

/** What a run replaced or deleted, by type and name. */
const lost = ({ log }: Outcome): string[] =>
  log.steps
    .filter(({ operation }) => /replace|delete/.test(operation))
    .map(({ type, name }) => `${type} ${name}`);

/** One region becomes two, loses one, swaps them, and goes back to one. */
describe("dev across regions on the real engine", function () {
  this.timeout(240_000);
  const life = Life.begin("dev");
  after(() => life.end());

  it("comes up in one region", async () => {
    expect(lost(await life.run("up", single))).to.deep.equal([]);
  });

  it("gets a second cell while that region is down: the first goes on, and the next up makes the rest", async () => {
    const before = new Set(inventory(await life.export()));
    await life.restart({ regionsDown: ["us-west-2"] });
    let failure: unknown;
    const longer = 'javelin:logs={"retentionDays":60}';
    await life.run("up", [...across(first, second), longer]).catch((error: unknown) => (failure = error));
    expect(String(failure)).to.contain("us-west-2");
    // What the healthy cell was to change is changed all the same.
    const kept = life.world.list("aws:cloudwatch/logGroup:LogGroup", "us-east-1");
    const days = new Set(kept.filter(({ owner }) => !owner).map(({ inputs }) => inputs["retentionInDays"]));
    expect([...days]).to.deep.equal([60]);
    const after = new Set(inventory(await life.export()));
    expect([...before].filter((each) => !after.has(each))).to.deep.equal([]);
    await life.restart();
    expect(lost(await life.run("up", across(first, second)))).to.deep.equal([]);
    expect(await life.disagreements()).to.deep.equal([]);
  });

  it("changes nothing the second time", async () => {
    const { changes } = await life.run("up", across(first, second));
    expect(changes).to.deep.include({ create: 0, update: 0, replace: 0, delete: 0 });
  });

  it("swaps the roles of its cells by changing DNS alone", async () => {
    const swapped = await life.run("up", across(second, first));
    expect(lost(swapped)).to.deep.equal([]);
    const touched = swapped.log.steps.filter(({ operation }) => operation === "update");
    expect(touched.length).to.be.above(0);
    expect(touched.filter(({ name }) => !name.startsWith("dns-")).map(({ name }) => name)).to.deep.equal([]);
    const primary = life.world
      .list("aws:route53/record:Record")
      .find(({ inputs }) => inputs["setIdentifier"] === "primary");
    expect(JSON.stringify(primary?.inputs)).to.contain("us-west-2");
  });

  it("lets a cell go, and nothing of the other", async () => {
    const gone = lost(await life.run("up", single));
    expect(gone.length).to.be.above(100);
    expect(gone.filter((each) => / us-east-1/.test(each))).to.deep.equal([]);
    expect(await life.disagreements()).to.deep.equal([]);
  });

  it("is destroyed to an empty world", async () => {
    await life.run("destroy", single);
    expect(life.world.size).to.equal(0, [...life.world.all()].map((o) => o.type).join(" "));
  });
});

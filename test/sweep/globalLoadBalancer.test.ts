import { expect } from "chai";
import { Life } from "../support/life.js";
import type { Outcome } from "../support/life.js";
import { configOf } from "../support/stacks.js";

const dns = JSON.parse(configOf("prod-gcp")["javelin:dns"] ?? "{}") as object;
const cells = JSON.parse(configOf("prod-gcp")["javelin:cells"] ?? "[]") as unknown[];
const third = { cloud: "gcp", region: "europe-west1", cidr: "10.62.0.0/16", project: "example-project" };

const config = (accelerator: boolean, list = cells) => [
  "javelin:size=small",
  "javelin:protect=false",
  `javelin:dns=${JSON.stringify({ ...dns, accelerator })}`,
  `javelin:cells=${JSON.stringify(list)}`,
];

/** What a run did besides leaving things alone, as `<operation> <name>`. */
const done = ({ log }: Outcome): string[] =>
  log.steps.filter(({ operation }) => operation !== "same").map((step) => `${step.operation} ${step.name}`);
const others = (outcome: Outcome, own: RegExp): string[] => done(outcome).filter((each) => !own.test(each));

/** Without the project's own, which stay when one of the cells that share it goes. */
const ofTheCells = (disagreements: string[]): string[] =>
  disagreements.filter((each) => !each.startsWith("missing: gcp:projects/"));

/** One load balancer comes before the cells, outlives their changes, and goes. */
describe("prod-gcp with one load balancer, on the real engine", function () {
  this.timeout(300_000);
  const life = Life.begin("prod-gcp");
  after(() => life.end());

  it("comes up without it", async () => {
    await life.run("up", config(false));
  });

  it("gets it, and no cell is touched", async () => {
    const own = /^(create|delete) (dns-|load-balancer)|^update (dns-|javelin-)/;
    const gotten = await life.run("up", config(true));
    expect(done(gotten)).to.include("create dns-loadBalancer-https");
    expect(others(gotten, own)).to.deep.equal([]);
    const { changes } = await life.run("up", config(true));
    expect(changes).to.deep.include({ create: 0, update: 0, replace: 0, delete: 0 });
  });

  it("takes a third cell in, first in the list, and lets it go again", async () => {
    const grown = await life.run("up", config(true, [third, ...cells]));
    expect(others(grown, /^(create|read) |^update (dns-|javelin-)/)).to.deep.equal([]);
    const service = life.world
      .list("gcp:compute/backendService:BackendService")
      .find(({ id }) => id.endsWith("/javelin-prod-gcp-global-core"));
    expect(
      JSON.stringify(service?.inputs["backends"]).match(/europe-west1-[a-z].{0,200}?PREFERRED/g),
    ).to.have.length(2);
    const shrunk = await life.run("up", config(true));
    expect(others(shrunk, /^delete (dns-|europe-west1)|^update (dns-|javelin-)/)).to.deep.equal([]);
    expect(ofTheCells(await life.disagreements())).to.deep.equal([]);
  });

  it("loses it, and no cell is touched", async () => {
    const own = /^(create|delete) (dns-|load-balancer)|^update (dns-|javelin-)/;
    expect(others(await life.run("up", config(false)), own)).to.deep.equal([]);
    expect(ofTheCells(await life.disagreements())).to.deep.equal([]);
  });

  it("is destroyed to an empty world, with it", async () => {
    await life.run("up", config(true));
    await life.run("destroy", config(true));
    expect(life.world.size).to.equal(0, [...life.world.all()].map((o) => o.type).join(" "));
  });
});

import { expect } from "chai";
import { freshRun, identity, ofType } from "../../support/runs.js";
import { configOf } from "../../support/stacks.js";

const type = "gcp:projects/iAMMember:IAMMember";
const admins = ["group:ops@example.com", "user:a@example.com"];

async function withAdmins(keep: (cells: object[]) => object[] = (cells) => cells, members = admins) {
  const stack = "prod-gcp";
  const config = configOf(stack);
  const kubernetes = JSON.parse(config["javelin:kubernetes"] ?? "{}") as object;
  const cells = keep(JSON.parse(config["javelin:cells"] ?? "[]") as object[]);
  const run = await freshRun(
    { "javelin:kubernetes": { ...kubernetes, admins: members }, "javelin:cells": cells },
    false,
    stack,
  );
  const grants = ofType(run.resources, type).filter(
    ({ inputs }) => inputs["role"] === "roles/container.admin",
  );
  return { run, grants };
}

/** IAM holds a member of a role once, however many cells stand in the project. */
describe("who administers the clusters of a project", () => {
  it("is granted once for all its cells, and each cluster is used only then", async () => {
    const { run, grants } = await withAdmins();
    expect(grants.map(({ inputs }) => inputs["member"])).to.have.members(admins);
    const clusters = ofType(run.resources, "pulumi:providers:kubernetes");
    expect(clusters).to.have.length(2);
    for (const each of clusters)
      expect(run.dependencies.get(identity(each))).to.include.members(grants.map(({ name }) => name));
  });

  it("stays the same when a cell goes", async () => {
    const both = await withAdmins();
    const [first, ...others] = JSON.parse(configOf("prod-gcp")["javelin:cells"] ?? "[]") as object[];
    expect(others).to.have.length(1);
    const third = { ...first, region: "us-west1", cidr: "10.90.0.0/16" };
    const swapped = await withAdmins(() => [...others, third]);
    const keyed = ({ grants, run }: typeof both) =>
      grants.map((each) => [identity(each), run.parents.get(identity(each)), each.id]);
    expect(keyed(swapped)).to.deep.equal(keyed(both));
  });

  it("is nobody when nobody is named", async () => {
    const { run, grants } = await withAdmins(undefined, []);
    expect(grants).to.deep.equal([]);
    expect(run.resources.filter((each) => each.type === "javelin:gcp:ProjectAdmins")).to.deep.equal([]);
  });
});

import { expect } from "chai";
import { diagramOf } from "../../../../automation/diagram/diagram.js";
import type { Diagram } from "../../../../automation/diagram/model.js";
import { changed, drawn, stateOf } from "../../../support/diagrams.js";
import { exportedState } from "../../../support/exportedState.js";
import { globally } from "../../../support/globalLoadBalancer.js";
import { freshRun } from "../../../support/runs.js";
import { sharedDatabase, sharing } from "../../../support/sharedDatabase.js";

/** What leads from the names that people use to the cells, with what DNS says of it. */
function ways({ arrows, boxes }: Diagram): string[] {
  const names = new Map(
    boxes.map(({ id, label, tier, cell }) => [id, tier === "dns" ? label : (cell ?? label)]),
  );
  return arrows
    .filter(({ from }) => from.startsWith("dns: "))
    .map(({ from, to, labels }) =>
      [`${names.get(from)} → ${names.get(to)}`, labels.join(", ")].filter(Boolean).join(": "),
    );
}

const details = ({ boxes }: Diagram, start: string): string[] =>
  boxes.find(({ tier, label }) => tier === "dns" && label.startsWith(start))?.details ?? [];

describe("the diagram of a cross-region stack", function () {
  this.timeout(60_000);

  it("shows Route 53's order, and its health checks", async () => {
    const diagram = await drawn("prod", "small");
    expect(ways(diagram)).to.deep.equal([
      "active.ai.example.com → us-east-1: primary, checked",
      "active.ai.example.com → us-west-2: secondary, checked",
      "api.ai.example.com → active.ai.example.com",
      "us-east-1.ai.example.com → us-east-1",
      "us-west-2.ai.example.com → us-west-2",
    ]);
    expect(details(diagram, "active.")).to.deep.equal([
      "Route 53",
      "checked: HTTPS 443 /v1/system/healthz",
      "every 10 s, down after 2",
    ]);
  });

  it("shows Traffic Manager's priorities and checks", async () => {
    const diagram = await drawn("prod-azure", "small");
    const [profile = ""] = diagram.boxes
      .map(({ label }) => label)
      .filter((label) => label.includes("trafficmanager"));
    expect(ways(diagram)).to.include.members([
      `api.azure.ai.example.com → ${profile}`,
      `${profile} → eastus2.azure.ai.example.com: priority 1, checked`,
      `${profile} → centralus.azure.ai.example.com: priority 2, checked`,
      "eastus2.azure.ai.example.com → eastus2",
    ]);
    expect(details(diagram, profile)).to.include("every 10 s, down after 3");
  });

  it("shows Cloud DNS's primary and backups", async () => {
    expect(ways(await drawn("prod-gcp", "small"))).to.include.members([
      "active.gcp.ai.example.com → us-central1: primary, checked",
      "active.gcp.ai.example.com → us-east4: backup near us-central1, checked",
    ]);
  });

  it("shows cells on two clouds behind one zone", async () => {
    const diagram = await drawn("prod-multicloud", "small");
    expect(diagram.cells.map(({ cloud }) => cloud)).to.have.members(["aws", "azure"]);
    expect(ways(diagram)).to.include.members([
      "active.multi.ai.example.com → us-east-1: primary, checked",
      "active.multi.ai.example.com → eastus2: secondary, checked",
    ]);
  });

  it("shows the weights of cells that share the traffic", async () => {
    const dns = { cloud: "aws", zone: "example.com", mode: "active-active" };
    const run = await freshRun({ "javelin:dns": dns }, false, "prod");
    expect(ways(diagramOf("prod", exportedState(run, "prod")))).to.include.members([
      "shared.ai.example.com → us-east-1: weight 100, checked",
      "shared.ai.example.com → us-west-2: weight 100, checked",
    ]);
  });

  it("shows Global Accelerator, and its dials", async () => {
    const shown = ways(await drawn("prod-accelerator", "small"));
    expect(shown.filter((line) => line.includes("dial")).map((line) => line.split(" → ")[1])).to.have.members(
      ["eu-west-1: dial 100 %", "eu-central-1: dial 0 %"],
    );
  });

  it("shows one load balancer before cells on Google Cloud, and whom it prefers", async () => {
    const run = await globally();
    const diagram = diagramOf("prod-gcp", exportedState(run, "prod-gcp"));
    const [address = ""] = diagram.boxes
      .filter(({ details }) => details.includes("Application Load Balancer"))
      .map(({ label }) => label);
    expect(ways(diagram)).to.include.members([
      "api.gcp.ai.example.com → global.gcp.ai.example.com",
      `global.gcp.ai.example.com → ${address}`,
      `${address} → us-central1: preferred, checked`,
      `${address} → us-east4: next, checked`,
      "us-east4.gcp.ai.example.com → us-east4",
    ]);
    expect(details(diagram, address)).to.include("checked every 5 s, down after 2");
    expect(details(diagram, address).join()).to.match(/Cloud Armor, 1\d rules/);
    expect(ways(diagram).join()).not.to.include("Elsewhere");
  });

  for (const where of Object.values(sharing))
    it(`shows which database on ${where.cloud} follows which`, async () => {
      const { arrows } = diagramOf(where.stack, exportedState(await sharedDatabase(where), where.stack));
      const follows = arrows.filter(({ labels }) => labels.includes("replication"));
      expect(follows.map(({ from, to }) => [from, to])).to.deep.equal([
        where.regions.map((region) => `${region}/database`),
      ]);
    });

  it("has the cells in the order of the stack's outputs", async () => {
    const state = changed(await stateOf("prod", "small"), (resources) => [
      {
        urn: "urn:pulumi:prod::javelin::pulumi:pulumi:Stack::javelin-prod",
        type: "pulumi:pulumi:Stack",
        inputs: {},
        outputs: { cells: [{ name: "us-west-2" }, { name: "us-east-1" }] },
      },
      ...resources,
    ]);
    expect(diagramOf("prod", state).cells.map(({ name }) => name)).to.deep.equal(["us-west-2", "us-east-1"]);
  });

  it("leaves a record that leads to nothing of the stack as it is", async () => {
    const type = "aws:route53/record:Record";
    const state = changed(await stateOf("prod", "small"), (resources) =>
      resources.map((each) =>
        each.type === type && each.outputs["name"] === "us-west-2.ai.example.com"
          ? { ...each, outputs: { ...each.outputs, aliases: [{ name: "elsewhere.example.net" }] } }
          : each,
      ),
    );
    expect(ways(diagramOf("prod", state))).to.include("us-west-2.ai.example.com → Elsewhere");
  });
});

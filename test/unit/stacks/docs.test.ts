import { readFileSync } from "node:fs";
import { expect } from "chai";
import { diagramFile, drawnStacks, stackDiagram } from "../../../docs/diagrams.js";
import { configurationFile, configurationPage } from "../../../docs/generate.js";
import { budgetOf } from "../../../stacks/failoverRules.js";
import { schema } from "../../../stacks/schema.js";

describe("docs/configuration.md", () => {
  it("is what the schema says (run docs/generate.ts after a change)", async () => {
    expect(readFileSync(configurationFile, "utf8")).to.equal(await configurationPage());
  });

  it("explains every key", async () => {
    const page = await configurationPage();
    for (const key of Object.keys(schema)) expect(page).to.contain(`\`javelin:${key}\``);
  });
});

describe("docs/diagrams", () => {
  for (const stack of drawnStacks)
    it(`shows ${stack} as it is (npm run docs after a change)`, async () => {
      // Not by expect: the difference of two pictures says nothing to people.
      expect(readFileSync(diagramFile(stack), "utf8") === (await stackDiagram(stack))).to.equal(true);
    });
});

describe("docs/topologies.md", () => {
  const page = readFileSync("docs/topologies.md", "utf8");
  const cases = [
    ["Route 53, a cell on AWS", { cloud: "aws" }, ["aws", "gcp"]],
    ["Route 53, no cell on AWS", { cloud: "aws" }, ["azure", "gcp"]],
    ["Route 53 with Global Accelerator", { cloud: "aws", accelerator: true }, ["aws", "aws"]],
    ["Traffic Manager", { cloud: "azure" }, ["azure", "aws"]],
    ["Cloud DNS", { cloud: "gcp" }, ["gcp", "azure"]],
    ["Cloud DNS with one load balancer", { cloud: "gcp", accelerator: true }, ["gcp", "gcp"]],
  ] as const;
  for (const [service, dns, clouds] of cases)
    it(`states the budget of ${service}`, () => {
      const { totalSeconds, detectionSeconds } = budgetOf({
        dns: schema.dns.parse({ zone: "example.com", ...dns }),
        cells: clouds.map(
          (cloud, i) => schema.cells.parse([{ cloud, region: "r", cidr: `10.${i}.0.0/16` }])[0]!,
        ),
        database: schema.database.parse({}),
      });
      const row = page.split("\n").find((line) => line.startsWith(`| ${service} `)) ?? "";
      expect(row).to.match(new RegExp(`: ${detectionSeconds} s +\\|.*\\| +${totalSeconds} s \\|$`));
    });
});

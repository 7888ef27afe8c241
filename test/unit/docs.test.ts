import { readFileSync } from "node:fs";
import { expect } from "chai";
import { configurationFile, configurationPage } from "../../docs/generate.js";
import { schema } from "../../stacks/schema.js";

describe("docs/configuration.md", () => {
  it("is what the schema says (run docs/generate.ts after a change)", async () => {
    expect(readFileSync(configurationFile, "utf8")).to.equal(await configurationPage());
  });

  it("explains every key", async () => {
    const page = await configurationPage();
    for (const key of Object.keys(schema)) expect(page).to.contain(`\`javelin:${key}\``);
  });
});

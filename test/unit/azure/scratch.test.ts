import { freshRun } from "../../support/runs.js";
describe("scratch", () => {
  for (const changes of [{}, { "javelin:size": "standard" }, { "javelin:size": "large" }])
    it(JSON.stringify(changes), async () => {
      const { resources } = await freshRun(changes, false, "dev-azure");
      console.log(resources.length);
    });
});

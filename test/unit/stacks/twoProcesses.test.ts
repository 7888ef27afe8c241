import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { inputsOf } from "../../support/inputs.js";
import type { Loaded } from "../../support/loaded.js";
import { stackRun } from "../../support/runs.js";

const script = fileURLToPath(new URL("../../support/loaded.ts", import.meta.url));
// In a process of its own, since other tests load what they like; from the start, beside the other tests.
const child = promisify(execFile)(process.execPath, ["--import", "tsx", script], { maxBuffer: 2 ** 26 });
child.catch(() => undefined);

describe("dev, in another process,", () => {
  let loaded: Loaded;
  before(async () => (loaded = JSON.parse((await child).stdout) as Loaded));

  it("loads the SDKs of its own clouds and no other", () =>
    expect(loaded.packages).to.have.members(
      ["aws", "awsx", "kubernetes", "pulumi", "random"].map((name) => `@pulumi/${name}`),
    ));

  it("has the same names and inputs", async () => {
    const here = inputsOf(await stackRun("small", true));
    expect(loaded.inputs).to.deep.equal(JSON.parse(JSON.stringify(here)));
  });
});

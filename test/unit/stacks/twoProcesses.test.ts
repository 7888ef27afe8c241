import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { inputsOf } from "../../support/inputs.js";
import type { Loaded } from "../../support/loaded.js";
import type { SingleStackName } from "../../support/runs.js";
import { stackRun, stacks } from "../../support/runs.js";

const script = fileURLToPath(new URL("../../support/loaded.ts", import.meta.url));

/** The SDKs that a stack needs beside those of every stack. */
const own: Record<SingleStackName, string[]> = {
  dev: ["@pulumi/aws", "@pulumi/awsx", "@pulumi/docker", "@pulumi/docker-build"],
  "dev-azure": ["@pulumi/azure-native", "@pulumiverse/acme"],
  "dev-gcp": ["@pulumi/gcp"],
};
const clouds = Object.values(own).flat();

const options = { maxBuffer: 2 ** 26 };
/** From the start, beside the other tests, and one after the other. */
const children = new Map<SingleStackName, Promise<Loaded>>();
let last: Promise<unknown> = Promise.resolve();
for (const stack of stacks) {
  const child = last.then(async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...process.execArgv, script, stack],
      options,
    );
    return JSON.parse(stdout) as Loaded;
  });
  child.catch(() => undefined);
  children.set(stack, child);
  last = child.catch(() => undefined);
}

describe("a second process", () => {
  for (const stack of stacks) {
    it(`loads for ${stack} the SDKs of its cloud, and of no other`, async () => {
      const { packages } = await children.get(stack)!;
      const found = packages.filter((name) => clouds.includes(name));
      expect(found).to.include(own[stack][0]);
      expect(found.filter((name) => !own[stack].includes(name))).to.deep.equal([]);
    });

    it(`plans ${stack} to the letter as this one does`, async () => {
      const { inputs } = await children.get(stack)!;
      const here = inputsOf(await stackRun("small", true, stack));
      expect(inputs).to.deep.equal(JSON.parse(JSON.stringify(here)));
    });
  }
});

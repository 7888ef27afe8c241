import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { inventory, Life } from "./life.js";
import type { SingleStackName } from "./runs.js";

/** How many of the creates are made to fail, evenly spread from the first to the last. */
const samples = 5;

/** Whatever goes wrong on the way, running `up` again ends where an undisturbed run ends. */
export function faultSweep(stack: SingleStackName): void {
  describe(`fault sweep of the stack ${stack}`, function () {
    this.timeout(240_000);
    let undisturbed: string[];
    let creates = 0;

    before(async () => {
      const life = Life.begin(stack);
      try {
        await life.restart({ onCreate: (n) => void (creates = n) });
        await life.run("up");
        undisturbed = inventory(await life.export());
      } finally {
        await life.end();
      }
    });

    /** An up that is disturbed at a create, and has to fail; and what the next one makes of it. */
    async function recovers(what: "fail" | "kill", at: number): Promise<void> {
      const life = Life.begin(stack);
      try {
        expect(await disturb(stack, life.directory, what, at)).to.equal(
          0,
          "the fault did no harm, so this shows nothing",
        );
        await life.run("up");
        expect(inventory(await life.export())).to.deep.equal(undisturbed);
        expect(await life.disagreements()).to.deep.equal([]);
        const { changes } = await life.run("preview");
        expect(changes).to.deep.include({ create: 0, update: 0, replace: 0, delete: 0 });
      } finally {
        await life.end();
      }
    }

    for (let i = 0; i < samples; i++)
      it(`goes on after an error at create ${i + 1} of ${samples} samples`, () =>
        recovers("fail", 1 + Math.round((i * (creates - 1)) / (samples - 1))));

    for (const percent of [15, 50, 85])
      it(`goes on after the engine was killed when ${percent} % was made`, () =>
        recovers("kill", Math.round((creates * percent) / 100)));
  });
}

/** Exit code of a disturbed run. */
function disturb(stack: string, directory: string, what: string, at: number): Promise<number | null> {
  const script = fileURLToPath(new URL("../sweep/disturb.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, stack, directory, what, String(at)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return new Promise((resolve) => child.once("close", resolve));
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { main } from "../../automation/main.js";
import { cacheDirectory, isNewEnough } from "../../automation/pulumiCli.js";

interface Ended {
  code: number;
  printed: string;
  said: string;
}

/** Runs the command where nobody can be asked, and keeps what it says off the test's report. */
async function run(...argv: string[]): Promise<Ended> {
  const { stdout, stderr, stdin } = process;
  const [print, say, terminal] = [stdout.write.bind(stdout), stderr.write.bind(stderr), stdin.isTTY];
  let [printed, said] = ["", ""];
  stdout.write = (text: string | Uint8Array) => ((printed += String(text)), true);
  stderr.write = (text: string | Uint8Array) => ((said += String(text)), true);
  stdin.isTTY = false;
  try {
    return { code: await main(argv), printed, said };
  } finally {
    stdout.write = print;
    stderr.write = say;
    stdin.isTTY = terminal;
  }
}

describe("the javelin command's use", () => {
  it("is wrong with 2, and touches nothing", async () => {
    for (const argv of [["bogus"], ["up"], ["up", "dev", "--nope"], ["local", "nope"], ["up", "dev", "-c"]])
      expect((await run(...argv)).code, argv.join(" ")).to.equal(2);
    const unattended = await run("destroy", "dev");
    expect(unattended.code).to.equal(2);
    expect(unattended.said).to.include("--yes");
  });

  it("has a CLI of the user's cache, and takes none that is too old", () => {
    expect(cacheDirectory({ XDG_CACHE_HOME: "/c" })).to.equal("/c/javelin/pulumi");
    expect(isNewEnough({ major: 3, minor: 206 })).to.equal(true);
    expect(isNewEnough({ major: 3, minor: 205 })).to.equal(false);
    expect(isNewEnough({ major: 2, minor: 999 })).to.equal(false);
  });

  describe("with --json", () => {
    const directory = mkdtempSync(join(tmpdir(), "javelin-main-"));
    const file = join(directory, "file");
    const { PATH, XDG_CACHE_HOME } = process.env;
    // No CLI on PATH, and no place for one: every command that needs it fails at once.
    before(() => {
      writeFileSync(file, "");
      Object.assign(process.env, { PATH: directory, XDG_CACHE_HOME: file });
    });
    after(() => {
      process.env["PATH"] = PATH;
      if (XDG_CACHE_HOME === undefined) delete process.env["XDG_CACHE_HOME"];
      else process.env["XDG_CACHE_HOME"] = XDG_CACHE_HOME;
      rmSync(directory, { recursive: true });
    });

    for (const line of [
      "outputs dev",
      "export dev",
      "diagram dev",
      "drill dev",
      "promote dev us-east-1",
      "destroy dev --yes",
    ])
      it(`prints one document when ${line} fails`, async () => {
        const { code, printed, said } = await run(...line.split(" "), "--json");
        expect(code).to.equal(1);
        const { stack, operation, error } = JSON.parse(printed) as Record<string, unknown>;
        expect({ stack, operation }).to.deep.equal({ stack: "dev", operation: line.split(" ")[0] });
        expect(error).to.have.all.keys("message", "resources", "problems", "remedy");
        expect(error).to.have.property("message").that.includes(file);
        expect(said).to.include("✗ ").and.to.include("file of this machine");
      });

    it("prints none when it is used wrongly, and none that was not asked for", async () => {
      expect(await run("outputs", "nowhere", "--json")).to.include({ code: 2, printed: "" });
      expect(await run("outputs", "dev")).to.include({ code: 1, printed: "" });
    });
  });
});

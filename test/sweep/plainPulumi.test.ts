import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { findPulumi } from "../../automation/pulumiCli.js";
import { readWorld } from "../../local/world.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** As docs/local-cloud.md has it: the Pulumi CLI, and the language host that every normal install brings. */
describe("plain Pulumi", function () {
  this.timeout(240_000);
  const directory = mkdtempSync(join(tmpdir(), "javelin-plain-"));
  // Pulumi writes into the settings.
  const settings = join(directory, "Pulumi.dev.yaml");
  let path: string;

  /** @returns what it writes to standard output */
  const shell = (line: string): Promise<string> => {
    const child = spawn("sh", ["-c", line], {
      cwd: root,
      env: { ...process.env, JAVELIN_LOCAL_DIR: directory, PATH: path },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [answer, said] = ["", ""];
    child.stdout.on("data", (text: Buffer) => (answer += text.toString()));
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (text: Buffer) => (said += text.toString()));
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => (code === 0 ? resolve(answer) : reject(new Error(`${line}: ${said}`))));
    });
  };
  const javelin = (line: string) => shell(`node automation/javelin.mjs ${line}`);
  const pulumi = (line: string) =>
    shell(
      `eval "$(node automation/javelin.mjs local env)"; pulumi ${line} -s dev --config-file "${settings}" --non-interactive`,
    );
  /** Without what the world held before, and what a cloud holds after a deletion. */
  const made = () =>
    readWorld(join(directory, "world.jsonl")).filter(
      ({ owner, type }) => owner === undefined && !type.startsWith("held:"),
    );

  before(async function () {
    const { command } = await findPulumi(() => undefined);
    path = [dirname(command), process.env["PATH"]].join(delimiter);
    // The CLI that `javelin` builds comes without one.
    if (!path.split(delimiter).some((each) => existsSync(join(each, "pulumi-language-nodejs")))) this.skip();
    copyFileSync(join(root, "Pulumi.dev.yaml"), settings);
    await javelin("local start");
  });
  after(async () => {
    if (path) await javelin("local stop");
    rmSync(directory, { recursive: true, force: true });
  });

  it("finds nothing to change where javelin has been", async () => {
    await javelin("up dev --local --yes");
    expect(made()).not.to.deep.equal([]);
    await pulumi("preview --expect-no-changes");
  });

  it("deletes all of it, makes it again, and leaves javelin nothing to change", async () => {
    await pulumi("destroy --yes --skip-preview");
    expect(made()).to.deep.equal([]);
    await pulumi("up --yes --skip-preview");
    const { changes } = JSON.parse(await javelin("preview dev --local --json")) as {
      changes: Record<string, number>;
    };
    expect(changes).to.include({ create: 0, update: 0, replace: 0, delete: 0 });
    expect(changes["same"]).to.be.greaterThan(120);
  });
});

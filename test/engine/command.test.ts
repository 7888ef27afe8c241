import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect } from "chai";
import { operate } from "../../automation/operate.js";
import gateway from "../../index.js";
import { isAlive } from "../../local/directory.js";
import { readWorld } from "../../local/world.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Document {
  stack: string;
  operation: string;
  changes: Record<string, number>;
  outputs: Record<string, unknown>;
  seconds: number;
  error?: { message: string; problems: string[] };
}

/** The command as a user runs it: a process of its own, no terminal. */
describe("the javelin command", function () {
  this.timeout(120_000);
  const directory = mkdtempSync(join(tmpdir(), "javelin-command-"));
  after(() => rmSync(directory, { recursive: true, force: true }));

  function javelin(line: string, environment: Record<string, string> = {}): Promise<Ended> {
    const child = spawn(process.execPath, ["automation/javelin.mjs", ...line.split(" ")], {
      cwd: root,
      env: { ...process.env, JAVELIN_LOCAL_DIR: directory, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (text: Buffer) => (stdout += text.toString()));
    child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
    return new Promise((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr })));
  }
  const world = () => readWorld(join(directory, "world.jsonl")).filter((o) => o.owner === undefined);

  it("prints one JSON document, and makes nothing in a preview", async () => {
    const { code, stdout } = await javelin("preview dev --local --json");
    expect(code).to.equal(0);
    const document = JSON.parse(stdout) as Document;
    expect(document).to.have.all.keys("stack", "operation", "changes", "outputs", "seconds");
    expect(document).to.include({ stack: "dev", operation: "preview" });
    expect(document.changes).to.include({ update: 0, replace: 0, delete: 0, same: 0 });
    expect(document.changes["create"]).to.be.greaterThan(120);
    expect(world()).to.deep.equal([]);
  });

  it("refuses a bad config with every problem, before anything is registered", async () => {
    const { code, stdout, stderr } = await javelin("up dev --local --yes --json -c size=tiny -c domain=gw");
    expect(code).to.equal(1);
    const document = JSON.parse(stdout) as Document;
    expect(document.changes).to.deep.equal({ create: 0, update: 0, replace: 0, delete: 0, same: 0 });
    for (const path of ["javelin:size", "javelin:domain"]) {
      expect(JSON.stringify(document.error)).to.contain(path);
      expect(stderr).to.contain(path);
    }
    expect(world()).to.deep.equal([]);
    expect(readFileSync(join(root, "Pulumi.dev.yaml"), "utf8")).not.to.match(/tiny|encryptionsalt/);
  });

  it("says which resource failed, in which cell, why, and what to do", async () => {
    const faults = { JAVELIN_LOCAL_FAULTS: '{"failCreate": 1}' };
    const { code, stdout, stderr } = await javelin("up dev --local --yes --json", faults);
    expect(code).to.equal(1);
    expect((JSON.parse(stdout) as Document).error).to.have.property("message");
    expect(stderr).to.match(/✗ create \S+ us-east-1-\S+ in cell us-east-1/);
    expect(stderr).to.contain("InternalFailure").and.to.contain("run the same command again");
  });

  it("ends when a look-up is refused, and makes nothing for a zone that is not there", async () => {
    const zone = "-c javelin:dns.zone=nowhere.org -c javelin:domain=gw.nowhere.org";
    const { code, stderr } = await javelin(`up dev --local --yes --path ${zone}`);
    expect(code).to.equal(1);
    expect(stderr).to.contain("no matching Route 53 Hosted Zone found").and.to.contain("javelin:dns");
    expect(world()).to.deep.equal([]);
  });

  it("ends when the cell's region does not answer, instead of waiting for ever", async () => {
    const faults = { JAVELIN_LOCAL_FAULTS: '{"regionsDown": ["us-west-2"]}' };
    const cell = '-c cells=[{"cloud":"aws","region":"us-west-2","cidr":"10.10.0.0/16"}] -c routes={}';
    const { code, stderr } = await javelin(`up dev --local --yes ${cell}`, faults);
    expect(code).to.equal(1);
    expect(stderr).to.contain("no answer from us-west-2").and.to.contain("could not be reached");
    expect(stderr).not.to.contain("error serializing");
    expect(world()).to.deep.equal([]);
  });

  it("prints one JSON document of a failure too, whichever command it is", async () => {
    for (const line of ["outputs prod", "promote prod us-east-1", "destroy prod"]) {
      const { code, stdout } = await javelin(`${line} --local --json`);
      expect(code, line).to.equal(1);
      const { stack, operation, error } = JSON.parse(stdout) as Document;
      expect([operation, stack], line).to.deep.equal(line.split(" ").slice(0, 2));
      expect(error?.message, line).to.contain("does not exist yet");
    }
  });

  it("previews no stack that a real backend does not have, and leaves backend and settings as they are", async () => {
    const own = mkdtempSync(join(tmpdir(), "javelin-command-"));
    const state = join(own, "state");
    mkdirSync(state);
    for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml"]) copyFileSync(join(root, file), join(own, file));
    const request = {
      ...{ operation: "preview" as const, stack: "dev", local: false, config: [], made: [] },
      ...{ path: false, yes: true, json: false },
    };
    const said: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    const before = { ...process.env };
    Object.assign(process.env, {
      ...{ PULUMI_BACKEND_URL: pathToFileURL(state).href, PULUMI_HOME: join(own, "home") },
      ...{ PULUMI_CONFIG_PASSPHRASE: "a", PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    process.stderr.write = (text: string | Uint8Array) => said.push(String(text)) > 0;
    try {
      const project = { root: own, localDirectory: directory, program: () => Promise.resolve(gateway) };
      expect(await operate(project, request)).to.equal(1);
    } finally {
      process.stderr.write = write;
      process.env = before;
    }
    expect(said.join("")).to.contain('"pulumi stack init dev" or "javelin up dev" creates it');
    expect(readFileSync(join(own, "Pulumi.dev.yaml"), "utf8")).to.equal(
      readFileSync(join(root, "Pulumi.dev.yaml"), "utf8"),
    );
    expect(readdirSync(state, { recursive: true }).filter((name) => /dev/.test(String(name)))).to.deep.equal(
      [],
    );
    rmSync(own, { recursive: true });
  });

  it("ends with 2 when it is used wrongly", async () => {
    expect((await javelin("up nowhere --local --yes")).code).to.equal(2);
    expect((await javelin("up dev --local --yes -c size")).code).to.equal(2);
    expect((await javelin("up")).code).to.equal(2);
    expect((await javelin("fly dev")).code).to.equal(2);
  });

  it("serves the local cloud to plain pulumi until it is stopped", async () => {
    expect((await javelin("local start")).code).to.equal(0);
    const { pid } = JSON.parse(readFileSync(join(directory, "server.json"), "utf8")) as { pid: number };
    try {
      expect(isAlive(pid)).to.equal(true);
      const { stdout } = await javelin("local env");
      for (const name of ["PULUMI_DEBUG_PROVIDERS", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"])
        expect(stdout).to.match(new RegExp(`^export ${name}=`, "m"));
      expect((await javelin("preview dev --local")).code).to.equal(0);
    } finally {
      expect((await javelin("local stop")).code).to.equal(0);
    }
    expect(isAlive(pid)).to.equal(false);
    expect((await javelin("local env")).code).to.equal(1);
    expect((await javelin("local reset")).code).to.equal(0);
  });
});

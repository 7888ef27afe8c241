import { createHash } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { StateService } from "../../../automation/backend/service.js";
import { serveState } from "../../../automation/backend/service.js";
import { settleJournals, StackStore } from "../../../automation/backend/store.js";
import { remedyFor } from "../../../automation/remedies.js";
import { localEnvironment, pulumiDirectories } from "../../../automation/localEnvironment.js";

const made = (urn: string, sequenceID: number) => ({
  entries: [{ kind: 1, sequenceID, operationID: sequenceID, state: { urn } }],
});

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("the local cloud's state service", () => {
  let directory: string;
  let service: StateService | undefined;
  let file: string;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "javelin-state-"));
    file = join(pulumiDirectories(directory).state, ".pulumi/stacks/javelin/dev.json");
    mkdirSync(dirname(file), { recursive: true });
    const latest = { manifest: { version: "v3" }, resources: [{ urn: "old" }] };
    writeFileSync(
      file,
      JSON.stringify({ version: 3, checkpoint: { stack: "organization/javelin/dev", latest } }),
    );
    service = await serveState(directory);
  });

  afterEach(async () => {
    await service?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function call(
    method: string,
    path: string,
    body?: unknown,
    token = service!.environment["PULUMI_ACCESS_TOKEN"]!,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`${service!.environment["PULUMI_BACKEND_URL"]}/api/${path}`, {
      method,
      headers: { authorization: `token ${token}`, ...(body !== undefined && { "content-encoding": "gzip" }) },
      ...(body !== undefined && { body: gzipSync(JSON.stringify(body)) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  const stack = "stacks/organization/javelin/dev";
  async function start(kind = "update", journalVersion = 1) {
    const { body } = await call("POST", `${stack}/${kind}`, { config: {}, metadata: { message: "why" } });
    const update = `${stack}/update/${String(body["updateID"])}`;
    return { update, started: await call("POST", update, { journalVersion }) };
  }
  const state = () => new StackStore(directory, "javelin", "dev").read().deployment.resources;
  const journal = () => join(pulumiDirectories(directory).journals, "javelin/dev.jsonl");
  const locks = () =>
    readdirSync(join(pulumiDirectories(directory).state, ".pulumi/locks/organization/javelin/dev"));

  it("lets nobody in who has not its token", async () => {
    expect((await call("GET", `${stack}/export`, undefined, "another")).status).to.equal(401);
    expect((await call("GET", `${stack}/export`)).body).to.deep.include({ version: 3 });
  });

  it("knows the stacks of the file backend, and no others", async () => {
    expect((await call("GET", stack)).body).to.include({ stackName: "dev", projectName: "javelin" });
    expect((await call("GET", "stacks/organization/javelin/other")).status).to.equal(404);
    expect((await call("GET", "orgs/organization/members")).status).to.equal(404);
  });

  it("writes the state once, when the run is over, and says what it came to", async () => {
    const { update, started } = await start();
    expect(started.body).to.include({ journalVersion: 1 });
    const before = readFileSync(file, "utf8");
    await call("PATCH", `${update}/journalentries`, made("new", 1));
    expect(readFileSync(file, "utf8")).to.equal(before);
    const summaryEvent = { resourceChanges: { create: 1 } };
    await call("POST", `${update}/events/batch`, { events: [{}, { summaryEvent }, {}] });
    await call("POST", `${update}/complete`, { status: "succeeded" });
    expect(state()).to.deep.equal([{ urn: "new" }, { urn: "old" }]);
    const { body } = await call("GET", `${stack}/updates?pageSize=1&page=1`);
    expect(body["updates"]).to.have.length(1);
    expect((body["updates"] as object[])[0]).to.deep.include({
      kind: "update",
      message: "why",
      result: "succeeded",
      resourceChanges: { create: 1 },
    });
    expect(locks()).to.deep.equal([]);
    const history = readdirSync(join(pulumiDirectories(directory).state, ".pulumi/history/javelin/dev"));
    expect(history.map((name) => name.replace(/^dev-\d+/, ""))).to.have.members([
      ".checkpoint.json",
      ".history.json",
    ]);
  });

  it("lets one run at a time change a stack, and previews beside it", async () => {
    await start();
    expect(locks()).to.have.length(1);
    const { status, body } = (await start()).started;
    expect(status).to.equal(409);
    expect(remedyFor(String(body["message"]))).to.contain("pulumi cancel");
    expect((await start("preview")).started.status).to.equal(200);
  });

  it("takes the whole state from an engine that keeps no journal", async () => {
    const { update, started } = await start("update", 0);
    expect(started.body).to.include({ journalVersion: 0 });
    const untypedDeployment = { version: 3, deployment: { resources: [{ urn: "all" }] } };
    await call("PATCH", `${update}/checkpointverbatim`, { sequenceNumber: 1, untypedDeployment });
    await call("POST", `${update}/complete`, { status: "failed" });
    expect(state()).to.deep.equal([{ urn: "all" }]);
  });

  it("keeps one whole state, however often it is sent", async () => {
    const { update } = await start("update", 0);
    const size = async (sequenceNumber: number) => {
      const untypedDeployment = { version: 3, deployment: { resources: [{ urn: "all" }] } };
      await call("PATCH", `${update}/checkpointverbatim`, { sequenceNumber, untypedDeployment });
      return readFileSync(journal(), "utf8").length;
    };
    expect(await size(1)).to.equal(await size(2));
  });

  it("refuses an entry that it could not put into the state, and keeps the others", async () => {
    const { update } = await start();
    await call("PATCH", `${update}/journalentries`, made("new", 1));
    const unknown = { entries: [{ kind: 99, sequenceID: 2, operationID: 2 }] };
    expect((await call("PATCH", `${update}/journalentries`, unknown)).status).to.equal(400);
    expect((await call("POST", `${update}/complete`, { status: "failed" })).status).to.equal(200);
    expect(state()).to.deep.equal([{ urn: "new" }, { urn: "old" }]);
  });

  it("takes what comes after a line that a full disk cut off", async () => {
    const { update } = await start();
    appendFileSync(journal(), '\n{"entries":[{"kind":1,"sequ');
    await call("PATCH", `${update}/journalentries`, made("new", 1));
    await call("POST", `${update}/complete`, { status: "succeeded" });
    expect(state()).to.deep.equal([{ urn: "new" }, { urn: "old" }]);
  });

  it("settles one stack's journal while another's run goes on, and before the stack's next run", async () => {
    const { update } = await start();
    await call("PATCH", `${update}/journalentries`, made("new", 1));
    const [lock = ""] = locks();
    const below = join(pulumiDirectories(directory).state, ".pulumi/locks/organization/javelin");
    mkdirSync(join(below, "other"));
    renameSync(join(below, "dev", lock), join(below, "other", lock));
    const kept = readFileSync(journal(), "utf8");
    settleJournals(directory);
    expect(state()).to.deep.equal([{ urn: "new" }, { urn: "old" }]);
    const next = readFileSync(file, "utf8");
    writeFileSync(journal(), kept.replace(/"base":"\w+"/, `"base":"${sha256(next)}"`));
    await start();
    expect(state()).to.deep.equal([{ urn: "new" }, { urn: "new" }, { urn: "old" }]);
  });

  it("keeps its token out of the user's own credentials", () => {
    const { home } = pulumiDirectories(directory);
    expect(service!.environment["PULUMI_CREDENTIALS_PATH"]).to.match(
      new RegExp(`^${home}/credentials/\\d+$`),
    );
    expect(localEnvironment(directory)).to.include({ PULUMI_CREDENTIALS_PATH: home });
  });

  it("settles the journal of a run that was killed, even when its last line is half written", async () => {
    const { update } = await start();
    await call("PATCH", `${update}/journalentries`, made("new", 1));
    new StackStore(directory, "javelin", "dev").append('{"entries":[{"kind":1,"sequ');
    // Its lock names this process, which lives: the run goes on.
    settleJournals(directory);
    expect(state()).to.deep.equal([{ urn: "old" }]);
    for (const name of locks())
      rmSync(join(pulumiDirectories(directory).state, ".pulumi/locks/organization/javelin/dev", name));
    settleJournals(directory);
    expect(state()).to.deep.equal([{ urn: "new" }, { urn: "old" }]);
    settleJournals(directory);
    expect(state()).to.deep.equal([{ urn: "new" }, { urn: "old" }]);
  });

  it("does not put the same journal into the state twice", async () => {
    const { update } = await start();
    await call("PATCH", `${update}/journalentries`, made("new", 1));
    const kept = readFileSync(journal(), "utf8");
    await call("POST", `${update}/complete`, { status: "succeeded" });
    // As if the process had been killed before it could remove it.
    writeFileSync(journal(), kept);
    settleJournals(directory);
    expect(state()).to.deep.equal([{ urn: "new" }, { urn: "old" }]);
    expect(readdirSync(dirname(journal()))).to.deep.equal([]);
  });
});

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { desiredState, recordOf } from "../../components/kubernetes/sync/desired.js";
import type { Declared } from "../../components/kubernetes/sync/desired.js";
import { AdminApi } from "./adminApi.js";

const script = fileURLToPath(new URL("../../components/kubernetes/sync/sync.mjs", import.meta.url));
const header = "x-javelin-apikey";
export const adminKey = "admin-key-in-test";

interface Outcome {
  code: number | null;
  output: string;
}

/** A cell as the script finds it: the volumes of its pod, and admin and core. */
export class SyncedCell {
  /** Written when a run has succeeded, as the program does. */
  private record?: string;
  private readonly directory = mkdtempSync(join(tmpdir(), "sync-"));

  private constructor(readonly api: AdminApi) {}

  static async start(): Promise<SyncedCell> {
    return new SyncedCell(await AdminApi.start(header, adminKey));
  }

  /** Runs the script as the Job does. What it prints must hold no key, however it ends. */
  async run(
    wanted: Declared,
    keys: Record<string, string>,
    { key = adminKey, url = this.api.url, backoff = 1 } = {},
  ): Promise<Outcome> {
    const state = desiredState(wanted, Object.keys(keys));
    const files: Record<string, string | undefined> = {
      "desired/state.json": JSON.stringify(state),
      "secrets/admin.key": key,
      ...Object.fromEntries(Object.entries(keys).map(([name, value]) => [`secrets/${name}`, value])),
      "record/record.json": this.record,
    };
    for (const [path, content] of Object.entries(files)) {
      if (content === undefined) continue;
      mkdirSync(join(this.directory, path, ".."), { recursive: true });
      writeFileSync(join(this.directory, path), content);
    }
    const outcome = await this.spawn(url, backoff);
    if (outcome.code === 0) this.record = recordOf(state);
    for (const secret of [adminKey, key, ...Object.values(keys)])
      expect(outcome.output).not.to.contain(secret);
    return outcome;
  }

  private spawn(url: string, backoff: number): Promise<Outcome> {
    const env = {
      ADMIN_URL: url,
      CORE_URL: url,
      API_KEY_HEADER: header,
      DIRECTORY: this.directory,
      BACKOFF_MILLISECONDS: String(backoff),
    };
    return new Promise((done, failed) => {
      const child = spawn(process.execPath, [script], { env });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.on("error", failed);
      child.on("close", (code) => done({ code, output }));
    });
  }

  async end(): Promise<void> {
    rmSync(this.directory, { recursive: true });
    await this.api.stop();
  }
}

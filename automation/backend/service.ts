import type { ChildProcess } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { isAlive } from "../../local/directory.js";
import { pulumiDirectories } from "../localEnvironment.js";
import type { Entry } from "./journal.js";
import { checkKinds, UnknownEntry } from "./journal.js";
import type { Update } from "./store.js";
import { organisation, StackStore } from "./store.js";

/**
 * The part of Pulumi's service that an engine needs for a run, on loopback (pkg/backend/httpstate/client). To a
 * service the engine sends what changes, where it writes a file backend's whole state anew before and after each
 * resource: with 600 resources most of a run. The state stays in the file backend's own files.
 */
export interface StateService {
  /** For an engine's process: where the state is. */
  environment: Record<string, string>;
  close: () => Promise<void>;
}

interface Running {
  store: StackStore;
  update: Update;
  /** Absent for a preview, which changes nothing. */
  unlock?: () => void;
  pid: number;
}

class Failure extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Milliseconds that the engine gathers entries before it sends them; each step waits for its own. Its default is 50. */
const gatherMilliseconds = 1;

/**
 * Serves the stacks of a local cloud's directory to the engines that this process starts.
 */
export async function serveState(directory: string): Promise<StateService> {
  const token = randomBytes(24).toString("hex");
  const engine = lastPulumi();
  const runs = new Map<string, Running>();
  const service = new Service(directory, runs, engine.pid);
  const server = createServer((request, response) => {
    void answer(request, response, token, service);
  });
  // The engine's side ends what is idle: at the other end a request may be on its way just then.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  // The engine keeps the token there.
  const credentials = join(pulumiDirectories(directory).home, "credentials", String(port));
  return {
    environment: {
      PULUMI_BACKEND_URL: `http://127.0.0.1:${port}`,
      PULUMI_ACCESS_TOKEN: token,
      PULUMI_CREDENTIALS_PATH: credentials,
      PULUMI_DISABLE_JOURNALING: "false",
      PULUMI_JOURNALING_BATCH_PERIOD: String(gatherMilliseconds),
    },
    close: async () => {
      engine.forget();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      rmSync(credentials, { recursive: true, force: true });
      for (const run of runs.values()) if (!isAlive(run.pid)) service.end(run);
    },
  };
}

/** The Pulumi process that was started last: what asks this service. */
function lastPulumi(): { pid: () => number; forget: () => void } {
  const children: ChildProcess[] = [];
  const note = (message: unknown): void => {
    children.unshift((message as { process: ChildProcess }).process);
  };
  subscribe("child_process", note);
  return {
    // Looked for only now: a child is told of before it has a name and an id.
    pid: () => children.find(({ spawnfile }) => basename(spawnfile).startsWith("pulumi"))?.pid ?? process.pid,
    forget: () => unsubscribe("child_process", note),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  service: Service,
): Promise<void> {
  let code = 200;
  let body: unknown;
  try {
    if (![`token ${token}`, `update-token ${token}`].includes(request.headers.authorization ?? ""))
      throw new Failure(401, "Unauthorized: the token is another one's");
    const sent = await buffer(request);
    const text = (request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent).toString("utf8");
    const path = new URL(request.url ?? "", "http://127.0.0.1").pathname;
    body = service.handle(request.method ?? "", path, text, token);
  } catch (error) {
    // The engine tries again what failed with 500.
    code = error instanceof Failure ? error.code : error instanceof UnknownEntry ? 400 : 500;
    body = { code, message: (error as Error).message };
  }
  response.writeHead(code, { "Content-Type": "application/json" }).end(JSON.stringify(body ?? {}));
}

class Service {
  constructor(
    private readonly directory: string,
    private readonly runs: Map<string, Running>,
    private readonly enginePid: () => number,
  ) {}

  handle(method: string, path: string, text: string, token: string): unknown {
    if (path === "/api/capabilities") return { capabilities: [] };
    if (path === "/api/user") return { githubLogin: organisation, organizations: [] };
    if (path === "/api/user/organizations/default") return { GitHubLogin: organisation };
    const [, , root, , project = "", stack = "", what = "", id = "", part = ""] = path.split("/");
    if (root !== "stacks" || stack === "") throw new Failure(404, `Not Found: ${path}`);
    const store = new StackStore(this.directory, project, stack);
    if (!store.exists()) throw new Failure(404, `Not Found: the stack ${stack}`);
    switch (`${method} ${what}`) {
      case "GET ":
        return { id: stack, orgName: organisation, projectName: project, stackName: stack, version: 0 };
      case "GET export":
        return store.read();
      case "GET updates":
        return {
          updates: [...this.runs.values()].filter((run) => run.update.endTime > 0).map((run) => run.update),
        };
      case "POST update":
      case "POST preview":
      case "POST refresh":
      case "POST destroy":
        if (id === "") return this.create(store, what, text);
        return this.onRun(this.found(id), part, text, token);
      case "PATCH update":
        return this.onRun(this.found(id), part, text, token);
      case "PATCH tags":
        return {};
      default:
        throw new Failure(404, `Not Found: ${method} ${path}`);
    }
  }

  private found(id: string): Running {
    const run = this.runs.get(id);
    if (!run) throw new Failure(404, `Not Found: the update ${id}`);
    return run;
  }

  private create(store: StackStore, kind: string, text: string): { updateID: string } {
    const { config, metadata } = JSON.parse(text) as {
      config?: Update["config"];
      metadata?: Partial<Pick<Update, "message" | "environment">>;
    };
    const update: Update = {
      kind,
      startTime: seconds(),
      endTime: 0,
      message: metadata?.message ?? "",
      environment: metadata?.environment ?? {},
      config: config ?? {},
      result: "in-progress",
      version: 0,
      resourceChanges: {},
    };
    const updateID = randomUUID();
    this.runs.set(updateID, { store, update, pid: this.enginePid() });
    return { updateID };
  }

  private onRun(run: Running, part: string, text: string, token: string): unknown {
    switch (part) {
      case "":
        return this.start(run, text, token);
      case "journalentries":
        checkKinds((JSON.parse(text) as { entries?: Entry[] }).entries ?? []);
        run.store.append(text);
        return {};
      case "checkpoint":
      case "checkpointverbatim":
        run.store.restart(text);
        return {};
      case "events":
        noteChanges(run.update, text);
        return {};
      case "renew_lease":
        return { token };
      case "complete":
        run.update.result = (JSON.parse(text) as { status: string }).status;
        this.end(run);
        return {};
      default:
        throw new Failure(404, `Not Found: ${part}`);
    }
  }

  private start(run: Running, text: string, token: string): unknown {
    if (run.update.kind !== "preview") {
      const unlock = run.store.begin(run.pid);
      if (!unlock)
        throw new Failure(
          409,
          `Conflict: the stack is currently locked by what ${run.store.lockDirectory} holds`,
        );
      run.unlock = unlock;
    }
    const { journalVersion = 0 } = JSON.parse(text) as { journalVersion?: number };
    return { version: 0, token, journalVersion: Math.min(journalVersion, 1) };
  }

  /** Puts what a run did into the state, and frees the stack. Once for each run. */
  end(run: Running): void {
    run.update.endTime ||= seconds();
    if (!run.unlock) return;
    run.store.settle();
    if (run.update.result !== "in-progress") run.store.record(run.update);
    run.unlock();
    delete run.unlock;
  }
}

const seconds = (): number => Math.floor(Date.now() / 1000);

function noteChanges(update: Update, text: string): void {
  if (!text.includes('"summaryEvent"')) return;
  const { events } = JSON.parse(text) as {
    events: { summaryEvent?: { resourceChanges?: Record<string, number> } }[];
  };
  for (const { summaryEvent } of events)
    update.resourceChanges = summaryEvent?.resourceChanges ?? update.resourceChanges;
}

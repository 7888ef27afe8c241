import { expect } from "chai";
import type { Declared } from "../../../components/kubernetes/sync/desired.js";
import { AdminApi } from "../../support/adminApi.js";
import { adminKey, SyncedCell } from "../../support/syncedCell.js";

const values: Record<string, string> = { main: "provider-key-in-test" };

const model = { suffix: "", weight: 1, fallbackEnabled: false, fallbackCodes: [429] };
const plain = { enabled: true, config: {} };
const declared = (): Declared => ({
  gateways: [{ name: "gw", type: "production", ...plain }],
  providers: [
    { name: "openai", type: "openai", vaultEnabled: true, enabled: true, config: { api_base: "x" } },
  ],
  keys: [{ name: "main", provider: "openai", headerKey: "Authorization", enabled: true }],
  templates: [{ name: "pii", ...plain }],
  routes: [
    {
      ...{ name: "chat", type: "chat", ...plain },
      models: [{ name: "m", provider: "openai", virtualSecretKey: "main", ...model }],
    },
  ],
});
const inOrder = [
  "/admin/gateways/gw",
  "/admin/providers/openai",
  "/admin/providers/openai/keyvault/main",
  "/admin/processors/dp/templates/pii",
  "/admin/routes/chat",
];
const inOrderReloads = [
  "/providers/openai/reload",
  "/secrets/keyvault/main/reload",
  "/processors/dp/templates/pii/reload",
  "/routes/chat/reload",
].map((path) => `POST ${path}`);

describe("the sync of the routes", () => {
  let cell: SyncedCell;
  let api: AdminApi;
  beforeEach(async () => {
    cell = await SyncedCell.start();
    api = cell.api;
  });
  afterEach(() => cell.end());

  const succeeds = async (wanted = declared(), keys = values): Promise<string> => {
    api.requests.length = 0;
    const { code, output } = await cell.run(wanted, keys);
    expect(code, output).to.equal(0);
    return output;
  };

  it("creates what is absent, in the order of reference, and has core read it", async () => {
    const output = await succeeds();
    expect(api.writes).to.deep.equal([...inOrder.map((path) => `POST ${path}`), ...inOrderReloads]);
    expect(output).to.match(/revision [0-9a-f]{12}: 5 created, 0 replaced, 0 unchanged, 0 removed/);
    expect(api.objects.get("/admin/routes/chat")).to.deep.include({
      type: "chat",
      models: [
        {
          ...{ name: "m", provider: "openai", suffix: "", weight: 1, virtual_secret_key: "main" },
          ...{ fallback_enabled: false, fallback_codes: [429] },
        },
      ],
    });
    expect(api.objects.get("/admin/providers/openai/keyvault/main")).to.deep.include({
      ...{ api_key: "main", api_key_secret_key: values["main"], provider_name: "openai" },
      header_key: "Authorization",
    });
  });

  it("writes only the keys again when nothing has changed: their values cannot be compared", async () => {
    await succeeds();
    await succeeds();
    expect(api.writes).to.deep.equal([`PUT ${inOrder[2]}`, inOrderReloads[1]]);
  });

  it("replaces what has changed", async () => {
    await succeeds();
    const wanted = declared();
    wanted.routes[0]!.config = { retries: 3 };
    await succeeds(wanted);
    expect(api.writes).to.include.members(["PUT /admin/routes/chat", "POST /routes/chat/reload"]);
    expect(api.writes).to.have.length(4);
    expect(api.objects.get("/admin/routes/chat")).to.deep.include({ config: { retries: 3 } });
  });

  it("replaces what lost a field, and what somebody else changed", async () => {
    const wanted = declared();
    wanted.gateways[0]!.config = { note: "x" };
    await succeeds(wanted);
    api.objects.set("/admin/processors/dp/templates/pii", { name: "pii", enabled: false, config: {} });
    await succeeds();
    expect(api.objects.get("/admin/gateways/gw")).to.deep.include({ config: {} });
    expect(api.objects.get("/admin/processors/dp/templates/pii")).to.include({ enabled: true });
  });

  it("takes over what bears a declared name", async () => {
    api.objects.set("/admin/routes/chat", { name: "chat", type: "embeddings" });
    await succeeds();
    expect(api.writes).to.include("PUT /admin/routes/chat").and.not.include("POST /admin/routes/chat");
  });

  for (const status of [409, 400])
    it(`replaces what is found to be there only when it is created (${status})`, async () => {
      api.objects.set("/admin/gateways/gw", { name: "gw" });
      api.faults = [
        { method: "GET", path: /gateways\/gw$/, status: 404, times: 1 },
        { method: "POST", path: /gateways\/gw$/, status, body: '{"error":"gateway Already Exists"}' },
      ];
      await succeeds();
      expect(api.writes.slice(0, 2)).to.deep.equal(["POST /admin/gateways/gw", "PUT /admin/gateways/gw"]);
    });

  it("removes what is no longer declared, against the order of reference", async () => {
    await succeeds();
    const none: Declared = { gateways: [], providers: [], keys: [], templates: [], routes: [] };
    await succeeds(none);
    expect(api.writes.filter((write) => write.startsWith("DELETE"))).to.deep.equal(
      inOrder.toReversed().map((path) => `DELETE ${path}`),
    );
    expect(api.objects).to.have.length(0);
  });

  it("removes only what it once made, and says what else there is", async () => {
    await succeeds();
    api.objects.set("/admin/routes/theirs", { name: "theirs" });
    const wanted = { ...declared(), routes: [] };
    const output = await succeeds(wanted);
    expect([...api.objects.keys()])
      .to.include("/admin/routes/theirs")
      .and.not.include("/admin/routes/chat");
    expect(output).to.contain("left alone: routes/theirs");
  });

  it("is content when what it would remove is gone already, in admin and on core", async () => {
    await succeeds();
    api.objects.delete("/admin/routes/chat");
    api.faults = [{ method: "POST", path: /^\/routes\/chat\/reload/, status: 404 }];
    await succeeds({ ...declared(), routes: [] });
  });

  it("leaves keys without a value as they are, even when they had one", async () => {
    await succeeds();
    const output = await succeeds(declared(), {});
    expect(output).to.contain("left as it is: keys/main");
    expect(api.objects.get("/admin/providers/openai/keyvault/main")).to.include({
      api_key_secret_key: values["main"],
    });
    expect(api.writes).to.deep.equal([]);
  });

  for (const status of [429, 500, 503, "broken"] as const)
    it(`comes back after ${status}`, async () => {
      api.faults = [
        { method: "GET", path: /^\/admin\/gateways$/, status, times: 2 },
        { method: "POST", path: /^\/admin\/routes\/chat$/, status, times: 2 },
        { method: "POST", path: /reload$/, status, times: 2 },
      ];
      expect(await succeeds()).to.contain("5 created");
    });

  it("comes back no sooner than it is told to", async () => {
    api.faults = [{ method: "GET", path: /^\/admin\/gateways$/, status: 429, retryAfter: 1, times: 1 }];
    const { code, output } = await cell.run(declared(), values, { backoff: 20 });
    expect(code, output).to.equal(0);
    const [first = 0, second = 0] = api.times;
    // At least half of its longest wait, 800 ms; of its own accord it would wait 20 ms at most.
    expect(second - first).to.be.at.least(390);
  });

  it("does it all again when core did not read it the first time", async () => {
    api.faults = [{ method: "POST", path: /^\/routes\/chat\/reload/, status: 500 }];
    const { code, output } = await cell.run(declared(), values);
    expect(code).to.equal(1);
    expect(output).to.match(/routes\/chat \(reload on core\): POST answered 500\n$/);
    api.faults = [];
    await succeeds();
    expect(api.writes).to.include("POST /routes/chat/reload");
  });

  const fails = async (message: RegExp, access: { key?: string; url?: string } = {}): Promise<void> => {
    const { code, output } = await cell.run(declared(), values, access);
    expect(code, output).to.equal(1);
    expect(output).to.match(message);
  };

  it("gives up after eight attempts, and names the object and the status", async () => {
    api.faults = [{ method: "POST", path: /^\/admin\/providers\/openai$/, status: 503 }];
    await fails(/^providers\/openai: POST answered 503$/m);
    expect(api.requests.filter((each) => each === "POST /admin/providers/openai")).to.have.length(8);
  });

  it("gives up when nobody answers", async () => {
    const gone = await AdminApi.start("x-javelin-apikey", adminKey);
    const { url } = gone;
    await gone.stop();
    await fails(/^gateways \(list\): GET got no answer \(ECONNREFUSED\)$/m, { url });
  });

  it("does not ask twice, and changes nothing, with a key that is not accepted", async () => {
    await fails(/gateways \(list\): GET answered 401: the cell's key/, {
      key: "another-key-in-test",
    });
    expect(api.requests).to.deep.equal(["GET /admin/gateways"]);
  });

  it("takes an error that a list answers for an error", async () => {
    api.objects.set("/admin/routes/chat", { name: "chat" });
    api.faults = [{ method: "GET", path: /^\/admin\/routes$/, status: 500, body: '{"routes":[]}' }];
    await fails(/^routes \(list\): GET answered 500$/m);
    api.faults = [{ method: "GET", path: /^\/admin\/routes$/, status: 200, body: '{"error":"no database"}' }];
    await fails(/^routes \(list\): GET answered 200 without a list$/m);
    expect(api.writes).to.deep.equal([]);
  });

  it("shows nothing of an answer that quotes the key", async () => {
    api.faults = [
      { method: "PUT", path: /keyvault/, status: 422, body: `{"error":"bad ${values["main"]} ${adminKey}"}` },
    ];
    api.objects.set("/admin/providers/openai/keyvault/main", { api_key: "main" });
    await fails(/^keys\/main: PUT answered 422$/m);
  });

  it("shows nothing of a key that no header takes", () =>
    fails(/^gateways \(list\): GET got no answer \(\w+\)$/m, { key: "admin\nkey-in-test" }));

  it("follows no redirection", async () => {
    api.faults = [{ method: "GET", path: /^\/admin\/gateways$/, status: 302 }];
    await fails(/answered 302/);
    expect(api.requests).to.deep.equal(["GET /admin/gateways"]);
  });
});

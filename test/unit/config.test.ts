import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { parse } from "yaml";
import { ConfigError } from "../../stacks/problems.js";
import { parseConfig, readConfig, type SingleRegionConfig } from "../../stacks/config.js";
import { badConfigs } from "./badConfigs.js";
import { goodConfig, type RawConfig } from "./configBase.js";

const good: () => RawConfig = goodConfig;

function failure(act: () => unknown): ConfigError {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("no ConfigError");
}

const single = (raw: Record<string, unknown>): SingleRegionConfig => {
  const config = parseConfig(raw, "dev");
  if (config.topology !== "single-region") throw new Error(config.topology);
  return config;
};

describe("a config that is refused", () => {
  let registered = 0;
  before(() =>
    pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => {
        registered++;
        return { id: name, state: inputs as Record<string, unknown> };
      },
      call: () => ({}),
    }),
  );

  for (const [what, spoil, path, words] of badConfigs) {
    it(what, () => {
      const raw = good();
      spoil(raw);
      const { problems, message } = failure(() => parseConfig(raw, "dev"));
      const remedies = problems.filter((problem) => problem.path === path).map(({ remedy }) => remedy);
      expect(remedies.length, message).to.be.above(0);
      for (const word of words) expect(remedies.join("\n")).to.contain(word);
      expect(message).not.to.contain("hunter22");
      expect(registered).to.equal(0);
    });
  }

  it("is told every problem at once, one a line, with its path", () => {
    const raw = good();
    raw.domain = "nowhere";
    raw.size = "huge";
    raw.cells = [
      { cloud: "aws", region: "us-east-1", cidr: "1.2.3.4" },
      { cloud: "aws", region: "mars", cidr: "10.0.0.0/16" },
    ];
    raw.extra = true;
    const { message, problems } = failure(() => parseConfig(raw, "dev"));
    expect(problems.map(({ path }) => path)).to.include.members([
      ...["javelin:domain", "javelin:size", "javelin:cells[0].cidr", "javelin:cells[1].region"],
      ...["javelin:cells", "javelin:extra"],
    ]);
    expect(message.split("\n")).to.have.length(problems.length + 1);
  });

  it("ends the program without a stack trace", () => {
    expect(pulumi.RunError.isInstance(failure(() => parseConfig({}, "dev")))).to.equal(true);
  });

  for (const name of ["Dev", "dev_1", "org/dev", "-dev", "d".repeat(25)]) {
    it(`names the stack "${name}"`, () => {
      expect(failure(() => parseConfig(good(), name)).problems.map(({ path }) => path)).to.deep.equal([
        "stack name",
      ]);
    });
  }
});

describe("a config that is accepted", () => {
  it("is filled in from the size", () => {
    const { cell } = single(good());
    expect(cell).to.deep.include({
      name: "us-east-1",
      prefix: "javelin-dev-us-east-1",
      size: "small",
      protect: true,
    });
    expect(cell.network.zones).to.deep.equal(["us-east-1a", "us-east-1b"]);
    expect(cell.network.inspected).to.equal(false);
    expect(cell.database).to.deep.include({ reader: false, backupDays: 7 });
  });

  it("at standard meets the vendor's sizing, in three zones, behind a network firewall", () => {
    const { cell } = single({ ...good(), size: "standard" });
    expect(cell.network).to.deep.include({
      zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
      natPerZone: true,
      inspected: true,
    });
    expect(cell.kubernetes.nodes).to.deep.include({ instanceTypes: ["m7i.xlarge"], desired: 4 });
    expect(cell.database).to.deep.include({ instanceClass: "db.r7g.xlarge", reader: true });
    expect(cell.cache.replicas).to.equal(1);
  });

  it("overrides single numbers", () => {
    const raw = good();
    raw.kubernetes.nodes = { max: 9 };
    raw.cache = { replicas: 0 };
    const { cell } = single(raw);
    expect(cell.kubernetes.nodes).to.deep.include({ min: 2, max: 9, desired: 2 });
    expect(cell.cache.replicas).to.equal(0);
  });

  it("takes numbers and booleans as the text that -c gives", () => {
    const raw = good();
    Object.assign(raw, {
      protect: "false",
      logs: { retentionDays: "60" },
      gateway: { ...raw.gateway, accountId: 42 },
    });
    const { cell } = single(raw);
    expect(cell).to.deep.include({ protect: false, logRetentionDays: 60 });
    expect(cell.gateway.accountId).to.equal("42");
  });

  it("gets GPU nodes when a guard model is on, one for each and one to spare", () => {
    const raw = good();
    raw.gateway.services = ["core", "admin", "flag", "guard", "guard-hallucination", "guard-lang"];
    const { cell } = single(raw);
    expect(cell.kubernetes.gpu).to.deep.include({ min: 2, desired: 2, max: 3 });
    expect(cell.egress.domains).to.include("nvcr.io").and.not.include("api.clerk.com");
    expect(single(good()).cell.kubernetes.gpu).to.equal(undefined);
  });

  it("lets the nodes pull what GPUs need, where the cloud does not bring it, in the zones that have them", () => {
    const raw = good();
    raw.gateway.services = ["core", "admin", "flag", "guard"];
    const place = { cidr: "10.10.0.0/16", cloud: "azure", region: "eastus2" };
    raw.cells = [place];
    raw.kubernetes.admins = ["00000000-0000-0000-0000-000000000001"];
    const azure = single(raw).cell;
    expect(azure.egress.domains).to.include.members(["nvcr.io", "us.download.nvidia.com"]);
    expect(azure.kubernetes.gpuZones).to.deep.equal(["1", "2"]);
    raw.kubernetes.admins = [];
    raw.size = "standard";
    raw.cells = [{ ...place, cloud: "gcp", region: "us-east4", project: "example-project" }];
    const gcp = single(raw).cell;
    expect(gcp.egress.domains).to.not.include("nvcr.io").and.not.include("us.download.nvidia.com");
    expect(gcp.network.zones).to.have.length(3);
    expect(gcp.kubernetes.gpuZones).to.deep.equal(["us-east4-a", "us-east4-c"]);
  });

  it("lists the models that the routes call, with the cell's own in place of the common ones", () => {
    const raw = good();
    const route = (name: string) => ({ name: "chat", type: "chat", models: [{ name, provider: "b" }] });
    raw.egress = { providers: ["bedrock"] };
    raw.routes = { providers: [{ name: "b", type: "bedrock" }], routes: [route("cohere.command-r-v1:0")] };
    expect(single(raw).cell.bedrockModels).to.deep.equal(["cohere.command-r-v1:0"]);
    raw.cells[0] = {
      ...raw.cells[0],
      region: "eu-west-1",
      routes: { routes: [route("eu.amazon.nova-pro-v1:0")] },
    };
    expect(single(raw).cell.bedrockModels).to.deep.equal(["eu.amazon.nova-pro-v1:0"]);
  });

  it("may add models to the table", () => {
    const raw = good();
    raw.egress = { providers: ["bedrock"] };
    raw.routes = {
      providers: [{ name: "b", type: "bedrock" }],
      routes: [{ name: "r", type: "chat", models: [{ name: "new.model-v1:0", provider: "b" }] }],
      bedrockModels: { "new.model-v1:0": ["us-east-1"] },
    };
    expect(single(raw).cell.bedrockModels).to.deep.equal(["new.model-v1:0"]);
  });

  it("says what it will lack without secrets", () => {
    expect(single(good()).warnings.join())
      .to.contain("licence")
      .and.contain("registryAuth")
      .and.contain("clerk");
  });

  it("may name a provider as each cell's cloud calls it", () => {
    const raw = good();
    raw.topology = "cross-region";
    raw.cells.push({ cloud: "gcp", region: "europe-west1", cidr: "10.20.0.0/16", project: "acme-gateway" });
    raw.egress = { providers: ["bedrock", "bedrock/us-east-1"] };
    raw.routes = { providers: [{ name: "b", type: "bedrock" }] };
    raw.cells[1]!.routes = { providers: [{ name: "b", type: "bedrock/us-east-1" }] };
    const config = parseConfig(raw, "dev");
    if (config.topology !== "cross-region") throw new Error("two cells");
    const [aws, gcp] = config.cells;
    expect(aws?.egress.bedrock).to.equal(true);
    expect(gcp?.egress.domains).to.include("bedrock-runtime.us-east-1.amazonaws.com");
    expect([aws, gcp].map((cell) => cell?.routes.providers[0]?.type)).to.deep.equal([
      "bedrock",
      "bedrock/us-east-1",
    ]);
  });

  it("says which cells its routes do not reach, and which keys are not set", () => {
    const raw = good();
    raw.egress = { providers: ["openai"] };
    raw.routes = {
      providers: [{ name: "p", type: "openai" }],
      keys: [{ name: "main", provider: "p" }],
    };
    const all = single(raw).warnings.join("\n");
    expect(all)
      .to.contain("javelin:adminKeys.us-east-1 is not set")
      .and.contain("javelin:keys.main is not set");
    raw.adminKeys = { "us-east-1": "admin-key" };
    raw.keys = { main: "provider-key" };
    expect(single(raw).warnings.join("\n")).to.not.match(/adminKeys|javelin:keys/);
  });

  it("says which admin keys are not used: of cells that get their routes with the first one's data", () => {
    const raw = good();
    raw.topology = "cross-region";
    raw.size = "standard";
    raw.cells.push({ cloud: "aws", region: "us-west-2", cidr: "10.20.0.0/16" });
    raw.adminKeys = { "us-east-1": "admin-key", "us-west-2": "admin-key" };
    const idle = () => parseConfig(raw, "dev").warnings.filter((warning) => warning.includes("is not used"));
    expect(idle()).to.deep.equal([]);
    raw.database = { replication: "global" };
    expect(idle()).to.deep.equal([
      "javelin:adminKeys.us-west-2 is not used: the cell us-west-2 gets javelin:routes with the data of us-east-1",
    ]);
  });

  it("opens no registry for a sync that is not there", () => {
    const raw = good();
    raw.topology = "cross-region";
    raw.size = "standard";
    raw.cells.push({ cloud: "aws", region: "us-west-2", cidr: "10.20.0.0/16" });
    raw.adminKeys = { "us-east-1": "admin-key", "us-west-2": "admin-key" };
    raw.database = { replication: "global" };
    const config = parseConfig(raw, "dev");
    if (config.topology !== "cross-region") throw new Error("two cells");
    const opened = config.cells.map(({ egress }) => egress.domains.includes("registry-1.docker.io"));
    expect(opened).to.deep.equal([true, false]);
  });

  it("opens the registries of the images that the cell runs, and no others", () => {
    const raw = good();
    raw.gateway.services = ["core", "admin", "flag", "guard"];
    raw.gateway.images = {
      core: "core.example.com/core:1",
      guard: "guard.example.com/guard:1",
      webapp: "webapp.example.com/webapp:1",
      "redteam-worker": "redteam.example.com/redteam:1",
    };
    const own = () => single(raw).cell.egress.domains.filter((each) => /\.example\.com$|^ghcr/.test(each));
    expect(own()).to.deep.equal(["core.example.com", "ghcr.io", "guard.example.com"]);
    raw.cells[0]!.services = ["core", "admin", "flag", "redteam"];
    expect(own()).to.deep.equal(["core.example.com", "ghcr.io", "redteam.example.com"]);
    raw.cells[0]!.services = ["core", "admin", "flag"];
    const [admin, flag] = ["core.example.com/admin:1", "core.example.com/flag:1"];
    raw.gateway.images = { ...(raw.gateway.images as Record<string, string>), admin, flag };
    expect(own()).to.deep.equal(["core.example.com"]);
  });

  it("pulls the image of the sync only where there is one", () => {
    const raw = good();
    expect(single(raw).cell.egress.domains).to.not.include("registry-1.docker.io");
    raw.adminKeys = { "us-east-1": "admin-key" };
    const { cell, routeSecrets } = single(raw);
    expect(cell.egress.domains).to.include("registry-1.docker.io");
    expect(Object.keys(routeSecrets.adminKeys)).to.deep.equal(["us-east-1"]);
  });

  it("may ask for exactly what a failover takes", () => {
    const raw = good();
    raw.topology = "cross-region";
    raw.cells.push({ cloud: "aws", region: "us-west-2", cidr: "10.20.0.0/16" });
    raw.objectives = { failoverSeconds: 86 };
    const config = parseConfig(raw, "dev");
    expect(config).to.have.nested.property("budget.totalSeconds", 86);
  });

  it("may ask for exactly what the clouds take", () => {
    const raw = good();
    raw.ingress = { requestsPerMinute: 2_000_000_000, allow: ["203.0.112.0/23"], admin: ["203.0.113.0/24"] };
    raw.kubernetes.apiAccess = Array.from({ length: 40 }, (_, i) => `203.0.113.${i}/32`);
    expect(single(raw).cell.kubernetes.apiAccess).to.have.length(40);
    raw.kubernetes.apiAccess = Array.from({ length: 199 }, (_, i) => `203.0.113.${i}/32`);
    raw.kubernetes.admins = ["00000000-0000-0000-0000-000000000001"];
    raw.cells[0] = { cloud: "azure", region: "eastus2", cidr: "10.10.0.0/16" };
    expect(single(raw).cell.kubernetes.apiAccess).to.have.length(199);
    raw.kubernetes.admins = [];
    raw.kubernetes.nodes = { instanceTypes: ["c3-standard-4"] };
    raw.ingress = { requestsPerMinute: 1_000_000, allow: ["203.0.113.0/25"], admin: ["203.0.113.0/24"] };
    raw.cells[0] = { cloud: "gcp", region: "us-central1", cidr: "10.10.0.0/16", project: "example-project" };
    expect(single(raw).cell.ingress.requestsPerMinute).to.equal(1_000_000);
  });

  it("takes a name for a name, whatever an object inherits", () => {
    const raw = good();
    raw.cells[0]!.name = "constructor";
    expect(single(raw).cell.egress.domains).to.not.include("registry-1.docker.io");
    const machines = good();
    machines.kubernetes.nodes = { instanceTypes: ["constructor.large"] };
    expect(() => single(machines)).to.not.throw();
  });

  it("holds names up to the limits", () => {
    const raw = good();
    raw.domain = `${"a".repeat(48)}.example.com`; // api.<domain> has 64 characters
    raw.cells[0]!.name = "c".repeat(24);
    expect(parseConfig(raw, "s".repeat(24)).domain).to.have.length(60);
  });
});

describe("the config of the running stack", () => {
  const clerk = { secretKey: "sk_test_hunter22", publishableKey: "pk_test_hunter22" };
  const set = (raw: Record<string, unknown>, secret: string[] = []): void => {
    const entries = Object.entries(raw).map(([key, value]): [string, string] => {
      return [`javelin:${key}`, typeof value === "string" ? value : JSON.stringify(value)];
    });
    pulumi.runtime.setAllConfig(
      { ...Object.fromEntries(entries), "aws:region": "eu-west-1" },
      secret.map((key) => `javelin:${key}`),
    );
  };
  after(() => pulumi.runtime.setAllConfig({}));

  it("is read as Pulumi hands it over", () => {
    set({ ...good(), protect: "false" });
    const config = readConfig("dev");
    expect(config).to.deep.equal(parseConfig({ ...good(), protect: false }, "dev"));
  });

  it("keeps secrets secret", async () => {
    set({ ...good(), clerk }, ["clerk"]);
    const { secrets } = readConfig("dev");
    expect(await pulumi.isSecret(secrets.clerk!.secretKey)).to.equal(true);
    const value = await new Promise((done) => secrets.clerk!.secretKey.apply(done));
    expect(value).to.equal(clerk.secretKey);
  });

  it("keeps the keys of the routes secret", async () => {
    set({ ...good(), adminKeys: { "us-east-1": "hunter22-hunter22" } }, ["adminKeys"]);
    const key = readConfig("dev").routeSecrets.adminKeys["us-east-1"]!;
    expect(await pulumi.isSecret(key)).to.equal(true);
    set({ ...good(), adminKeys: { "us-east-1": "hunter22-hunter22" } });
    expect(failure(() => readConfig("dev")).problems[0]).to.include({ path: "javelin:adminKeys" });
  });

  it("takes an empty map of secrets, as removing the last one leaves it, in plain text", () => {
    set({ ...good(), adminKeys: {} });
    expect(() => readConfig("dev")).not.to.throw();
  });

  it("refuses a secret in plain text without showing it", () => {
    set({ ...good(), clerk });
    const { problems, message } = failure(() => readConfig("dev"));
    expect(problems).to.have.length(1);
    expect(problems[0]).to.deep.include({ path: "javelin:clerk", found: "plain text" });
    expect(problems[0]!.remedy).to.contain("--secret");
    expect(message).not.to.contain("hunter22");
  });

  it("shows nothing of a value that the user chose to encrypt", () => {
    set({ ...good(), domain: "hunter22" }, ["domain"]);
    const { problems, message } = failure(() => readConfig("dev"));
    expect(problems[0]).to.deep.include({ path: "javelin:domain", found: "a secret (not shown)" });
    expect(message).not.to.contain("hunter22");
  });
});

describe("Pulumi.dev.yaml", () => {
  it("is a config without problems", () => {
    const { config } = parse(readFileSync("Pulumi.dev.yaml", "utf8")) as { config: Record<string, unknown> };
    const raw = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.replace("javelin:", ""), value]),
    );
    expect(single(raw).cell).to.deep.include({ region: "us-east-1", size: "small", protect: false });
  });
});

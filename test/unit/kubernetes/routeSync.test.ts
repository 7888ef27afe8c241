import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Gateway } from "../../../components/kubernetes/gateway.js";
import type { GatewayArgs } from "../../../components/kubernetes/gateway.js";
import { RouteSync } from "../../../components/kubernetes/routeSync.js";
import type { RouteSyncArgs } from "../../../components/kubernetes/routeSync.js";
import { desiredState } from "../../../components/kubernetes/sync/desired.js";
import type { Declared } from "../../../components/kubernetes/sync/desired.js";
import type { Props } from "../../../local/behaviour.js";
import { violations } from "../../../policy/evaluate.js";
import { FakeCluster } from "../../support/ground.js";
import { run } from "../../support/mocks.js";
import type { Recorded, Run } from "../../support/mocks.js";
import { exposed } from "../../support/needles.js";

const declared: Declared = {
  gateways: [],
  providers: [
    {
      name: "azure",
      type: "azure-openai/acme",
      enabled: true,
      vaultEnabled: true,
      config: { api_type: "azure" },
    },
  ],
  keys: [
    { name: "main", provider: "azure", enabled: true },
    { name: "spare", provider: "azure", enabled: true },
  ],
  templates: [],
  routes: [
    {
      ...{ name: "chat", type: "chat", enabled: true, config: {} },
      models: [
        { name: "m", provider: "azure", suffix: "", weight: 1, fallbackEnabled: false, fallbackCodes: [] },
      ],
    },
  ],
};
const adminKey = "admin-key-in-test";
const main = "provider-key-in-test";
const standard: RouteSyncArgs = {
  namespace: "javelin",
  declared,
  image: "docker.io/library/node:22.18.0-alpine3.22",
  pullSecret: "javelin-registry",
  apiKeyHeader: "x-api-key",
  adminKey,
  keys: { main, unused: "not-declared-in-test" },
};

const kubeconfig = JSON.stringify({
  clusters: [{ name: "c", cluster: { server: "https://cluster.example.com" } }],
  contexts: [{ name: "c", context: { cluster: "c" } }],
  "current-context": "c",
});
const gateway: GatewayArgs = {
  services: ["core", "admin", "flag"],
  image: { registry: "ghcr.io/acme", version: "1.0.0" },
  zones: 2,
  replicas: { min: 1, max: 2 },
  accountId: "acme",
  secretStore: "aws",
  exposure: { nodePorts: "Cluster" },
  appUrl: "https://app.example.com/",
  database: {
    host: "db",
    port: 5432,
    name: "javelin_data",
    username: "javelin",
    password: "password-in-test",
  },
  cache: { host: "cache", port: 6379, password: "token-in-test" },
  registryAuth: { username: "user", token: "token-in-test" },
  peers: {
    clientCidrs: ["10.10.0.0/24"],
    database: { cidrs: ["10.10.1.0/24"], port: 5432 },
    cache: { cidrs: ["10.10.2.0/24"], port: 6379 },
    clusterCidrs: ["10.10.0.0/16"],
  },
};

/** A gateway and its sync as planned: that much is known without a cluster. */
function planned(
  change: Partial<RouteSyncArgs> = {},
  transformations: pulumi.ResourceTransformation[] = [],
): Promise<Run<string>> {
  return run(
    () => {
      const provider = new k8s.Provider("cluster", { kubeconfig });
      const workloads = new Gateway("gateway", gateway, { providers: [provider] });
      const opts = { providers: [provider], dependsOn: [workloads], transformations };
      const { revision } = new RouteSync("sync", { ...standard, ...change }, opts);
      return new Promise<string>((known) => void revision.apply(known));
    },
    { preview: true },
  );
}

/** Makes what was planned, in its order, without the objects of these names. */
function make({ resources }: Run<string>, without: string[] = []): FakeCluster {
  const cluster = new FakeCluster();
  for (const { type, name, inputs } of resources)
    if (/^kubernetes:/.test(type) && !without.includes(name)) cluster.make(type, inputs);
  return cluster;
}

const mine = ({ resources }: Run<string>): Recorded[] =>
  resources.filter(({ name }) => name === "sync" || name.startsWith("sync-"));
const named = (made: Run<string>, name: string): Props =>
  mine(made).find((each) => each.name === name)!.inputs;
const nameOf = (inputs: Props) => (inputs["metadata"] as { name: string }).name;

describe("the route sync of a cell", () => {
  let made: Run<string>;
  before(async () => (made = await planned()));

  it("is a Job that can do its work in the gateway's namespace", () => {
    const { world } = make(made).ground;
    const [job] = world.list("kubernetes:batch/v1:Job");
    expect(job?.state["status"]).to.include({ succeeded: 1 });
  });

  for (const policy of ["sync-egress", "sync-admin", "sync-core"])
    it(`could not without the policy ${policy}`, () =>
      expect(() => make(made, [policy])).to.throw(
        /backoff limit: http:\/\/javelin-(admin|core):\d+\/v1: connect ETIMEDOUT/,
      ));

  it("keeps a record of what it made", () => {
    expect(mine(made).map(({ name }) => name)).to.have.members(
      ["", "-account", "-egress", "-admin", "-core", "-desired", "-keys", "-job", "-record"].map(
        (end) => `sync${end}`,
      ),
    );
    const { data } = named(made, "sync-record") as { data: Record<string, string> };
    expect(data["revision"])
      .to.equal(made.result)
      .and.match(/^[0-9a-f]{12}$/);
    const ids = (JSON.parse(data["record.json"]!) as { id: string }[]).map(({ id }) => id);
    expect(ids).to.deep.equal(["providers/azure", "keys/main", "routes/chat"]);
  });

  it("runs again for another state, another key or another image, and not otherwise", async () => {
    const job = async (change: Partial<RouteSyncArgs>) => nameOf(named(await planned(change), "sync-job"));
    const first = nameOf(named(made, "sync-job"));
    expect(first).to.match(/^javelin-route-sync-[0-9a-f]{10}$/);
    expect(await job({})).to.equal(first);
    const others = [
      await job({ declared: { ...declared, templates: [{ name: "t", enabled: true, config: {} }] } }),
      await job({ keys: { main: "another-key-in-test" } }),
      await job({ adminKey: "another-admin-key" }),
      await job({ image: "docker.io/library/node:24.0.0-alpine3.22" }),
      await job({ apiKeyHeader: "x-another" }),
    ];
    expect(new Set([first, ...others])).to.have.length(6);
  });

  it("runs again for another script", async () => {
    const read = fs.readFileSync;
    const changed = (...given: Parameters<typeof read>) =>
      String(given[0]).endsWith("/sync.mjs") ? "// another" : read(...given);
    try {
      fs.readFileSync = changed as typeof read;
      syncBuiltinESMExports();
      const other = await planned();
      expect(named(other, "sync-desired")).to.have.nested.property("data.sync\\.mjs", "// another");
      expect(nameOf(named(other, "sync-job"))).not.to.equal(nameOf(named(made, "sync-job")));
    } finally {
      fs.readFileSync = read;
      syncBuiltinESMExports();
    }
  });

  it("waits for all it needs, goes before its successor comes, and is put on record last", async () => {
    const names = new Map<pulumi.Resource, string>();
    const made = new Map<string, pulumi.CustomResourceOptions & { after: (string | undefined)[] }>();
    const { resources } = await planned({}, [
      ({ name, resource, opts }) => {
        names.set(resource, name);
        const before = [opts.dependsOn ?? []].flat() as pulumi.Resource[];
        made.set(name, { ...opts, after: before.map((each) => names.get(each)) });
        return undefined;
      },
    ]);
    const needed = ["account", "egress", "admin", "core", "desired", "keys"].map((end) => `sync-${end}`);
    expect(made.get("sync-job")?.after).to.have.members(needed);
    expect(made.get("sync-record")?.after).to.deep.equal(["sync-job"]);
    for (const name of ["sync-desired", "sync-keys", "sync-job", "sync-record"])
      expect(made.get(name), name).to.include({ deleteBeforeReplace: true });
    const { spec } = resources.find(({ name }) => name === "sync-job")!.inputs as {
      spec: { activeDeadlineSeconds: number };
    };
    for (const patience of Object.values(made.get("sync-job")?.customTimeouts ?? {}))
      expect(parseInt(String(patience), 10)).to.be.above(spec.activeDeadlineSeconds);
    expect(made.get("sync-job")?.customTimeouts).to.have.all.keys("create", "update");
  });

  it("mounts content that never changes under its name", () => {
    const job = nameOf(named(made, "sync-job"));
    for (const content of ["sync-desired", "sync-keys"]) {
      expect(nameOf(named(made, content))).to.equal(job);
      expect(named(made, content)["immutable"]).to.equal(true);
    }
  });

  it("keeps keys in the Secret alone, and those of declared keys only", () => {
    const { data } = named(made, "sync-keys") as { data: Record<string, string> };
    const plain = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]);
    expect(Object.fromEntries(plain)).to.deep.equal({ main, "admin.key": adminKey });
    for (const { name, raw } of mine(made)) expect(exposed(raw, [adminKey, main]), name).to.deep.equal([]);
    const holders = mine(made).filter(({ inputs }) => exposed(inputs, [adminKey, main]).length > 0);
    expect(holders.map(({ name }) => name)).to.deep.equal(["sync-keys"]);
  });

  it("holds to the policies", () => {
    const found = violations(
      made.resources.map(({ type, name, inputs, state }) => ({
        type,
        name,
        urn: name,
        props: { ...inputs, ...state },
      })),
    );
    expect(found.filter(({ urn }) => urn.startsWith("sync"))).to.deep.equal([]);
  });

  it("has no token, does not vanish, and is made anew once it has failed", () => {
    const { metadata, spec } = named(made, "sync-job") as {
      metadata: { annotations: Props };
      spec: { ttlSecondsAfterFinished?: number; template: { spec: Props } };
    };
    expect(spec.template.spec).to.include({ automountServiceAccountToken: false, restartPolicy: "Never" });
    expect(spec.template.spec).to.have.nested.property(
      "containers[0].securityContext.readOnlyRootFilesystem",
      true,
    );
    expect(named(made, "sync-account")).to.include({ automountServiceAccountToken: false });
    expect(spec).not.to.have.property("ttlSecondsAfterFinished");
    expect(metadata.annotations).to.deep.equal({ "pulumi.com/replaceUnready": "true" });
  });

  it("reaches admin and core, and nobody reaches it", () => {
    const { spec } = named(made, "sync-egress") as { spec: { ingress: Props[]; egress: Props[] } };
    expect(spec.ingress).to.deep.equal([]);
    expect(spec.egress).to.deep.equal(
      [
        ["javelin-admin", 8040],
        ["javelin-core", 8000],
      ].map(([name, port]) => ({
        to: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": name } } }],
        ports: [{ protocol: "TCP", port }],
      })),
    );
  });
});

describe("the desired state", () => {
  const state = desiredState(declared, ["main"]);

  it("names a provider to the admin API without what only the firewall needs", () =>
    expect(state.objects[0]!.body).to.deep.include({
      name: "azure",
      type: "azure-openai",
      vault_enabled: true,
    }));

  it("sets keys without a value apart", () => {
    expect(state.withoutValue).to.deep.equal(["keys/spare"]);
    expect(state.objects.map(({ id }) => id)).to.deep.equal(["providers/azure", "keys/main", "routes/chat"]);
  });

  it("has the same revision whatever values are at hand, and another for other routes", () => {
    expect(desiredState(declared, []).revision).to.equal(state.revision);
    expect(desiredState({ ...declared, routes: [] }, ["main"]).revision).to.not.equal(state.revision);
  });
});

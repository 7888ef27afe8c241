import * as gcp from "@pulumi/gcp";
import { expect } from "chai";
import fc from "fast-check";
import { cloudArmorRules, intersection, ruleSets } from "../../../components/gcp/cloudArmorRules.js";
import { Firewall } from "../../../components/gcp/firewall.js";
import type { FirewallArgs } from "../../../components/gcp/firewall.js";
import { fqdnLists } from "../../../components/gcp/fqdnRules.js";
import { Network } from "../../../components/gcp/network.js";
import { egressVerdict } from "../../../local/gcp/firewallPolicies.js";
import { at, number, objects, texts } from "../../../local/rules.js";
import { applies, decide } from "../../support/cloudArmor.js";
import type { Request } from "../../support/cloudArmor.js";
import { token } from "../../support/gcpNetwork.js";
import { run } from "../../support/mocks.js";

const region = "europe-west1";
const prefix = "javelin-dev-a";
const domains = (count: number) => Array.from({ length: count }, (_, i) => `h${i}.example.com`);

const made = (more: Partial<FirewallArgs> = {}, preview = false) =>
  run(
    () => {
      const opts = { providers: [new gcp.Provider("gcp", { project: "proj-1", region })] };
      const blocks = { cidr: "10.10.0.0/16", podCidr: "10.64.0.0/14", serviceCidr: "10.68.0.0/20" };
      const network = new Network("network", { prefix, region, ...blocks }, opts);
      return new Firewall(
        "firewall",
        {
          prefix,
          network,
          inspected: true,
          allowedDomains: ["api.openai.com", "storage.googleapis.com"],
          ingressAllow: ["0.0.0.0/0"],
          adminAllow: ["203.0.113.0/24"],
          requestsPerMinute: 3000,
          nodePorts: [30080, 30081],
          ...more,
        },
        opts,
      );
    },
    { preview },
  );

const rulesOf = async (more?: Partial<FirewallArgs>) => {
  const { resources } = await made(more);
  return objects(resources.find(({ type }) => type === token.firewallPolicy)?.inputs, "rules");
};

describe("GCP egress allow-list", () => {
  it("is split by a hundred, without what Google's private addresses serve", () => {
    const lists = fqdnLists([...domains(201), "eu-docker.pkg.dev", "GHCR.io.", "ghcr.io", "gcr.io"]);
    expect(lists.map((list) => list.length)).to.deep.equal([100, 100, 2]);
    expect(lists.flat()).to.include("ghcr.io");
    expect(lists.flat().filter((name) => /pkg\.dev|gcr\.io/.test(name))).to.deep.equal([]);
    expect(fqdnLists([])).to.deep.equal([]);
  });

  for (const name of ["*.example.com", "localhost", "-a.example.com", ""])
    it(`refuses "${name}"`, () => expect(() => fqdnLists([name])).to.throw(/^egress allow-list: found/));
});

describe("GCP firewall", () => {
  it("lets out to allowed hosts at 443, to the cell and to Google's services, and nowhere else", async () => {
    const { resources, world } = await made({ allowedDomains: domains(150) });
    const network = resources.find(({ type }) => type === token.network)?.id ?? "";
    const verdict = (to: string, port: number, protocol = "tcp") =>
      egressVerdict({ world }, network, {
        to: /^[\d.]+$/.test(to) ? { address: to } : { host: to },
        protocol,
        port,
      });
    const ways: [string, number, string, "allow" | "deny"][] = [
      ["h0.example.com", 443, "tcp", "allow"],
      ["h149.example.com", 443, "tcp", "allow"],
      ["h0.example.com", 80, "tcp", "deny"],
      ["h0.example.com", 443, "udp", "deny"],
      ["evil.example.com", 443, "tcp", "deny"],
      ["10.10.0.5", 443, "tcp", "allow"],
      ["10.65.1.1", 8000, "tcp", "allow"],
      ["10.10.192.7", 5432, "tcp", "allow"],
      ["10.10.192.7", 22, "tcp", "deny"],
      ["10.10.196.3", 6378, "tcp", "allow"],
      ["10.10.196.3", 6379, "tcp", "deny"],
      ["199.36.153.9", 443, "tcp", "allow"],
      ["199.36.153.9", 80, "tcp", "deny"],
      ["8.8.8.8", 53, "udp", "deny"],
      ["10.99.0.1", 443, "tcp", "deny"],
    ];
    for (const [to, port, protocol, wanted] of ways)
      expect(verdict(to, port, protocol), `${protocol} ${to}:${port}`).to.equal(wanted);
  });

  it("ends each direction with a denial of everything, logged, at every size", async () => {
    for (const inspected of [true, false]) {
      const rules = await rulesOf({ inspected });
      for (const direction of ["INGRESS", "EGRESS"]) {
        const own = rules.filter((rule) => rule.direction === direction);
        const last = own.reduce((a, b) =>
          (number(a, "priority") ?? 0) > (number(b, "priority") ?? 0) ? a : b,
        );
        expect(last).to.include({ action: "deny", enableLogging: true });
        expect(at(last, "match.layer4Configs[].ipProtocol")).to.deep.equal(["all"]);
        expect([...texts(last, "match.destIpRanges"), ...texts(last, "match.srcIpRanges")]).to.deep.equal([
          "0.0.0.0/0",
        ]);
      }
      const named = rules.filter((rule) => texts(rule, "match.destFqdns").length > 0);
      expect(named.map((rule) => rule.enableLogging)).to.deep.equal([inspected]);
    }
  });

  it("admits Google's load balancers to the node ports, and leaves the inside to GKE's own rules", async () => {
    const ingress = (await rulesOf()).filter((rule) => rule.direction === "INGRESS");
    const admitted = ingress.filter((rule) => rule.action === "allow");
    expect(admitted.flatMap((rule) => texts(rule, "match.srcIpRanges"))).to.deep.equal([
      "130.211.0.0/22",
      "35.191.0.0/16",
    ]);
    expect(admitted.flatMap((rule) => at(rule, "match.layer4Configs[].ports[]"))).to.deep.equal([
      "30080",
      "30081",
    ]);
    const passed = ingress.filter((rule) => rule.action === "goto_next");
    expect(passed.flatMap((rule) => texts(rule, "match.srcIpRanges"))).to.deep.equal([
      "10.10.0.0/18",
      "10.64.0.0/14",
      "10.10.192.0/22",
    ]);
  });

  it("has no way in when nothing is public", async () => {
    const rules = await rulesOf({ nodePorts: [] });
    expect(
      rules.filter(({ direction, action }) => direction === "INGRESS" && action === "allow"),
    ).to.deep.equal([]);
  });

  it("previews with nothing known", async () => {
    const { result } = await made({}, true);
    expect(result.ready).to.have.length(2);
  });

  const shared = (nodeServiceAccount?: string, nodePorts = [30080]) =>
    run(() => {
      const provider = new gcp.Provider("gcp", { project: "proj-1", region });
      const service = new gcp.projects.Service("api", { service: "compute.googleapis.com" }, { provider });
      new gcp.compute.Network(
        "net",
        { name: "net", autoCreateSubnetworks: false },
        { provider, dependsOn: [service] },
      );
      const id = "projects/proj-1/global/networks/net";
      const existing = {
        networkId: id,
        networkName: "net",
        selfLink: `https://www.googleapis.com/compute/v1/${id}`,
        subnetIds: { node: "n", endpoint: "e" },
        plan: { node: "10.0.0.0/24", endpoint: "10.0.1.0/24", cache: "10.0.2.0/29" },
        ...{ podRangeName: "pods", serviceRangeName: "services", podCidr: "10.64.0.0/16" },
      };
      const blocks = { cidr: "10.10.0.0/16", podCidr: "10.64.0.0/14", serviceCidr: "10.68.0.0/20" };
      const network = new Network(
        "network",
        { prefix, region, ...blocks, existing },
        { providers: [provider] },
      );
      return new Firewall(
        "firewall",
        {
          ...{ prefix, network, inspected: true, allowedDomains: ["api.openai.com"], nodePorts },
          ...{ ingressAllow: ["0.0.0.0/0"], adminAllow: [], requestsPerMinute: 100 },
          ...(nodeServiceAccount !== undefined && { nodeServiceAccount }),
        },
        { providers: [provider] },
      );
    });

  it("binds no machine of an existing network, and admits Google's load balancers to the nodes", async () => {
    const account = "nodes@proj-1.iam.gserviceaccount.com";
    const { resources, result } = await shared(account);
    expect(
      resources.filter(({ type }) => [token.firewallPolicy, token.association].some((t) => t === type)),
    ).to.deep.equal([]);
    const rules = resources.filter(({ type }) => type === token.firewall).map(({ inputs }) => inputs);
    expect(rules).to.have.length(1);
    expect(rules[0]).to.deep.include({
      sourceRanges: ["130.211.0.0/22", "35.191.0.0/16"],
      targetServiceAccounts: [account],
      allows: [{ protocol: "tcp", ports: ["30080"] }],
    });
    expect(result.ready).to.have.length(2);
  });

  it("opens nothing in an existing network when nothing is public", async () => {
    const { resources } = await shared(undefined, []);
    expect(resources.filter(({ type }) => type === token.firewall)).to.deep.equal([]);
  });

  it("is refused in an existing network without the nodes' account", async () => {
    let refusal: unknown;
    await shared().catch((error: unknown) => (refusal = error));
    expect(String(refusal)).to.match(/needs the nodes' service account/);
  });
});

describe("Cloud Armor", () => {
  const args = {
    ingressAllow: ["0.0.0.0/0"],
    adminAllow: ["203.0.113.0/24", "198.51.100.7/32"],
    requestsPerMinute: 3000,
  };
  const rules = (more: Partial<typeof args> = {}) =>
    objects({ rules: cloudArmorRules({ ...args, ...more }) }, "rules");
  const from = { consumer: "192.0.2.9", admin: "203.0.113.9" };
  const get = (path: string, more: Partial<Request> = {}) => ({
    method: "GET",
    path,
    from: from.consumer,
    ...more,
  });

  const cases: [string, Request, string][] = [
    ["a prompt that quotes an exploit", get("/v1/query/chat", { method: "POST", attack: true }), "throttle"],
    ["an exploit in a path", get("/sign-in", { attack: true }), "deny(403)"],
    ["the health path", get("/v1/system/healthz"), "throttle"],
    ["an administrator", get("/v1/admin/routes", { from: from.admin }), "throttle"],
    [
      "an administrator's POST",
      get("/v1/admin/routes/x", { from: from.admin, method: "POST", attack: true }),
      "throttle",
    ],
    ["somebody at the admin API", get("/v1/admin/routes"), "deny(403)"],
    ["somebody at it with capitals", get("/V1/Admin"), "deny(403)"],
    ["somebody at it escaped", get("/v1/%61dmin/routes"), "deny(403)"],
    ["somebody at it by slashes", get("/v1//admin"), "deny(404)"],
    ["somebody at it by dots", get("/v1/x/%2e%2e/admin"), "deny(404)"],
    ["somebody at a reload call", get("/v1/routes/chat/reload", { method: "POST" }), "deny(403)"],
    ["a name that only starts alike", get("/v1/administrators"), "throttle"],
    ["an administrator at the metrics", get("/v1/metrics/usage", { from: from.admin }), "deny(404)"],
  ];
  for (const [what, request, wanted] of cases)
    it(`answers ${what} with ${wanted}`, () => expect(decide(rules(), request)).to.equal(wanted));

  it("blocks no request with a body for what is in it", () => {
    const method = fc.constantFrom("POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    const path = fc.stringMatching(/^\/v1\/query\/[a-z0-9-]{1,20}$/);
    fc.assert(
      fc.property(method, path, (each, where) => {
        const request = get(where, { method: each, attack: true });
        expect(decide(rules(), request)).to.equal(decide(rules(), { ...request, attack: false }));
      }),
    );
  });

  it("reports what it finds in those", () => {
    const reported = rules().filter((rule) => rule.preview === true);
    expect(reported).to.have.length(Object.keys(ruleSets).length);
    const post = get("/v1/query/chat", { method: "POST", attack: true });
    for (const rule of reported) expect(applies(rule, post)).to.equal(true);
  });

  it("limits each address, administrators too", () => {
    const limited = rules().filter((rule) => rule.action === "throttle");
    expect(limited).to.have.length(2);
    for (const rule of limited)
      expect(rule.rateLimitOptions).to.deep.include({
        enforceOnKey: "IP",
        exceedAction: "deny(429)",
        rateLimitThreshold: { count: 3000, intervalSec: 60 },
      });
  });

  it("admits the allowed networks only, to the admin paths too", () => {
    const narrow = rules({ ingressAllow: ["203.0.113.0/25"] });
    expect(decide(narrow, get("/v1/query/chat"))).to.equal("deny(403)");
    expect(decide(narrow, get("/v1/query/chat", { from: from.admin }))).to.equal("throttle");
    expect(decide(narrow, get("/v1/admin", { from: "203.0.113.200" }))).to.equal("deny(403)");
    expect(decide(rules({ adminAllow: [] }), get("/v1/admin", { from: from.admin }))).to.equal("deny(403)");
    expect(intersection(["203.0.113.0/24", "10.0.0.0/8"], ["203.0.113.0/25"])).to.deep.equal([
      "203.0.113.0/25",
    ]);
  });

  it("takes as many networks as are given", async () => {
    const many = (start: string) => Array.from({ length: 25 }, (_, i) => `${start}.${i}.0/24`);
    const wide = { ingressAllow: many("203.0"), adminAllow: many("203.0") };
    const { resources } = await made(wide);
    const stored = objects(resources.find(({ type }) => type === token.securityPolicy)?.inputs, "rules");
    expect(stored).to.have.length(1 + 7 + 1 + 6 + 3 + 1);
    expect(decide(stored, get("/v1/admin", { from: "203.0.24.1" }))).to.equal("throttle");
  });

  it("fits two cells, one of them with a copy, into a project's 20 rules with an expression", () => {
    const ofCell = (readOnly: boolean) =>
      cloudArmorRules({ ...args, readOnly }).filter((rule) => JSON.stringify(rule).includes('"expression"'));
    expect([ofCell(false), ofCell(true)].map((found) => found.length)).to.deep.equal([9, 10]);
  });

  it("parses JSON, and keeps prompts out of the log", async () => {
    const { resources } = await made();
    const policy = resources.find(({ type }) => type === token.securityPolicy);
    expect(policy?.inputs.advancedOptionsConfig).to.deep.equal({
      jsonParsing: "STANDARD",
      logLevel: "NORMAL",
    });
  });
});

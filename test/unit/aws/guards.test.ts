import { expect } from "chai";
import fc from "fast-check";
import { firewallTargets, listCapacity, resolverDomains } from "../../../components/aws/domains.js";
import { endpointIn } from "../../../components/aws/networkFirewall.js";
import { cellPaths } from "../../../components/aws/paths.js";
import { countedRules, withoutZeroPrefix } from "../../../components/aws/webAclRules.js";
import { guardedPaths, pathEnd } from "../../../components/ingress.js";

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const host = fc
  .tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 3 }))
  .map(([wild, labels]) => `${wild ? "*." : ""}${[...labels, "com"].join(".")}`);

describe("egress allow-list", () => {
  it("is written in each service's own form", () => {
    const allowed = ["api.openai.com", "*.Example.com.", "api.example.com"];
    expect(firewallTargets(allowed)).to.deep.equal([".example.com", "api.openai.com"]);
    expect(resolverDomains(allowed, "eu-west-1", false)).to.include.members([
      "*.example.com",
      "api.example.com",
      "api.openai.com",
      "*.eu-west-1.compute.internal",
      "*.dkr.ecr.eu-west-1.amazonaws.com",
    ]);
  });

  it("resolves the Bedrock endpoint only where there is one", () => {
    const name = "bedrock-runtime.us-east-1.amazonaws.com";
    expect(resolverDomains([], "us-east-1", true)).to.include(name);
    expect(resolverDomains([], "us-east-1", false)).to.not.include(name);
  });

  it("lets pass what was allowed, and nothing twice", () => {
    const passes = (targets: string[], name: string) =>
      targets.some((target) => (target.startsWith(".") ? `.${name}`.endsWith(target) : name === target));
    fc.assert(
      fc.property(fc.array(host, { maxLength: 8 }), host, (allowed, probe) => {
        const targets = firewallTargets(allowed);
        for (const name of allowed) expect(passes(targets, name.replace("*", "any"))).to.equal(true);
        const name = probe.replace("*", "any");
        const wanted = allowed.some((one) =>
          one.startsWith("*") ? `.${name}`.endsWith(one.slice(1)) : one === name,
        );
        expect(passes(targets, name)).to.equal(wanted);
        const bare = targets.map((target) => target.replace(/^\./, ""));
        expect(new Set(bare).size).to.equal(bare.length);
      }),
    );
  });

  it("refuses more hosts than the rule group holds", () => {
    const hosts = Array.from({ length: listCapacity / 2 + 1 }, (_, i) => `h${i}.example.com`);
    expect(() => firewallTargets(hosts)).to.throw(/found 1001 hosts, right is at most 1000/);
  });
});

describe("paths of a cell", () => {
  const all = cellPaths({
    ingressAllow: ["198.51.100.0/24", "198.51.100.0/24"],
    nodePorts: [30080],
    podPorts: [8000, 8040],
  });

  it("let only the nodes to the database and the cache, and these to nobody", () => {
    for (const store of ["database", "cache"] as const) {
      expect(all.filter(({ to }) => to === store).map(({ from }) => from)).to.deep.equal(["node"]);
      expect(all.filter(({ from }) => from === store)).to.deep.equal([]);
    }
  });

  it("open 443 and the redirect to each ingress block once, and 443 outwards", () => {
    const edge = all.filter(({ from, to }) => typeof from !== "string" || typeof to !== "string");
    expect(edge.map(({ from, to, port }) => ({ from, to, port }))).to.deep.equal([
      { from: { cidr: "198.51.100.0/24" }, to: "alb", port: 443 },
      { from: { cidr: "198.51.100.0/24" }, to: "alb", port: 80 },
      { from: "node", to: { cidr: "0.0.0.0/0" }, port: 443 },
    ]);
  });
});

describe("web ACL", () => {
  const judged = (path: string) =>
    new RegExp(guardedPaths.internal + pathEnd).test(path)
      ? "nobody"
      : new RegExp(guardedPaths.admin + pathEnd).test(path)
        ? "admins"
        : "all";

  const cases: [string, string][] = [
    ["/v1/query/chat", "all"],
    ["/v1/system/healthz", "all"],
    ["/v1/administrators", "all"],
    ["/sign-in", "all"],
    ["/v1/admin", "admins"],
    ["/v1/admin/routes/chat", "admins"],
    ["/v1/routes/chat/reload", "admins"],
    ["/v1/secrets/keyvault/openai/reload", "admins"],
    ["/v1/processors/dp/templates/pii/reload", "admins"],
    ["/v1/ramparts/scan", "admins"],
    ["/v1/metrics/usage", "nobody"],
    ["/v1/internal/guard/health", "nobody"],
  ];
  for (const [path, who] of cases) it(`lets ${who} to ${path}`, () => expect(judged(path)).to.equal(who));

  it("blocks nothing for its body", () => {
    expect(Object.values(countedRules).flat()).to.include.members([
      "SizeRestrictions_BODY",
      "CrossSiteScripting_BODY",
      "GenericLFI_BODY",
      "GenericRFI_BODY",
      "EC2MetaDataSSRF_BODY",
      "Log4JRCE_BODY",
      "JavaDeserializationRCE_BODY",
      "ReactJSRCE_BODY",
    ]);
  });

  it("writes /0 as an IP set takes it", () => {
    expect(withoutZeroPrefix(["0.0.0.0/0", "192.0.2.0/24"])).to.deep.equal([
      "0.0.0.0/1",
      "128.0.0.0/1",
      "192.0.2.0/24",
    ]);
    expect(withoutZeroPrefix([])).to.deep.equal([]);
  });
});

describe("endpoint of the network firewall", () => {
  const state = (availabilityZone: string, endpointId: string) => ({
    availabilityZone,
    attachments: [{ endpointId, subnetId: "subnet-0" }],
  });
  const statuses = [
    {
      syncStates: [state("us-east-1b", "vpce-b"), state("us-east-1a", "vpce-a")],
      transitGatewayAttachmentSyncStates: [],
    },
  ];

  it("is found by zone, whatever the order", () => {
    expect(endpointIn(statuses, "us-east-1a")).to.equal("vpce-a");
    expect(endpointIn(statuses, "us-east-1b")).to.equal("vpce-b");
  });

  it("is missed by name", () => {
    expect(() => endpointIn(statuses, "us-east-1c")).to.throw(
      /no endpoint in us-east-1c; it has some in us-east-1b/,
    );
  });
});

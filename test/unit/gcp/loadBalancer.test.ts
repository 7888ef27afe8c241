import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { route } from "../../../automation/drill/urlMap.js";
import type { ProofZone } from "../../../components/dns.js";
import { proofRecord } from "../../../components/gcp/dnsZone.js";
import { groupIn, LoadBalancer, type LoadBalancerArgs } from "../../../components/gcp/loadBalancer.js";
import { hiddenPaths, publicBackends } from "../../../components/kubernetes/selection.js";
import { at, number, objects, text, texts } from "../../../local/rules.js";
import { run, type Run } from "../../support/mocks.js";
import { compute, place, prefix, project, zones } from "./ground.js";

const hosts = {
  api: "api.gw.example.com",
  app: "app.gw.example.com",
  origin: "a.gw.example.com",
};
const services = ["core", "admin", "webapp", "flag"] as const;
const type = {
  rule: "gcp:compute/globalForwardingRule:GlobalForwardingRule",
  service: "gcp:compute/backendService:BackendService",
  map: "gcp:compute/uRLMap:URLMap",
  port: "gcp:compute/instanceGroupNamedPort:InstanceGroupNamedPort",
  entry: "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry",
  certificate: "gcp:certificatemanager/certificate:Certificate",
  record: "gcp:dns/recordSet:RecordSet",
};

/** The zone, in the project that has it. */
function zone(): ProofZone {
  const provider = new gcp.Provider("dns", { project: "example-project" });
  return {
    prove: (authority, host, proof) =>
      proofRecord(`dns-${authority.replace("/", "-")}-${host}`, "example-com", proof, { provider }),
    acme: { provider: "gcloud", config: {} },
  };
}

const entrance = (more: Partial<LoadBalancerArgs> = {}, preview = false) =>
  run(
    () => {
      const opts = place();
      const { cluster } = compute({}, opts);
      const parent = new pulumi.ComponentResource("test:Ground", "edge", {}, opts);
      const apis = ["compute", "certificatemanager"].map(
        (api) => new gcp.projects.Service(`edge-${api}`, { service: `${api}.googleapis.com` }, { parent }),
      );
      const guard = new gcp.compute.SecurityPolicy("guard", { name: "guard" }, { parent, dependsOn: apis });
      return new LoadBalancer(
        "lb",
        {
          prefix,
          project,
          securityPolicy: guard.selfLink,
          zone: zone(),
          hosts,
          backends: publicBackends(services),
          hiddenPaths: hiddenPaths(services),
          zones,
          instanceGroupUrls: cluster.instanceGroupUrls,
          protect: false,
          apis,
          ...more,
        },
        opts,
      );
    },
    { preview },
  );

const of = ({ resources }: Run<unknown>, wanted: string) => resources.filter((each) => each.type === wanted);

describe("GCP load balancer", () => {
  let made: Run<LoadBalancer>;
  before(async () => {
    made = await entrance();
  });

  it("answers on one address, on 443, and on 80 with a redirect only", () => {
    const rules = of(made, type.rule).map(({ state }) => state);
    expect(rules.map((state) => state["portRange"])).to.have.members(["443-443", "80-80"]);
    expect(new Set(rules.map((state) => state["ipAddress"])).size).to.equal(1);
    const plain = of(made, "gcp:compute/targetHttpProxy:TargetHttpProxy")[0];
    const map = made.world.find(type.map, text(plain?.inputs, "urlMap") ?? "");
    expect(map?.inputs["defaultUrlRedirect"]).to.deep.include({ httpsRedirect: true, stripQuery: false });
    expect(at(map?.inputs, "pathMatchers[]")).to.deep.equal([]);
  });

  it("speaks TLS 1.2 or newer", () => {
    const [policy] = of(made, "gcp:compute/sSLPolicy:SSLPolicy");
    expect(policy?.inputs).to.include({ profile: "MODERN", minTlsVersion: "TLS_1_2" });
    expect(of(made, "gcp:compute/targetHttpsProxy:TargetHttpsProxy")[0]?.inputs["sslPolicy"]).to.equal(
      policy?.id,
    );
  });

  it("has a certificate of its names that is issued, and gives it to these and to who names none", () => {
    const names = Object.values(hosts);
    const [certificate] = of(made, type.certificate);
    expect(text(certificate?.state, "managed.state"), "the records came first").to.equal("ACTIVE");
    expect(certificate?.state["sanDnsnames"]).to.have.members(names);
    expect(of(made, type.entry).map(({ inputs }) => inputs["hostname"] ?? inputs["matcher"])).to.have.members(
      // Health checks that send no server name would get no connection, and every cell would count as down.
      [...names, "PRIMARY"],
    );
    expect(of(made, type.record)).to.have.length(names.length);
  });

  it("guards and logs every backend, and bounds no stream below an hour", () => {
    const backends = of(made, type.service).map(({ inputs }) => inputs);
    expect(backends).to.have.length(4);
    for (const inputs of backends) {
      expect(text(inputs, "securityPolicy")).to.match(/securityPolicies\/guard$/);
      expect(inputs["logConfig"]).to.deep.equal({ enable: true, sampleRate: 1 });
      if (inputs["backends"] === undefined) continue;
      expect(number(inputs, "timeoutSec")).to.be.at.least(3600);
      expect(inputs["connectionDrainingTimeoutSec"]).to.equal(3600);
      expect(texts(inputs, "customResponseHeaders").join()).to.include("Strict-Transport-Security");
    }
  });

  it("sends a service to its port on the nodes of every zone", () => {
    const ports = of(made, type.port).map(({ inputs }) => inputs);
    for (const { name, port } of publicBackends(services)) {
      const [service] = of(made, type.service).filter(({ name: logical }) => logical === `lb-${name}`);
      const mine = ports.filter((inputs) => inputs["name"] === service?.inputs["portName"]);
      expect(mine.map((inputs) => [inputs["zone"], inputs["port"]])).to.have.deep.members(
        zones.map((where) => [where, port]),
      );
      expect(
        mine.every((inputs) => text(inputs, "group")?.includes(`/zones/${String(inputs["zone"])}/`)),
      ).to.equal(true);
      expect(objects(service?.inputs, "backends").map((each) => each["group"])).to.have.members(
        mine.map((inputs) => inputs["group"]),
      );
    }
  });

  const cases: [host: string, path: string, to: string][] = [
    [hosts.api, "/v1/query/chat", "core"],
    [hosts.origin, "/v1/query/chat", "core"],
    [hosts.api, "/v1/admin/routes", "admin"],
    [hosts.api, "/v1/administrators", "core"],
    [hosts.app, "/sign-in", "webapp"],
    [hosts.app, "/", "webapp"],
    [hosts.api, "/", "404"],
    [hosts.api, "/v1", "404"],
    [hosts.api, "/v1/metrics", "404"],
    [hosts.origin, "/v1/metrics/usage", "404"],
    [hosts.app, "/v1/metrics/usage", "404"],
    ["gw.example.net", "/v1/query/chat", "404"],
    ["34.1.2.3", "/", "404"],
  ];
  for (const [host, path, to] of cases)
    it(`answers ${host}${path} from ${to}`, () => {
      const map = of(made, type.map).find(({ name }) => name === "lb-routes");
      const reached = route(map?.inputs ?? {}, host, path);
      const service = made.world.find(type.service, text(reached, "service") ?? "");
      const abort = text(reached, "action.faultInjectionPolicy.abort.httpStatus");
      expect(abort ?? text(service?.state, "name")).to.equal(to === "404" ? "404" : `${prefix}-${to}`);
      if (abort) expect(service?.inputs["backends"], "nothing is behind it").to.equal(undefined);
    });

  it("keeps its address where it is protected", async () => {
    const policy = async (protect: boolean) =>
      of(await entrance({ protect }), "gcp:compute/globalAddress:GlobalAddress")[0]?.inputs["deletionPolicy"];
    expect([await policy(true), await policy(false)]).to.deep.equal(["PREVENT", "DELETE"]);
  });

  it("can be previewed while nothing is known", async () => {
    const { resources } = await entrance({}, true);
    expect(resources.filter((each) => each.type === type.rule)).to.have.length(2);
  });

  const refusals: [string, Partial<LoadBalancerArgs>, RegExp][] = [
    [
      "a backend without a host name",
      { backends: [{ name: "eval", port: 30040, healthPath: "/", host: "eval", paths: [], priority: 500 }] },
      /backend eval: no host name for "eval"/,
    ],
    [
      "a path with a star inside",
      { hiddenPaths: ["/v1/*/metrics"] },
      /path pattern: found "\/v1\/\*\/metrics"/,
    ],
    ["a star that ends no folder", { hiddenPaths: ["/v1/metrics*"] }, /path pattern/],
  ];
  for (const [what, more, wording] of refusals)
    it(`refuses ${what}`, async () => {
      const outcome = await entrance(more).then(
        () => "accepted",
        (error: unknown) => String(error),
      );
      expect(outcome).to.match(wording);
    });

  it("finds a zone's instance group whatever the order", () => {
    const urls = ["c", "b"].map(
      (letter) => `https://example/projects/p/zones/europe-west1-${letter}/instanceGroups/g`,
    );
    expect(groupIn(urls, "europe-west1-b")).to.equal(urls[1]);
    expect(() => groupIn(urls, "europe-west1-d")).to.throw(
      /no instance group in europe-west1-d; there are https/,
    );
  });
});

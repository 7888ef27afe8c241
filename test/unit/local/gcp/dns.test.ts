import { expect } from "chai";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { objects, text } from "../../../../local/rules.js";
import { FakeWorld } from "../../../support/fakeWorld.js";
import { edge, GcpEdge } from "../../../support/gcpEdge.js";
import { refuses } from "../../../support/refusals.js";

const fresh = () => new GcpEdge();
const zone = (g: GcpEdge, more: Props) =>
  g.make("zone", { name: "inner", dnsName: "inner.example.", ...more });
const asked = (authorization: WorldObject): Props =>
  objects(authorization.state, "dnsResourceRecords")[0] ?? {};

const record: Props = {
  managedZone: "example-com",
  name: "api.example.com.",
  type: "A",
  rrdatas: ["34.1.2.3"],
};
const failover = (externalEndpoints: string[]): Props => ({
  primaryBackup: {
    primary: { externalEndpoints },
    backupGeos: [{ location: "us-east1", healthCheckedTargets: { externalEndpoints: ["34.1.2.4"] } }],
  },
});

describe("local GCP: Cloud DNS", () => {
  it("has the delegated zone from the start, which is no part of a program's world", () => {
    const { cloud } = fresh();
    const [found = {}] = objects(cloud.invoke("gcp:dns/getManagedZones:getManagedZones"), "managedZones");
    expect(found).to.include({ dnsName: "example.com.", visibility: "public", project: "example-project" });
    expect(found["nameServers"]).to.have.length(4);
    expect(new FakeWorld().world.size).to.equal(0);
  });

  it("takes over a record set that exists", () => {
    const g = fresh();
    g.record();
    expect(g.record({ rrdatas: ["34.9.9.9"] }).state["rrdatas"]).to.deep.equal(["34.9.9.9"]);
    expect(g.cloud.world.list(edge.record)).to.have.length(1);
  });

  it("has its API from the start, and for as long as nobody asks to have it off", () => {
    expect(new FakeWorld("europe-west1", "example-project").make(edge.record, record).id).to.equal(
      "projects/example-project/managedZones/example-com/rrsets/api.example.com./A",
    );
    const g = fresh();
    const service = "dns.googleapis.com";
    g.cloud.delete(g.make("service", { service }));
    g.record();
    g.cloud.delete(g.make("service", { service, disableOnDestroy: true }));
    expect(() => g.record()).to.throw(/^SERVICE_DISABLED/);
  });

  const privately = { visibility: "private", privateVisibilityConfig: { networks: [{ networkUrl: "n" }] } };
  refuses<GcpEdge>(fresh, [
    [
      "a zone that isn't there",
      /managedZones\/none' does not exist/,
      (g) => g.record({ managedZone: "none" }),
    ],
    ["a name without its dot", /dot at its end/, (g) => g.record({ name: "api.example.com" })],
    ["a name of another zone", /is not in example.com/, (g) => g.record({ name: "api.example.net." })],
    ["a name that only ends alike", /is not in example.com/, (g) => g.record({ name: "badexample.com." })],
    [
      "a CNAME at the apex",
      /apex cannot have a CNAME/,
      (g) => g.record({ name: "example.com.", type: "CNAME", rrdatas: ["a.example.net."] }),
    ],
    [
      "a CNAME beside another record",
      /but not both/,
      (g) => (g.record(), g.record({ type: "CNAME", rrdatas: ["a.example.net."] })),
    ],
    [
      "a CNAME without a dot",
      /Invalid value/,
      (g) => g.record({ type: "CNAME", rrdatas: ["a.example.net"] }),
    ],
    [
      "two CNAMEs",
      /one value only/,
      (g) => g.record({ type: "CNAME", rrdatas: ["a.example.net.", "b.example.net."] }),
    ],
    ["an address that is none", /Invalid value/, (g) => g.record({ rrdatas: ["lb.example.net."] })],
    ["an IPv4 address for IPv6", /Invalid value/, (g) => g.record({ type: "AAAA" })],
    [
      "a text with half a quotation mark",
      /Invalid value/,
      (g) => g.record({ type: "TXT", rrdatas: ['"a b'] }),
    ],
    [
      "a text of 256 characters in one piece",
      /Invalid value/,
      (g) => g.record({ type: "TXT", rrdatas: [`"${"a".repeat(256)}"`] }),
    ],
    ["a record of nothing", /one of `rrdatas,routingPolicy`/, (g) => g.record({ rrdatas: undefined })],
    ["a type that is none", /expected type to be one of/, (g) => g.record({ type: "ANAME" })],
    ["a zone without a dot", /dot at its end/, (g) => zone(g, { dnsName: "inner.example" })],
    ["a private zone of no network", /not found/, (g) => zone(g, privately)],
    ["networks of a public zone", /for private zones only/, (g) => zone(g, { privateVisibilityConfig: {} })],
    [
      "external endpoints that nobody checks",
      /health check must be specified/,
      (g) => g.record({ rrdatas: undefined, routingPolicy: failover(["34.1.2.3"]) }),
    ],
    [
      "external endpoints by name",
      /are addresses/,
      (g) => g.record({ rrdatas: undefined, routingPolicy: failover(["lb.example.net"]) }),
    ],
    [
      "two routing policies",
      /is one of/,
      (g) => g.record({ rrdatas: undefined, routingPolicy: { ...failover([]), wrrs: [] } }),
    ],
    [
      "checks from two places",
      /Exactly 3 distinct regions/,
      (g) => g.check({ checkIntervalSec: 30, sourceRegions: ["us-east1", "us-west1"] }),
    ],
    [
      "checks from three places every ten seconds",
      /at least 30/,
      (g) => g.check({ checkIntervalSec: 10, sourceRegions: ["us-east1", "us-west1", "europe-west1"] }),
    ],
    [
      "to delete a zone with records",
      /containerNotEmpty/,
      (g) => {
        const made = zone(g, {});
        g.record({ managedZone: "inner", name: "a.inner.example." });
        g.cloud.delete(made);
      },
    ],
    [
      "a second private zone of the same name in a network",
      /already bound/,
      (g) => {
        const network = g.cloud.make("gcp:compute/network:Network", { name: "n" }).id;
        const visible = {
          visibility: "private",
          privateVisibilityConfig: { networks: [{ networkUrl: network }] },
        };
        zone(g, visible);
        zone(g, { ...visible, name: "again" });
      },
    ],
  ]);
});

describe("local GCP: certificates", () => {
  it("asks for the same record in a project, and for another in the next", () => {
    const g = fresh();
    const first = asked(g.authorization());
    expect(text(first, "name")).to.match(/^_acme-challenge_[0-9a-f]{16}\.api\.example\.com\.$/);
    expect(text(first, "data")).to.match(/\.authorize\.certificatemanager\.goog\.$/);
    expect(asked(g.authorization({ name: "again" }))).to.deep.equal(first);
    g.make("service", { service: "certificatemanager.googleapis.com", project: "other" });
    expect(asked(g.authorization({ project: "other" }))["name"]).to.not.equal(first["name"]);
    expect(asked(g.authorization({ name: "fixed", type: "FIXED_RECORD" }))["name"]).to.equal(
      "_acme-challenge.api.example.com.",
    );
  });

  const state = (certificate: WorldObject) => text(certificate.state, "managed.state");
  it("issues when the record is in the zone, whichever cloud has it, and not before", () => {
    expect(state(fresh().certificate())).to.equal("PROVISIONING");

    const here = fresh();
    const authorization = here.authorization();
    const record = asked(authorization);
    here.record({ name: record["name"], type: "CNAME", rrdatas: [record["data"]] });
    expect(state(here.certificate({}, authorization))).to.equal("ACTIVE");

    const elsewhere = fresh();
    const zoneId = elsewhere.cloud.world.list("aws:route53/zone:Zone")[0]?.id;
    elsewhere.cloud.make("aws:route53/record:Record", {
      zoneId,
      name: record["name"],
      type: "CNAME",
      records: [record["data"]],
      ttl: 300,
    });
    expect(state(elsewhere.certificate())).to.equal("ACTIVE");
  });

  it("is not issued where a CAA record allows others only", () => {
    const g = fresh();
    const authorization = g.authorization();
    const record = asked(authorization);
    g.record({ name: record["name"], type: "CNAME", rrdatas: [record["data"]] });
    const allow = (...names: string[]) =>
      g.record({ name: "example.com.", type: "CAA", rrdatas: names.map((name) => `0 issue "${name}"`) });
    allow("amazon.com");
    const refused = g.certificate({}, authorization);
    expect(state(refused)).to.equal("PROVISIONING");
    g.cloud.delete(refused);
    allow("amazon.com", "pki.goog");
    expect(state(g.certificate({}, authorization))).to.equal("ACTIVE");
  });

  it("is not proved by a private zone, nor by another value", () => {
    const g = fresh();
    const network = g.cloud.make("gcp:compute/network:Network", { name: "n" }).id;
    const visible = {
      visibility: "private",
      privateVisibilityConfig: { networks: [{ networkUrl: network }] },
    };
    zone(g, { ...visible, dnsName: "example.com." });
    const authorization = g.authorization();
    const record = asked(authorization);
    g.record({ managedZone: "inner", name: record["name"], type: "CNAME", rrdatas: [record["data"]] });
    g.record({ name: record["name"], type: "CNAME", rrdatas: ["other.example.net."] });
    expect(state(g.certificate({}, authorization))).to.equal("PROVISIONING");
  });

  const entry = (g: GcpEdge, more: Props = {}) =>
    g.make("entry", {
      name: "api",
      map: g.make("certificateMap", { name: "cell" }).state["name"],
      hostname: "api.example.com",
      certificates: [g.certificate().id],
      ...more,
    });
  refuses<GcpEdge>(fresh, [
    [
      "an authorization of a wildcard",
      /covers its wildcard too/,
      (g) => g.authorization({ domain: "*.example.com" }),
    ],
    [
      "a domain that no authorization covers",
      /has no DNS authorization/,
      (g) => g.certificate({ domains: ["app.example.com"] }),
    ],
    [
      "a wildcard without an authorization",
      /has no DNS authorization/,
      (g) => g.make("certificate", { name: "c", managed: { domains: ["*.example.com"] } }),
    ],
    [
      "an authorization that isn't there",
      /not found/,
      (g) => g.certificate({ dnsAuthorizations: ["projects/p/locations/global/dnsAuthorizations/x"] }),
    ],
    ["a name of 64 characters", /must match/, (g) => g.authorization({ name: "a".repeat(64) })],
    ["a certificate of nothing", /one of `managed,selfManaged`/, (g) => g.make("certificate", { name: "c" })],
    [
      "a certificate of 101 names",
      /at most 100 names, found 101/,
      (g) => g.certificate({ domains: Array.from({ length: 101 }, (_, i) => `h${i}.example.com`) }),
    ],
    [
      "the same domain twice",
      /must be distinct/,
      (g) => g.certificate({ domains: ["api.example.com", "API.example.com"] }),
    ],
    ["an entry of a map that isn't there", /'none' was not found/, (g) => entry(g, { map: "none" })],
    ["an entry for a name and for every name", /only one of/, (g) => entry(g, { matcher: "PRIMARY" })],
    ["an entry without a certificate", /1 to 4 certificates/, (g) => entry(g, { certificates: [] })],
    [
      "two entries for a name",
      /has an entry for this name already/,
      (g) => {
        const { inputs } = entry(g);
        g.make("entry", { ...inputs, name: "again" });
      },
    ],
    [
      "to delete a certificate in use",
      /that is referenced by/,
      (g) => (entry(g), g.cloud.delete(g.cloud.world.list(edge.certificate)[0]!)),
    ],
    [
      "to delete an authorization in use",
      /that is referenced by/,
      (g) => (g.certificate(), g.cloud.delete(g.cloud.world.list(edge.authorization)[0]!)),
    ],
    [
      "to delete a map with entries",
      /that is referenced by/,
      (g) => (entry(g), g.cloud.delete(g.cloud.world.list(edge.certificateMap)[0]!)),
    ],
  ]);
});

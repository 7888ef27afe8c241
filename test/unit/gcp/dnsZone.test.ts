import * as gcp from "@pulumi/gcp";
import { expect } from "chai";
import { DnsZone, managedZone, proofRecord } from "../../../components/gcp/dnsZone.js";
import { run } from "../../support/mocks.js";

const project = "example-project";
const provider = (id = project) => new gcp.Provider("dns", { project: id });

describe("GCP DNS zone", () => {
  it("is found by its DNS name", async () => {
    const { result } = await run(() => managedZone("example.com", { provider: provider() }));
    expect(result).to.equal("example-com");
  });

  for (const [zone, where] of [
    ["example.net", project],
    ["example.com", "another-project"],
  ] as const)
    it(`is refused if ${where} has no ${zone}`, async () => {
      const outcome = await run(() => managedZone(zone, { provider: provider(where) })).catch(String);
      expect(outcome).to.match(new RegExp(`found 0 public managed zones of "${zone}." in project ${where}`));
    });

  it("points names at addresses, at other clouds' names, and at each other", async () => {
    const { resources } = await run(() => {
      const opts = { providers: [provider()] };
      const records = [
        { host: "a.gw.example.com", target: { address: "34.1.2.3" } },
        { host: "b.gw.example.com", target: { dnsName: "lb.elb.amazonaws.com", aliasZoneId: "Z1" } },
        { host: "api.gw.example.com", target: { host: "a.gw.example.com" } },
      ];
      new DnsZone("dns", { managedZone: "example-com", records, ttl: 30 }, opts);
    });
    const records = resources.filter(({ type }) => type === "gcp:dns/recordSet:RecordSet");
    expect(
      records.map(({ inputs }) => [inputs["name"], inputs["type"], inputs["ttl"], inputs["rrdatas"]]),
    ).to.deep.equal([
      ["a.gw.example.com.", "A", 30, ["34.1.2.3"]],
      ["b.gw.example.com.", "CNAME", 30, ["lb.elb.amazonaws.com."]],
      ["api.gw.example.com.", "CNAME", 30, ["a.gw.example.com."]],
    ]);
  });

  it("takes a proof of any authority, with or without dots and quotation marks", async () => {
    const { resources } = await run(() => {
      const opts = { provider: provider() };
      proofRecord(
        "acm",
        "example-com",
        { name: "_1.example.com", type: "CNAME", value: "_2.acm.aws." },
        opts,
      );
      proofRecord("acme", "example-com", { name: "_acme.example.com.", type: "TXT", value: "a b" }, opts);
    });
    const [acm, acme] = resources.slice(-2).map(({ inputs }) => inputs);
    expect(acm).to.deep.include({ name: "_1.example.com.", rrdatas: ["_2.acm.aws."] });
    expect(acme).to.deep.include({ name: "_acme.example.com.", rrdatas: ['"a b"'] });
  });
});

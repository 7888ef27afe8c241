import { Provider } from "@pulumi/azure-native/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { DnsZone, proofRecord, publicZone, relativeName } from "../../../components/azure/dnsZone.js";
import type { DnsRecord } from "../../../components/dns.js";
import { run } from "../../support/mocks.js";

const where = { zone: "example.com", resourceGroupName: "dns" };
const provider = () => new Provider("dns", {});
const records = (wanted: DnsRecord[]) =>
  run(() => void new DnsZone("dns", { ...where, records: wanted, ttl: 30 }, { providers: [provider()] }));

describe("Azure DNS zone", () => {
  it("is found where it lies, and nowhere else", async () => {
    const { result } = await run(() => publicZone(where, { provider: provider() }));
    expect(result).to.deep.equal(where);
    const missing = { ...where, zone: "example.org" };
    const outcome = await run(() => publicZone(missing, { provider: provider() })).catch(() => "refused");
    expect(outcome).to.equal("refused");
  });

  it("points at addresses by A, and at names by CNAME", async () => {
    const { resources } = await records([
      { host: "api.gw.example.com", target: { address: pulumi.output("20.1.2.3") } },
      { host: "west.gw.example.com", target: { dnsName: "lb.example.net" } },
      { host: "app.gw.example.com", target: { host: "west.gw.example.com" } },
      { host: "example.com", target: { address: "20.1.2.3" } },
    ]);
    const made = resources
      .filter(({ type }) => type === "azure-native:dns:RecordSet")
      .map(({ inputs: { relativeRecordSetName, recordType, ttl, aRecords, cnameRecord } }) => [
        relativeRecordSetName,
        recordType,
        ttl,
        aRecords ?? cnameRecord,
      ]);
    expect(made).to.have.deep.members([
      ["api.gw", "A", 30, [{ ipv4Address: "20.1.2.3" }]],
      ["west.gw", "CNAME", 30, { cname: "lb.example.net" }],
      ["app.gw", "CNAME", 30, { cname: "west.gw.example.com" }],
      ["@", "A", 30, [{ ipv4Address: "20.1.2.3" }]],
    ]);
  });

  it("refuses a name for the zone's own", async () => {
    let refusal: unknown;
    await records([{ host: "example.com", target: { dnsName: "lb.example.net" } }]).catch(
      (error: unknown) => (refusal = error),
    );
    expect(String(refusal)).to.match(/the zone's own name/);
  });

  it("proves a name by the record that is asked for", async () => {
    const { resources } = await run(() => {
      const opts = { provider: provider() };
      proofRecord(
        "one",
        where,
        { name: "_a.api.example.com.", type: "CNAME", value: "x.acm-validations.aws." },
        opts,
      );
      proofRecord("two", where, { name: pulumi.output("_b.example.com"), type: "TXT", value: "y" }, opts);
    });
    const made = resources
      .filter(({ type }) => type === "azure-native:dns:RecordSet")
      .map(({ inputs }) => inputs);
    expect(made).to.have.length(2);
    expect(made[0]).to.deep.include({
      relativeRecordSetName: "_a.api",
      cnameRecord: { cname: "x.acm-validations.aws." },
    });
    expect(made[1]).to.deep.include({ relativeRecordSetName: "_b", txtRecords: [{ value: ["y"] }] });
  });

  it("knows what lies in it", () => {
    expect(relativeName("API.Example.com.", "example.com")).to.equal("api");
    expect(() => relativeName("api.badexample.com", "example.com")).to.throw(/not in the zone/);
  });
});

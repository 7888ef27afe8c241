import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { DnsFailover } from "../../../components/aws/dnsFailover.js";
import { hostedZoneId } from "../../../components/aws/dnsZone.js";
import type { Failover } from "../../../components/dns.js";
import { addressOf, cellsOf, common, disruptions, orders } from "../../support/failover.js";
import type { Recorded } from "../../support/mocks.js";
import { run } from "../../support/mocks.js";

const failover = (names: string[], more: Partial<Failover> = {}) =>
  run(async () => {
    const provider = new aws.Provider("dns", { region: "us-east-1" });
    const zoneId = await hostedZoneId("example.com", { provider });
    return new DnsFailover(
      "failover",
      { ...common, zoneId, cells: cellsOf(names), ...more },
      { providers: [provider] },
    );
  });

const ofType = (resources: readonly Recorded[], end: string) =>
  resources.filter(({ type }) => type.endsWith(end));

/** The cells in the order that Route 53 would answer with them, one being down after the other. */
function chain(resources: readonly Recorded[]): string[] {
  const records = ofType(resources, ":Record").map(({ inputs }) => inputs);
  const checked = new Map(
    ofType(resources, ":HealthCheck").map(({ id, inputs }) => [id, String(inputs["fqdn"]).split(".")[0]]),
  );
  const follow = (host: string): string[] =>
    ["PRIMARY", "SECONDARY"].flatMap((role) => {
      const found = records.filter(
        ({ name, failoverRoutingPolicies }) =>
          name === host && (failoverRoutingPolicies as { type: string }[])[0]?.type === role,
      );
      expect(found, `${host} ${role}`).to.have.length(1);
      const { aliases, healthCheckId, records: addresses, ttl } = found[0]!;
      if (aliases) {
        const [alias] = aliases as { name: string; evaluateTargetHealth: boolean }[];
        // Or nobody would ask whether what is behind it is healthy.
        expect(alias).to.include({ evaluateTargetHealth: true });
        return follow(alias!.name);
      }
      const cell = checked.get(String(healthCheckId))!;
      expect(addresses).to.deep.equal([addressOf(cell)]);
      expect(ttl).to.equal(30);
      return [cell];
    });
  return follow("active.gw.example.com");
}

describe("AWS DNS failover", () => {
  it("checks each cell by its own name over TLS, and raises an alarm for it", async () => {
    const { resources } = await failover(["a", "b"]);
    const checks = ofType(resources, ":HealthCheck");
    expect(checks.map(({ inputs }) => inputs["fqdn"])).to.deep.equal([
      "a.gw.example.com",
      "b.gw.example.com",
    ]);
    for (const { inputs } of checks)
      expect(inputs).to.deep.include({
        type: "HTTPS",
        port: 443,
        enableSni: true,
        requestInterval: 10,
        failureThreshold: 3,
        resourcePath: "/healthz",
      });
    const alarms = ofType(resources, ":MetricAlarm").map(({ inputs }) => inputs);
    for (const alarm of alarms)
      expect(alarm).to.include({
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        treatMissingData: "breaching",
      });
    const watched = alarms.map(({ dimensions }) => dimensions);
    expect(watched).to.deep.equal(checks.map(({ id }) => ({ HealthCheckId: id })));
  });

  for (const [before, after] of orders)
    it(`changes ${before.join(", ")} to ${after.join(", ")} in place`, async () => {
      const [old, now] = [await failover(before), await failover(after)];
      expect(disruptions(old.resources, now.resources)).to.deep.equal([]);
      expect(old.result.ready).to.have.length(1);
      expect(chain(old.resources)).to.deep.equal(before);
      expect(chain(now.resources)).to.deep.equal(after);
    });

  it("weighs cells alike when all serve, each with a check of its own", async () => {
    const { resources, result } = await failover(["a", "b", "c"], { mode: "active-active" });
    const records = ofType(resources, ":Record").map(({ inputs }) => inputs);
    expect(new Set(records.map(({ name }) => name))).to.deep.equal(new Set(["shared.gw.example.com"]));
    expect(records.map(({ setIdentifier }) => setIdentifier)).to.deep.equal(["a", "b", "c"]);
    for (const { weightedRoutingPolicies } of records)
      expect(weightedRoutingPolicies).to.deep.equal([{ weight: 100 }]);
    expect(result.ready).to.have.length(3);
    expect(new Set(records.map(({ healthCheckId }) => healthCheckId))).to.have.property("size", 3);
    expect(result.target).to.deep.equal({ host: "shared.gw.example.com" });
  });
});

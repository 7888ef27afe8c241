import * as gcp from "@pulumi/gcp";
import { expect } from "chai";
import type { Failover } from "../../../components/dns.js";
import { DnsFailover } from "../../../components/gcp/dnsFailover.js";
import { addressOf, cellsOf, common, disruptions, orders } from "../../support/failover.js";
import type { Recorded } from "../../support/mocks.js";
import { run } from "../../support/mocks.js";

const project = "example-project";
const failover = (names: string[], more: Partial<Failover> = {}) =>
  run(
    () =>
      new DnsFailover(
        "failover",
        { ...common, interval: 30, managedZone: "example-com", project, cells: cellsOf(names), ...more },
        { providers: [new gcp.Provider("dns", { project })] },
      ),
  );

function theOne(resources: readonly Recorded[], end: string): Recorded {
  const found = resources.filter(({ type }) => type.endsWith(end));
  expect(found).to.have.length(1);
  return found[0]!;
}

const targets = (...names: string[]) => ({ externalEndpoints: names.map(addressOf) });

describe("GCP DNS failover", () => {
  it("checks from three places, over TLS, by the name that all cells answer to", async () => {
    const { inputs } = theOne((await failover(["a", "b"])).resources, ":HealthCheck");
    expect(inputs).to.deep.include({ checkIntervalSec: 30, timeoutSec: 5, unhealthyThreshold: 3 });
    expect(inputs).to.deep.include({ healthyThreshold: 2, logConfig: { enable: true } });
    expect(new Set(inputs["sourceRegions"] as string[])).to.have.property("size", 3);
    expect(inputs["httpsHealthCheck"]).to.deep.equal({
      port: 443,
      portSpecification: "USE_FIXED_PORT",
      host: "api.gw.example.com",
      requestPath: "/healthz",
    });
  });

  it("answers with the first cell, and with one address for each place when it is down", async () => {
    const { resources, result } = await failover(["a", "b", "c", "d"]);
    const { inputs } = theOne(resources, ":RecordSet");
    expect(inputs).to.deep.include({ name: "active.gw.example.com.", type: "A", ttl: 30 });
    const { primaryBackup, healthCheck } = inputs["routingPolicy"] as {
      primaryBackup: { backupGeos: { location: string; healthCheckedTargets: unknown }[] };
      healthCheck: string;
    };
    expect(healthCheck).to.equal(theOne(resources, ":HealthCheck").id);
    expect(primaryBackup).to.deep.include({ primary: targets("a"), trickleRatio: 0 });
    const { backupGeos } = primaryBackup;
    expect(backupGeos.map((each) => each.healthCheckedTargets)).to.deep.equal(
      ["b", "c", "d"].map((name) => targets(name)),
    );
    expect(new Set(backupGeos.map(({ location }) => location))).to.have.property("size", 3);
    expect(result.target).to.deep.equal({ host: "active.gw.example.com" });
  });

  it("watches each cell from outside by its own name, and raises an alert once two places agree", async () => {
    const { resources } = await failover(["a", "b"]);
    const of = (end: string) => resources.filter(({ type }) => type.endsWith(end));
    const [checks, alerts] = [of(":UptimeCheckConfig"), of(":AlertPolicy")];
    expect(checks.map(({ name }) => name)).to.deep.equal(["failover-uptime-a", "failover-uptime-b"]);
    expect(alerts.map(({ name }) => name)).to.deep.equal(["failover-alert-a", "failover-alert-b"]);
    for (const [i, cell] of ["a", "b"].entries()) {
      const { inputs, state } = checks[i]!;
      expect(inputs["monitoredResource"]).to.deep.equal({
        type: "uptime_url",
        labels: { project_id: project, host: `${cell}.gw.example.com` },
      });
      expect(inputs["httpCheck"]).to.deep.equal({
        path: "/healthz",
        port: 443,
        useSsl: true,
        validateSsl: true,
        acceptedResponseStatusCodes: [{ statusValue: 200 }],
      });
      const alert = alerts[i]!.inputs;
      expect(alert["displayName"]).to.equal(`javelin-test-${cell}-down`);
      const [{ conditionThreshold }] = alert["conditions"] as [{ conditionThreshold: object }];
      expect(conditionThreshold).to.include({ comparison: "COMPARISON_GT", thresholdValue: 1 });
      expect(conditionThreshold)
        .to.have.property("filter")
        .that.includes(`check_id="${String(state["uptimeCheckId"])}"`);
    }
  });

  it("weighs cells alike when all serve", async () => {
    const { resources, result } = await failover(["a", "b"], { mode: "active-active" });
    expect(theOne(resources, ":RecordSet").inputs["routingPolicy"]).to.deep.include({
      wrrs: ["a", "b"].map((name) => ({ weight: 1, healthCheckedTargets: targets(name) })),
    });
    expect(result.target).to.deep.equal({ host: "shared.gw.example.com" });
  });

  for (const [before, after] of orders)
    it(`changes ${before.join(", ")} to ${after.join(", ")} in place`, async () => {
      const [old, now] = [await failover(before), await failover(after)];
      expect(disruptions(old.resources, now.resources)).to.deep.equal([]);
      const { primaryBackup } = theOne(now.resources, ":RecordSet").inputs["routingPolicy"] as {
        primaryBackup: object;
      };
      expect(primaryBackup).to.deep.include({ primary: targets(after[0]!) });
    });

  it("refuses a cell without a fixed address, and says what gives it one", async () => {
    const cells = cellsOf(["a", "b"], (name) => ({
      dnsName: `${name}.elb.amazonaws.com`,
      aliasZoneId: "Z1",
    }));
    expect(await failover([], { cells }).catch(String)).to.match(
      /cell a has no fixed address.*dns\.accelerator/,
    );
  });

  it("refuses more cells than it has places for", async () => {
    const names = Array.from({ length: 19 }, (_, i) => String.fromCharCode(97 + i));
    expect(await failover(names).catch(String)).to.match(/19 cells, right is at most 18/);
  });
});

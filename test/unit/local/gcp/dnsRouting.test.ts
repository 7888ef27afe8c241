import { expect } from "chai";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { GcpEdge } from "../../../support/gcpEdge.js";
import { refuses } from "../../../support/refusals.js";

const regions = ["us-central1", "europe-west1", "asia-northeast1"];
const to = (...externalEndpoints: unknown[]): Props => ({ externalEndpoints });

/** The project, and a health check for what is in the internet. */
class Ground extends GcpEdge {
  readonly external = this.healthCheck();

  healthCheck(more: Props = {}): WorldObject {
    return this.cloud.make("gcp:compute/healthCheck:HealthCheck", {
      name: `check-${this.cloud.world.size}`,
      checkIntervalSec: 30,
      sourceRegions: regions,
      httpsHealthCheck: { port: 443 },
      ...more,
    });
  }

  routed(policy: Props, more: Props = {}): WorldObject {
    return this.record({
      rrdatas: undefined,
      routingPolicy: { healthCheck: this.external.id, ...policy },
      ...more,
    });
  }

  backed(primary: Props, backups: [location: string, targets: Props][], more: Props = {}): WorldObject {
    const backupGeos = backups.map(([location, healthCheckedTargets]) => ({
      location,
      healthCheckedTargets,
    }));
    return this.routed({ primaryBackup: { primary, backupGeos, ...more } });
  }
}

const wrrs = (...targets: Props[]): Props => ({
  wrrs: targets.map((healthCheckedTargets) => ({ weight: 1, healthCheckedTargets })),
});
const one = to("34.1.2.3");
const two: [string, Props] = ["us-east1", to("34.1.2.4")];

describe("local GCP: routing policies of DNS", () => {
  it("takes a primary with backups, and weights", () => {
    const g = new Ground();
    g.backed(one, [two, ["europe-west1", to("34.1.2.5")]]);
    expect(g.routed(wrrs(one, to("34.1.2.4")), { name: "all.example.com." }).id).to.match(
      /all\.example\.com/,
    );
  });

  refuses<Ground>(
    () => new Ground(),
    [
      ["a failover without backups", /needs a backup/, (g) => g.backed(one, [])],
      ["a failover without a primary", /needs a target/, (g) => g.backed(to(), [two])],
      ["a backup of nothing", /needs a target/, (g) => g.backed(one, [["us-east1", to()]])],
      [
        "a place twice",
        /in the routing policy twice/,
        (g) => g.backed(one, [two, ["us-east1", to("34.1.2.5")]]),
      ],
      ["a place that is none", /is not a region/, (g) => g.backed(one, [["mars-north1", to("34.1.2.5")]])],
      ["names instead of addresses", /are addresses/, (g) => g.backed(to("lb.example.net"), [two])],
      ["a trickle beyond all", /\(0 - 1\)/, (g) => g.backed(one, [two], { trickleRatio: 2 })],
      ["no health check", /must be specified/, (g) => g.routed({ ...wrrs(one), healthCheck: undefined })],
      [
        "a health check that is not there",
        /was not found/,
        (g) => g.routed({ ...wrrs(one), healthCheck: `${g.external.id}0` }),
      ],
      [
        "a health check of load balancers",
        /three source regions/,
        (g) => g.routed({ ...wrrs(one), healthCheck: g.healthCheck({ sourceRegions: undefined }).id }),
      ],
      ["both kinds", /is one of/, (g) => g.routed({ ...wrrs(one), geos: [] })],
      [
        "two addresses for one place where DNSSEC is on",
        /with DNSSEC/,
        (g) => {
          g.make("zone", { name: "signed", dnsName: "signed.example.", dnssecConfig: { state: "on" } });
          g.routed(wrrs(to("34.1.2.3", "34.1.2.4")), { managedZone: "signed", name: "a.signed.example." });
        },
      ],
      [
        "to lose a health check in use",
        /already being used/,
        (g) => (g.backed(one, [two]), g.cloud.delete(g.external)),
      ],
      ["two source regions", /3 distinct/, (g) => g.healthCheck({ sourceRegions: regions.slice(1) })],
      ["checks every 29 s", /at least 30/, (g) => g.healthCheck({ checkIntervalSec: 29 })],
      ["checks every 301 s", /\(1 - 300\)/, (g) => g.healthCheck({ checkIntervalSec: 301 })],
    ],
  );
});

import { expect } from "chai";
import fc from "fast-check";
import { deploymentOf } from "../../../automation/drill/deployment.js";
import type { Deployment } from "../../../automation/drill/deployment.js";
import { addressesOf } from "../../../automation/drill/dns.js";
import type { Cloud } from "../../../stacks/clouds.js";
import { changed, deployedOn, names, stackOn } from "../../support/drillStates.js";

const clouds: Cloud[] = ["aws", "azure", "gcp"];

/** The cell that is answered when these are down. */
function answered(deployment: Deployment, down: string[], random = 0): string | undefined {
  const ids = down.flatMap((cell) => deployment.watching(cell).map(({ id }) => id));
  const now = { healthy: (id: string) => !ids.includes(id), random: () => random };
  const [address] = addressesOf(deployment.answer(deployment.host, now) ?? []).addresses;
  return address === undefined ? undefined : deployment.reach(address, now);
}

describe("DNS services as a drill sees them", () => {
  for (const cloud of clouds) {
    describe(cloud, () => {
      let passive: Deployment;
      let active: Deployment;
      before(async () => {
        passive = await deployedOn(cloud, { cells: 3 });
        active = await deployedOn(cloud, { cells: 3, mode: "active-active" });
      });

      for (const [down, right] of [
        [[], "one"],
        [["one"], "two"],
        [["two"], "one"],
        [["one", "two"], "three"],
        [["one", "three"], "two"],
        // No service stops answering: all lead to the first.
        [["one", "two", "three"], "one"],
      ] as const)
        it(`leads to ${right} when ${down.join(" and ") || "nothing"} is down`, () => {
          expect(answered(passive, [...down])).to.equal(right);
        });

      it("shares the traffic among all that are healthy, and among all when none is", () => {
        const spread = (down: string[]) =>
          [...new Set([0.1, 0.5, 0.9].map((random) => answered(active, down, random)))].sort();
        expect(spread([])).to.deep.equal(["one", "three", "two"]);
        expect(spread(["two"])).to.deep.equal(["one", "three"]);
        expect(spread(["one", "two"])).to.deep.equal(["three"]);
        expect(spread(["one", "two", "three"])).to.deep.equal(["one", "three", "two"]);
        expect([passive.shared, active.shared]).to.deep.equal([false, true]);
      });

      it("never leads to a cell that is down while another is up", () => {
        fc.assert(
          fc.property(
            fc.subarray([...names], { maxLength: 2 }),
            fc.double({ min: 0, max: 0.999, noNaN: true }),
            (down, random) => {
              for (const deployment of [passive, active])
                expect(names.filter((name) => !down.includes(name))).to.include(
                  answered(deployment, down, random),
                );
            },
          ),
        );
      });

      it("knows no other names", () => {
        const now = { healthy: () => true, random: () => 0 };
        expect(passive.answer("other.gw.example.com", now)).to.equal(undefined);
        expect(passive.answer("API.gw.example.com.", now)).to.have.length.greaterThan(0);
      });
    });
  }

  it("reads intervals, thresholds, timeouts and paths of the health checks", async () => {
    const read = [];
    for (const cloud of clouds) {
      const [check] = (await deployedOn(cloud)).watching("one");
      const { interval, timeout, failures, successes, checkers, quorum, path, host, sni } = check!;
      read.push([cloud, interval, timeout, failures, successes, checkers, quorum, path, host, sni]);
    }
    expect(read).to.deep.equal([
      ["aws", 10, 6, 3, 3, 8, 2, "/v1/healthz", "one.gw.example.com", "one.gw.example.com"],
      ["azure", 10, 5, 3, 1, 3, 2, "/v1/healthz", "one.gw.example.com", "one.gw.example.com"],
      ["gcp", 30, 5, 3, 2, 3, 2, "/v1/healthz", "api.gw.example.com", undefined],
    ]);
  });

  it("gives an alias the time to live of what it names", async () => {
    expect((await deployedOn("aws", { ttl: 20 })).ttl).to.equal(20);
    const stack = changed(await stackOn("aws"), /record:Record/, ({ records }) =>
      records
        ? {
            records: undefined,
            ttl: undefined,
            aliases: [{ name: `lb-${(records as string[]).join()}.example.net` }],
          }
        : {},
    );
    expect(deploymentOf(stack).ttl).to.equal(60);
  });

  it("does not guess at what it does not know", async () => {
    const weighted = changed(await stackOn("aws"), /record:Record/, () => ({
      latencyRoutingPolicies: [{ region: "us-east-1" }],
    }));
    expect(() => deploymentOf(weighted)).to.throw(/latencyRoutingPolicies, which a drill does not know/);
    const nearest = changed(await stackOn("azure"), /:Profile$/, () => ({
      trafficRoutingMethod: "Performance",
    }));
    expect(() => deploymentOf(nearest)).to.throw(/routes by Performance/);
    expect(() => deploymentOf({ cells: [], hosts: ["api.x"], budgetSeconds: 1, resources: [] })).to.throw(
      /No DNS record of the state leads from api.x/,
    );
  });
});

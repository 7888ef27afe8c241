import { expect } from "chai";
import { deploymentOf } from "../../../automation/drill/deployment.js";
import type { Deployment } from "../../../automation/drill/deployment.js";
import { modes } from "../../../automation/drill/drill.js";
import { inBudget } from "../../../automation/drill/measure.js";
import { drillDocument, drillSummary } from "../../../automation/drill/report.js";
import { timeline } from "../../../automation/drill/timeline.js";
import type { Cloud } from "../../../stacks/clouds.js";
import { changed, deployedOn, stackOn } from "../../support/drillStates.js";
import { fastDrill } from "../../support/drillWorld.js";

/** Worst case of the checks: all checks in a row, the last of which times out. */
const slowest = { aws: 36, azure: 35, gcp: 95 };

describe("a drill, on a clock that does not wait", () => {
  for (const cloud of ["aws", "azure", "gcp"] as Cloud[]) {
    describe(cloud, () => {
      let passive: Deployment;
      before(async () => (passive = await deployedOn(cloud)));

      for (const mode of ["region-down", "slow"] as const)
        it(`${mode}: callers are on the next cell within detection and TTL, and return`, async () => {
          const { seen, ...measures } = await fastDrill(passive, mode);
          expect(measures.detectionSeconds).to.be.within(10, slowest[cloud]);
          expect(measures.switchSeconds).to.be.within(
            measures.detectionSeconds!,
            measures.detectionSeconds! + 1,
          );
          // One of the callers' resolvers had just asked.
          expect(measures.downtimeSeconds).to.be.within(
            measures.detectionSeconds! + 20,
            slowest[cloud] + 30 + 5,
          );
          expect(measures.lost).to.be.greaterThan(0);
          expect(measures.moves).to.equal(2);
          expect(measures.backSeconds).to.be.within(0, slowest[cloud] + 35);
          expect(seen.calls.at(-1)?.cell).to.equal("one");
        });

      it("health-path: traffic moves, and nothing is lost", async () => {
        const { lost, downtimeSeconds, moves, detectionSeconds } = await fastDrill(passive, "health-path");
        expect({ lost, downtimeSeconds, moves }).to.deep.equal({ lost: 0, downtimeSeconds: 0, moves: 2 });
        expect(detectionSeconds).to.be.lessThan(slowest[cloud]);
      });

      it("flapping: too short for three checks in a row, so nothing moves", async () => {
        const { moves, detectionSeconds, downtimeSeconds } = await fastDrill(passive, "flapping");
        expect({ moves, detectionSeconds }).to.deep.equal({ moves: 0, detectionSeconds: null });
        expect(downtimeSeconds).to.be.greaterThan(0);
      });

      it("all-down: the first cell is answered all along", async () => {
        const { seen, moves, backSeconds } = await fastDrill(passive, "all-down");
        expect(moves).to.equal(0);
        expect(new Set(seen.answers.map(({ cell }) => cell))).to.deep.equal(new Set(["one"]));
        expect(backSeconds).to.be.lessThan(10);
      });

      it("the standby down: found out, and of no effect", async () => {
        const measures = await fastDrill(passive, "region-down", "two");
        expect(measures.detectionSeconds).to.be.greaterThan(0);
        expect([measures.lost, measures.moves, measures.switchSeconds]).to.deep.equal([0, 0, null]);
      });

      it("active-active: those on the cell that is down move to the others", async () => {
        const shared = await deployedOn(cloud, { mode: "active-active" });
        const { seen, ...measures } = await fastDrill(shared, "region-down");
        expect([measures.moves, measures.switchSeconds]).to.deep.equal([null, null]);
        const settled = seen.calls.filter(({ start }) => start > seen.backAt - 10 && start < seen.backAt);
        expect(new Set(settled.map(({ cell }) => cell))).to.deep.equal(new Set(["two"]));
      });

      it("is reported the same for people, for programs and as a picture", async () => {
        const { seen, ...measures } = await fastDrill(passive, "region-down");
        const picture = {
          stack: "prod",
          cell: "one",
          mode: "region-down" as const,
          deployment: passive,
          seen,
          measures,
        };
        const document = JSON.parse(drillDocument(picture)) as Record<string, unknown>;
        expect(Object.keys(document)).to.deep.equal([
          ...["stack", "cell", "mode", "budgetSeconds", "detectionSeconds", "downtimeSeconds"],
          ...["requests", "lost", "backSeconds"],
        ]);
        const svg = timeline(picture);
        for (const text of [drillSummary(picture, 15, "x.svg"), svg])
          expect(text).to.contain(`${String(document["downtimeSeconds"])} s`);
        expect(svg).to.match(/<title id="title">.*<\/title>\n<desc id="desc">down at 10 s, detected at/);
      });
    });
  }

  describe("shows what is wrong with what was deployed", () => {
    it("a TTL", async () => {
      const stack = await stackOn("gcp");
      const long = deploymentOf(changed(stack, /recordSet/, () => ({ ttl: 300 })));
      const { downtimeSeconds, ...rest } = await fastDrill(long, "region-down");
      expect(downtimeSeconds).to.be.greaterThan(300);
      expect(inBudget({ downtimeSeconds, ...rest }, "region-down")).to.equal(false);
    });

    for (const [cloud, type, loosen, tighten] of [
      ["aws", /HealthCheck$/, () => ({ failureThreshold: 10 }), () => ({ failureThreshold: 1 })],
      [
        "azure",
        /:Profile$/,
        ({ monitorConfig }: Monitored) => ({
          monitorConfig: { ...monitorConfig, toleratedNumberOfFailures: 9 },
        }),
        ({ monitorConfig }: Monitored) => ({
          monitorConfig: { ...monitorConfig, toleratedNumberOfFailures: 0 },
        }),
      ],
      ["gcp", /:HealthCheck$/, () => ({ unhealthyThreshold: 10 }), () => ({ unhealthyThreshold: 1 })],
    ] as const)
      it(`a threshold on ${cloud}`, async () => {
        const stack = await stackOn(cloud);
        const slow = await fastDrill(deploymentOf(changed(stack, type, loosen)), "region-down");
        expect(slow.detectionSeconds).to.be.greaterThan(stack.budgetSeconds - 45);
        expect(inBudget(slow, "region-down")).to.equal(false);
        // Once for each time that it goes down, and once for each time that it comes up.
        const nervous = await fastDrill(deploymentOf(changed(stack, type, tighten)), "flapping");
        expect(nervous.moves).to.be.within(2, 8);
      });

    it("a check of another cell", async () => {
      const stack = changed(await stackOn("aws"), /HealthCheck$/, () => ({ fqdn: "two.gw.example.com" }));
      const { detectionSeconds, switchSeconds, backSeconds } = await fastDrill(
        deploymentOf(stack),
        "region-down",
      );
      expect([detectionSeconds, switchSeconds]).to.deep.equal([null, null]);
      expect(backSeconds).to.be.lessThan(10);
    });

    it("a check without the name that the endpoint serves", async () => {
      const stack = changed(await stackOn("gcp"), /:HealthCheck$/, () => ({
        httpsHealthCheck: { port: 443 },
      }));
      const { seen } = await fastDrill(deploymentOf(stack), "all-down");
      expect(seen.conditions.length).to.be.greaterThan(0);
      expect(seen.verdicts.some(({ healthy }) => healthy)).to.equal(false);
    });
  });

  it("ends in every mode, and within the time that was foretold for it", async () => {
    const { expectedSeconds } = await import("../../../automation/drill/drill.js");
    const deployment = await deployedOn("aws", { cells: 3 });
    for (const mode of modes) {
      const { seen } = await fastDrill(deployment, mode);
      expect(seen.endAt, mode).to.be.within(seen.backAt, expectedSeconds(deployment, mode));
    }
  });
});

interface Monitored {
  monitorConfig?: object;
}

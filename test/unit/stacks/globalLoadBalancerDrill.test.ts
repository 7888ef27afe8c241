import { expect } from "chai";
import { deploymentOf } from "../../../automation/drill/deployment.js";
import type { Deployment } from "../../../automation/drill/deployment.js";
import { modes } from "../../../automation/drill/drill.js";
import type { Stack } from "../../../automation/drill/state.js";
import type { Budget } from "../../../stacks/failoverBudget.js";
import { changed } from "../../support/drillStates.js";
import { fastDrill } from "../../support/drillWorld.js";
import { globally } from "../../support/globalLoadBalancer.js";

const check = /^gcp:compute\/healthCheck:/;
const service = /^gcp:compute\/backendService:/;
const ports = /^gcp:compute\/instanceGroupNamedPort:/;
const first = "us-central1";
const second = "us-east4";

async function deployed(more: Record<string, unknown> = {}): Promise<Stack> {
  const { resources, result } = await globally(more);
  const cells = result.cells as { name: string; origin: string }[];
  return {
    cells: cells.map(({ name, origin }) => ({ name, origin })),
    hosts: [new URL(result.url).hostname],
    budgetSeconds: (result.failover as Budget).totalSeconds,
    resources: resources.map(({ type, name, id, state }) => ({ type, name, id, outputs: state })),
  };
}

const settled = (seen: { calls: { start: number; cell: string | undefined }[]; backAt: number }) =>
  new Set(
    seen.calls.filter(({ start }) => start > seen.backAt - 5 && start < seen.backAt).map((call) => call.cell),
  );

describe("a drill of the global load balancer", () => {
  let stack: Stack;
  let deployment: Deployment;
  before(async () => {
    stack = await deployed();
    deployment = deploymentOf(stack);
  });

  it("is of one address that stays, and of each cell's nodes", () => {
    const { title, ttl, shared, checks, budgetSeconds } = deployment;
    expect({ title, ttl, shared, budgetSeconds }).to.deep.equal({
      title: "Cloud DNS and a global load balancer",
      ttl: 0,
      shared: false,
      budgetSeconds: 15,
    });
    expect(
      checks.map(({ path, interval, timeout, failures }) => [path, interval, timeout, failures]),
    ).to.deep.equal([first, second].map(() => ["/v1/system/healthz", 5, 5, 2]));
    for (const cell of [first, second]) expect(deployment.watching(cell)).to.have.length(1);
  });

  for (const mode of modes)
    for (const random of [undefined, () => 0])
      it(`keeps to the budget: ${mode}${random ? ", a caller asks as soon as it may" : ""}`, async () => {
        const { budgetSeconds, downtimeSeconds, backSeconds } = await fastDrill(
          deployment,
          mode,
          first,
          random,
        );
        if (mode !== "all-down") expect(downtimeSeconds).to.be.at.most(budgetSeconds);
        expect(backSeconds).not.to.equal(null);
      });

  it("moves requests to the next cell, and back to the preferred one", async () => {
    const { seen, ...measures } = await fastDrill(deployment, "region-down");
    expect(measures.detectionSeconds).to.be.within(10, 15);
    expect(measures.downtimeSeconds).to.be.within(10, 15);
    expect(measures.moves).to.equal(2);
    expect(settled(seen)).to.deep.equal(new Set([second]));
    expect(seen.calls.at(-1)?.cell).to.equal(first);
  });

  it("leaves the callers alone when the standby goes down", async () => {
    const { lost, moves } = await fastDrill(deployment, "region-down", second);
    expect({ lost, moves }).to.deep.equal({ lost: 0, moves: 0 });
  });

  it("answers 503 at once when no cell is healthy, and nobody's cell", async () => {
    const { seen, downtimeSeconds } = await fastDrill(deployment, "all-down");
    expect(settled(seen)).to.deep.equal(new Set([undefined]));
    const late = seen.calls.filter(({ start }) => start > seen.downAt + 16 && start < seen.backAt);
    expect(late).not.to.have.length(0);
    expect(late.every(({ start, end }) => end === start)).to.equal(true);
    expect(downtimeSeconds).to.be.above(deployment.budgetSeconds);
  });

  it("moves no more often than two checks in a row say, when a cell flaps", async () => {
    const { moves } = await fastDrill(deployment, "flapping");
    expect(moves).to.be.at.most(8);
  });

  it("follows the deployed threshold", async () => {
    const slow = deploymentOf(changed(stack, check, () => ({ unhealthyThreshold: 6 })));
    const { detectionSeconds, downtimeSeconds, budgetSeconds } = await fastDrill(slow, "region-down");
    expect(detectionSeconds).to.be.within(27, 35);
    expect(downtimeSeconds).to.be.above(budgetSeconds);
  });

  it("follows the deployed preference", async () => {
    const turned = changed(stack, service, ({ backends }) => ({
      backends: (backends as { group: string }[] | undefined)?.map((each) => ({
        ...each,
        preference: each.group.includes(`/${second}-`) ? "PREFERRED" : "DEFAULT",
      })),
    }));
    const { seen } = await fastDrill(deploymentOf(turned), "region-down", second);
    expect(seen.calls[0]?.cell).to.equal(second);
    expect(settled(seen)).to.deep.equal(new Set([first]));
  });

  it("gives nothing to a cell whose groups lack the port, or have no capacity", () => {
    const nameless = changed(stack, ports, ({ group }) =>
      String(group).includes(`/${second}-`) ? { name: "other" } : {},
    );
    const drained = changed(stack, service, ({ backends }) => ({
      backends: (backends as { group: string }[] | undefined)?.map((each) => ({
        ...each,
        ...(each.group.includes(`/${second}-`) && { capacityScaler: 0 }),
      })),
    }));
    for (const broken of [nameless, drained]) expect(deploymentOf(broken).checks).to.deep.equal([]);
  });

  it("has the nearest cell first where all serve", async () => {
    const all = deploymentOf(await deployed({ mode: "active-active" }));
    const { seen, downtimeSeconds } = await fastDrill(all, "region-down");
    expect(seen.calls[0]?.cell).to.equal(first);
    expect(settled(seen)).to.deep.equal(new Set([second]));
    expect(downtimeSeconds).to.be.at.most(15);
  });
});

import { deploymentOf } from "../automation/drill/deployment.js";
import type { Budget } from "../stacks/failoverBudget.js";
import { fastDrill } from "../test/support/drillWorld.js";
import { withAccelerator } from "../test/support/globalLoadBalancer.js";
import { crossStacks } from "../test/support/runs.js";
import { graphOf } from "./graph.js";
import type { Row } from "./rows.js";
import { rowOf, say } from "./rows.js";

/** With one load balancer before its cells, `prod-gcp` is another deployment. */
const variants = [
  ...crossStacks.map((stack) => ({ title: stack, stack, changes: {} })),
  { title: "prod-gcp with one load balancer", stack: "prod-gcp", changes: withAccelerator() },
];

/**
 * How long callers of a stack are not served when its first region goes down, over the budget that its preview
 * prints; in the deployment's own seconds, on a clock that does not wait.
 */
export async function drillRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { title, stack, changes } of variants) {
    const { resources, result } = await graphOf(stack, changes);
    const cells = result.cells as { name: string; origin: string }[];
    const deployment = deploymentOf({
      cells,
      hosts: [result.url, result.appUrl].map((url) => new URL(url).hostname),
      budgetSeconds: (result.failover as Budget).totalSeconds,
      resources: resources.map(({ type, name, id, state }) => ({ type, name, id, outputs: state })),
    });
    const { seen, ...measures } = await fastDrill(deployment, "region-down", undefined, () => 0);
    say(`drill   ${title}: ${JSON.stringify(measures)}, ${seen.calls.length} calls`);
    rows.push(
      rowOf(
        `client-seen downtime of ${title}, a region down, over its budget`,
        measures.downtimeSeconds,
        measures.budgetSeconds,
        "s",
      ),
    );
  }
  return rows;
}

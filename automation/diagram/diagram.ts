import type { Cloud } from "../../stacks/clouds.js";
import { drawAws } from "./aws.js";
import { drawAzure } from "./azure.js";
import { CellSketch } from "./cellSketch.js";
import { drawDns } from "./dns.js";
import { drawGcp } from "./gcp.js";
import { Workloads } from "./kubernetes.js";
import type { Diagram } from "./model.js";
import { drawReplication } from "./replication.js";
import { Sketch } from "./sketch.js";
import { readDeployment } from "./state.js";

const clouds: Record<Cloud, (cell: CellSketch, workloads: Workloads) => void> = {
  aws: drawAws,
  azure: drawAzure,
  gcp: drawGcp,
};

/**
 * The picture of a stack as it was deployed. Every arrow comes from resources of the state, never from the config: a
 * path that somebody opened is in it once a refresh has brought it into the state.
 *
 * @param exported what `pulumi stack export` prints; secrets stay encrypted, and nothing is read of them
 */
export function diagramOf(stack: string, exported: string): Diagram {
  const { cells, shared } = readDeployment(exported);
  const sketch = new Sketch();
  const sketches = cells.map((state) => new CellSketch(sketch, state));
  for (const cell of sketches) {
    const workloads = new Workloads(cell);
    clouds[cell.state.cloud](cell, workloads);
    workloads.drawPolicies();
  }
  drawReplication(sketches, shared);
  drawDns(shared, sketch);
  return {
    stack,
    cells: cells.map(({ name, cloud, region }) => ({ name, cloud, region })),
    ...sketch.finish(),
  };
}

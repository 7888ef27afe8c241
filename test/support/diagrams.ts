import { diagramOf } from "../../automation/diagram/diagram.js";
import type { Diagram } from "../../automation/diagram/model.js";
import { exportedState } from "./exportedState.js";
import { stackRun } from "./runs.js";
import type { StackName } from "./runs.js";

/** The state that a stack's run leaves, as the engine exports it. */
export async function stateOf(stack: StackName, variant: "small" | "standard" = "standard"): Promise<string> {
  return exportedState(await stackRun(variant, false, stack), stack);
}

export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  parent?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** The state after somebody has had a hand in it. */
export function changed(exported: string, change: (resources: StateResource[]) => StateResource[]): string {
  const state = JSON.parse(exported) as { deployment: { resources: StateResource[] } };
  return JSON.stringify({ deployment: { resources: change(state.deployment.resources) } });
}

/** A diagram's arrows as lines that people can read: `from → to: labels`. What is outside goes by its label. */
export function arrowLines({ arrows, boxes }: Diagram): string[] {
  const names = new Map(
    boxes.map(({ id, label, cell }) => [
      id,
      cell === undefined ? label : id.slice(cell.length + 1).replace("service/javelin-", ""),
    ]),
  );
  const lines = arrows.map(({ from, to, labels }) =>
    [`${names.get(from)} → ${names.get(to)}`, labels.join(", ")].filter(Boolean).join(": "),
  );
  return [...new Set(lines)].sort();
}

export async function drawn(stack: StackName, variant?: "small" | "standard"): Promise<Diagram> {
  return diagramOf(stack, await stateOf(stack, variant));
}

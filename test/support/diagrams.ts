import { diagramOf } from "../../automation/diagram/diagram.js";
import { layOut } from "../../automation/diagram/layout.js";
import type { Diagram } from "../../automation/diagram/model.js";
import { exportedState } from "./exportedState.js";
import { stackRun } from "./runs.js";
import type { StackName } from "./runs.js";

type Size = "small" | "standard";

/** What a function makes of a stack's run, made when it is first asked for. */
function once<T>(make: (stack: StackName, variant: Size) => Promise<T>) {
  const made = new Map<string, Promise<T>>();
  return (stack: StackName, variant: Size = "standard"): Promise<T> => {
    const key = `${stack} ${variant}`;
    let found = made.get(key);
    if (!found) made.set(key, (found = make(stack, variant)));
    return found;
  };
}

/** The state that a stack's run leaves, as the engine exports it. */
export const stateOf = once(async (stack, variant) =>
  exportedState(await stackRun(variant, false, stack), stack),
);

export const drawn = once(async (stack, variant) => diagramOf(stack, await stateOf(stack, variant)));

export const laidOut = once(async (stack, variant) => layOut(await drawn(stack, variant)));

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

import { svgOf } from "../automation/diagram/svg.js";
import { drawn, laidOut } from "../test/support/diagrams.js";
import { crossStacks, stacks } from "../test/support/runs.js";
import type { StackName } from "../test/support/runs.js";

/** The stacks of the repository, drawn as `javelin diagram` draws them: each is run against the mocks. */
export const drawnStacks: readonly StackName[] = [...stacks, ...crossStacks];

export const diagramFile = (stack: StackName): string => `docs/diagrams/${stack}.svg`;

export async function stackDiagram(stack: StackName): Promise<string> {
  return svgOf(await drawn(stack, "small"), await laidOut(stack, "small"));
}

import { Refusal } from "../errors.js";
import { stateOf } from "../inspect.js";
import type { Project } from "../operate.js";
import { checkOut, writeOut } from "../out.js";
import { diagramOf } from "./diagram.js";
import { layOut } from "./layout.js";
import { svgOf } from "./svg.js";

export interface DiagramOptions {
  local: boolean;
  json: boolean;
  /** The file to write; default: stdout. */
  out?: string;
}

/**
 * Draws the stack as it was deployed: an SVG to stdout or a file, with `--json` what is drawn and where each arrow
 * comes from.
 *
 * @throws {Refusal} when the stack is not up
 * @throws {WrongUse} when the file cannot be written
 */
export async function printDiagram(project: Project, stack: string, options: DiagramOptions): Promise<void> {
  const { local, json, out } = options;
  if (out !== undefined) checkOut(out);
  const diagram = diagramOf(stack, await stateOf(project, stack, options));
  if (diagram.cells.length === 0)
    throw new Refusal(
      `The stack ${stack} has no cells: "javelin up ${stack}${local ? " --local" : ""}" makes them.`,
    );
  if (out !== undefined) writeOut(out, svgOf(diagram, await layOut(diagram)));
  if (json) console.log(JSON.stringify(diagram, null, 2));
  else if (out === undefined) process.stdout.write(svgOf(diagram, await layOut(diagram)));
  else console.log(`${out}: ${diagram.boxes.length} boxes, ${diagram.arrows.length} arrows.`);
}

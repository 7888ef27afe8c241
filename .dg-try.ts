import { writeFileSync } from "node:fs";
import { freshRun } from "./test/support/runs.js";
import { exportedState } from "./test/support/exportedState.js";
import { diagramOf } from "./automation/diagram/diagram.js";
import { layOut } from "./automation/diagram/layout.js";
import { svgOf } from "./automation/diagram/svg.js";
for (const [stack, size] of [["dev","standard"],["dev-azure","standard"],["dev-gcp","standard"],["dev","small"],["dev-azure","small"]] as const) {
  const r = await freshRun({"javelin:size":size}, false, stack);
  const state = exportedState(r, stack);
  const d = diagramOf(stack, state);
  console.log(stack, size, d.boxes.length, d.arrows.length);
  if (process.argv[2]===stack && size==="standard") for (const a of d.arrows) console.log("   ", a.from, "→", a.to, a.labels.join(","));
  const t = Date.now();
  const l = await layOut(d);
  writeFileSync(`/tmp/dg/${stack}-${size}.svg`, svgOf(d,l));
  console.log(Math.round(l.width), Math.round(l.height), Date.now()-t, "ms");
}
process.exit(0);

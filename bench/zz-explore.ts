import { graphOf } from "/work/main/bench/graph.js";
import type { Node } from "/work/main/bench/graph.js";
import { writeFileSync } from "node:fs";
for (const s of process.argv.slice(2)) {
  const { nodes } = await graphOf(s);
  writeFileSync(`/tmp/graph-${s}.json`, JSON.stringify(nodes));
  console.log(s, nodes.length);
}
process.exit(0)

import { runStack } from "./test/support/stacks.js";
const size = process.argv[2] ?? "small";
const t = performance.now();
try {
  const r = await runStack("dev", { "javelin:size": size }, process.argv[3] === "preview");
  console.log(r.resources.length, r.resources.filter((x) => x.custom).length, performance.now() - t);
} catch (e) { console.log("FAILED", (e as Error).stack?.slice(0, 1500)); }
process.exit(0);

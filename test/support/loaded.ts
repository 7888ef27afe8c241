/** Prints which SDKs a preview of `dev` loads, as a JSON list of packages. To be run as a process of its own. */
import { createRequire } from "node:module";
import { runStack } from "./stacks.js";

await runStack("dev", {}, true);
const packages = Object.keys(createRequire(import.meta.url).cache).flatMap(
  (file) => /node_modules\/(@pulumi\/[^/]+)\//.exec(file)?.[1] ?? [],
);
process.stdout.write(JSON.stringify([...new Set(packages)].sort()));

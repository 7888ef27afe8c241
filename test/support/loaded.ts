/**
 * Previews the stack that its argument names and prints, as JSON, the Pulumi packages that this loaded and every resource's inputs. To be run
 * as a process of its own.
 */
import { createRequire } from "node:module";
import { inputsOf } from "./inputs.js";
import { freshRun } from "./runs.js";
import type { StackName } from "./runs.js";

/** What this prints. */
export interface Loaded {
  packages: string[];
  inputs: Record<string, unknown>;
}

const inputs = inputsOf(await freshRun({}, true, process.argv[2] as StackName));
const packages = Object.keys(createRequire(import.meta.url).cache).flatMap(
  (file) => /node_modules[/\\](@pulumi(?:verse)?[/\\][^/\\]+)[/\\]/.exec(file)?.[1]?.replace("\\", "/") ?? [],
);
const loaded: Loaded = { packages: [...new Set(packages)].sort(), inputs };
process.stdout.write(JSON.stringify(loaded));

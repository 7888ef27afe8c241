import * as pulumi from "@pulumi/pulumi";
import { readConfig } from "./stacks/config.js";
import type { Outputs } from "./stacks/outputs.js";

/**
 * The program: config, then topology, then outputs. Pulumi calls it after it has loaded the module; the
 * `javelin` command and the tests call it as an inline program.
 */
export default async function gateway(): Promise<Outputs> {
  const config = readConfig(pulumi.getStack());
  for (const warning of config.warnings) await pulumi.log.warn(warning);
  switch (config.topology) {
    case "single-region": {
      const { singleRegion } = await import("./stacks/singleRegion.js");
      return singleRegion(config);
    }
    case "cross-region": {
      const { crossRegion } = await import("./stacks/crossRegion.js");
      return crossRegion(config);
    }
  }
}

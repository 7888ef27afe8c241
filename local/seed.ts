import { seed as seedAws } from "./aws/index.js";
import { seed as seedAzure } from "./azure/index.js";
import { seed as seedGcp } from "./gcp/index.js";
import type { World } from "./behaviour.js";

/** What every new world holds from the start: on each cloud, the public zone that a domain's owner has delegated. */
export function seed(world: World): void {
  seedAws(world);
  seedAzure(world);
  seedGcp(world);
}

import { promoteCluster } from "./aws/rdsPromotion.js";
import { dropPair, promoteServer, serverType } from "./azure/postgresReplicas.js";
import { instanceType, promoteInstance } from "./gcp/sqlReplicas.js";
import { CloudError } from "./behaviour.js";
import { lock, worldFile } from "./directory.js";
import { StoredWorld } from "./world.js";

/** What each cloud does to its databases when an operator promotes a copy, by the copy's type. */
const promotions: Record<string, (world: StoredWorld, id: string) => void> = {
  "aws:rds/cluster:Cluster": promoteCluster,
  [serverType]: (world, id) => {
    promoteServer(world, id);
    dropPair(world, id);
  },
  [instanceType]: promoteInstance,
};

/**
 * Promotes a database of the local cloud, as the calls would that `javelin promote` makes.
 *
 * @throws {CloudError} what the cloud would say
 */
export function promote(world: StoredWorld, type: string, id: string): void {
  const act = promotions[type];
  if (!act) throw new CloudError("UnknownType", `the local cloud cannot promote a ${type}`);
  act(world, id);
}

/**
 * The same in a world on disk that no process has open.
 *
 * @throws {Held} when a process has
 */
export function promoteIn(directory: string, type: string, id: string): void {
  const unlock = lock(directory);
  try {
    const world = StoredWorld.open(worldFile(directory));
    try {
      promote(world, type, id);
    } finally {
      world.close();
    }
  } finally {
    unlock();
  }
}

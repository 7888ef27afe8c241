import { CloudError } from "../behaviour.js";
import type { StoredWorld } from "../world.js";
import { clusterBy, clusterType, globalType, instancesOf, membersOf, writerOf } from "./rdsGlobal.js";
import { refuseUnless } from "./common.js";

/**
 * What a switchover does, or a failover that allows data loss: the clusters stay members under their names, and
 * swap who writes. Source: RDS SwitchoverGlobalCluster, FailoverGlobalCluster.
 */
export function promoteCluster(world: StoredWorld, id: string): void {
  const target = world.find(clusterType, id);
  if (!target) throw new CloudError("DBClusterNotFoundFault", `DBCluster ${id} not found.`);
  const own = String(target.state["arn"]);
  const global = world
    .list(globalType)
    .find((each) => membersOf(each).some(({ dbClusterArn }) => dbClusterArn === own));
  if (!global)
    throw new CloudError("InvalidDBClusterStateFault", `${id} is not a member of a global cluster.`);
  refuseUnless(
    writerOf(global) !== own,
    "InvalidDBClusterStateFault",
    `${id} is the primary cluster of the global cluster already.`,
  );
  refuseUnless(
    instancesOf(world, target).length > 0,
    "InvalidDBClusterStateFault",
    `${id} has no DB instance that could take over.`,
  );
  world.amend(globalType, global.id, {
    globalClusterMembers: membersOf(global).map(({ dbClusterArn }) => ({
      dbClusterArn,
      isWriter: dbClusterArn === own,
    })),
  });
  for (const { dbClusterArn } of membersOf(global)) {
    const member = clusterBy(world, dbClusterArn);
    if (!member) continue;
    const replicationSourceIdentifier = dbClusterArn === own ? "" : own;
    world.amend(clusterType, member.id, { replicationSourceIdentifier }, member.region);
  }
}

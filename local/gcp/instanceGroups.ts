import type { Context, WorldObject } from "../behaviour.js";
import { project, selfLink } from "./common.js";

/**
 * The managed instance groups of a node pool, one a zone: GKE makes and names them, and what a load balancer
 * needs of them (named ports, backends) refers to them by URL. In the world they belong to their pool.
 *
 * Source: container.v1 discovery, `NodePool.instanceGroupUrls` (these are of the managers); the provider turns
 * them into `managedInstanceGroupUrls` (these are of the groups, which backends and named ports take).
 */
export const instanceGroup = "gcp:compute/instanceGroup:InstanceGroup";

/** `projects/<project>/zones/<zone>/instanceGroups/<name>`. */
export function instanceGroupId(projectId: string, zone: string, name: string): string {
  return `projects/${projectId}/zones/${zone}/instanceGroups/${name}`;
}

/** GKE's names for the groups of a pool: cluster and pool cut to fit 63 characters, and eight digits. */
export function instanceGroupName(cluster: string, pool: string, digits: string): string {
  return `gke-${cluster.slice(0, 20)}-${pool.slice(0, 20)}-${digits.slice(0, 8)}-grp`;
}

/** The URLs of a group as a node pool gives them: of the group, and of its manager. */
export function groupUrls(id: string): { group: string; manager: string } {
  return {
    group: selfLink(id),
    manager: selfLink(id.replace("/instanceGroups/", "/instanceGroupManagers/")),
  };
}

/** Puts a group of a node pool into the world, empty of named ports. `id` is its {@link instanceGroupId}. */
export function addInstanceGroup(pool: WorldObject, id: string, network: string, context: Context): void {
  const { world } = context;
  if (world.find(instanceGroup, id)) return;
  const [, , , zone = "", , name = ""] = id.split("/");
  world.add({
    type: instanceGroup,
    id,
    region: pool.region,
    owner: pool.id,
    inputs: {},
    state: {
      name,
      zone,
      network,
      namedPorts: [],
      project: project(pool.inputs, context),
      selfLink: selfLink(id),
    },
  });
}

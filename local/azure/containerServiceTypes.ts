import type { Context, Props, WorldObject } from "../behaviour.js";
import { at, nameOf, objects, parentOf, text } from "./common.js";

export const clusterType = "azure-native:containerservice:ManagedCluster";
export const poolType = "azure-native:containerservice:AgentPool";
export const windowType = "azure-native:containerservice:MaintenanceConfiguration";

/** Kubernetes versions that a new cluster may have, with their newest patch. Source: "Supported Kubernetes versions in AKS". */
export const versions: Readonly<Record<string, string>> = {
  "1.32": "1.32.9",
  "1.33": "1.33.5",
  "1.34": "1.34.2",
  "1.35": "1.35.1",
};

export const minorOf = (version: string): number => Number(version.split(".")[1]);

/** A node pool as its cluster has it, whether it came with the cluster or after it. */
export interface NodePool {
  name: string;
  inputs: Props;
}

export function poolsOf({ world }: Pick<Context, "world">, cluster: WorldObject): NodePool[] {
  const inline = objects(cluster.inputs, "agentPoolProfiles").map((inputs) => ({
    name: text(inputs, "name") ?? "",
    inputs,
  }));
  const later = world
    .list(poolType)
    .filter(({ id }) => parentOf(id) === cluster.id)
    .map(({ id, inputs }) => ({ name: nameOf(id), inputs }));
  return [...inline, ...later];
}

/** The most nodes that a pool can have at once, those of an upgrade not counted. */
export const mostNodes = (pool: Props): number =>
  Number(at(pool, "maxCount")[0] ?? at(pool, "count")[0] ?? 1);

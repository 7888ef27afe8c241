import type { Provider } from "../behaviour.js";
import { cluster, clusterType, nodePoolType } from "./containerCluster.js";
import { nodePool } from "./containerNodePool.js";

export const container: Provider = {
  types: { [clusterType]: cluster, [nodePoolType]: nodePool },
  invokes: {},
};

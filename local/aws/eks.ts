import type { Provider } from "../behaviour.js";
import * as access from "./eksAccess.js";
import { addon, addonType, getAddonVersion } from "./eksAddons.js";
import { cluster, clusterType, getCluster, getClusterAuth } from "./eksCluster.js";
import { nodeGroup, nodeGroupType } from "./eksNodes.js";

export const eks: Provider = {
  types: {
    [clusterType]: cluster,
    [nodeGroupType]: nodeGroup,
    [addonType]: addon,
    [access.associationType]: access.podIdentityAssociation,
    [access.accessEntryType]: access.accessEntry,
    [access.accessPolicyType]: access.accessPolicyAssociation,
  },
  invokes: {
    "aws:eks/getCluster:getCluster": getCluster,
    "aws:eks/getClusterAuth:getClusterAuth": getClusterAuth,
    "aws:eks/getAddonVersion:getAddonVersion": getAddonVersion,
  },
};

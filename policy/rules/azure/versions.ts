import type { Rule } from "../../policy.js";
import { at, differs, missing, show } from "../../values.js";

/** Channels that stay within a minor version. Source: "Automatically upgrade an AKS cluster". */
const steady = ["none", "patch", "node-image", undefined, null];

export const versions: Rule = {
  each: {
    *"azure-native:containerservice:ManagedCluster"({ props }) {
      if (missing(at(props, "kubernetesVersion")))
        yield "kubernetesVersion is not set; right is a Kubernetes version";
      const channel = at(props, "autoUpgradeProfile", "upgradeChannel");
      if (differs(channel, ...steady))
        yield `autoUpgradeProfile.upgradeChannel is ${show(channel)}, which changes the minor version; right is none or patch`;
    },
  },
};

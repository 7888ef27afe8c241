import type { Rule } from "../../policy.js";
import { at, missing } from "../../values.js";

export const versions: Rule = {
  each: {
    *"aws:eks/addon:Addon"({ props }) {
      if (missing(at(props, "addonVersion"))) yield "addonVersion is not set; right is a version";
    },
    *"aws:eks/cluster:Cluster"({ props }) {
      if (missing(at(props, "version"))) yield "version is not set; right is a Kubernetes version";
    },
  },
};

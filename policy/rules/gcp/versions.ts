import { follow } from "../../links.js";
import type { Resource, Rule } from "../../policy.js";
import { at, missing, show, unknown } from "../../values.js";

/** Google moves a cluster to the next minor version unless it is told not to. */
const holding = ["NO_MINOR_UPGRADES", "NO_MINOR_OR_NODE_UPGRADES"];

function* judgeCluster({ props }: Resource): Iterable<string> {
  const version = at(props, "minMasterVersion");
  if (missing(version) || version === "latest" || version === "-")
    yield `minMasterVersion is ${show(version)}; right is a Kubernetes version`;
  const scopes = follow(at(props, "maintenancePolicy"), [
    "maintenanceExclusions",
    "exclusionOptions",
    "scope",
  ]);
  if (![unknown, ...holding].some((scope) => scopes.includes(scope)))
    yield "maintenancePolicy lets the minor version change; right is an exclusion with scope NO_MINOR_UPGRADES";
}

export const versions: Rule = { each: { "gcp:container/cluster:Cluster": judgeCluster } };

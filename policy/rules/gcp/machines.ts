import type { Resource, Rule } from "../../policy.js";
import { at, differs, missing, show, unknown } from "../../values.js";

function* judgeNodes(config: unknown): Iterable<string> {
  if (config === unknown) return;
  const mode = at(config, "workloadMetadataConfig", "mode");
  if (differs(mode, "GKE_METADATA"))
    yield `workloadMetadataConfig.mode is ${show(mode)}; right is GKE_METADATA: pods would take their node's identity`;
  // A node proves itself by what it measured at its start; who copies its credentials cannot.
  for (const key of ["enableSecureBoot", "enableIntegrityMonitoring"])
    if (differs(at(config, "shieldedInstanceConfig", key), true))
      yield `shieldedInstanceConfig.${key} is off; right is true`;
}

function* judgeCluster({ props }: Resource): Iterable<string> {
  if (missing(at(props, "workloadIdentityConfig", "workloadPool")))
    yield "workloadIdentityConfig.workloadPool is nothing: pods would take their node's identity; right is <project>.svc.id.goog";
  if (at(props, "enableShieldedNodes") === false)
    yield "enableShieldedNodes is off; right is true: a pod could pass for a node";
  // The first pool is made and removed again.
  if (differs(at(props, "removeDefaultNodePool"), true)) yield* judgeNodes(at(props, "nodeConfig"));
}

/** The node's identity stays with the node. */
export const machines: Rule = {
  each: {
    "gcp:container/cluster:Cluster": judgeCluster,
    "gcp:container/nodePool:NodePool": ({ props }) => judgeNodes(at(props, "nodeConfig")),
  },
};

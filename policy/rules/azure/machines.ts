import type { Resource, Rule } from "../../policy.js";
import { at, differs, present } from "../../values.js";

/**
 * Azure's metadata service answers whoever asks from the node, at port 80 of a link-local address; the network
 * policies let no pod there. Pods need nothing of it, since each has an identity of its own.
 */
function* judgeCluster({ props }: Resource): Iterable<string> {
  if (differs(at(props, "oidcIssuerProfile", "enabled"), true))
    yield "oidcIssuerProfile.enabled is off; right is true: pods would take their node's identity";
  if (differs(at(props, "securityProfile", "workloadIdentity", "enabled"), true))
    yield "securityProfile.workloadIdentity.enabled is off; right is true: pods would take their node's identity";
  if (at(props, "podIdentityProfile", "enabled") === true)
    yield "podIdentityProfile is on; right is workload identity: it answers in place of the metadata service";
  const principal = at(props, "servicePrincipalProfile", "clientId");
  // Azure answers "msi" where the cluster has a managed identity.
  if (present(principal) && principal !== "msi")
    yield "servicePrincipalProfile puts a password on every node; right is a managed identity";
}

/** The node's identity stays with the node. */
export const machines: Rule = { each: { "azure-native:containerservice:ManagedCluster": judgeCluster } };

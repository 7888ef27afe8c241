import { ofTypes } from "../../links.js";
import type { Finding, Resource, Rule } from "../../policy.js";
import { at, isObject, lacks, present, unknown } from "../../values.js";
import { namespaceOf, workloadTypes } from "./workloads.js";

/** Namespaces whose pods nobody here can enumerate, with the reason. */
export const exceptions: Record<string, string> = {
  "kube-system":
    "the cluster's own pods (DNS, CNI, metrics) live there and come and go with the cloud's add-ons",
};

/** Whether a network policy certainly does not deny everything: every pod, both ways, no rule. */
function isOther({ props }: Resource): boolean {
  const spec = at(props, "spec");
  if (spec === unknown) return false;
  const selector = at(spec, "podSelector");
  const selects = isObject(selector) && Object.values(selector).some(present);
  const rules = [at(spec, "ingress"), at(spec, "egress")].some(present);
  const oneWay = ["Ingress", "Egress"].some((type) => lacks(at(spec, "policyTypes"), type));
  return selects || rules || oneWay;
}

function* judgeNamespaces(resources: Resource[]): Iterable<Finding> {
  const denials = ofTypes(resources, "kubernetes:networking.k8s.io/v1:NetworkPolicy").filter(
    (policy) => !isOther(policy),
  );
  const seen = new Set<string>();
  for (const resource of ofTypes(resources, ...workloadTypes)) {
    const namespace = namespaceOf(resource);
    if (typeof namespace !== "string" || namespace in exceptions) continue;
    const place = `${resource.provider ?? ""} ${namespace}`;
    if (seen.has(place)) continue;
    seen.add(place);
    const denied = denials.some(
      (policy) => policy.provider === resource.provider && [namespace, unknown].includes(namespaceOf(policy)),
    );
    if (!denied)
      yield {
        resource,
        message: `namespace ${namespace} has pods and no policy that denies by default; right is a NetworkPolicy for every pod, both ways, without rules`,
      };
  }
}

export const denial: Rule = { together: judgeNamespaces };

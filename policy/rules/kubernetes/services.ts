import type { Resource, Rule } from "../../policy.js";
import { at, differs, present } from "../../values.js";

/** What makes the load balancer of a Service an internal one. Source: each cloud's "internal load balancer". */
const internal: Record<string, string> = {
  "networking.gke.io/load-balancer-type": "Internal",
  "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
  "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
};

function* judgeService({ props }: Resource): Iterable<string> {
  const spec = at(props, "spec");
  const annotations = at(props, "metadata", "annotations");
  const isInternal = Object.entries(internal).some(([key, value]) => !differs(at(annotations, key), value));
  if (at(spec, "type") === "LoadBalancer" && !isInternal)
    yield "a Service asks for a public load balancer of its own; right is NodePort or an internal one, behind the cell's";
  if (present(at(spec, "externalIPs")))
    yield "a Service takes traffic for externalIPs; right is none (CVE-2020-8554)";
}

/** Only the cell's load balancer faces the internet. */
export const services: Rule = { each: { "kubernetes:core/v1:Service": judgeService } };

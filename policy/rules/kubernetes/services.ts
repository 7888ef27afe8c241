import type { Resource, Rule } from "../../policy.js";
import { at, present } from "../../values.js";

function* judgeService({ props }: Resource): Iterable<string> {
  const spec = at(props, "spec");
  if (at(spec, "type") === "LoadBalancer")
    yield "a Service asks for a load balancer of its own; right is NodePort behind the cell's one";
  if (present(at(spec, "externalIPs")))
    yield "a Service takes traffic for externalIPs; right is none (CVE-2020-8554)";
}

/** Only the cell's load balancer faces the internet. */
export const services: Rule = { each: { "kubernetes:core/v1:Service": judgeService } };

import type { Behaviour, Provider } from "../behaviour.js";
import { gcpResource, inRange, oneOf, text } from "./common.js";
import { inUse } from "./computeErrors.js";

export const serviceLbPolicy = "gcp:networkservices/serviceLbPolicies:ServiceLbPolicies";

/** How a global load balancer chooses among groups, beyond what a backend service says of each. */
const policy: Behaviour = gcpResource({
  source:
    "networkservices.v1 discovery, ServiceLbPolicy; Load balancing, advanced load balancing optimizations; provider docs of gcp.networkservices.ServiceLbPolicies",
  path: "projects/{project}/locations/{location}/serviceLbPolicies/{name}",
  api: "networkservices.googleapis.com",
  global: true,
  check: (inputs) => [
    ...oneOf(inputs, "location", ["global"]),
    ...oneOf(inputs, "loadBalancingAlgorithm", [
      ...["SPRAY_TO_REGION", "SPRAY_TO_WORLD", "WATERFALL_BY_REGION", "WATERFALL_BY_ZONE"],
    ]),
    ...inRange(inputs, "failoverConfig.failoverHealthThreshold", 1, 99),
  ],
  outputs: (_, context) => ({
    createTime: text(context.current?.state, "createTime") ?? context.now(),
    updateTime: context.now(),
  }),
  volatile: ["updateTime"],
  inUse,
});

export const serviceLbPolicies: Provider = { types: { [serviceLbPolicy]: policy }, invokes: {} };

import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  gcpResource,
  inRange,
  isObject,
  matches,
  number,
  objects,
  oneOf,
  project,
  relative,
  rfc1035,
  stateOf,
  text,
  texts,
  toGcp,
} from "./common.js";
import { inUse, invalid } from "./computeErrors.js";
import { healthCheck } from "./healthChecks.js";
import { instanceGroup } from "./instanceGroups.js";
import { created } from "./network.js";
import { serviceLbPolicy } from "./serviceLbPolicies.js";

export const backendService = "gcp:compute/backendService:BackendService";

const api = "compute.googleapis.com";
export const schemes = ["EXTERNAL", "EXTERNAL_MANAGED", "INTERNAL_MANAGED", "INTERNAL_SELF_MANAGED"];
const localities = [
  ...["ROUND_ROBIN", "LEAST_REQUEST", "RING_HASH", "RANDOM", "ORIGINAL_DESTINATION", "MAGLEV"],
  ...["WEIGHTED_MAGLEV", "WEIGHTED_ROUND_ROBIN"],
];

function admitService(inputs: Props, context: Context): void {
  const backends = objects(inputs, "backends");
  const groups = backends.map((each) => relative(text(each, "group") ?? ""));
  const known = groups.map((group) => stateOf(context, [instanceGroup], group)).filter(isObject);
  if (known.length > 0 && inputs["healthChecks"] === undefined)
    throw invalid("healthChecks", "", "A backend service with instance groups needs a health check.");
  if (new Set(groups).size !== groups.length)
    throw invalid("backends", JSON.stringify(groups), "A group may be in a backend service once only.");
  const check = stateOf(context, [healthCheck], inputs["healthChecks"]);
  if (texts(check, "sourceRegions").length > 0)
    throw invalid(
      "healthChecks",
      text(inputs, "healthChecks") ?? "",
      "It has source regions: it is for DNS only.",
    );
  const scheme = text(inputs, "loadBalancingScheme") ?? "EXTERNAL";
  const locality = text(inputs, "localityLbPolicy");
  if (locality !== undefined && scheme === "EXTERNAL")
    throw invalid(
      "localityLbPolicy",
      locality,
      `It is not supported with the load balancing scheme ${scheme}.`,
    );
  const http = /^(HTTP|HTTPS|HTTP2|H2C|GRPC)$/.test(text(inputs, "protocol") ?? "HTTP");
  for (const each of backends) {
    const mode = text(each, "balancingMode") ?? "UTILIZATION";
    // Provider docs of gcp.compute.BackendService, backend.preference.
    if (scheme === "EXTERNAL" && each["preference"] !== undefined)
      throw invalid(
        "backends.preference",
        text(each, "preference") ?? "",
        `It is not supported with the load balancing scheme ${scheme}.`,
      );
    if (mode !== "UTILIZATION" && each["maxUtilization"] !== undefined)
      throw invalid(
        "backends.maxUtilization",
        text(each, "maxUtilization") ?? "",
        `It is not supported with the balancing mode ${mode}.`,
      );
    if (http && mode === "CONNECTION")
      throw invalid("backends.balancingMode", mode, "An HTTP load balancer balances by rate or utilization.");
    if (
      mode === "RATE" &&
      !["maxRate", "maxRatePerInstance", "maxRatePerEndpoint"].some((max) => each[max] !== undefined)
    )
      throw invalid("backends.maxRate", "", "The balancing mode RATE needs a maximum rate.");
  }
  admitGroups(inputs, context);
  // The API takes a name that no group has, and then sends the service no request: no health check finds a port.
  const port = text(inputs, "portName");
  for (const group of known)
    if (!objects(group, "namedPorts").some((each) => each["name"] === port))
      throw invalid(
        "portName",
        port ?? "",
        `The instance group '${String(group["selfLink"])}' has no named port of this name.`,
      );
}

/**
 * Groups are of the service's project, and all backend services of a group balance alike. Sources: Load balancing,
 * "Backend services overview", restrictions for instance groups; "Troubleshoot", incompatible balancing modes.
 */
function admitGroups(inputs: Props, context: Context): void {
  const own = project(inputs, context);
  const modes = modesOf(inputs);
  for (const group of modes.keys())
    if (group.startsWith("projects/") && group.split("/")[1] !== own)
      throw invalid("backends.group", group, `It must be in the project ${own}.`);
  for (const other of context.world.list(backendService)) {
    if (other.id === context.current?.id) continue;
    for (const [group, mode] of modesOf(other.inputs))
      if ((modes.get(group) ?? mode) !== mode)
        throw new CloudError(
          "invalid",
          `googleapi: Error 400: Validation failed for instance group '${group}': backend services '${text(inputs, "name") ?? ""}' and '${other.id}' point to the same instance group but the backends have incompatible balancing_mode. Values should be the same.`,
        );
  }
}

/** The balancing mode of each group that a service names. */
function modesOf(inputs: Props): Map<string, string> {
  return new Map(
    objects(inputs, "backends").map((each) => [
      relative(text(each, "group") ?? ""),
      text(each, "balancingMode") ?? "UTILIZATION",
    ]),
  );
}

const service: Behaviour = gcpResource({
  source:
    "compute.v1 discovery, BackendService; Load balancing, backend services overview; provider docs of gcp.compute.BackendService",
  path: "projects/{project}/global/backendServices/{name}",
  api,
  replaces: ["loadBalancingScheme"],
  defaults: () => ({ connectionDrainingTimeoutSec: 300, loadBalancingScheme: "EXTERNAL" }),
  check: (inputs) => [
    ...oneOf(inputs, "loadBalancingScheme", schemes),
    ...oneOf(inputs, "protocol", [
      "HTTP",
      "HTTPS",
      "HTTP2",
      "TCP",
      "SSL",
      "UDP",
      "GRPC",
      "UNSPECIFIED",
      "H2C",
    ]),
    ...oneOf(inputs, "localityLbPolicy", localities),
    ...oneOf(inputs, "sessionAffinity", [
      ...["NONE", "CLIENT_IP", "CLIENT_IP_PORT_PROTO", "CLIENT_IP_PROTO", "GENERATED_COOKIE"],
      ...["HEADER_FIELD", "HTTP_COOKIE", "STRONG_COOKIE_AFFINITY"],
    ]),
    ...oneOf(inputs, "backends[].balancingMode", [
      "UTILIZATION",
      "RATE",
      "CONNECTION",
      "CUSTOM_METRICS",
      "IN_FLIGHT",
    ]),
    ...oneOf(inputs, "backends[].preference", ["PREFERRED", "DEFAULT"]),
    ...inRange(inputs, "backends[].capacityScaler", 0, 1),
    ...inRange(inputs, "backends[].maxUtilization", 0, 1),
    ...inRange(inputs, "timeoutSec", 1, 2_147_483_647),
    ...inRange(inputs, "connectionDrainingTimeoutSec", 0, 3600),
    ...inRange(inputs, "logConfig.sampleRate", 0, 1),
    ...matches(
      inputs,
      "serviceLbPolicy",
      /^\/\/networkservices\.googleapis\.com\/projects\/[^/]+\/locations\/global\/serviceLbPolicies\/[^/]+$/,
      "//networkservices.googleapis.com/projects/{project}/locations/global/serviceLbPolicies/{name}",
    ),
    ...matches(inputs, "portName", rfc1035, `must match ${rfc1035.source}`),
    ...matches(inputs, "customResponseHeaders[]", /^[A-Za-z0-9-]+:.*$/, "name: value"),
    ...matches(inputs, "customRequestHeaders[]", /^[A-Za-z0-9-]+:.*$/, "name: value"),
    ...(texts(inputs, "customResponseHeaders").length > 16
      ? [{ property: "customResponseHeaders", reason: "at most 16 headers" }]
      : []),
  ],
  references: {
    healthChecks: toGcp([healthCheck]),
    securityPolicy: toGcp(["gcp:compute/securityPolicy:SecurityPolicy"]),
    "backends[].group": toGcp([instanceGroup], { anyRegion: true }),
    serviceLbPolicy: toGcp([serviceLbPolicy], {
      key: (value) => value.replace("//networkservices.googleapis.com/", ""),
    }),
  },
  admit: admitService,
  outputs: (inputs, context) => ({
    creationTimestamp: created(context),
    fingerprint: context.hex(8),
    generatedId: Number(
      text(context.current?.state, "generatedId") ?? Number.parseInt(context.hex(12, "id"), 16),
    ),
    portName: text(inputs, "portName") ?? "http",
    protocol: text(inputs, "protocol") ?? "HTTP",
    sessionAffinity: text(inputs, "sessionAffinity") ?? "NONE",
    timeoutSec: number(inputs, "timeoutSec") ?? 30,
  }),
  volatile: ["fingerprint"],
  inUse,
});

export const loadBalancingBackends: Provider = { types: { [backendService]: service }, invokes: {} };

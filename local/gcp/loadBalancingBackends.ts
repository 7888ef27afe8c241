import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  exactlyOne,
  gcpResource,
  inRange,
  isObject,
  matches,
  number,
  objects,
  oneOf,
  project,
  relative,
  requireApi,
  rfc1035,
  stateOf,
  text,
  texts,
  toGcp,
} from "./common.js";
import { inUse, invalid } from "./computeErrors.js";
import { instanceGroup, instanceGroupId } from "./instanceGroups.js";
import { created } from "./network.js";
import { isRegion } from "./places.js";

export const backendService = "gcp:compute/backendService:BackendService";
const healthCheck = "gcp:compute/healthCheck:HealthCheck";
const namedPort = "gcp:compute/instanceGroupNamedPort:InstanceGroupNamedPort";

const api = "compute.googleapis.com";
const kinds = ["grpc", "grpcTls", "http", "http2", "https", "ssl", "tcp"].map((kind) => `${kind}HealthCheck`);

function admitCheck(inputs: Props): void {
  const [timeout, interval] = [number(inputs, "timeoutSec") ?? 5, number(inputs, "checkIntervalSec") ?? 5];
  if (timeout > interval)
    throw invalid(
      "timeoutSec",
      String(timeout),
      `It must not be greater than checkIntervalSec, ${interval}.`,
    );
  for (const kind of kinds)
    for (const each of objects(inputs, kind)) {
      const by = text(each, "portSpecification") ?? "USE_FIXED_PORT";
      if (by === "USE_NAMED_PORT") throw invalid(`${kind}.portSpecification`, by, "It is not supported.");
      if (by === "USE_SERVING_PORT" && each["port"] !== undefined)
        throw invalid(
          `${kind}.port`,
          text(each, "port") ?? "",
          "No port may be given with USE_SERVING_PORT.",
        );
      const path = text(each, "requestPath");
      if (path !== undefined && !/^\/[^\s#]*$/.test(path))
        throw invalid(`${kind}.requestPath`, path, "It must comply with RFC 3986.");
    }
}

/** Checks from places in the internet, for external endpoints in DNS. Source: provider docs of gcp.compute.HealthCheck, sourceRegions. */
function admitSources(inputs: Props): void {
  const from = texts(inputs, "sourceRegions");
  if (from.length === 0) return;
  if (from.length !== 3 || new Set(from).size !== 3)
    throw invalid("sourceRegions", from.join(", "), "Exactly 3 distinct regions must be specified.");
  const unknown = from.find((each) => !isRegion(each));
  if (unknown !== undefined) throw invalid("sourceRegions", unknown, "It is not a region.");
  const interval = number(inputs, "checkIntervalSec") ?? 5;
  if (interval < 30)
    throw invalid("checkIntervalSec", String(interval), "It must be at least 30 with source regions.");
  const kind = kinds.find((each) => isObject(inputs[each])) ?? "";
  if (!["httpHealthCheck", "httpsHealthCheck", "tcpHealthCheck"].includes(kind))
    throw invalid("sourceRegions", kind, "Only HTTP, HTTPS and TCP checks may have source regions.");
}

const check: Behaviour = gcpResource({
  source:
    "compute.v1 discovery, HealthCheck; Load balancing, health checks; provider docs of gcp.compute.HealthCheck",
  path: "projects/{project}/global/healthChecks/{name}",
  api,
  defaults: () => ({ checkIntervalSec: 5, healthyThreshold: 2, timeoutSec: 5, unhealthyThreshold: 2 }),
  check: (inputs) => [
    ...exactlyOne(inputs, kinds),
    ...inRange(inputs, "checkIntervalSec", 1, 300),
    ...inRange(inputs, "timeoutSec", 1, 300),
    ...inRange(inputs, "healthyThreshold", 1, 10),
    ...inRange(inputs, "unhealthyThreshold", 1, 10),
    ...kinds.flatMap((kind) => [
      ...inRange(inputs, `${kind}.port`, 1, 65535),
      ...oneOf(inputs, `${kind}.portSpecification`, ["USE_FIXED_PORT", "USE_NAMED_PORT", "USE_SERVING_PORT"]),
    ]),
  ],
  admit: (inputs) => {
    admitCheck(inputs);
    admitSources(inputs);
  },
  outputs: (inputs, context) => ({
    creationTimestamp: created(context),
    type: (kinds.find((kind) => isObject(inputs[kind])) ?? "").replace("HealthCheck", "").toUpperCase(),
  }),
  inUse,
});

const schemes = ["EXTERNAL", "EXTERNAL_MANAGED", "INTERNAL_MANAGED", "INTERNAL_SELF_MANAGED"];
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
    if (http && mode === "CONNECTION")
      throw invalid("backends.balancingMode", mode, "An HTTP load balancer balances by rate or utilization.");
    if (
      mode === "RATE" &&
      !["maxRate", "maxRatePerInstance", "maxRatePerEndpoint"].some((max) => each[max] !== undefined)
    )
      throw invalid("backends.maxRate", "", "The balancing mode RATE needs a maximum rate.");
  }
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
    ...inRange(inputs, "backends[].capacityScaler", 0, 1),
    ...inRange(inputs, "backends[].maxUtilization", 0, 1),
    ...inRange(inputs, "timeoutSec", 1, 2_147_483_647),
    ...inRange(inputs, "connectionDrainingTimeoutSec", 0, 3600),
    ...inRange(inputs, "logConfig.sampleRate", 0, 1),
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

const groupOf = (inputs: Props, context: Pick<Context, "scope">): string => {
  const given = text(inputs, "group") ?? "";
  return given.includes("/")
    ? relative(given)
    : instanceGroupId(project(inputs, context), text(inputs, "zone") ?? "", given);
};

const portsOf = (id: string, context: Pick<Context, "world">): Props[] =>
  objects(stateOf(context, [instanceGroup], id), "namedPorts");

const port: Behaviour = {
  source:
    "compute.v1 discovery, instanceGroups.setNamedPorts; provider docs of gcp.compute.InstanceGroupNamedPort",
  global: true,
  // The provider has a default zone only if it is configured with one, which a region's is not.
  required: ["group", "name", "port", "zone"],
  replaces: ["group", "name", "port", "project", "zone"],
  check: (inputs) => [
    ...matches(inputs, "name", rfc1035, `must match ${rfc1035.source}`),
    ...inRange(inputs, "port", 1, 65535),
  ],
  admit: (inputs, context) => {
    requireApi(api, inputs, context);
    const id = groupOf(inputs, context);
    const group = stateOf(context, [instanceGroup], id);
    if (group === undefined || group["zone"] !== text(inputs, "zone"))
      throw invalid(
        "group",
        id,
        `The instance group was not found in the zone ${text(inputs, "zone") ?? ""}.`,
      );
  },
  id: (inputs, context) =>
    context.current?.id ??
    `${groupOf(inputs, context)}/${text(inputs, "port") ?? ""}/${text(inputs, "name") ?? ""}`,
  outputs: (inputs, context) => ({ project: project(inputs, context) }),
  after: ({ inputs }, context) => {
    const id = groupOf(inputs, context);
    const [name, number] = [inputs["name"], Number(inputs["port"])];
    const others = portsOf(id, context).filter((each) => each["name"] !== name || each["port"] !== number);
    context.world.amend(instanceGroup, id, { namedPorts: [...others, { name, port: number }] });
  },
  afterDelete: ({ inputs }, context) => {
    const id = groupOf(inputs, context);
    const left = portsOf(id, context).filter(
      (each) => each["name"] !== inputs["name"] || each["port"] !== Number(inputs["port"]),
    );
    context.world.amend(instanceGroup, id, { namedPorts: left });
  },
};

export const loadBalancingBackends: Provider = {
  types: { [backendService]: service, [healthCheck]: check, [namedPort]: port },
  invokes: {},
};

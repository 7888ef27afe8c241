import type { Behaviour, Props, Provider } from "../behaviour.js";
import { exactlyOne, gcpResource, inRange, isObject, number, objects, oneOf, text, texts } from "./common.js";
import { inUse, invalid } from "./computeErrors.js";
import { created } from "./network.js";
import { isRegion } from "./places.js";

export const healthCheck = "gcp:compute/healthCheck:HealthCheck";

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
  api: "compute.googleapis.com",
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

export const healthChecks: Provider = { types: { [healthCheck]: check }, invokes: {} };

import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  arm,
  armId,
  at,
  inRange,
  isIpv4,
  matches,
  number,
  objects,
  oneOf,
  refuseName,
  refuseUnless,
  repeated,
  text,
} from "./common.js";
import type { Failure } from "./common.js";

const armType = "Microsoft.Network/trafficManagerProfiles";
const kinds = ["azureEndpoints", "externalEndpoints", "nestedEndpoints"].map((kind) => `${armType}/${kind}`);
const label = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const hostName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i;

const bad = (holds: boolean, message: string) => refuseUnless(holds, "BadRequest", message);

/** Longest wait for an answer by seconds between checks. Source: "Traffic Manager endpoint monitoring". */
const longestTimeout: Readonly<Record<number, number>> = { 10: 9, 30: 10 };

/** Port, path and the pairs of interval and timeout. */
function admitMonitor(inputs: Props): void {
  const [monitor] = objects(inputs, "monitorConfig");
  bad(monitor !== undefined, "The property 'monitorConfig' is required.");
  const interval = number(monitor, "intervalInSeconds") ?? 30;
  const timeout = number(monitor, "timeoutInSeconds") ?? (interval === 10 ? 9 : 10);
  const longest = longestTimeout[interval];
  bad(longest !== undefined, `The monitor interval '${interval}' is not valid: it is 10 or 30 seconds.`);
  bad(
    timeout >= 5 && timeout <= (longest ?? 10),
    `The monitor timeout '${timeout}' is not valid: with an interval of ${interval} seconds it is 5 to ${longest ?? 10}.`,
  );
  const protocol = text(monitor, "protocol") ?? "HTTP";
  const path = text(monitor, "path");
  bad(protocol !== "TCP" || path === undefined, "A path must not be given with the protocol TCP.");
  bad(
    protocol === "TCP" || (path?.startsWith("/") ?? at(inputs, "monitorConfig.path").length === 0),
    `The monitor path '${path ?? ""}' is not valid: it begins with '/'.`,
  );
  for (const range of objects(monitor, "expectedStatusCodeRanges")) {
    const [min, max] = [number(range, "min") ?? 0, number(range, "max") ?? 0];
    bad(
      min >= 100 && max <= 999 && min <= max,
      `The status code range '${min}-${max}' is not valid: it lies in 100-999.`,
    );
  }
}

/** What the endpoints of one profile have to agree on. Source: Traffic Manager routing methods; REST API, profiles. */
function admitEndpoints(inputs: Props): void {
  const endpoints = objects(inputs, "endpoints");
  bad(endpoints.length <= 200, `A profile has at most 200 endpoints, found ${endpoints.length}.`);
  const values = (property: string) => endpoints.flatMap((each) => text(each, property)?.toLowerCase() ?? []);
  for (const property of ["name", "target", "priority"]) {
    const again = repeated(values(property));
    bad(again === undefined, `The endpoints' ${property} '${again ?? ""}' is given more than once.`);
  }
  const priorities = values("priority").length;
  bad(
    priorities === 0 || priorities === endpoints.length,
    "A priority must be given for all endpoints of a profile or for none.",
  );
  const method = text(inputs, "trafficRoutingMethod");
  for (const each of endpoints) {
    const name = text(each, "name") ?? "";
    bad(name !== "" || each["name"] !== undefined, "Every endpoint needs a name.");
    const target = text(each, "target");
    const external = text(each, "type")?.toLowerCase() === kinds[1]?.toLowerCase();
    bad(!external || each["target"] !== undefined, `The endpoint '${name}' needs a target.`);
    if (!external || target === undefined) continue;
    bad(
      isIpv4(target) || (hostName.test(target) && method !== "MultiValue"),
      `The target '${target}' of endpoint '${name}' is not a domain name or an address that the profile takes.`,
    );
  }
}

const profile: Behaviour = arm({
  source:
    'Microsoft.Network/trafficManagerProfiles (Azure/bicep-types-az); "Traffic Manager endpoint monitoring", "routing methods", limits',
  type: armType,
  names: ["profileName"],
  required: ["dnsConfig", "monitorConfig", "trafficRoutingMethod"],
  check: (inputs) => {
    const failures: Failure[] = [
      ...refuseName(
        inputs,
        "profileName",
        /^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/,
        "1 to 63 letters, digits, periods and hyphens.",
      ),
      ...matches(inputs, "dnsConfig.relativeName", label, "a DNS label of 1 to 63"),
      ...inRange(inputs, "dnsConfig.ttl", 0, 2_147_483_647),
      ...oneOf(inputs, "profileStatus", ["Enabled", "Disabled"]),
      ...oneOf(inputs, "trafficRoutingMethod", [
        ...["Performance", "Priority", "Weighted", "Geographic", "MultiValue", "Subnet"],
      ]),
      ...oneOf(inputs, "monitorConfig.protocol", ["HTTP", "HTTPS", "TCP"]),
      ...inRange(inputs, "monitorConfig.port", 1, 65535),
      ...inRange(inputs, "monitorConfig.toleratedNumberOfFailures", 0, 9),
      ...oneOf(inputs, "endpoints[].type", kinds),
      ...oneOf(inputs, "endpoints[].endpointStatus", ["Enabled", "Disabled"]),
      ...oneOf(inputs, "endpoints[].alwaysServe", ["Enabled", "Disabled"]),
      ...inRange(inputs, "endpoints[].priority", 1, 1000),
      ...inRange(inputs, "endpoints[].weight", 1, 1000),
    ];
    for (const each of [...objects(inputs, "endpoints"), ...objects(inputs, "monitorConfig")])
      if (at(each, "customHeaders[]").length > 8)
        failures.push({ property: "customHeaders", reason: "at most eight headers" });
    return failures;
  },
  admit: (inputs, context) => {
    refuseUnless(
      text(inputs, "location") === "global",
      "LocationNotAvailableForResourceType",
      `The provided location '${text(inputs, "location") ?? ""}' is not available for resource type '${armType}'. List of available regions for the resource type is 'global'.`,
    );
    const before = text(context.current?.inputs, "dnsConfig.relativeName");
    bad(
      before === undefined || before === text(inputs, "dnsConfig.relativeName"),
      "The relative DNS name of a profile cannot be changed.",
    );
    bad(at(inputs, "dnsConfig.relativeName").length > 0, "The relative DNS name of a profile is required.");
    admitMonitor(inputs);
    admitEndpoints(inputs);
  },
  // All of Azure shares trafficmanager.net.
  unique: (inputs) => text(inputs, "dnsConfig.relativeName")?.toLowerCase(),
  taken: (name) =>
    new CloudError(
      "BadRequest",
      `Domain name ${name}.trafficmanager.net already exists. Please choose a different DNS prefix.`,
    ),
  outputs: (inputs, context) => ({
    dnsConfig: {
      ttl: 60,
      ...objects(inputs, "dnsConfig")[0],
      fqdn: `${text(inputs, "dnsConfig.relativeName") ?? ""}.trafficmanager.net`,
    },
    profileStatus: text(inputs, "profileStatus") ?? "Enabled",
    monitorConfig: {
      ...{ intervalInSeconds: 30, timeoutInSeconds: 10, toleratedNumberOfFailures: 3 },
      ...objects(inputs, "monitorConfig")[0],
      profileMonitorStatus: "CheckingEndpoints",
    },
    endpoints: objects(inputs, "endpoints").map((each) => withId(each, inputs, context)),
  }),
});

function withId(endpoint: Props, inputs: Props, context: Context): Props {
  const [group, name] = [text(inputs, "resourceGroupName") ?? "", text(inputs, "profileName") ?? ""];
  const type = text(endpoint, "type") ?? kinds[1] ?? "";
  return {
    endpointStatus: "Enabled",
    endpointMonitorStatus: "CheckingEndpoint",
    weight: 1,
    ...endpoint,
    id: armId(context, group, type, [name, text(endpoint, "name") ?? ""]),
  };
}

export const trafficManager: Provider = {
  types: { "azure-native:trafficmanager:Profile": profile },
  invokes: {},
};

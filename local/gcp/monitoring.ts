import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  at,
  exactlyOne,
  gcpResource,
  inRange,
  isObject,
  matches,
  objects,
  oneOf,
  project,
  refuseUnless,
  text,
  texts,
} from "./common.js";
import type { Failure } from "./common.js";

const api = "monitoring.googleapis.com";
const uptimeCheck = "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig";

const invalid = (holds: boolean, message: string) =>
  refuseUnless(holds, "INVALID_ARGUMENT", `googleapi: Error 400: ${message}`);

/** Locations by the regions that a check may be made from. Source: monitoring.v3 discovery, UptimeCheckConfig.selectedRegions. */
const locations: Readonly<Record<string, number>> = {
  ...{ USA: 3, EUROPE: 1, SOUTH_AMERICA: 1, ASIA_PACIFIC: 1 },
  ...{ USA_OREGON: 1, USA_IOWA: 1, USA_VIRGINIA: 1 },
};

/** What can be checked, and the labels that say which one. Source: the same, `monitoredResource`. */
const checked: Readonly<Record<string, readonly string[]>> = {
  uptime_url: ["host"],
  gce_instance: ["instance_id", "zone"],
  gae_app: ["module_id"],
  k8s_service: ["cluster_name", "location", "namespace_name", "service_name"],
  servicedirectory_service: ["location", "namespace_name", "service_name"],
  cloud_run_revision: ["service_name", "location"],
};

function admitCheck(inputs: Props, context: Context): void {
  const regions = texts(inputs, "selectedRegions");
  invalid(
    regions.length === 0 || regions.reduce((sum, each) => sum + (locations[each] ?? 0), 0) >= 3,
    `Uptime check must have at least three locations, found those of ${regions.join(", ")}`,
  );
  const type = text(inputs, "monitoredResource.type");
  if (type === undefined) return;
  const { labels } = inputs["monitoredResource"] as { labels?: Props };
  for (const label of checked[type] ?? [])
    invalid(labels?.[label] !== undefined, `The resource label ${label} of ${type} is missing`);
  const [of, own] = [labels?.["project_id"], project(inputs, context)];
  invalid(of === undefined || of === own, `The resource label project_id is ${String(of)}, right is ${own}`);
  const host = labels?.["host"];
  if (typeof host === "string")
    invalid(/^[a-zA-Z0-9.:-]+$/.test(host), `Invalid host ${host}: a name or an address is expected`);
}

const uptimeCheckConfig: Behaviour = {
  ...gcpResource({
    source: "monitoring.v3 discovery, UptimeCheckConfig; provider docs of gcp.monitoring.UptimeCheckConfig",
    path: "projects/{project}",
    api,
    required: ["displayName", "timeout"],
    replaces: ["checkerType", "monitoredResource", "resourceGroup", "syntheticMonitor"],
    defaults: () => ({ period: "300s" }),
    check: (inputs) => [
      ...exactlyOne(inputs, ["httpCheck", "tcpCheck", "syntheticMonitor"]),
      ...exactlyOne(inputs, ["monitoredResource", "resourceGroup", "syntheticMonitor"]),
      ...oneOf(inputs, "period", ["60s", "300s", "600s", "900s"]),
      ...matches(inputs, "timeout", /^([1-9]|[1-5]\d|60)(\.0+)?s$/, "1s to 60s"),
      ...oneOf(inputs, "monitoredResource.type", Object.keys(checked)),
      ...oneOf(inputs, "selectedRegions[]", Object.keys(locations)),
      ...inRange(inputs, "httpCheck.port", 1, 65535),
      ...oneOf(inputs, "httpCheck.requestMethod", ["METHOD_UNSPECIFIED", "GET", "POST"]),
      ...inRange(inputs, "httpCheck.acceptedResponseStatusCodes[].statusValue", 100, 599),
    ],
    admit: admitCheck,
    outputs: (inputs, context) => {
      const id = idOf(uptimeCheckConfig, inputs, context);
      return {
        name: id,
        uptimeCheckId: id.split("/").at(-1),
        checkerType: inputs["checkerType"] ?? "STATIC_IP_CHECKERS",
      };
    },
    inUse: (object) =>
      new CloudError(
        "FAILED_PRECONDITION",
        `googleapi: Error 400: Cannot delete check ${object.id}. One or more alerting policies is using it.`,
      ),
  }),
  id: (inputs, context) => {
    const slug = (text(inputs, "displayName") ?? "").toLowerCase().replace(/[^a-z0-9]+/g, "-");
    return `projects/${project(inputs, context)}/uptimeCheckConfigs/${slug}-${context.hex(11)}`;
  },
};

/** The API chooses the last part of an id. */
const idOf = (of: Behaviour, inputs: Props, context: Context): string =>
  context.current?.id ?? of.id(inputs, context);

const boolean = { aligner: /^ALIGN_NEXT_OLDER$/, reducer: /^REDUCE_(COUNT(_TRUE|_FALSE)?|FRACTION_TRUE)$/ };
const numeric = {
  aligner: /^ALIGN_(NEXT_OLDER|INTERPOLATE|MIN|MAX|MEAN|COUNT|SUM|STDDEV|PERCENTILE_(99|95|50|05))$/,
  reducer: /^REDUCE_(NONE|MIN|MAX|MEAN|SUM|STDDEV|COUNT|PERCENTILE_(99|95|50|05))$/,
};

/** The metrics that are known here, and how their series may be put together. Source: Cloud Monitoring, "Google Cloud metrics". */
const metrics: Readonly<Record<string, typeof boolean>> = {
  "monitoring.googleapis.com/uptime_check/check_passed": boolean,
  "monitoring.googleapis.com/uptime_check/request_latency": numeric,
  "monitoring.googleapis.com/uptime_check/time_until_ssl_cert_expires": numeric,
};

const checkLabel = "metric[.]labels?[.]check_id";

const quoted = (filter: string, key: string): string | undefined =>
  new RegExp(`${key} *= *"([^"]*)"`).exec(filter)?.[1];

function admitCondition(condition: Props): void {
  const kind = "conditionThreshold";
  invalid(isObject(condition[kind]), `Conditions other than ${kind} are not known here`);
  const filter = text(condition, `${kind}.filter`) ?? "";
  const type = quoted(filter, "metric[.]type") ?? "";
  const metric = metrics[type];
  refuseUnless(
    metric !== undefined,
    "NOT_FOUND",
    `googleapi: Error 404: Cannot find metric that matches type = "${type}".`,
  );
  invalid(
    quoted(filter, "resource[.]type") !== undefined,
    "must specify a restriction on resource.type in the filter",
  );
  for (const each of objects(condition, `${kind}.aggregations`))
    for (const [key, allowed] of [
      ["perSeriesAligner", metric?.aligner],
      ["crossSeriesReducer", metric?.reducer],
    ] as const) {
      const value = text(each, key);
      invalid(
        value === undefined || (allowed?.test(value) ?? false),
        `Field aggregation.${key} had an invalid value of "${value ?? ""}" for the metric ${type}`,
      );
    }
}

/** Durations are whole minutes, in seconds. */
const wholeMinutes = (inputs: Props, path: string, least: number): Failure[] =>
  at(inputs, path).flatMap((value) => {
    const seconds = /^\d+s$/.test(String(value)) ? Number.parseInt(String(value)) : undefined;
    return seconds !== undefined && seconds % 60 === 0 && seconds >= least
      ? []
      : [{ property: path, reason: `${path}: ${String(value)} is no multiple of 60s from ${least}s on` }];
  });

const threshold = "conditions[].conditionThreshold";

const alertPolicy: Behaviour = {
  ...gcpResource({
    source: "monitoring.v3 discovery, AlertPolicy; provider docs of gcp.monitoring.AlertPolicy",
    path: "projects/{project}",
    api,
    required: ["combiner", "conditions", "displayName"],
    defaults: () => ({ enabled: true }),
    check: (inputs) => [
      ...matches(inputs, "displayName", /^.{1,512}$/su, "1 to 512 characters"),
      ...oneOf(inputs, "combiner", ["AND", "OR", "AND_WITH_MATCHING_RESOURCE"]),
      ...oneOf(inputs, "severity", ["CRITICAL", "ERROR", "WARNING"]),
      // The others are in the schema, and "not supported currently".
      ...oneOf(inputs, `${threshold}.comparison`, ["COMPARISON_GT", "COMPARISON_LT"]),
      ...objects(inputs, "conditions").flatMap((each, index) =>
        text(each, "displayName") === undefined
          ? [{ property: `conditions[${index}].displayName`, reason: "conditions[].displayName is required" }]
          : [],
      ),
      ...wholeMinutes(inputs, `${threshold}.duration`, 0),
      ...wholeMinutes(inputs, `${threshold}.aggregations[].alignmentPeriod`, 60),
    ],
    references: {
      // A filter names a check by its last part.
      [`${threshold}.filter`]: {
        types: [uptimeCheck],
        by: "uptimeCheckId",
        key: (filter) => quoted(filter, checkLabel) ?? filter,
        except: new RegExp(`^(?!.*${checkLabel} *=)`, "s"),
        code: "NOT_FOUND",
        message: (filter) => `googleapi: Error 404: The uptime check of ${filter} was not found.`,
      },
    },
    admit: (inputs) => {
      const conditions = objects(inputs, "conditions");
      invalid(
        conditions.length >= 1 && conditions.length <= 6,
        `A policy has one to six conditions, found ${conditions.length}`,
      );
      conditions.forEach(admitCondition);
    },
    outputs: (inputs, context) => ({ name: idOf(alertPolicy, inputs, context) }),
  }),
  id: (inputs, context) =>
    `projects/${project(inputs, context)}/alertPolicies/${BigInt(`0x${context.hex(15)}`)}`,
};

export const monitoring: Provider = {
  types: { [uptimeCheck]: uptimeCheckConfig, "gcp:monitoring/alertPolicy:AlertPolicy": alertPolicy },
  invokes: {},
};

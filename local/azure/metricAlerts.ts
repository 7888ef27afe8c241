import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  arm,
  inRange,
  isTrue,
  matches,
  objects,
  oneOf,
  refuseUnless,
  repeated,
  text,
  texts,
  toArm,
} from "./common.js";

const armType = "Microsoft.Insights/metricAlerts";
const profileType = "azure-native:trafficmanager:Profile";

/** What can be watched of each resource type, and its dimensions. Source: Azure Monitor, "Supported metrics". */
const metrics: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  [profileType]: {
    ProbeAgentCurrentEndpointStateByProfileResourceId: ["EndpointName"],
    QpsByEndpoint: ["EndpointName"],
  },
};

const odata = (kind: string) => `Microsoft.Azure.Monitor.${kind}`;
/** Minutes by the durations that each setting takes. Source: "Metric alert rules", template reference. */
const frequencies: Readonly<Record<string, number>> = { PT1M: 1, PT5M: 5, PT15M: 15, PT30M: 30, PT1H: 60 };
const windows: Readonly<Record<string, number>> = {
  ...frequencies,
  ...{ PT6H: 360, PT12H: 720, P1D: 1440 },
};

const bad = (holds: boolean, message: string) => refuseUnless(holds, "BadRequest", message);

/** The metrics are the resource's own, and cut by dimensions that it has. */
function admitCriterion(criterion: Props, offered: Readonly<Record<string, readonly string[]>>): void {
  // The way to watch what is as new as its alert: whether the metric is there is not looked at.
  if (isTrue(criterion, "skipMetricValidation")) return;
  const name = text(criterion, "metricName") ?? "";
  const dimensions = offered[name];
  bad(dimensions !== undefined, `Couldn't find a metric named ${name}. Make sure the name is correct.`);
  for (const { name: dimension } of objects(criterion, "dimensions"))
    bad(
      dimensions?.includes(String(dimension)) ?? false,
      `The dimension ${String(dimension)} is not supported for the metric ${name}.`,
    );
}

function admitAlert(inputs: Props, { world }: Context): void {
  refuseUnless(
    text(inputs, "location") === "global",
    "LocationNotAvailableForResourceType",
    `The provided location '${text(inputs, "location") ?? ""}' is not available for resource type '${armType}'. List of available regions for the resource type is 'global'.`,
  );
  const [every, window] = [text(inputs, "evaluationFrequency") ?? "", text(inputs, "windowSize") ?? ""];
  bad(
    (frequencies[every] ?? 0) <= (windows[window] ?? 0),
    `The evaluation frequency '${every}' is longer than the window '${window}'.`,
  );
  const scopes = texts(inputs, "scopes");
  bad(scopes.length === 1, `An alert of a single resource has one scope, found ${scopes.length}.`);
  const criteria = objects(inputs, "criteria.allOf");
  bad(
    criteria.length >= 1 && criteria.length <= 5,
    `An alert has 1 to 5 criteria, found ${criteria.length}.`,
  );
  const again = repeated(criteria.flatMap((each) => text(each, "name") ?? []));
  bad(again === undefined, `The criterion '${again ?? ""}' is given more than once.`);
  const type = Object.keys(metrics).find((each) => world.find(each, scopes[0] ?? "") !== undefined);
  for (const criterion of criteria) admitCriterion(criterion, metrics[type ?? ""] ?? {});
}

const alert: Behaviour = arm({
  source: 'Microsoft.Insights/metricAlerts (Azure/bicep-types-az); "Create a metric alert rule"',
  type: armType,
  names: ["ruleName"],
  required: ["criteria", "enabled", "evaluationFrequency", "scopes", "severity", "windowSize"],
  check: (inputs) => [
    ...matches(
      inputs,
      "ruleName",
      /^[^*#&+:<>?@%{}\\/|]{0,259}[^*#&+:<>?@%{}\\/|. ]$/,
      "1 to 260 characters other than *#&+:<>?@%{}\\/|, the last one neither a space nor a period",
    ),
    ...oneOf(inputs, "evaluationFrequency", Object.keys(frequencies)),
    ...oneOf(inputs, "windowSize", Object.keys(windows)),
    ...inRange(inputs, "severity", 0, 4),
    ...oneOf(inputs, "criteria.odataType", [odata("SingleResourceMultipleMetricCriteria")]),
    ...oneOf(inputs, "criteria.allOf[].criterionType", ["StaticThresholdCriterion"]),
    ...oneOf(inputs, "criteria.allOf[].operator", [
      ...["Equals", "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual"],
    ]),
    ...oneOf(inputs, "criteria.allOf[].timeAggregation", [
      ...["Average", "Count", "Minimum", "Maximum", "Total"],
    ]),
    ...oneOf(inputs, "criteria.allOf[].dimensions[].operator", ["Include", "Exclude"]),
  ],
  references: {
    "scopes[]": toArm(Object.keys(metrics), {
      code: "ResourceNotFound",
      message: (id) => `The Resource '${id}' was not found, or has no metrics that an alert can watch.`,
      // Azure deletes what is watched; the alert stays.
      weak: true,
    }),
  },
  admit: admitAlert,
  outputs: (inputs) => ({ autoMitigate: inputs.autoMitigate ?? true, isMigrated: false }),
});

export const metricAlerts: Provider = {
  types: { "azure-native:monitor:MetricAlert": alert },
  invokes: {},
};

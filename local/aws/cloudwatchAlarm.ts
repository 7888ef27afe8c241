import type { Behaviour, Provider } from "../behaviour.js";
import { arn, at, exactlyOne, inRange, matches, oneOf, text } from "./common.js";
import { placed } from "./outputs.js";

const operators = [
  ...["GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold"],
  ...["LessThanOrEqualToThreshold", "LessThanLowerOrGreaterThanUpperThreshold"],
  ...["LessThanLowerThreshold", "GreaterThanUpperThreshold"],
];

const alarm: Behaviour = {
  source: "CloudWatch PutMetricAlarm; provider docs of aws.cloudwatch.MetricAlarm",
  required: ["comparisonOperator", "evaluationPeriods"],
  replaces: ["name"],
  autoName: { property: "name", max: 255 },
  check: (inputs) => [
    ...matches(inputs, "name", /^.{1,255}$/, "1 to 255 characters"),
    ...oneOf(inputs, "comparisonOperator", operators),
    ...oneOf(inputs, "statistic", ["SampleCount", "Average", "Sum", "Minimum", "Maximum"]),
    ...oneOf(inputs, "treatMissingData", ["missing", "ignore", "breaching", "notBreaching"]),
    ...inRange(inputs, "evaluationPeriods", 1, Infinity),
    ...at(inputs, "period").flatMap((period) =>
      [10, 20, 30].includes(Number(period)) || (Number(period) > 0 && Number(period) % 60 === 0)
        ? []
        : [{ property: "period", reason: `must be 10, 20, 30 or a multiple of 60, got ${String(period)}` }],
    ),
    ...exactlyOne(inputs, ["metricName", "metricQueries"]),
    ...exactlyOne(inputs, ["statistic", "extendedStatistic", "metricQueries"]),
  ],
  // PutMetricAlarm overwrites, without a word, what another program watches: no program means to.
  unique: (inputs) => text(inputs, "name"),
  id: (inputs) => text(inputs, "name") ?? "",
  outputs: (inputs, context) => ({
    arn: arn(context, "cloudwatch", `alarm:${text(inputs, "name") ?? ""}`),
    actionsEnabled: inputs.actionsEnabled ?? true,
    evaluateLowSampleCountPercentiles: inputs.evaluateLowSampleCountPercentiles ?? "",
    treatMissingData: inputs.treatMissingData ?? "missing",
    ...placed(inputs, context),
  }),
};

export const cloudwatchAlarm: Provider = {
  types: { "aws:cloudwatch/metricAlarm:MetricAlarm": alarm },
  invokes: {},
};

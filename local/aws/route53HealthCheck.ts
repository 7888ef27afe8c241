import type { Behaviour, Provider } from "../behaviour.js";
import { inRange, isTrue, matches, oneOf, text, texts, uuid } from "./common.js";
import type { Failure } from "./common.js";
import { type } from "./references.js";

const types = [
  ...["HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP", "CALCULATED", "CLOUDWATCH_METRIC"],
  "RECOVERY_CONTROL",
];
/** Where Route 53's checkers are. */
const checkers = [
  ...["us-east-1", "us-west-1", "us-west-2", "eu-west-1", "ap-southeast-1", "ap-southeast-2"],
  ...["ap-northeast-1", "sa-east-1"],
];

const healthCheck: Behaviour = {
  source: "Route 53 CreateHealthCheck, UpdateHealthCheck; provider docs of aws.route53.HealthCheck",
  global: true,
  required: ["type"],
  replaces: ["type", "requestInterval", "measureLatency", "routingControlArn", "referenceName"],
  defaults: (inputs) => ({ enableSni: text(inputs, "type")?.startsWith("HTTPS") ?? false }),
  check: (inputs) => {
    const kind = text(inputs, "type") ?? "";
    const failures: Failure[] = [
      ...oneOf(inputs, "type", types),
      ...oneOf(inputs, "requestInterval", ["10", "30"]),
      ...inRange(inputs, "failureThreshold", 1, 10),
      ...inRange(inputs, "port", 1, 65535),
      ...matches(inputs, "resourcePath", /^.{0,255}$/, "at most 255 characters"),
      ...matches(inputs, "fqdn", /^.{0,255}$/, "at most 255 characters"),
      ...oneOf(inputs, "regions[]", checkers),
    ];
    const regions = texts(inputs, "regions");
    if (regions.length > 0 && regions.length < 3)
      failures.push({ property: "regions", reason: "attribute requires 3 items minimum" });
    if (/^(HTTP|TCP)/.test(kind) && inputs.fqdn === undefined && inputs.ipAddress === undefined)
      failures.push({ property: "fqdn", reason: "one of `fqdn,ip_address` must be specified" });
    if (/_STR_MATCH$/.test(kind) && inputs.searchString === undefined)
      failures.push({ property: "searchString", reason: `is required for the type ${kind}` });
    return failures;
  },
  id: (_, context) => context.current?.id ?? uuid(context),
  outputs: (inputs, context) => {
    const id = context.current?.id ?? uuid(context);
    return {
      arn: `arn:aws:route53:::healthcheck/${id}`,
      failureThreshold: inputs.failureThreshold ?? 3,
      requestInterval: inputs.requestInterval ?? 30,
      regions: inputs.regions ?? [],
      disabled: isTrue(inputs, "disabled"),
      invertHealthcheck: isTrue(inputs, "invertHealthcheck"),
    };
  },
};

export const route53HealthCheck: Provider = { types: { [type.healthCheck]: healthCheck }, invokes: {} };

import { CloudError } from "../behaviour.js";
import type { Behaviour } from "../behaviour.js";
import { arn, inRange, isKnown, matches, number, objects, oneOf, refuseUnless, text } from "./common.js";
import { placed } from "./outputs.js";
import { toVpc } from "./references.js";

const protocols = ["GENEVE", "HTTP", "HTTPS", "QUIC", "TCP", "TCP_QUIC", "TCP_UDP", "TLS", "UDP"];

export const targetGroup: Behaviour = {
  source:
    "ELBv2 CreateTargetGroup, DeleteTargetGroup; CloudFormation AWS::ElasticLoadBalancingV2::TargetGroup; provider docs",
  autoName: { property: "name", max: 32 },
  replaces: [
    "ipAddressType",
    "name",
    "namePrefix",
    "port",
    "protocol",
    "protocolVersion",
    "targetType",
    "vpcId",
  ],
  defaults: () => ({
    deregistrationDelay: 300,
    lambdaMultiValueHeadersEnabled: false,
    proxyProtocolV2: false,
    slowStart: 0,
    targetType: "instance",
  }),
  check: (inputs) => {
    const failures = [
      ...matches(
        inputs,
        "name",
        /^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/,
        "1 to 32 letters, digits and hyphens; no hyphen at either end",
      ),
      ...oneOf(inputs, "protocol", protocols),
      ...oneOf(inputs, "protocolVersion", ["GRPC", "HTTP1", "HTTP2"]),
      ...oneOf(inputs, "targetType", ["alb", "instance", "ip", "lambda"]),
      ...oneOf(inputs, "loadBalancingAlgorithmType", [
        "round_robin",
        "least_outstanding_requests",
        "weighted_random",
      ]),
      ...oneOf(inputs, "stickiness.type", [
        "lb_cookie",
        "app_cookie",
        "source_ip",
        "source_ip_dest_ip",
        "source_ip_dest_ip_proto",
      ]),
      ...inRange(inputs, "port", 1, 65535),
      ...inRange(inputs, "deregistrationDelay", 0, 3600),
      ...inRange(inputs, "slowStart", 0, 900),
      ...inRange(inputs, "healthCheck.interval", 5, 300),
      ...inRange(inputs, "healthCheck.timeout", 2, 120),
      ...inRange(inputs, "healthCheck.healthyThreshold", 2, 10),
      ...inRange(inputs, "healthCheck.unhealthyThreshold", 2, 10),
      ...oneOf(inputs, "healthCheck.protocol", ["HTTP", "HTTPS", "TCP"]),
      ...matches(inputs, "healthCheck.port", /^(traffic-port|\d{1,5})$/, "traffic-port or a port"),
    ];
    for (const property of ["port", "protocol", "vpcId"]) {
      if (inputs.targetType !== "lambda" && inputs[property] === undefined) {
        failures.push({
          property,
          reason: `${property} is required when targetType is ${text(inputs, "targetType")}`,
        });
      }
    }
    return failures;
  },
  references: {
    vpcId: { ...toVpc, code: "ValidationError", message: (id) => `The VPC ID '${id}' is not found` },
  },
  unique: (inputs) => text(inputs, "name"),
  taken: (name) =>
    new CloudError(
      "DuplicateTargetGroupName",
      `A target group with the same name '${name}' exists, but with different settings`,
    ),
  admit: (inputs) => {
    const [check = {}] = objects(inputs, "healthCheck");
    const refuse = (holds: boolean, message: string) => refuseUnless(holds, "ValidationError", message);
    const http = ["HTTP", "HTTPS"].includes(text(check, "protocol") ?? text(inputs, "protocol") ?? "");
    refuse(
      (number(check, "timeout") ?? 5) < (number(check, "interval") ?? 30),
      "Health check timeout must be smaller than the interval",
    );
    refuse(
      !http || (text(check, "path") ?? "/").startsWith("/"),
      "Health check path must begin with a '/' character",
    );
    refuse(
      http || !(isKnown(check.path) || isKnown(check.matcher)),
      "Health check path and matcher are not supported for TCP",
    );
    refuse(
      /^\d{1,3}([,-]\d{1,3})*$/.test(text(check, "matcher") ?? "200"),
      `Health check matcher HTTP code '${text(check, "matcher")}' must be within '200-499' inclusive`,
    );
    const slow = number(inputs, "slowStart") ?? 0;
    refuse(slow === 0 || slow >= 30, "Slow start duration must be 0 or between 30 and 900 seconds");
  },
  id: (inputs, context) =>
    context.current?.id ??
    arn(context, "elasticloadbalancing", `targetgroup/${text(inputs, "name")}/${context.hex(16)}`),
  outputs: (inputs, context) => {
    const id = targetGroup.id(inputs, context);
    const [check = {}] = objects(inputs, "healthCheck");
    const http = ["HTTP", "HTTPS"].includes(text(inputs, "protocol") ?? "");
    return {
      ...placed(inputs, context),
      arn: id,
      arnSuffix: id.slice(id.indexOf("targetgroup/")),
      healthCheck: {
        enabled: true,
        healthyThreshold: http ? 5 : 3,
        interval: 30,
        port: "traffic-port",
        protocol: http ? "HTTP" : "TCP",
        timeout: http ? 5 : 10,
        unhealthyThreshold: http ? 2 : 3,
        ...(http ? { matcher: "200", path: "/" } : {}),
        ...check,
      },
      ipAddressType: text(inputs, "ipAddressType") ?? "ipv4",
      loadBalancerArns: [],
      loadBalancingAlgorithmType: text(inputs, "loadBalancingAlgorithmType") ?? "round_robin",
      loadBalancingAnomalyMitigation: text(inputs, "loadBalancingAnomalyMitigation") ?? "off",
      loadBalancingCrossZoneEnabled:
        text(inputs, "loadBalancingCrossZoneEnabled") ?? "use_load_balancer_configuration",
      protocolVersion: text(inputs, "protocolVersion") ?? (http ? "HTTP1" : ""),
    };
  },
  inUse: ({ id }) =>
    new CloudError("ResourceInUse", `Target group '${id}' is currently in use by a listener or a rule`),
};

import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Reference } from "../behaviour.js";
import {
  at,
  exactlyOne,
  inRange,
  isKnown,
  lookup,
  lookupBy,
  number,
  objects,
  oneOf,
  refuseUnless,
  text,
  texts,
} from "./common.js";
import { actionReferences, admitActions, checkActions } from "./lbActions.js";
import { placed } from "./outputs.js";
import { type } from "./references.js";

/** Security policies. Source: Application Load Balancer guide, "Security policies". */
const sslPolicies = new Set(
  (
    "2015-05 2016-08 TLS-1-0-2015-04 TLS-1-1-2017-01 TLS-1-2-2017-01 TLS-1-2-Ext-2018-06 " +
    "FS-2018-06 FS-1-1-2019-08 FS-1-2-2019-08 FS-1-2-Res-2019-08 FS-1-2-Res-2020-10 " +
    "TLS13-1-0-2021-06 TLS13-1-1-2021-06 TLS13-1-2-2021-06 TLS13-1-2-Res-2021-06 TLS13-1-2-Ext1-2021-06 " +
    "TLS13-1-2-Ext2-2021-06 TLS13-1-3-2021-06 TLS13-1-2-Res-PQ-2025-09 TLS13-1-2-FIPS-PQ-2025-09"
  )
    .split(" ")
    .map((tail) => `ELBSecurityPolicy-${tail}`),
);

const toListener: Reference = {
  types: [type.listener],
  by: "arn",
  code: "ListenerNotFound",
  message: (id) => `One or more listeners not found: ${id}`,
};

const toCertificate: Reference = {
  types: [type.certificate],
  by: "arn",
  code: "CertificateNotFound",
  message: (id) => `Certificate '${id}' not found`,
  except: /:iam:/,
};

/** ELB takes issued certificates only. */
function admitCertificate(certificateArn: string | undefined, context: Context): void {
  const certificate = lookupBy(context, type.certificate, "arn", certificateArn);
  refuseUnless(
    certificate === undefined || certificate.state.status === "ISSUED",
    "UnsupportedCertificate",
    `The certificate '${certificateArn}' must have a fully-qualified domain name, a supported signature, and a supported key size.`,
  );
}

const balancerOf = (inputs: Props, context: Context) =>
  lookupBy(context, type.loadBalancer, "arn", text(inputs, "loadBalancerArn"))?.state;
const protocolOf = (inputs: Props) => text(inputs, "protocol") ?? "HTTP";

export const listener: Behaviour = {
  source: "ELBv2 CreateListener, ModifyListener; CloudFormation AWS::ElasticLoadBalancingV2::Listener",
  required: ["defaultActions", "loadBalancerArn"],
  replaces: ["loadBalancerArn"],
  check: (inputs) => [
    ...checkActions(inputs, "defaultActions"),
    ...inRange(inputs, "port", 1, 65535),
    ...oneOf(inputs, "protocol", [
      "GENEVE",
      "HTTP",
      "HTTPS",
      "QUIC",
      "TCP",
      "TCP_QUIC",
      "TCP_UDP",
      "TLS",
      "UDP",
    ]),
  ],
  references: {
    loadBalancerArn: {
      types: [type.loadBalancer],
      by: "arn",
      code: "LoadBalancerNotFound",
      message: (id) => `Load balancer '${id}' not found`,
    },
    certificateArn: toCertificate,
    ...actionReferences("defaultActions"),
  },
  unique: (inputs) => `${text(inputs, "loadBalancerArn")}|${text(inputs, "port")}`,
  taken: (key) =>
    new CloudError(
      "DuplicateListener",
      `A listener already exists on this port for this load balancer '${key.split("|")[0]}'`,
    ),
  admit: (inputs, context) => {
    const balancer = balancerOf(inputs, context);
    const protocol = protocolOf(inputs);
    refuseUnless(
      balancer?.loadBalancerType !== "application" || ["HTTP", "HTTPS"].includes(protocol),
      "UnsupportedProtocol",
      `Protocol '${protocol}' must be one of 'HTTPS, HTTP'`,
    );
    const secure = ["HTTPS", "TLS"].includes(protocol);
    refuseUnless(
      !secure || isKnown(inputs.certificateArn),
      "ValidationError",
      `A certificate must be specified for ${protocol} listeners`,
    );
    refuseUnless(
      secure || !(isKnown(inputs.certificateArn) || isKnown(inputs.sslPolicy)),
      "InvalidConfigurationRequest",
      `Certificates and SSL policies cannot be specified for ${protocol} listeners`,
    );
    const policy = text(inputs, "sslPolicy");
    refuseUnless(
      policy === undefined || sslPolicies.has(policy),
      "SSLPolicyNotFound",
      `SSL policy '${policy}' not found`,
    );
    admitCertificate(text(inputs, "certificateArn"), context);
    admitActions(inputs, "defaultActions", balancer, { ...inputs, protocol }, context);
  },
  id: (inputs, context) =>
    context.current?.id ??
    `${text(inputs, "loadBalancerArn")?.replace(":loadbalancer/", ":listener/")}/${context.hex(16)}`,
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: listener.id(inputs, context),
    protocol: protocolOf(inputs),
    sslPolicy:
      text(inputs, "sslPolicy") ?? (protocolOf(inputs) === "HTTPS" ? "ELBSecurityPolicy-2016-08" : ""),
  }),
};

export const listenerCertificate: Behaviour = {
  source: "ELBv2 AddListenerCertificates",
  required: ["certificateArn", "listenerArn"],
  replaces: ["certificateArn", "listenerArn"],
  references: { listenerArn: toListener, certificateArn: toCertificate },
  admit: (inputs, context) => admitCertificate(text(inputs, "certificateArn"), context),
  id: (inputs) => `${text(inputs, "listenerArn")}_${text(inputs, "certificateArn")}`,
  outputs: (_, { region }) => ({ region }),
};

const conditionKinds = [
  "hostHeader",
  "httpHeader",
  "httpRequestMethod",
  "pathPattern",
  "queryStrings",
  "sourceIp",
];

const rivals = (inputs: Props, context: Context) =>
  context.world
    .list(type.listenerRule, context.region)
    .filter(
      ({ id, inputs: others }) => id !== context.current?.id && others.listenerArn === inputs.listenerArn,
    );

export const listenerRule: Behaviour = {
  source: "ELBv2 CreateRule, SetRulePriorities, RuleCondition; Application Load Balancer guide, quotas",
  required: ["actions", "conditions", "listenerArn"],
  replaces: ["listenerArn"],
  check: (inputs) => [
    ...inRange(inputs, "priority", 1, 50000),
    ...checkActions(inputs, "actions"),
    ...objects(inputs, "conditions")
      .flatMap((condition) => exactlyOne(condition, conditionKinds))
      .map(({ reason }) => ({ property: "conditions", reason })),
  ],
  references: { listenerArn: toListener, ...actionReferences("actions") },
  admit: (inputs, context) => {
    const refuse = (holds: boolean, message: string) => refuseUnless(holds, "ValidationError", message);
    const conditions = objects(inputs, "conditions");
    const values = conditions.flatMap((condition) => [
      ...conditionKinds.flatMap((kind) => texts(condition, `${kind}.values`)),
      ...at(condition, "queryStrings[]").map((each) => text(each, "value") ?? ""),
    ]);
    refuse(values.length > 0, "A rule needs at least one condition value");
    refuse(values.length <= 5, "A rule can only have '5' condition values");
    refuse(
      values.every((each) => each.length <= 128),
      "Condition values must have at most 128 characters",
    );
    for (const host of conditions.flatMap((condition) => texts(condition, "hostHeader.values"))) {
      refuse(
        /^[A-Za-z0-9.*?-]+$/.test(host),
        `The host header condition value '${host}' contains invalid characters`,
      );
    }
    for (const path of conditions.flatMap((condition) => texts(condition, "pathPattern.values"))) {
      refuse(
        /^[A-Za-z0-9_.$/~"'@:+&*?-]+$/.test(path),
        `The path pattern condition value '${path}' contains invalid characters`,
      );
    }
    for (const kind of ["hostHeader", "pathPattern", "httpRequestMethod", "sourceIp"]) {
      refuse(
        conditions.filter((each) => isKnown(each[kind])).length <= 1,
        `A rule can have one ${kind} condition only`,
      );
    }
    const priority = number(inputs, "priority");
    refuseUnless(
      priority === undefined ||
        rivals(inputs, context).every(({ state }) => number(state, "priority") !== priority),
      "PriorityInUse",
      `Priority '${priority}' is currently in use`,
    );
    const owner = lookup(context, type.listener, text(inputs, "listenerArn"))?.state ?? {};
    admitActions(inputs, "actions", balancerOf(owner, context), owner, context);
  },
  id: (inputs, context) =>
    context.current?.id ??
    `${text(inputs, "listenerArn")?.replace(":listener/", ":listener-rule/")}/${context.hex(16)}`,
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: listenerRule.id(inputs, context),
    // Without a priority, the rule comes after all others.
    priority:
      number(inputs, "priority") ??
      number(context.current?.state, "priority") ??
      1 + Math.max(0, ...rivals(inputs, context).map(({ state }) => number(state, "priority") ?? 0)),
  }),
};

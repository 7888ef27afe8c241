import type { Behaviour, Props, Provider } from "../behaviour.js";
import type { Failure } from "./common.js";
import { at, gcpResource, isCidr, matches, number, objects, oneOf, text, texts } from "./common.js";
import { refusalOf } from "./celRules.js";
import { inUse, invalid } from "./computeErrors.js";

const policyType = "gcp:compute/securityPolicy:SecurityPolicy";

const lastPriority = 2147483647;
const intervals = [10, 30, 60, 120, 180, 240, 270, 300, 600, 900, 1200, 1800, 2700, 3600];
const keys = [
  ...["ALL", "IP", "HTTP_HEADER", "XFF_IP", "HTTP_COOKIE", "HTTP_PATH", "SNI", "REGION_CODE"],
  ...["TLS_JA3_FINGERPRINT", "TLS_JA4_FINGERPRINT", "USER_IP", "ASN"],
];
const action = /^(allow|deny\((403|404|429|502)\)|redirect|throttle|rate_based_ban)$/;
/** The highest threshold of each action. Source: Cloud Armor, "Rate limiting overview". */
const highest: Readonly<Record<string, number>> = { throttle: 1_000_000, rate_based_ban: 10_000 };
const limits = (rule: Props) => ["throttle", "rate_based_ban"].includes(text(rule, "action") ?? "");

function check(inputs: Props): Failure[] {
  const failures: Failure[] = [
    ...oneOf(inputs, "type", ["CLOUD_ARMOR", "CLOUD_ARMOR_EDGE", "CLOUD_ARMOR_INTERNAL_SERVICE"]),
    ...oneOf(inputs, "advancedOptionsConfig.jsonParsing", ["DISABLED", "STANDARD", "STANDARD_WITH_GRAPHQL"]),
    ...oneOf(inputs, "advancedOptionsConfig.logLevel", ["NORMAL", "VERBOSE"]),
    ...matches(
      inputs,
      "advancedOptionsConfig.requestBodyInspectionSize",
      /^(8|16|32|48|64)KB$/i,
      "8KB to 64KB",
    ),
    ...oneOf(inputs, "rules[].match.versionedExpr", ["SRC_IPS_V1"]),
    ...matches(inputs, "rules[].action", action, "an action of Cloud Armor"),
    ...matches(inputs, "rules[].description", /^.{0,64}$/, "at most 64 characters"),
    ...oneOf(inputs, "rules[].rateLimitOptions.enforceOnKey", keys),
    ...oneOf(inputs, "rules[].rateLimitOptions.conformAction", ["allow"]),
    ...matches(
      inputs,
      "rules[].rateLimitOptions.exceedAction",
      /^(deny\((403|404|429|502)\)|redirect)$/,
      "deny(status) or redirect",
    ),
  ];
  objects(inputs, "rules").forEach((rule, i) => {
    for (const required of ["action", "match", "priority"])
      if (rule[required] === undefined)
        failures.push({
          property: `rules[${i}].${required}`,
          reason: `Missing required argument "${required}"`,
        });
  });
  return failures;
}

function admit(inputs: Props): void {
  const advanced = objects(inputs, "advancedOptionsConfig")[0];
  if (advanced?.["jsonCustomConfig"] !== undefined && text(advanced, "jsonParsing") !== "STANDARD")
    throw invalid(
      "advancedOptionsConfig.jsonCustomConfig",
      "",
      "Only applicable when jsonParsing is STANDARD.",
    );
  const rules = objects(inputs, "rules");
  const priorities = rules.map((rule) => number(rule, "priority") ?? -1);
  rules.forEach((rule, i) => {
    const priority = priorities[i] ?? -1;
    const refuse = (path: string, value: string, why: string) => {
      throw invalid(`rules[${i}].${path}`, value, why);
    };
    if (!Number.isInteger(priority) || priority < 0 || priority > lastPriority)
      refuse("priority", String(priority), `Must be between 0 and ${lastPriority}.`);
    if (priorities.indexOf(priority) !== i)
      refuse("priority", String(priority), "Cannot have rules with the same priorities.");
    admitMatch(rule, refuse);
    admitLimit(rule, refuse);
  });
  const last = rules[priorities.indexOf(lastPriority)];
  const everybody = texts(last, "match.config.srcIpRanges").includes("*");
  if (rules.length > 0 && (last === undefined || !everybody || limits(last)))
    throw invalid(
      "rules",
      "",
      `There must be a default rule: priority ${lastPriority}, match '*', allow or deny.`,
    );
}

type Refuse = (path: string, value: string, why: string) => void;

function admitMatch(rule: Props, refuse: Refuse): void {
  const expression = text(rule, "match.expr.expression");
  const versioned = text(rule, "match.versionedExpr") !== undefined;
  if ((expression !== undefined) === versioned)
    refuse("match", "", "Exactly one of expr and versionedExpr must be specified.");
  if (versioned !== at(rule, "match.config").length > 0)
    refuse("match.config", "", "Must be specified with versionedExpr, and only then.");
  if (expression !== undefined) {
    const why = refusalOf(expression);
    if (why !== undefined) refuse("match.expr.expression", expression, `${why}.`);
  }
  const ranges = texts(rule, "match.config.srcIpRanges");
  if (versioned && (ranges.length < 1 || ranges.length > 10))
    refuse("match.config.srcIpRanges", String(ranges.length), "Between 1 and 10 IP ranges are allowed.");
  const wrong = ranges.find((range) => range !== "*" && !isCidr(range));
  if (wrong !== undefined) refuse("match.config.srcIpRanges", wrong, "Must be an IP range in CIDR format.");
  for (const field of objects(rule, "preconfiguredWafConfig.exclusions"))
    for (const list of [
      "requestHeaders",
      "requestCookies",
      "requestUris",
      "requestQueryParams",
      "requestBodies",
    ])
      for (const each of objects(field, list))
        if ((text(each, "operator") === "EQUALS_ANY") === (each["value"] !== undefined))
          refuse(`preconfiguredWafConfig.${list}`, "", "A value is needed, except with EQUALS_ANY.");
}

function admitLimit(rule: Props, refuse: Refuse): void {
  const options = objects(rule, "rateLimitOptions")[0];
  if (limits(rule) !== (options !== undefined))
    refuse(
      "rateLimitOptions",
      "",
      "Must be specified for throttle and rate_based_ban, and cannot be otherwise.",
    );
  if ((text(rule, "action") === "redirect") !== (rule["redirectOptions"] !== undefined))
    refuse("redirectOptions", "", "Must be specified for redirect, and cannot be otherwise.");
  if (options === undefined) return;
  for (const needed of ["conformAction", "exceedAction", "rateLimitThreshold"])
    if (options[needed] === undefined) refuse(`rateLimitOptions.${needed}`, "", "Is required.");
  const count = number(options, "rateLimitThreshold.count") ?? 0;
  const most = highest[text(rule, "action") ?? ""] ?? 0;
  if (!Number.isInteger(count) || count < 1 || count > most)
    refuse(
      "rateLimitOptions.rateLimitThreshold.count",
      String(count),
      `Must be an integer between 1 and ${most}.`,
    );
  const interval = number(options, "rateLimitThreshold.intervalSec") ?? 0;
  if (!intervals.includes(interval))
    refuse(
      "rateLimitOptions.rateLimitThreshold.intervalSec",
      String(interval),
      `Must be one of ${intervals.join(", ")}.`,
    );
  const bans = text(rule, "action") === "rate_based_ban";
  if (!bans && (options["banDurationSec"] !== undefined || options["banThreshold"] !== undefined))
    refuse("rateLimitOptions.banDurationSec", "", "Only with rate_based_ban.");
  const key = text(options, "enforceOnKey");
  if (["HTTP_HEADER", "HTTP_COOKIE"].includes(key ?? "") !== (options["enforceOnKeyName"] !== undefined))
    refuse(
      "rateLimitOptions.enforceOnKeyName",
      "",
      "Must be given for HTTP_HEADER and HTTP_COOKIE, and only then.",
    );
  if (key !== undefined && objects(options, "enforceOnKeyConfigs").length > 0)
    refuse("rateLimitOptions.enforceOnKey", key, "Cannot be specified together with enforceOnKeyConfigs.");
}

const policy: Behaviour = gcpResource({
  source:
    "compute.v1 discovery, SecurityPolicy; Cloud Armor, Rate limiting; provider docs of gcp.compute.SecurityPolicy",
  path: "projects/{project}/global/securityPolicies/{name}",
  api: "compute.googleapis.com",
  replaces: ["type"],
  check,
  admit,
  outputs: (inputs, context) => ({
    fingerprint: context.hex(8),
    type: text(inputs, "type") ?? "CLOUD_ARMOR",
    rules: inputs["rules"] ?? [
      {
        action: "allow",
        priority: lastPriority,
        match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } },
      },
    ],
  }),
  volatile: ["fingerprint"],
  inUse,
});

export const securityPolicies: Provider = { types: { [policyType]: policy }, invokes: {} };

import type { Behaviour, Props, Provider } from "../behaviour.js";
import {
  arm,
  at,
  inRange,
  isBlockOrAddress,
  isKnown,
  isTrue,
  number,
  objects,
  oneOf,
  refuseUnless,
  repeated,
  text,
} from "./common.js";
import type { Failure } from "./common.js";
import { inUse, net, networkName } from "./networkTypes.js";

/** Managed rule sets of Application Gateway's WAF and their versions. Source: "DRS and CRS rule groups and rules". */
const ruleSets: Readonly<Record<string, readonly string[]>> = {
  OWASP: ["3.0", "3.1", "3.2"],
  Microsoft_DefaultRuleSet: ["2.1", "2.2"],
  Microsoft_BotManagerRuleSet: ["0.1", "1.0", "1.1"],
  Microsoft_HTTPDDoSRuleSet: ["1.0"],
};

const variables = [
  ...[
    "RemoteAddr",
    "RequestMethod",
    "QueryString",
    "PostArgs",
    "RequestUri",
    "RequestHeaders",
    "RequestBody",
  ],
  "RequestCookies",
];
const operators = [
  ...["IPMatch", "Equal", "Contains", "LessThan", "GreaterThan", "LessThanOrEqual", "GreaterThanOrEqual"],
  ...["BeginsWith", "EndsWith", "Regex", "GeoMatch", "Any"],
];
const transforms = [
  "Uppercase",
  "Lowercase",
  "Trim",
  "UrlDecode",
  "UrlEncode",
  "RemoveNulls",
  "HtmlEntityDecode",
];
const condition = "customRules[].matchConditions[]";
const scrubbing = "policySettings.logScrubbing.scrubbingRules[]";

const wafPolicy: Behaviour = arm({
  source:
    'Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies; "WAF v2 custom rules on Application Gateway"; Azure limits, Application Gateway',
  type: "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies",
  names: ["policyName"],
  required: ["managedRules.managedRuleSets"],
  check: (inputs) => [
    ...networkName(inputs, "policyName", 128),
    ...oneOf(inputs, "policySettings.mode", ["Prevention", "Detection"]),
    ...oneOf(inputs, "policySettings.state", ["Enabled", "Disabled"]),
    ...inRange(inputs, "policySettings.maxRequestBodySizeInKb", 8, 2000),
    ...inRange(inputs, "policySettings.requestBodyInspectLimitInKB", 8, 2000),
    ...inRange(inputs, "policySettings.fileUploadLimitInMb", 1, 4000),
    ...oneOf(inputs, `${scrubbing}.matchVariable`, [
      ...["RequestHeaderNames", "RequestCookieNames", "RequestArgNames", "RequestPostArgNames"],
      ...["RequestJSONArgNames", "RequestIPAddress"],
    ]),
    ...oneOf(inputs, `${scrubbing}.selectorMatchOperator`, ["Equals", "EqualsAny"]),
    ...oneOf(inputs, "customRules[].action", ["Allow", "Block", "Log", "JSChallenge"]),
    ...oneOf(inputs, "customRules[].ruleType", ["MatchRule", "RateLimitRule"]),
    ...oneOf(inputs, "customRules[].rateLimitDuration", ["OneMin", "FiveMins"]),
    ...inRange(inputs, "customRules[].priority", 1, 100),
    ...oneOf(inputs, `${condition}.operator`, operators),
    ...oneOf(inputs, `${condition}.matchVariables[].variableName`, variables),
    ...oneOf(inputs, `${condition}.transforms[]`, transforms),
    ...oneOf(inputs, "customRules[].groupByUserSession[].groupByVariables[].variableName", [
      "ClientAddr",
      "GeoLocation",
      "None",
    ]),
    ...objects(inputs, "customRules").flatMap(customRuleFailures),
  ],
  admit: (inputs) => {
    const rules = objects(inputs, "customRules");
    for (const property of ["priority", "name"] as const) {
      const twice = repeated(rules.map((rule) => text(rule, property)));
      refuseUnless(
        twice === undefined,
        property === "priority"
          ? "ApplicationGatewayFirewallCustomRulesDuplicatePriority"
          : "ApplicationGatewayFirewallCustomRulesDuplicateName",
        `Custom rules of a WAF policy must have unique values of ${property}; ${twice} is there twice.`,
      );
    }
    refuseUnless(
      rules.length <= 100,
      "ApplicationGatewayFirewallCustomRulesLimitExceeded",
      "A WAF policy holds at most 100 custom rules.",
    );
    rules.forEach(admitRateLimit);
    admitManaged(inputs);
    admitBody(inputs);
  },
  outputs: (inputs) => ({
    resourceState: "Enabled",
    customRules: inputs.customRules ?? [],
    applicationGateways: [],
  }),
  inUse: inUse("WAF policy", "ApplicationGatewayFirewallPolicyInUse"),
});

function customRuleFailures(rule: Props): Failure[] {
  const failures: Failure[] = [];
  const refuse = (property: string, reason: string) =>
    failures.push({ property: `customRules.${property}`, reason });
  for (const property of ["action", "matchConditions", "priority", "ruleType"])
    if (rule[property] === undefined) refuse(property, `Missing required argument "${property}"`);
  const name = text(rule, "name");
  if (name !== undefined && !/^[A-Za-z][A-Za-z0-9]{0,127}$/.test(name))
    refuse(
      "name",
      `Custom rule name ${name} is invalid: letters and digits only, the first a letter, at most 128`,
    );
  for (const one of objects(rule, "matchConditions")) {
    const values = at(one, "matchValues[]").map(String);
    const operator = text(one, "operator");
    const limit = operator === "IPMatch" ? 600 : 10;
    if (values.length > limit)
      refuse(
        "matchConditions",
        `at most ${limit} match values for operator ${operator}, found ${values.length}`,
      );
    if (operator !== "Any" && Array.isArray(one.matchValues) && one.matchValues.length === 0)
      refuse("matchConditions", `operator ${operator} needs match values`);
    if (operator === "IPMatch")
      for (const value of values)
        if (!isBlockOrAddress(value)) refuse("matchConditions", `"${value}" is not an IP address or range`);
    if (operator === "Regex")
      for (const value of values)
        try {
          new RegExp(value);
        } catch {
          refuse("matchConditions", `"${value}" is not a regular expression`);
        }
  }
  return failures;
}

function admitRateLimit(rule: Props): void {
  const limited = rule.ruleType === "RateLimitRule";
  const name = text(rule, "name");
  const given = ["rateLimitDuration", "rateLimitThreshold", "groupByUserSession"].filter((each) =>
    isKnown(rule[each]),
  );
  refuseUnless(
    !limited || given.length === 3,
    "ApplicationGatewayFirewallRateLimitRuleInvalid",
    `Rate limit rule ${name} needs rateLimitDuration, rateLimitThreshold and groupByUserSession.`,
  );
  refuseUnless(
    limited || given.length === 0,
    "ApplicationGatewayFirewallMatchRuleInvalid",
    `Match rule ${name} cannot have ${given.join(", ")}.`,
  );
  refuseUnless(
    !limited || (number(rule, "rateLimitThreshold") ?? 0) >= 1,
    "ApplicationGatewayFirewallRateLimitRuleInvalid",
    `The threshold of rate limit rule ${name} must be at least 1.`,
  );
  refuseUnless(
    !limited || rule.action !== "Allow",
    "ApplicationGatewayFirewallRateLimitRuleInvalid",
    `Rate limit rule ${name} cannot allow.`,
  );
}

function admitManaged(inputs: Props): void {
  const sets = objects(inputs, "managedRules.managedRuleSets");
  for (const set of sets) {
    const [type = "", version = ""] = [text(set, "ruleSetType"), text(set, "ruleSetVersion")];
    refuseUnless(
      ruleSets[type]?.includes(version) === true,
      "ApplicationGatewayFirewallUnknownRuleSet",
      `Managed rule set ${type} ${version} is not supported.`,
    );
  }
  const core = sets.filter((set) =>
    ["OWASP", "Microsoft_DefaultRuleSet"].includes(text(set, "ruleSetType") ?? ""),
  );
  refuseUnless(
    core.length === 1,
    "ApplicationGatewayFirewallInvalidManagedRuleSet",
    `A WAF policy needs exactly one of the rule sets OWASP and Microsoft_DefaultRuleSet; found ${core.length}.`,
  );
  const exclusions = objects(inputs, "managedRules.exclusions");
  const crs32 = !["3.0", "3.1"].includes(text(core[0], "ruleSetVersion") ?? "");
  refuseUnless(
    exclusions.length <= (crs32 ? 200 : 40),
    "ApplicationGatewayFirewallExclusionLimitExceeded",
    "A WAF policy holds at most 200 exclusions.",
  );
}

/** Body limits apply only where bodies are read. */
function admitBody(inputs: Props): void {
  const settings = objects(inputs, "policySettings")[0] ?? {};
  const read = settings.requestBodyCheck === undefined || isTrue(settings, "requestBodyCheck");
  refuseUnless(
    read || settings.requestBodyInspectLimitInKB === undefined,
    "ApplicationGatewayFirewallRequestBodyInspectLimitInvalid",
    "An inspection limit can only be given where the request body is checked.",
  );
}

export const waf: Provider = { types: { [net.wafPolicy]: wafPolicy }, invokes: {} };

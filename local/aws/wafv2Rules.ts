import { CloudError, UNKNOWN } from "../behaviour.js";
import type { Props } from "../behaviour.js";
import { at, inRange, isKnown, isObject, matches, objects, oneOf, refuseUnless, text } from "./common.js";
import type { Failure } from "./common.js";

/** Capacity units of AWS's managed groups. Source: WAF developer guide, "AWS Managed Rules rule groups list". */
const managedGroups: Record<string, number> = {
  AWSManagedRulesACFPRuleSet: 50,
  AWSManagedRulesAdminProtectionRuleSet: 100,
  AWSManagedRulesAmazonIpReputationList: 25,
  AWSManagedRulesAnonymousIpList: 50,
  AWSManagedRulesAntiDDoSRuleSet: 50,
  AWSManagedRulesATPRuleSet: 50,
  AWSManagedRulesBotControlRuleSet: 50,
  AWSManagedRulesCommonRuleSet: 700,
  AWSManagedRulesKnownBadInputsRuleSet: 200,
  AWSManagedRulesLinuxRuleSet: 200,
  AWSManagedRulesPHPRuleSet: 100,
  AWSManagedRulesSQLiRuleSet: 200,
  AWSManagedRulesUnixRuleSet: 100,
  AWSManagedRulesWindowsRuleSet: 200,
  AWSManagedRulesWordPressRuleSet: 100,
};

/** Largest capacity of one web ACL. Source: WAF developer guide, quotas. */
const largestCapacity = 5000;

const nested = ["andStatement", "orStatement"];
const groups = ["managedRuleGroupStatement", "ruleGroupReferenceStatement"];

/** Base units of one statement. Source: WAF developer guide, "Rule statements list". */
const baseUnits: Record<string, (statement: Props) => number> = {
  asnMatchStatement: () => 1,
  byteMatchStatement: (statement) =>
    text(statement, "positionalConstraint")?.startsWith("CONTAINS") ? 10 : 2,
  geoMatchStatement: () => 1,
  ipSetReferenceStatement: (statement) =>
    text(statement, "ipSetForwardedIpConfig.position") === "ANY" ? 5 : 1,
  labelMatchStatement: () => 1,
  managedRuleGroupStatement: (statement) => managedGroups[text(statement, "name") ?? ""] ?? 0,
  notStatement: () => 0,
  andStatement: () => 0,
  orStatement: () => 0,
  rateBasedStatement: () => 2,
  regexMatchStatement: () => 3,
  regexPatternSetReferenceStatement: () => 25,
  ruleGroupReferenceStatement: () => 0,
  sizeConstraintStatement: () => 1,
  sqliMatchStatement: (statement) => (text(statement, "sensitivityLevel") === "HIGH" ? 30 : 20),
  xssMatchStatement: () => 40,
};

/** The statements that a statement holds. */
function inner(kind: string, statement: Props): Props[] {
  if (nested.includes(kind)) return objects(statement, "statements");
  return kind === "notStatement" ? objects(statement, "statement") : objects(statement, "scopeDownStatement");
}

/** Whether something is set, perhaps to what a preview does not know yet. */
const given = (value: unknown) => value !== undefined && value !== null;

/** The kind of a statement and what it says; undefined when it isn't exactly one. */
function only(statement: Props): [kind: string, content: Props] | undefined {
  const [found, ...others] = Object.entries(statement).filter(([, content]) => isObject(content));
  return found !== undefined && others.length === 0 ? [found[0], found[1] as Props] : undefined;
}

function unitsOf(statement: Props): number {
  const [kind, content] = only(statement) ?? ["", {}];
  const reads = (part: string) => isKnown(at(content, `fieldToMatch.${part}`)[0]);
  return (
    (baseUnits[kind]?.(content) ?? 0) * (reads("jsonBody") ? 2 : 1) +
    (reads("allQueryArguments") ? 10 : 0) +
    // Every transformation of a text costs ten units.
    10 * objects(content, "textTransformations").filter((each) => each.type !== "NONE").length +
    inner(kind, content).reduce((sum, each) => sum + unitsOf(each), 0)
  );
}

/** Web ACL capacity units that the rules take. */
export function capacityOf(inputs: Props): number {
  return objects(inputs, "rules").reduce(
    (sum, rule) => sum + objects(rule, "statement").reduce((all, each) => all + unitsOf(each), 0),
    0,
  );
}

/** Every path at which a rule can name an IP set, down to the provider's three levels. */
export const ipSetPaths: string[] = (() => {
  const steps = [
    "notStatement.statement",
    ...nested.map((kind) => `${kind}.statements[]`),
    "rateBasedStatement.scopeDownStatement",
    "managedRuleGroupStatement.scopeDownStatement",
  ];
  const deeper = (prefixes: string[]) =>
    prefixes.flatMap((prefix) => steps.map((step) => `${prefix}.${step}`));
  const top = ["rules[].statement"];
  const second = deeper(top);
  return [...top, ...second, ...deeper(second)].map((prefix) => `${prefix}.ipSetReferenceStatement.arn`);
})();

function checkStatement(statement: Props, property: string): Failure[] {
  if (Object.values(statement).includes(UNKNOWN)) return [];
  const found = only(statement);
  if (found === undefined || baseUnits[found[0]] === undefined) {
    return [{ property, reason: "a statement holds exactly one kind of statement" }];
  }
  const [kind, content] = found;
  const failures = [
    ...oneOf(content, "positionalConstraint", [
      "EXACTLY",
      "STARTS_WITH",
      "ENDS_WITH",
      "CONTAINS",
      "CONTAINS_WORD",
    ]),
    ...(kind === "rateBasedStatement" ? checkRate(content) : []),
    ...(nested.includes(kind) && objects(content, "statements").length < 2
      ? [{ property, reason: `${kind} holds at least two statements` }]
      : []),
    ...("fieldToMatch" in content && objects(content, "textTransformations").length === 0
      ? [{ property, reason: `${kind} needs at least one text transformation` }]
      : []),
  ];
  return [
    ...failures.map(({ reason }) => ({ property, reason })),
    ...inner(kind, content).flatMap((each) => checkStatement(each, property)),
  ];
}

function checkRate(rate: Props): Failure[] {
  const constant = rate.aggregateKeyType === "CONSTANT" && rate.scopeDownStatement === undefined;
  return [
    ...inRange(rate, "limit", 10, 2_000_000_000),
    ...oneOf(rate, "evaluationWindowSec", ["60", "120", "300", "600"]),
    ...oneOf(rate, "aggregateKeyType", ["IP", "FORWARDED_IP", "CUSTOM_KEYS", "CONSTANT"]),
    ...(constant ? [{ property: "rateBasedStatement", reason: "CONSTANT needs a scopeDownStatement" }] : []),
  ];
}

/** What the provider refuses about a web ACL's rules and default action. */
export function checkRules(inputs: Props): Failure[] {
  const failures: Failure[] = [
    ...matches(
      inputs,
      "visibilityConfig.metricName",
      /^[A-Za-z0-9_-]{1,128}$/,
      "1 to 128 letters, digits, - and _",
    ),
    ...matches(
      inputs,
      "rules[].visibilityConfig.metricName",
      /^[A-Za-z0-9_-]{1,128}$/,
      "1 to 128 letters, digits, - and _",
    ),
    ...inRange(inputs, "rules[].action.block.customResponse.responseCode", 200, 599),
    ...matches(inputs, "rules[].name", /^[\w-]{1,128}$/, "1 to 128 letters, digits, _ and -"),
  ];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  if (objects(inputs, "defaultAction").some((each) => Object.values(each).filter(given).length !== 1)) {
    fail("defaultAction", "exactly one of allow, block must be specified");
  }
  objects(inputs, "rules").forEach((rule, i) => {
    const property = `rules[${i}]`;
    if (!given(rule.statement)) fail(property, "a rule needs a statement");
    if (!given(rule.visibilityConfig)) fail(property, "a rule needs a visibilityConfig");
    for (const statement of objects(rule, "statement")) {
      failures.push(...checkStatement(statement, property));
      const isGroup = groups.some((kind) => given(statement[kind]));
      const [right, wrong] = isGroup ? ["overrideAction", "action"] : ["action", "overrideAction"];
      if (!given(rule[right]) || given(rule[wrong]))
        fail(property, `a rule with this statement needs ${right}, and no ${wrong}`);
    }
  });
  return failures;
}

/** What WAF refuses about them. */
export function admitRules(inputs: Props): void {
  const refuse = (holds: boolean, field: string, value: string) =>
    refuseUnless(
      holds,
      "WAFInvalidParameterException",
      `Error reason: The parameter contains formatting or a value that is not valid., field: ${field}, parameter: ${value}`,
    );
  for (const [field, path] of [
    ["RULE", "name"],
    ["PRIORITY", "priority"],
  ] as const) {
    const all = objects(inputs, "rules").map((rule) => text(rule, path) ?? "");
    const twice = all.find((each, i) => all.indexOf(each) !== i);
    refuse(twice === undefined, field, `${twice} is used by more than one rule`);
  }
  for (const rule of objects(inputs, "rules")) {
    for (const group of objects(rule, "statement.managedRuleGroupStatement")) {
      const known =
        text(group, "vendorName") === "AWS" && managedGroups[text(group, "name") ?? ""] !== undefined;
      refuse(known, "MANAGED_RULE_SET", `${text(group, "vendorName")}/${text(group, "name")}`);
    }
  }
  const units = capacityOf(inputs);
  if (units > largestCapacity) {
    throw new CloudError(
      "WAFLimitsExceededException",
      `AWS WAF couldn't perform the operation because you exceeded your resource limit: ${units} of ${largestCapacity} web ACL capacity units`,
    );
  }
}

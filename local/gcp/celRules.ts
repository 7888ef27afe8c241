import { isCidr } from "../cidr.js";
import { nodes, parse, subexpressions } from "./cel.js";
import type { Node } from "./cel.js";

/**
 * What Cloud Armor refuses of an expression. Sources: Cloud Armor, "Configure custom rules language attributes",
 * "Preconfigured WAF rules overview", "Quotas and limits".
 */

const longest = 2048;
const mostConditions = 5;

const attributes = [
  ...["origin.ip", "origin.user_ip", "origin.region_code", "origin.asn"],
  ...["origin.tls_ja3_fingerprint", "origin.tls_ja4_fingerprint"],
  ...["request.headers", "request.method", "request.path", "request.scheme", "request.query"],
  ...[
    "token.recaptcha_exemption.valid",
    "token.recaptcha_action.score",
    "token.recaptcha_action.captcha_status",
  ],
  ...["token.recaptcha_action.action", "token.recaptcha_action.valid", "token.recaptcha_session.score"],
  "token.recaptcha_session.valid",
];

/** Number of arguments: fewest and most. */
const functions: Readonly<Record<string, [number, number]>> = {
  inIpRange: [2, 2],
  has: [1, 1],
  int: [1, 1],
  size: [1, 1],
  evaluatePreconfiguredWaf: [1, 2],
  evaluatePreconfiguredExpr: [1, 2],
  evaluateThreatIntelligence: [1, 3],
  evaluateAddressGroup: [2, 3],
  evaluateOrganizationAddressGroup: [2, 3],
  evaluateAdaptiveProtectionAutoDeploy: [0, 0],
};
const methods: Readonly<Record<string, number>> = {
  ...{ contains: 1, startsWith: 1, endsWith: 1, matches: 1, lower: 0, upper: 0, size: 0 },
  ...{ base64Decode: 0, urlDecode: 0, urlDecodeUni: 0, utf8ToUnicode: 0 },
};

const attacks = [
  ...["sqli", "xss", "lfi", "rfi", "rce", "methodenforcement", "scannerdetection", "protocolattack", "php"],
  "sessionfixation",
];
/** Rule sets by the version of the OWASP core rule set they come from: 3.0 (no suffix), 3.3, 4.22. */
const ruleSets = new Set([
  ...attacks.flatMap((attack) => [`${attack}-stable`, `${attack}-canary`]),
  ...[...attacks, "java", "nodejs"].flatMap((attack) =>
    ["v33", "v422"].flatMap((version) => [`${attack}-${version}-stable`, `${attack}-${version}-canary`]),
  ),
  ...["generic-v422-stable", "generic-v422-canary", "cve-canary", "json-sqli-canary"],
]);

/** Why the expression is refused; undefined for one that Cloud Armor takes. */
export function refusalOf(expression: string): string | undefined {
  if (expression.length > longest) return `The expression has ${expression.length} characters of ${longest}`;
  let root: Node;
  try {
    root = parse(expression);
  } catch (error) {
    return `Syntax error: ${(error as Error).message}`;
  }
  const conditions = subexpressions(root);
  if (conditions.length > mostConditions)
    return `The expression has ${conditions.length} subexpressions of ${mostConditions}`;
  for (const node of nodes(root)) {
    const wrong =
      node.kind === "attribute" ? wrongAttribute(node) : node.kind === "call" ? wrongCall(node) : undefined;
    if (wrong !== undefined) return wrong;
  }
  return conditions.every(isCondition) ? undefined : "Expression must evaluate to a boolean";
}

function isCondition(node: Node): boolean {
  if (node.kind === "operator") return ["==", "!=", "<", "<=", ">", ">="].includes(node.operator);
  if (node.kind === "literal") return typeof node.value === "boolean";
  if (node.kind === "attribute") return node.name.endsWith(".valid");
  if (node.kind !== "call") return false;
  return node.target
    ? ["contains", "startsWith", "endsWith", "matches"].includes(node.name)
    : /^(evaluate|inIpRange$|has$)/.test(node.name);
}

function wrongAttribute({ name, index }: Node & { kind: "attribute" }): string | undefined {
  if (!attributes.includes(name)) return `undeclared reference to '${name}'`;
  if (index && name !== "request.headers") return `type '${name}' does not support indexing`;
  return undefined;
}

const literal = (node: Node | undefined) => (node?.kind === "literal" ? node.value : undefined);

function wrongCall({ name, target, args }: Node & { kind: "call" }): string | undefined {
  if (target) {
    if (!Object.hasOwn(methods, name) || methods[name] !== args.length)
      return `found no matching overload for '${name}'`;
    return name === "matches" ? wrongPattern(literal(args[0])) : undefined;
  }
  const [fewest, most] = Object.hasOwn(functions, name) ? (functions[name] ?? [1, 0]) : [1, 0];
  if (args.length < fewest || args.length > most) return `found no matching overload for '${name}'`;
  if (name === "inIpRange" && !isCidr(String(literal(args[1]))))
    return `'${String(literal(args[1]))}' is no IP range`;
  if (name === "evaluatePreconfiguredWaf") return wrongRuleSet(args);
  return undefined;
}

/** RE2 has no look-around and no back-references; the rest is close enough to compile here. */
function wrongPattern(pattern: unknown): string | undefined {
  if (typeof pattern !== "string") return "matches takes a string literal";
  try {
    new RegExp(pattern);
  } catch {
    return `invalid regular expression '${pattern}'`;
  }
  return /\(\?<?[=!]|\\[1-9]/.test(pattern) ? `invalid regular expression '${pattern}'` : undefined;
}

function wrongRuleSet([name, options]: Node[]): string | undefined {
  const set = String(literal(name));
  if (!ruleSets.has(set)) return `'${set}' is not a preconfigured WAF rule set`;
  if (options === undefined) return undefined;
  if (options.kind !== "map") return "the options of a preconfigured WAF rule set are a map";
  const given = new Map(options.entries.map(([key, value]) => [String(literal(key)), value]));
  for (const [key, value] of given) {
    const sensitivity = Number(literal(value));
    if (key === "sensitivity" && Number.isInteger(sensitivity) && sensitivity >= 0 && sensitivity <= 4)
      continue;
    if (["opt_out_rule_ids", "opt_in_rule_ids"].includes(key) && value.kind === "list") continue;
    return `invalid option '${key}' of a preconfigured WAF rule set`;
  }
  const optsIn = given.has("opt_in_rule_ids");
  if (optsIn && (given.has("opt_out_rule_ids") || literal(given.get("sensitivity")) !== 0))
    return "opt_in_rule_ids needs sensitivity 0, and no opt_out_rule_ids";
  return undefined;
}

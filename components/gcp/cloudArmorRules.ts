import type * as gcp from "@pulumi/gcp";
import { Address4 } from "ip-address";
import { guardedPaths, pathEnd, writes } from "../ingress.js";

/** What the security policy blocks, as data. */

/** Paths that a server may read as another than the rules do: `//`, `/./`, `/../`. */
const ambiguous = "//|/[.][.]?(/|$)";

/**
 * Google's rule sets, three to a rule: two more comparisons make the five that an expression may have (Cloud Armor,
 * "Quotas and limits"). Sensitivity 1 is the least likely to be wrong (Cloud Armor, "Tune preconfigured WAF rules").
 */
export const ruleSets: Readonly<Record<string, readonly string[]>> = {
  injection: ["sqli-v33-stable", "xss-v33-stable", "rce-v33-stable"],
  inclusion: ["lfi-v33-stable", "rfi-v33-stable", "protocolattack-v33-stable"],
  exploits: ["cve-canary", "nodejs-v33-stable", "scannerdetection-v33-stable"],
};

/** Priority of the rule that every policy ends with. */
export const defaultPriority = 2147483647;
/** Ranges that an address condition takes, and those that fit an expression beside the path. */
const rangesPerCondition = 10;
const rangesPerExpression = 4;

type Rule = gcp.types.input.compute.SecurityPolicyRule;

export interface CloudArmorRuleArgs {
  /** IPv4 blocks that may reach the load balancer. */
  ingressAllow: string[];
  /** IPv4 blocks that may reach the admin paths; none means nobody from outside. */
  adminAllow: string[];
  /** Requests that one address may make in a minute. */
  requestsPerMinute: number;
  /** True: changes of the database are refused, since it is a copy. Default false. */
  readOnly?: boolean;
}

/**
 * The rules, most urgent first; the first that matches decides.
 *
 * Prompts are not judged: no rule that may block looks at a body. Google's rule sets block GET and HEAD requests
 * only, which carry none; on every other method they run in preview, which is logged and lets pass. A set can't be
 * told to leave out a body that is no valid JSON, and a prompt quotes code, exploits and markup. So exploits in
 * the headers or the path of a POST are reported and not blocked: weaker than on AWS.
 */
export function cloudArmorRules(args: CloudArmorRuleArgs): Rule[] {
  const path = (pattern: string) => `request.path.urlDecode().lower().matches('${pattern}')`;
  const expr = (expression: string) => ({ expr: { expression } });
  const limited = {
    action: "throttle",
    rateLimitOptions: {
      conformAction: "allow",
      // 429 and not 403, so that clients know to slow down.
      exceedAction: "deny(429)",
      enforceOnKey: "IP",
      rateLimitThreshold: { count: args.requestsPerMinute, intervalSec: 60 },
    },
  };
  const withoutBody = "request.method == 'GET' || request.method == 'HEAD'";
  const withBody = "request.method != 'GET' && request.method != 'HEAD'";
  const writing = writes.except.map((method) => `request.method != '${method}'`).join(" && ");
  const sets = (names: readonly string[]) =>
    names.map((name) => `evaluatePreconfiguredWaf('${name}', {'sensitivity': 1})`).join(" || ");
  const groups = Object.entries(ruleSets);
  // Whoever may not use the gateway at all may not administer it either.
  const admins = intersection(args.adminAllow, args.ingressAllow);

  return [
    // One rule, since a project has few: its quota of rules with an expression is 20, unless it was raised.
    rule(100, "Paths that are not for the internet, or can be read in two ways", {
      action: "deny(404)",
      match: expr(`${path(guardedPaths.internal + pathEnd)} || ${path(ambiguous)}`),
    }),
    // Before the rules that let admins in; 502 stands for 503, which a policy does not give.
    ...(args.readOnly
      ? [
          rule(250, "Changes, where the database is a copy", {
            action: "deny(502)",
            match: expr(`${path(writes.path + pathEnd)} && ${writing}`),
          }),
        ]
      : []),
    ...chunks(admins, rangesPerExpression).map((ranges, i) => {
      const from = ranges.map((range) => `inIpRange(origin.ip, '${range}')`).join(" || ");
      return rule(300 + i, "Admin paths, from admin networks", {
        ...limited,
        match: expr(`${path(guardedPaths.admin + pathEnd)} && (${from})`),
      });
    }),
    rule(900, "Admin paths, from elsewhere", {
      action: "deny(403)",
      match: expr(path(guardedPaths.admin + pathEnd)),
    }),
    ...groups.map(([group, names], i) =>
      rule(1000 + i, `Google's rules: ${group}`, {
        action: "deny(403)",
        match: expr(`(${withoutBody}) && (${sets(names)})`),
      }),
    ),
    ...groups.map(([group, names], i) =>
      rule(1100 + i, `Google's rules: ${group}, reported only`, {
        action: "deny(403)",
        preview: true,
        match: expr(`${withBody} && (${sets(names)})`),
      }),
    ),
    ...chunks([...new Set(args.ingressAllow)], rangesPerCondition).map((srcIpRanges, i) =>
      rule(2000 + i, "Consumers, each address at its rate", {
        ...limited,
        match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges } },
      }),
    ),
    rule(defaultPriority, "Everybody else", {
      action: "deny(403)",
      match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } },
    }),
  ];
}

function rule(priority: number, description: string, rest: Omit<Rule, "priority" | "description">): Rule {
  return { priority, description, ...rest };
}

/** The blocks that lie in both lists: of two that overlap, the smaller. */
export function intersection(some: readonly string[], others: readonly string[]): string[] {
  const within = (inner: string, outer: string) => new Address4(inner).isInSubnet(new Address4(outer));
  const pairs = some.flatMap((one) =>
    others.flatMap((other) => (within(one, other) ? [one] : within(other, one) ? [other] : [])),
  );
  return [...new Set(pairs)];
}

function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) =>
    values.slice(i * size, (i + 1) * size),
  );
}

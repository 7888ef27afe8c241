import { plain } from "../../local/publicDns.js";
import { Refusal } from "../errors.js";
import { listOf, numberOf, ofType, textOf, texts } from "../state.js";
import { byWeight } from "./dns.js";
import type { Answer, Situation } from "./dns.js";
import type { Check } from "./health.js";
import type { DnsService, Elsewhere, Resource } from "./state.js";

const record = "aws:route53/record:Record";
const healthCheck = "aws:route53/healthCheck:HealthCheck";

/**
 * Checkers are in eight regions, more than one in each; here one in each, their checks spread over the interval. An
 * endpoint is healthy when more than 18 % of them say so. Source: Route 53 Developer Guide, "How Route 53 determines
 * the status of health checks".
 */
const defaultRegions = 8;
const healthyShare = 0.18;
/**
 * Four seconds to connect and two more to answer; here one limit for both, since a loopback connects at once or
 * never. Source: the same.
 */
const checkTimeout = 6;
/** Seconds that a load balancer's alias is kept. Source: Route 53 Developer Guide, alias records. */
const aliasTtl = 60;
/** As deep as a tree of aliases goes. */
const deepest = 16;

interface Rrset {
  name: string;
  type: Answer["type"];
  ttl: number;
  records: string[];
  alias?: { name: string; evaluate: boolean };
  check?: string;
  role?: string;
  weight?: number;
}

/**
 * Route 53 as it was deployed. A record is healthy when its health check passes and, for an alias that evaluates its
 * target, when any record of the target is; a load balancer's own health, which may tell sooner, is not consulted.
 * When no record is healthy, a failover pair answers with its primary and weighted records are all counted as
 * healthy. Source: Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking is configured".
 */
export function route53(resources: readonly Resource[], elsewhere: Elsewhere): DnsService | undefined {
  const groups = new Map<string, Rrset[]>();
  for (const each of ofType(resources, record)) {
    const read = rrsetOf(each);
    if (read) groups.set(read.name, [...(groups.get(read.name) ?? []), read]);
  }
  if (groups.size === 0) return undefined;

  const isHealthy = (rrset: Rrset, now: Situation, depth = 0): boolean => {
    if (rrset.check !== undefined && !now.healthy(rrset.check)) return false;
    if (rrset.alias?.evaluate !== true || depth > deepest) return true;
    const target = groups.get(rrset.alias.name);
    return !target || target.some((each) => isHealthy(each, now, depth + 1));
  };
  const choose = (group: Rrset[], now: Situation): Rrset | undefined => {
    const healthy = group.filter((each) => isHealthy(each, now));
    if (group.some(({ role }) => role !== undefined)) {
      const of = (role: string) => (each: Rrset) => each.role === role;
      return healthy.find(of("PRIMARY")) ?? healthy.find(of("SECONDARY")) ?? group.find(of("PRIMARY"));
    }
    return byWeight(healthy.length > 0 ? healthy : group, ({ weight }) => weight ?? 1, now.random);
  };
  const answer = (name: string, now: Situation, depth = 0): Answer[] | undefined => {
    const group = groups.get(name);
    const chosen = group && choose(group, now);
    if (!chosen) return undefined;
    const { type, ttl, records, alias } = chosen;
    if (!alias) return records.map((data) => ({ name, type, ttl, data }));
    // An alias costs no second question: the target's records come under the alias's own name.
    const target = depth < deepest ? answer(alias.name, now, depth + 1) : undefined;
    if (target) return target.map((each) => ({ ...each, name }));
    return elsewhere.addresses(alias.name).map((data) => ({ name, type: "A", ttl: aliasTtl, data }));
  };

  for (const { type, records } of [...groups.values()].flat())
    if (type === "CNAME") elsewhere.note(records.filter((each) => !groups.has(each)));
  return {
    title: "Route 53",
    names: (name, now) => answer(name, now),
    checks: ofType(resources, healthCheck).map(checkOf),
  };
}

const unread = [
  "cidrRoutingPolicy",
  "geolocationRoutingPolicies",
  "geoproximityRoutingPolicy",
  "latencyRoutingPolicies",
];

function rrsetOf({ name, outputs }: Resource): Rrset | undefined {
  const type = textOf(outputs["type"]);
  if (type !== "A" && type !== "CNAME") return undefined;
  for (const policy of unread)
    if (listOf(outputs[policy]).length > 0)
      throw new Refusal(`The record ${name} has ${policy}, which a drill does not know.`);
  const [alias] = listOf(outputs["aliases"]);
  const [failover] = listOf(outputs["failoverRoutingPolicies"]);
  const [weighted] = listOf(outputs["weightedRoutingPolicies"]);
  const check = textOf(outputs["healthCheckId"]);
  return {
    name: plain(textOf(outputs["fqdn"]) || textOf(outputs["name"])),
    type,
    ttl: numberOf(outputs["ttl"], aliasTtl),
    records: texts(outputs, "records").map((each) => (type === "CNAME" ? plain(each) : each)),
    ...(alias && {
      alias: {
        name: plain(textOf(alias["name"])).replace(/^dualstack\./, ""),
        evaluate: alias["evaluateTargetHealth"] === true,
      },
    }),
    ...(check !== "" && { check }),
    ...(failover && { role: textOf(failover["type"]) }),
    ...(weighted && { weight: numberOf(weighted["weight"], 0) }),
  };
}

function checkOf({ id, outputs }: Resource): Check {
  const failures = numberOf(outputs["failureThreshold"], 3);
  const checkers = texts(outputs, "regions").length || defaultRegions;
  const host = plain(textOf(outputs["fqdn"]));
  return {
    id,
    target: textOf(outputs["ipAddress"]) || host,
    ...(outputs["enableSni"] !== false && { sni: host }),
    host,
    port: numberOf(outputs["port"], 443),
    path: textOf(outputs["resourcePath"]) || "/",
    interval: numberOf(outputs["requestInterval"], 30),
    timeout: checkTimeout,
    // The threshold counts in both directions.
    failures,
    successes: failures,
    checkers,
    quorum: Math.floor(checkers * healthyShare) + 1,
    passes: (status) => status >= 200 && status < 400,
  };
}

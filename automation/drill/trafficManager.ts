import { isIPv4 } from "node:net";
import { plain } from "../../local/publicDns.js";
import { Refusal } from "../errors.js";
import { listOf, numberOf, objectOf, textOf, texts } from "../state.js";
import { byWeight } from "./dns.js";
import type { Answer, Situation } from "./dns.js";
import type { Check } from "./health.js";
import type { DnsService, Elsewhere, Resource } from "./state.js";

const profileType = /^azure-native:(trafficmanager|network)(\/v\w+)?:Profile$/;
const recordType = /^azure-native:(dns|network)(\/v\w+)?:RecordSet$/;

/** Probes come from several places; here from three, of which two have to agree. */
const places = 3;

interface Endpoint {
  check: string;
  target: string;
  priority: number;
  weight: number;
}

/**
 * Traffic Manager and Azure DNS as they were deployed. An endpoint is degraded on the failure after those tolerated,
 * and online again after one probe that passes. When all are degraded, all count as online. Source: Traffic Manager
 * documentation, "Endpoint monitoring".
 */
export function trafficManager(resources: readonly Resource[], elsewhere: Elsewhere): DnsService | undefined {
  const records = new Map<string, Answer[]>();
  for (const { outputs } of resources.filter(({ type }) => recordType.test(type))) {
    const read = recordOf(outputs);
    if (read[0]) records.set(read[0].name, read);
  }
  const profiles = new Map<string, (now: Situation) => Answer[]>();
  const checks: Check[] = [];
  for (const resource of resources.filter(({ type }) => profileType.test(type))) {
    const dns = objectOf(resource.outputs["dnsConfig"]);
    const name = plain(textOf(dns["fqdn"]) || `${textOf(dns["relativeName"])}.trafficmanager.net`);
    const own = checksOf(resource);
    checks.push(...own.map(({ check }) => check));
    const choose = choiceOf(
      resource,
      own.map(({ endpoint }) => endpoint),
    );
    profiles.set(name, (now) => {
      const data = choose(now)?.target;
      if (data === undefined) return [];
      const type = isIPv4(data) ? "A" : "CNAME";
      return [{ name, type, ttl: numberOf(dns["ttl"], 60), data }];
    });
  }
  if (records.size === 0 && profiles.size === 0) return undefined;
  const cnames = [...records.values()].flat().filter(({ type }) => type === "CNAME");
  const targets = [...cnames.map(({ data }) => data), ...checks.map(({ target }) => plain(target))];
  elsewhere.note(targets.filter((name) => !records.has(name) && !profiles.has(name)));
  return {
    title: "Traffic Manager",
    names: (name, now) => records.get(name) ?? profiles.get(name)?.(now),
    checks,
  };
}

function recordOf(outputs: Record<string, unknown>): Answer[] {
  const name = plain(textOf(outputs["fqdn"]));
  const ttl = numberOf(outputs["ttl"], 3600);
  const cname = textOf(objectOf(outputs["cnameRecord"])["cname"]);
  if (cname !== "") return [{ name, type: "CNAME", ttl, data: plain(cname) }];
  const addresses = texts(outputs, "aRecords", "ipv4Address");
  return addresses.map((data) => ({ name, type: "A", ttl, data }));
}

function choiceOf({ name, outputs }: Resource, endpoints: Endpoint[]) {
  const method = textOf(outputs["trafficRoutingMethod"]);
  if (method !== "Priority" && method !== "Weighted")
    throw new Refusal(
      `The Traffic Manager profile ${name} routes by ${method}, which a drill does not know.`,
    );
  const ordered = [...endpoints].sort((a, b) => a.priority - b.priority);
  return (now: Situation): Endpoint | undefined => {
    const online = ordered.filter(({ check }) => now.healthy(check));
    const usable = online.length > 0 ? online : ordered;
    return method === "Priority" ? usable[0] : byWeight(usable, ({ weight }) => weight, now.random);
  };
}

function checksOf({ id, outputs }: Resource): { check: Check; endpoint: Endpoint }[] {
  const monitor = objectOf(outputs["monitorConfig"]);
  const ranges = listOf(monitor["expectedStatusCodeRanges"]).map(({ min, max }) => [
    numberOf(min, 200),
    numberOf(max, 200),
  ]);
  const common = {
    port: numberOf(monitor["port"], 443),
    path: textOf(monitor["path"]) || "/",
    interval: numberOf(monitor["intervalInSeconds"], 30),
    timeout: numberOf(monitor["timeoutInSeconds"], 10),
    failures: numberOf(monitor["toleratedNumberOfFailures"], 3) + 1,
    successes: 1,
    checkers: places,
    quorum: Math.ceil(places / 2),
    // Only 200 unless other ranges are given.
    passes: (status: number) =>
      ranges.length === 0 ? status === 200 : ranges.some(([min, max]) => status >= min! && status <= max!),
  };
  const enabled = listOf(outputs["endpoints"]).filter(
    (each) => textOf(each["endpointStatus"]) !== "Disabled",
  );
  return enabled.map((each, index) => {
    const target = plain(textOf(each["target"]));
    const check = `${id}/${textOf(each["name"])}`;
    const headers = [...listOf(each["customHeaders"]), ...listOf(monitor["customHeaders"])];
    const host = headers.find((header) => textOf(header["name"]).toLowerCase() === "host");
    const name = plain(textOf(host?.["value"]) || target);
    return {
      check: { id: check, target, sni: name, host: name, ...common },
      endpoint: {
        check,
        target,
        priority: numberOf(each["priority"], index + 1),
        weight: numberOf(each["weight"], 1),
      },
    };
  });
}

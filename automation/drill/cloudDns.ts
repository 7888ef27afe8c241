import { plain } from "../../local/publicDns.js";
import { Refusal } from "../errors.js";
import { listOf, numberOf, objectOf, ofType, textOf, texts } from "../state.js";
import { byWeight } from "./dns.js";
import type { Answer, Situation } from "./dns.js";
import type { Check } from "./health.js";
import type { DnsService, Elsewhere, Resource } from "./state.js";

const recordSet = "gcp:dns/recordSet:RecordSet";
const healthCheck = "gcp:compute/healthCheck:HealthCheck";

/** Probes come from three regions, of which two have to agree. */
const regions = 3;

/** Addresses of one item of a policy; those that are checked have their check's id. */
interface Item {
  targets: { address: string; check?: string }[];
  weight: number;
}

type Choice = (now: Situation) => string[];

/**
 * Cloud DNS as it was deployed. A failover policy answers with the healthy addresses of its primary item, then with
 * those of its backup; a weighted policy chooses among items with a healthy address. When none is healthy, all
 * count as healthy, so that the primary is answered. Source: Cloud DNS, "DNS routing policies and health checks".
 */
export function cloudDns(resources: readonly Resource[], elsewhere: Elsewhere): DnsService | undefined {
  const templates = new Map<string, Resource>();
  for (const each of ofType(resources, healthCheck))
    for (const key of [each.id, textOf(each.outputs["selfLink"])]) templates.set(key, each);

  const checks = new Map<string, Check>();
  const records = new Map<string, (now: Situation) => Answer[]>();
  const cnames: string[] = [];
  for (const { name: logicalName, outputs } of ofType(resources, recordSet)) {
    const type = textOf(outputs["type"]);
    if (type !== "A" && type !== "CNAME") continue;
    const name = plain(textOf(outputs["name"]));
    const ttl = numberOf(outputs["ttl"], 300);
    const answer = (data: string): Answer => ({
      name,
      type,
      ttl,
      data: type === "CNAME" ? plain(data) : data,
    });
    const policy = objectOf(outputs["routingPolicy"]);
    const fixed = texts(outputs, "rrdatas");
    if (type === "CNAME") cnames.push(...fixed.map(plain));
    if (Object.keys(policy).length === 0) {
      records.set(name, () => fixed.map(answer));
      continue;
    }
    const template = templates.get(textOf(policy["healthCheck"]));
    const item = (from: Record<string, unknown>, plainTargets: string[], weight = 1): Item => ({
      weight,
      targets: [
        ...plainTargets.map((address) => ({ address })),
        ...texts(from, "externalEndpoints").map((address) => {
          if (!template) return { address };
          const check = checkOf(template, address);
          checks.set(check.id, check);
          return { address, check: check.id };
        }),
      ],
    });
    const choose = choiceOf(policy, item);
    if (!choose)
      throw new Refusal(`The record ${logicalName} has a routing policy that a drill does not know.`);
    records.set(name, (now) => choose(now).map(answer));
  }
  if (records.size === 0) return undefined;
  elsewhere.note(cnames.filter((name) => !records.has(name)));
  return {
    title: "Cloud DNS",
    names: (name, now) => records.get(name)?.(now),
    checks: [...checks.values()],
  };
}

function choiceOf(
  policy: Record<string, unknown>,
  item: (from: Record<string, unknown>, plainTargets: string[], weight?: number) => Item,
): Choice | undefined {
  const healthyOf = ({ targets }: Item, now: Situation) =>
    targets.filter(({ check }) => check === undefined || now.healthy(check)).map(({ address }) => address);
  const all = ({ targets }: Item) => targets.map(({ address }) => address);

  const pair = objectOf(policy["primaryBackup"]);
  if (Object.keys(pair).length > 0) {
    const primary = item(objectOf(pair["primary"]), []);
    // Callers of a drill are nearest to the first item of the backup.
    const backups = listOf(pair["backupGeos"]).map((each) =>
      item(objectOf(each["healthCheckedTargets"]), texts(each, "rrdatas")),
    );
    const trickle = numberOf(pair["trickleRatio"], 0);
    return (now) => {
      const [first, second] = [
        healthyOf(primary, now),
        backups.map((each) => healthyOf(each, now)).find((each) => each.length > 0),
      ];
      if (first.length > 0 && !(second && now.random() < trickle)) return first;
      return second ?? all(primary);
    };
  }
  const items = listOf(policy["wrrs"]).map((each) =>
    item(objectOf(each["healthCheckedTargets"]), texts(each, "rrdatas"), numberOf(each["weight"], 0)),
  );
  if (items.length === 0) return undefined;
  return (now) => {
    const usable = items.filter((each) => healthyOf(each, now).length > 0);
    const chosen = byWeight(usable.length > 0 ? usable : items, ({ weight }) => weight, now.random);
    if (!chosen) return [];
    return usable.length > 0 ? healthyOf(chosen, now) : all(chosen);
  };
}

/** Each address of a policy is checked by the policy's health check. */
function checkOf({ id, outputs }: Resource, address: string): Check {
  const http = objectOf(outputs["httpsHealthCheck"]);
  const host = plain(textOf(http["host"]) || address);
  const checkers = texts(outputs, "sourceRegions").length || regions;
  return {
    id: `${id} ${address}`,
    target: address,
    // Health checks of Google Cloud send no name in the handshake.
    host,
    port: numberOf(http["port"], 443),
    path: textOf(http["requestPath"]) || "/",
    interval: numberOf(outputs["checkIntervalSec"], 5),
    timeout: numberOf(outputs["timeoutSec"], 5),
    failures: numberOf(outputs["unhealthyThreshold"], 2),
    successes: numberOf(outputs["healthyThreshold"], 2),
    checkers,
    quorum: Math.ceil(checkers / 2),
    passes: (status) => status === 200,
  };
}

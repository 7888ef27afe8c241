import type { Context, Props } from "../behaviour.js";
import { at, isIpv4, isObject, objects, refuseUnless, stateOf, text, texts } from "./common.js";
import { healthCheck } from "./healthChecks.js";
import { isRegion } from "./places.js";

const refuse = (holds: boolean, message: string) =>
  refuseUnless(holds, "invalid", `googleapi: Error 400: ${message}`);

/** Everything in a policy that has targets of its own. */
const items = (policy: Props): Props[] => [
  ...objects(policy, "primaryBackup.primary").map((healthCheckedTargets) => ({ healthCheckedTargets })),
  ...objects(policy, "primaryBackup.backupGeos"),
  ...objects(policy, "geos"),
  ...objects(policy, "wrrs"),
];

/** The values of one item, whether they are checked or not. */
const valuesOf = (item: Props): unknown[] => [
  ...at(item, "rrdatas[]"),
  ...at(item, "healthCheckedTargets.externalEndpoints[]"),
  ...at(item, "healthCheckedTargets.internalLoadBalancers[]"),
];

/**
 * Answers that depend on who asks or on what is healthy. Source: Cloud DNS, "DNS routing policies and health
 * checks" and "Manage DNS routing policies"; provider docs of gcp.dns.RecordSet and gcp.compute.HealthCheck.
 */
export function admitRouting(inputs: Props, zone: Props, context: Context): void {
  const [policy] = objects(inputs, "routingPolicy");
  if (policy === undefined) return;
  const kinds = ["geos", "primaryBackup", "wrrs"].filter((each) => policy[each] !== undefined);
  refuse(kinds.length === 1, `A routing policy is one of geo, primaryBackup and wrr: ${kinds.join(", ")}`);
  const all = items(policy);
  const empty = all.find((item) => !hasValues(item));
  refuse(empty === undefined && all.length > 0, "Every item of a routing policy needs a target");
  if (kinds[0] === "primaryBackup") {
    refuse(objects(policy, "primaryBackup.primary").length === 1, "A failover policy needs a primary");
    refuse(objects(policy, "primaryBackup.backupGeos").length > 0, "A failover policy needs a backup");
  }
  admitPlaces(policy);
  admitExternal(inputs, policy, zone, context);
  const signed = text(zone, "dnssecConfig.state") === "on";
  for (const item of signed ? all : [])
    refuse(
      valuesOf(item).length <= 1 || item["healthCheckedTargets"] === undefined,
      "In a zone with DNSSEC, each item of a routing policy with health checks has one address",
    );
}

const hasValues = ({ rrdatas, healthCheckedTargets: targets }: Props): boolean =>
  [rrdatas, ...(isObject(targets) ? Object.values(targets) : [])].some(
    (each) => each !== undefined && !(Array.isArray(each) && each.length === 0),
  );

function admitPlaces(policy: Props): void {
  for (const path of ["geos", "primaryBackup.backupGeos"]) {
    const places = at(policy, `${path}[].location`).map(String);
    for (const [index, place] of places.entries()) {
      refuse(isRegion(place), `The location '${place}' is not a region`);
      refuse(places.indexOf(place) === index, `The location '${place}' is in the routing policy twice`);
    }
  }
}

function admitExternal(inputs: Props, policy: Props, zone: Props, context: Context): void {
  const external = items(policy).flatMap((item) => at(item, "healthCheckedTargets.externalEndpoints"));
  if (external.length === 0) return;
  const addresses = items(policy).flatMap((item) => texts(item, "healthCheckedTargets.externalEndpoints"));
  refuse(
    text(inputs, "type") === "A" && addresses.every(isIpv4),
    `External endpoints are addresses of a record of type A: ${addresses.join(", ")}`,
  );
  refuse(text(zone, "visibility") !== "private", "External endpoints are checked in public zones only");
  refuse(policy["healthCheck"] !== undefined, "A health check must be specified for external endpoints");
  const check = stateOf(context, [healthCheck], policy["healthCheck"]);
  refuse(
    check === undefined || at(check, "sourceRegions[]").length === 3,
    "The health check of external endpoints needs three source regions",
  );
}

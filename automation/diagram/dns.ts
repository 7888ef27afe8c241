import { every, listOf, objectOf, ofType, textOf, texts } from "../state.js";
import type { Deployed, Props } from "../state.js";
import type { Sketch } from "./sketch.js";

/** The public names, and where they lead, on whichever cloud the zone is. */
export function drawDns(resources: readonly Deployed[], sketch: Sketch): void {
  drawRoute53(resources, sketch);
  drawAccelerators(resources, sketch);
  drawTrafficManager(resources, sketch);
  drawAzureDns(resources, sketch);
  drawCloudDns(resources, sketch);
  drawGlobalLoadBalancers(resources, sketch);
}

/** Records that prove a name to a certificate authority lead nowhere. */
const isProof = (name: string): boolean => name.startsWith("_");
const leadsOn = (name: string, type: unknown): boolean =>
  !isProof(name) && ["A", "AAAA", "CNAME"].includes(textOf(type));
const ttlLine = (ttl: unknown): string[] => (textOf(ttl) === "" ? [] : [`kept for ${textOf(ttl)} s`]);

function drawRoute53(resources: readonly Deployed[], sketch: Sketch): void {
  const checks = new Map(
    ofType(resources, "aws:route53/healthCheck:HealthCheck").map(({ id, props }) => [
      id,
      checkLines(
        props["type"],
        props["port"],
        props["resourcePath"],
        props["requestInterval"],
        props["failureThreshold"],
      ),
    ]),
  );
  for (const { urn, props } of ofType(resources, "aws:route53/record:Record")) {
    const name = textOf(props["name"]);
    if (!leadsOn(name, props["type"])) continue;
    const role = texts(props, "failoverRoutingPolicies", "type").map((type) => type.toLowerCase());
    const weight = texts(props, "weightedRoutingPolicies", "weight").map((each) => `weight ${each}`);
    const check = checks.get(textOf(props["healthCheckId"]));
    const details = ["Route 53", ...ttlLine(props["ttl"]), ...(check ?? [])];
    const label = [...role, ...weight, ...(check === undefined ? [] : ["checked"])].join(", ");
    for (const to of [...texts(props, "aliases", "name"), ...texts(props, "records")])
      sketch.name(name, to, label, details, urn);
  }
}

const checkLines = (
  type: unknown,
  port: unknown,
  path: unknown,
  interval: unknown,
  failures: unknown,
): string[] => [
  `checked: ${textOf(type)} ${textOf(port)} ${textOf(path)}`,
  `every ${textOf(interval)} s, down after ${textOf(failures)}`,
];

function drawAccelerators(resources: readonly Deployed[], sketch: Sketch): void {
  const groups = ofType(resources, "aws:globalaccelerator/endpointGroup:EndpointGroup");
  const listeners = ofType(resources, "aws:globalaccelerator/listener:Listener");
  for (const { urn, props } of ofType(resources, "aws:globalaccelerator/accelerator:Accelerator")) {
    const own = listeners.filter(
      (listener) => textOf(listener.props["acceleratorArn"]) === textOf(props["arn"]),
    );
    const name = textOf(props["dnsName"]);
    for (const address of texts(props, "ipSets", "ipAddresses"))
      sketch.name(address, name, "", ["fixed address"], urn);
    for (const group of groups) {
      if (!own.some((listener) => textOf(listener.props["arn"]) === textOf(group.props["listenerArn"])))
        continue;
      const dial = `dial ${textOf(group.props["trafficDialPercentage"]) || "100"} %`;
      for (const endpoint of texts(group.props, "endpointConfigurations", "endpointId"))
        sketch.name(name, endpoint, dial, ["Global Accelerator"], group.urn);
    }
  }
}

function profileName(props: Props): string {
  const dns = objectOf(props["dnsConfig"]);
  return textOf(dns["fqdn"]) || `${textOf(dns["relativeName"])}.trafficmanager.net`;
}

function drawTrafficManager(resources: readonly Deployed[], sketch: Sketch): void {
  for (const { urn, props } of ofType(resources, "azure-native:trafficmanager:Profile")) {
    const dns = objectOf(props["dnsConfig"]);
    const monitor = objectOf(props["monitorConfig"]);
    const name = profileName(props);
    const check = checkLines(
      monitor["protocol"],
      monitor["port"],
      monitor["path"],
      monitor["intervalInSeconds"],
      Number(textOf(monitor["toleratedNumberOfFailures"])) + 1,
    );
    const details = ["Traffic Manager", ...ttlLine(dns["ttl"]), ...check];
    const byPriority = textOf(props["trafficRoutingMethod"]) === "Priority";
    for (const endpoint of listOf(props["endpoints"])) {
      const label = byPriority
        ? `priority ${textOf(endpoint["priority"])}`
        : `weight ${textOf(endpoint["weight"])}`;
      const disabled = textOf(endpoint["endpointStatus"]) === "Disabled" ? ", switched off" : "";
      sketch.name(name, textOf(endpoint["target"]), `${label}, checked${disabled}`, details, urn);
    }
  }
}

function drawAzureDns(resources: readonly Deployed[], sketch: Sketch): void {
  const profiles = new Map(
    ofType(resources, "azure-native:trafficmanager:Profile").map(({ id, props }) => [
      id.toLowerCase(),
      profileName(props),
    ]),
  );
  for (const { urn, props } of ofType(resources, "azure-native:dns:RecordSet")) {
    const relative = textOf(props["relativeRecordSetName"]);
    const zone = textOf(props["zoneName"]);
    if (isProof(relative)) continue;
    const name = relative === "@" ? zone : `${relative}.${zone}`;
    const alias = profiles.get(textOf(objectOf(props["targetResource"])["id"]).toLowerCase());
    const targets = [
      ...texts(props, "aRecords", "ipv4Address"),
      ...texts(props, "cnameRecord", "cname"),
      ...(alias === undefined ? [] : [alias]),
    ];
    for (const to of targets) sketch.name(name, to, "", ["Azure DNS", ...ttlLine(props["ttl"])], urn);
  }
}

function drawCloudDns(resources: readonly Deployed[], sketch: Sketch): void {
  const checks = new Map(
    ofType(resources, "gcp:compute/healthCheck:HealthCheck").map(({ id, props }) => {
      const https = objectOf(props["httpsHealthCheck"]);
      return [
        id,
        checkLines(
          "HTTPS",
          https["port"],
          https["requestPath"],
          props["checkIntervalSec"],
          props["unhealthyThreshold"],
        ),
      ];
    }),
  );
  for (const { urn, props } of ofType(resources, "gcp:dns/recordSet:RecordSet")) {
    const name = textOf(props["name"]);
    if (!leadsOn(name, props["type"])) continue;
    const policy = objectOf(props["routingPolicy"]);
    const check = checks.get(textOf(policy["healthCheck"]));
    const details = ["Cloud DNS", ...ttlLine(props["ttl"]), ...(check ?? [])];
    const lead = (targets: unknown, label: string) => {
      const own = texts(targets, "healthCheckedTargets", "externalEndpoints");
      const inner = texts(targets, "healthCheckedTargets", "internalLoadBalancers", "ipAddress");
      const checked = check === undefined ? "" : ", checked";
      for (const to of [...own, ...inner, ...texts(targets, "rrdatas")])
        sketch.name(name, to, label + checked, details, urn);
    };
    for (const to of texts(props, "rrdatas")) sketch.name(name, to, "", details, urn);
    for (const primary of every(policy, "primaryBackup", "primary"))
      lead({ healthCheckedTargets: primary }, "primary");
    for (const backup of every(policy, "primaryBackup", "backupGeos"))
      lead(backup, `backup near ${textOf(objectOf(backup)["location"])}`);
    for (const weighted of every(policy, "wrrs"))
      lead(weighted, `weight ${textOf(objectOf(weighted)["weight"])}`);
  }
}

/** A load balancer before several cells leads to their nodes, past the cells' own. */
function drawGlobalLoadBalancers(resources: readonly Deployed[], sketch: Sketch): void {
  const find = (type: string, id: unknown) => ofType(resources, type).find((each) => each.id === textOf(id));
  const fronts = ofType(resources, "gcp:compute/globalForwardingRule:GlobalForwardingRule");
  for (const { urn, props } of ofType(resources, "gcp:compute/backendService:BackendService")) {
    const check = find("gcp:compute/healthCheck:HealthCheck", props["healthChecks"]);
    const guard = find("gcp:compute/securityPolicy:SecurityPolicy", props["securityPolicy"]);
    const details = [
      "Application Load Balancer",
      ...(guard ? [`Cloud Armor, ${listOf(guard.props["rules"]).length} rules`] : []),
      ...(check
        ? [
            `checked every ${textOf(check.props["checkIntervalSec"])} s, down after ${textOf(check.props["unhealthyThreshold"])}`,
          ]
        : []),
    ];
    for (const backend of listOf(props["backends"])) {
      const label = [
        ...texts(backend, "preference").map((each) => (each === "PREFERRED" ? "preferred" : "next")),
        ...(check ? ["checked"] : []),
      ].join(", ");
      for (const address of new Set(fronts.map((front) => textOf(front.props["ipAddress"]))))
        sketch.name(address, textOf(backend["group"]), label, details, urn);
    }
  }
}

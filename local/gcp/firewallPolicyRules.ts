import type { Props } from "../behaviour.js";
import type { Failure } from "./common.js";
import { at, cidrs, isTrue, matches, number, objects, oneOf, text, texts } from "./common.js";
import { invalid } from "./computeErrors.js";

/**
 * Rules of a network firewall policy. Sources: compute.v1 discovery, FirewallPolicyRule; Cloud NGFW, "Firewall
 * policy rules", "FQDN objects", "Quotas and limits".
 */

/** The last that a rule may have; behind it stand four rules that pass every packet on. */
const lastPriority = 2147483643;
const mostAttributes = 2000;
/** Protocols that have ports, by name and number. */
export const withPorts = ["tcp", "udp", "sctp", "6", "17", "132"];
const protocols = ["all", "tcp", "udp", "icmp", "esp", "ah", "ipip", "sctp"];
const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const fqdn = new RegExp(`^(?=.{1,255}$)(${label}\\.)+${label}$`, "i");

/** What a rule may say of each end of a connection. */
const ends = {
  src: [
    ...["srcIpRanges", "srcFqdns", "srcRegionCodes", "srcThreatIntelligences", "srcAddressGroups"],
    ...["srcSecureTags", "srcNetworkContext", "srcNetworkScope"],
  ],
  dest: [
    ...["destIpRanges", "destFqdns", "destRegionCodes", "destThreatIntelligences", "destAddressGroups"],
    ...["destNetworkContext", "destNetworkScope"],
  ],
} as const;

/** What the provider refuses about the rules. */
export function checkRules(inputs: Props): Failure[] {
  const failures: Failure[] = [
    ...oneOf(inputs, "rules[].direction", ["INGRESS", "EGRESS"]),
    ...oneOf(inputs, "rules[].action", ["allow", "deny", "goto_next", "apply_security_profile_group"]),
    ...cidrs(inputs, "rules[].match.srcIpRanges[]"),
    ...cidrs(inputs, "rules[].match.destIpRanges[]"),
    ...matches(inputs, "rules[].targetServiceAccounts[]", /^[^@\s]+@[^@\s]+$/, "a service account's e-mail"),
  ];
  objects(inputs, "rules").forEach((rule, i) => {
    const property = `rules[${i}]`;
    for (const required of ["action", "match", "priority"])
      if (rule[required] === undefined)
        failures.push({
          property: `${property}.${required}`,
          reason: `Missing required argument "${required}"`,
        });
    for (const match of objects(rule, "match"))
      if (match["layer4Configs"] === undefined)
        failures.push({ property: `${property}.match`, reason: 'Missing required argument "layer4Configs"' });
  });
  return failures;
}

/** What Compute Engine refuses about them. */
export function admitRules(inputs: Props): void {
  const rules = objects(inputs, "rules");
  const priorities = rules.map((rule) => number(rule, "priority") ?? -1);
  priorities.forEach((priority, i) => {
    const refuse = (why: string) => {
      throw invalid(`rules[${i}].priority`, String(priority), why);
    };
    if (!Number.isInteger(priority) || priority < 0 || priority > lastPriority)
      refuse(`The priority must be between 0 and ${lastPriority}.`);
    if (priorities.indexOf(priority) !== i)
      refuse("The priority is already used by another rule of the policy.");
  });
  rules.forEach((rule, i) => admitRule(rule, `rules[${i}]`));
  const attributes = rules.reduce((sum, rule) => sum + attributesOf(rule), 0);
  if (attributes > mostAttributes)
    throw invalid(
      "rules",
      String(attributes),
      `The policy may have ${mostAttributes} rule attributes at most.`,
    );
}

function admitRule(rule: Props, field: string): void {
  const refuse = (path: string, value: string, why: string) => {
    throw invalid(`${field}.${path}`, value, why);
  };
  const action = text(rule, "action") ?? "";
  const direction = text(rule, "direction") ?? "INGRESS";
  if (action === "goto_next" && isTrue(rule, "enableLogging"))
    refuse("enableLogging", "true", "Logging cannot be enabled for goto_next rules.");
  const inspects = action === "apply_security_profile_group";
  if (inspects !== (rule["securityProfileGroup"] !== undefined) || (isTrue(rule, "tlsInspect") && !inspects))
    refuse(
      "securityProfileGroup",
      text(rule, "securityProfileGroup") ?? "",
      "Only and always with apply_security_profile_group.",
    );
  if (texts(rule, "targetServiceAccounts").length > 0 && objects(rule, "targetSecureTags").length > 0)
    refuse("targetServiceAccounts", "", "Cannot be specified together with targetSecureTags.");

  const match = objects(rule, "match")[0] ?? {};
  const given = (side: "src" | "dest") => ends[side].filter((each) => at(match, each).flat().length > 0);
  const needed = direction === "INGRESS" ? "src" : "dest";
  if (given(needed).length === 0) refuse("match", "", `${direction} rules need a ${needed} condition.`);
  // The far end only: the near one is the machine that the rule is for.
  const other = direction === "INGRESS" ? "dest" : "src";
  const foreign = given(other).find((each) => !each.endsWith("IpRanges"));
  if (foreign !== undefined) refuse(`match.${foreign}`, "", `Not supported in ${direction} rules.`);
  for (const list of ["srcFqdns", "destFqdns"] as const) {
    const names = texts(match, list);
    if (names.length > 100)
      refuse(`match.${list}`, String(names.length), "At most 100 domain names are allowed.");
    const wrong = names.find((name) => !fqdn.test(name));
    if (wrong !== undefined)
      refuse(`match.${list}`, wrong, "Must be a fully qualified domain name, without wildcards.");
  }
  for (const list of ["srcIpRanges", "destIpRanges"] as const)
    if (texts(match, list).length > 5000) refuse(`match.${list}`, "", "At most 5000 ranges are allowed.");

  const layers = objects(match, "layer4Configs");
  if (layers.length === 0) refuse("match.layer4Configs", "", "At least one is required.");
  layers.forEach((layer, i) => {
    const protocol = (text(layer, "ipProtocol") ?? "").toLowerCase();
    const path = `match.layer4Configs[${i}]`;
    if (!protocols.includes(protocol) && !(/^\d+$/.test(protocol) && Number(protocol) <= 255))
      refuse(`${path}.ipProtocol`, protocol, "Must be a known protocol or its number.");
    const ports = texts(layer, "ports");
    if (ports.length > 0 && !withPorts.includes(protocol))
      refuse(`${path}.ports`, ports.join(","), `Ports may not be specified for protocol ${protocol}.`);
    const wrong = ports.find((port) => portRange(port) === undefined);
    if (wrong !== undefined) refuse(`${path}.ports`, wrong, "Must be a port or a range of ports.");
  });
}

/** First and last port of `443` or `8000-8100`. */
export function portRange(ports: string): [number, number] | undefined {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(ports) ?? [];
  const range: [number, number] = [Number(first), Number(last)];
  return first !== undefined && range[0] <= range[1] && range[1] <= 65535 ? range : undefined;
}

function attributesOf(rule: Props): number {
  const lists = [...ends.src, ...ends.dest].map((each) => `match.${each}[]`);
  const layers = objects(rule, "match.layer4Configs").map((layer) =>
    Math.max(1, texts(layer, "ports").length),
  );
  return (
    [...lists, "targetServiceAccounts[]", "targetSecureTags[]"].reduce(
      (sum, path) => sum + at(rule, path).length,
      0,
    ) + layers.reduce((sum, each) => sum + each, 0)
  );
}

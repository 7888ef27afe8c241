import type { Behaviour, Context, Props } from "../behaviour.js";
import {
  arm,
  at,
  inRange,
  isBlockOrAddress,
  number,
  objects,
  oneOf,
  parentOf,
  refuseUnless,
  repeated,
  text,
} from "./common.js";
import type { Failure } from "./common.js";
import { net, networkName } from "./networkTypes.js";
import { isPorts, isServiceTag } from "./securityRules.js";

/** Names that application rules take for groups of names. Source: "FQDN tags overview" of Azure Firewall. */
const fqdnTags = [
  ...["AppServiceEnvironment", "AzureBackup", "AzureHDInsight", "AzureKubernetesService", "HDInsight"],
  ...["MicrosoftActiveProtectionService", "Office365", "WindowsDiagnostics", "WindowsUpdate"],
  ...["WindowsVirtualDesktop", "citrixHdxPlusForWindows365", "CitrixHDXPlusForWindows365"],
];

/** A name, or a star in front of one. Source: "Azure Firewall FAQ", wildcards in target FQDNs. */
const fqdn = /^(\*|(\*\.?)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63})$/i;

const isAddress = (value: string) =>
  value === "*" || isBlockOrAddress(value) || /^\d+(\.\d+){3}-\d+(\.\d+){3}$/.test(value);
const isDestination = (value: string) => isAddress(value) || isServiceTag(value);

const collections = "ruleCollections";

/** The rules of Microsoft.Network/firewallPolicies/ruleCollectionGroups, and the limits of a policy. */
export const ruleCollectionGroup: Behaviour = arm({
  source:
    'Microsoft.Network/firewallPolicies/ruleCollectionGroups; "Azure Firewall Policy rule sets"; Azure limits, Azure Firewall',
  type: "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
  names: ["firewallPolicyName", "ruleCollectionGroupName"],
  parent: net.firewallPolicy,
  required: ["priority"],
  check: (inputs) => [
    ...networkName(inputs, "ruleCollectionGroupName"),
    ...inRange(inputs, "priority", 100, 65000),
    ...inRange(inputs, `${collections}[].priority`, 100, 65000),
    ...oneOf(inputs, `${collections}[].ruleCollectionType`, [
      "FirewallPolicyFilterRuleCollection",
      "FirewallPolicyNatRuleCollection",
    ]),
    ...oneOf(inputs, `${collections}[].action.type`, ["Allow", "Deny", "DNAT"]),
    ...objects(inputs, collections).flatMap((collection) =>
      objects(collection, "rules").flatMap(ruleFailures),
    ),
  ],
  admit: (inputs, context) => {
    const id = ruleCollectionGroup.id(inputs, context);
    const others = context.world
      .list(net.ruleCollectionGroup)
      .filter((each) => parentOf(each.id) === parentOf(id) && each.id !== id);
    refuseUnless(
      others.every((each) => number(each.inputs, "priority") !== number(inputs, "priority")),
      "FirewallPolicyRuleCollectionGroupPriorityConflict",
      `Rule collection groups of a firewall policy need priorities of their own; ${text(inputs, "priority")} is taken.`,
    );
    refuseUnless(
      others.length < 90,
      "FirewallPolicyRuleCollectionGroupLimitExceeded",
      "A firewall policy holds at most 90 rule collection groups.",
    );
    admitCollections(inputs, parentOf(id), context);
  },
  outputs: () => ({ size: "0.01MB" }),
});

/** Failures of one rule, whatever its kind. */
function ruleFailures(rule: Props): Failure[] {
  const failures = oneOf(rule, "ruleType", ["ApplicationRule", "NetworkRule", "NatRule"]);
  const refuse = (property: string, reason: string) => failures.push({ property, reason });
  const name = text(rule, "name") ?? "";
  const isGiven = (property: string) => rule[property] !== undefined && rule[property] !== null;
  const oneAmong = (properties: string[], what: string) => {
    const given = properties.filter(isGiven);
    if (given.length !== 1)
      refuse(
        what,
        `FirewallPolicyRuleInvalid: rule ${name} must have exactly one of ${properties.join(", ")}`,
      );
  };
  oneAmong(["sourceAddresses", "sourceIpGroups"], "sourceAddresses");
  for (const address of at(rule, "sourceAddresses[]").map(String))
    if (!isAddress(address))
      refuse("sourceAddresses", `FirewallPolicyRuleInvalidSource: ${address} in rule ${name}`);
  if (rule.ruleType === "NetworkRule") {
    oneAmong(["destinationAddresses", "destinationFqdns", "destinationIpGroups"], "destinationAddresses");
    for (const address of at(rule, "destinationAddresses[]").map(String))
      if (!isDestination(address))
        refuse("destinationAddresses", `FirewallPolicyRuleInvalidDestination: ${address} in rule ${name}`);
    failures.push(...oneOf(rule, "ipProtocols[]", ["TCP", "UDP", "Any", "ICMP"]));
    for (const property of ["ipProtocols", "destinationPorts"])
      if (!isGiven(property)) refuse(property, `FirewallPolicyRuleInvalid: rule ${name} needs ${property}`);
    for (const port of at(rule, "destinationPorts[]").map(String))
      if (!isPorts(port))
        refuse("destinationPorts", `FirewallPolicyRuleInvalidPort: ${port} in rule ${name}`);
  }
  if (rule.ruleType === "ApplicationRule") {
    oneAmong(["targetFqdns", "fqdnTags", "targetUrls", "webCategories"], "targetFqdns");
    for (const tag of at(rule, "fqdnTags[]").map(String))
      if (!fqdnTags.includes(tag))
        refuse("fqdnTags", `FirewallPolicyRuleInvalidFqdnTag: ${tag} in rule ${name}`);
    for (const target of at(rule, "targetFqdns[]").map(String))
      if (!fqdn.test(target))
        refuse("targetFqdns", `FirewallPolicyRuleInvalidFqdn: ${target} in rule ${name}`);
    if (!isGiven("protocols")) refuse("protocols", `FirewallPolicyRuleInvalid: rule ${name} needs protocols`);
    failures.push(...oneOf(rule, "protocols[].protocolType", ["Http", "Https", "Mssql"]));
    failures.push(...inRange(rule, "protocols[].port", 1, 64000));
  }
  return failures;
}

function admitCollections(inputs: Props, policyId: string, { world }: Context): void {
  const list = objects(inputs, collections);
  const refuse = (what: string | undefined, code: string, wording: string) =>
    refuseUnless(what === undefined, code, `${wording}: ${what}`);
  refuse(
    repeated(list.map((each) => text(each, "name"))),
    "FirewallPolicyRuleCollectionNameConflict",
    "Two rule collections of a group have one name",
  );
  refuse(
    repeated(list.map((each) => text(each, "priority"))),
    "FirewallPolicyRuleCollectionPriorityConflict",
    "Two rule collections of a group have one priority",
  );
  const proxy = at(world.find(net.firewallPolicy, policyId)?.inputs, "dnsSettings.enableProxy")[0] === true;
  for (const collection of list) {
    const rules = objects(collection, "rules");
    const name = text(collection, "name") ?? "";
    refuseUnless(
      text(collection, "name") !== undefined && text(collection, "priority") !== undefined,
      "FirewallPolicyRuleCollectionInvalid",
      "A rule collection needs a name and a priority.",
    );
    refuse(
      repeated(rules.map((rule) => text(rule, "name"))),
      "FirewallPolicyRuleNameConflict",
      `Two rules of collection ${name} have one name`,
    );
    refuseUnless(
      new Set(rules.map((rule) => rule.ruleType)).size <= 1,
      "FirewallPolicyMixedRuleTypes",
      `Rule collection ${name} mixes rules of several types.`,
    );
    refuseUnless(
      proxy || rules.every((rule) => at(rule, "destinationFqdns[]").length === 0),
      "FirewallPolicyDnsProxyRequired",
      `Rule collection ${name} has network rules with host names: these need the policy's DNS proxy.`,
    );
  }
  const pairs = list
    .flatMap((each) => objects(each, "rules"))
    .filter((rule) => rule.ruleType === "NetworkRule")
    .map((rule) => at(rule, "sourceAddresses[]").length * at(rule, "destinationAddresses[]").length);
  refuseUnless(
    pairs.reduce((sum, each) => sum + each, 0) <= 20_000,
    "FirewallPolicyRuleLimitExceeded",
    "The network rules of a firewall policy hold at most 20000 pairs of source and destination.",
  );
  refuseUnless(
    Buffer.byteLength(JSON.stringify(list)) <= 2 * 1024 * 1024,
    "FirewallPolicyRuleCollectionGroupSizeExceeded",
    "A rule collection group is at most 2 MB large.",
  );
}

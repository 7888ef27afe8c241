import { isAnywhere, isPrivate } from "../../addresses.js";
import type { Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, list, lower, missing, show, text, unknown } from "../../values.js";
import type { SecurityRule } from "./securityRules.js";
import { anybody, ruleTypes, securityRules } from "./securityRules.js";

/** What Azure itself asks for: the gateway's managers, and the probes of load balancers. */
const platform = ["gatewaymanager", "azureloadbalancer"];

/**
 * Nodes and pods among themselves, by their blocks: AKS asks for all ports there, and network policies name them.
 * Source: "Azure CNI Overlay networking", network security groups with overlay networking.
 */
function isAmongThemselves({ sources, destinations }: SecurityRule): boolean {
  return (
    sources.length > 0 &&
    [...sources, ...destinations].every((peer) => peer === unknown || isPrivate(peer)) &&
    (sources.includes(unknown) || destinations.every((peer) => peer === unknown || sources.includes(peer)))
  );
}

function* judgeSecurityRules(resource: Resource): Iterable<string> {
  for (const rule of securityRules(resource)) {
    const { direction, access, protocol, ports, sources, destinations } = rule;
    if (access !== "allow" || direction === unknown) continue;
    const inbound = direction === "inbound";
    const ofPlatform =
      inbound &&
      sources.length > 0 &&
      sources.every((peer) => peer === unknown || platform.includes(String(peer)));
    if (!ofPlatform && !isAmongThemselves(rule)) {
      yield* judgeProtocol(protocol, `an ${String(direction)} rule`);
      yield* judgePorts(ports, `an ${String(direction)} rule`);
    }
    const peers = inbound ? sources : destinations;
    if (peers.length === 0 || peers.includes("*"))
      yield `an ${String(direction)} rule names no peer; right is a block or a service tag`;
    else if (!inbound && peers.some(leadsAnywhere) && ports.some((port) => differs(port, "443")))
      yield `an outbound rule leads anywhere at port ${ports.map(show).join(", ")}; right is 443, or a peer by name`;
  }
}

function leadsAnywhere(peer: unknown): boolean {
  return anybody.includes(peer) || isAnywhere(peer);
}

function* judgeProtocol(protocol: unknown, who: string): Iterable<string> {
  if (differs(protocol, "tcp", "udp")) yield `${who} is for protocol ${show(protocol)}; right is tcp or udp`;
}

function* judgePorts(ports: unknown[], who: string): Iterable<string> {
  if (ports.length === 0) yield `${who} names no port; right is the one that is used`;
  for (const port of ports)
    if (port !== unknown && !/^[1-9]\d*$/.test(String(port)))
      yield `${who} is for ports ${show(port)}; right is one port`;
}

/** Azure Firewall's rules: what may leave, by address or by name. */
function* judgeCollections({ props }: Resource): Iterable<string> {
  for (const collection of list(at(props, "ruleCollections"))) {
    if (lower(at(collection, "action", "type")) !== "allow") continue;
    for (const rule of list(at(collection, "rules"))) {
      if (rule === unknown) continue;
      const who = `rule ${show(at(rule, "name"))}`;
      const given = (...keys: string[]) =>
        keys
          .flatMap((key) => list(at(rule, key)))
          .filter((value) => !missing(value))
          .map(lower);
      const sources = given("sourceAddresses", "sourceIpGroups");
      if (sources.length === 0 || sources.includes("*"))
        yield `${who} names no source; right is the nodes' subnet`;
      if (at(rule, "ruleType") === "NetworkRule") yield* judgeNetworkRule(who, given);
      if (at(rule, "ruleType") === "ApplicationRule") yield* judgeApplicationRule(who, rule, given);
    }
  }
}

function* judgeNetworkRule(who: string, given: (...keys: string[]) => unknown[]): Iterable<string> {
  for (const protocol of given("ipProtocols")) yield* judgeProtocol(protocol, who);
  const ports = given("destinationPorts").map(text);
  yield* judgePorts(ports, who);
  const peers = given("destinationAddresses", "destinationFqdns", "destinationIpGroups");
  if (peers.length === 0) yield `${who} names no peer; right is an address, a service tag or a name`;
  // By address, not even 443: the firewall can tell names, and a network rule passes before it looks at them.
  if (peers.some(leadsAnywhere))
    yield `${who} leads anywhere at port ${ports.map(show).join(", ")}; right is an application rule that names hosts`;
}

function* judgeApplicationRule(
  who: string,
  rule: unknown,
  given: (...keys: string[]) => unknown[],
): Iterable<string> {
  const hosts = given("targetFqdns", "targetUrls");
  if (
    hosts.includes("*") ||
    given("webCategories").length > 0 ||
    [...hosts, ...given("fqdnTags")].length === 0
  )
    yield `${who} is for every host; right is to name them`;
  for (const protocol of list(at(rule, "protocols")))
    if (given("fqdnTags").length === 0 && differs(at(protocol, "port"), 443))
      yield `${who} leads to port ${show(at(protocol, "port"))}; right is 443`;
}

/** An open path names who is at its other end, and the ports one by one. */
export const paths: Rule = {
  each: {
    ...forTypes(ruleTypes, judgeSecurityRules),
    "azure-native:network:FirewallPolicyRuleCollectionGroup": judgeCollections,
  },
};

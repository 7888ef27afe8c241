import type { Context, Props } from "../behaviour.js";
import {
  at,
  inRange,
  isBlockOrAddress,
  number,
  objects,
  oneOf,
  parentOf,
  refuseUnless,
  text,
} from "./common.js";
import type { Failure, Place } from "./common.js";
import { isMisnamed, net } from "./networkTypes.js";

/**
 * Rules of network security groups. Source: "Network security groups" and "Virtual network service tags",
 * Microsoft Learn; Microsoft.Network/networkSecurityGroups/securityRules.
 */

/** Service tags that rules and routes take, those with regions as `Storage.westeurope`. */
const tags =
  /^(Internet|VirtualNetwork|AzureLoadBalancer|GatewayManager|Azure(Cloud|ActiveDirectory|Monitor|KeyVault|ContainerRegistry|FrontDoor\.\w+|ResourceManager|TrafficManager|PlatformDNS|PlatformIMDS|PlatformLKM)|Storage|Sql|MicrosoftContainerRegistry)(\.[A-Za-z0-9]+)?$/;

export const isServiceTag = (value: string) => tags.test(value) && !isMisnamed(value);

const isAddress = (value: string) => value === "*" || isServiceTag(value) || isBlockOrAddress(value);

export function isPorts(value: string): boolean {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(value);
  if (!match) return value === "*";
  const [low, high] = [Number(match[1]), Number(match[2] ?? match[1])];
  return low <= high && high <= 65535;
}

/** What one end of a rule names, in either of its two forms. */
const ends = (rule: Props, end: "source" | "destination") =>
  [...at(rule, `${end}AddressPrefix`), ...at(rule, `${end}AddressPrefixes[]`)].map(String);
const portsOf = (rule: Props, end: "source" | "destination") =>
  [...at(rule, `${end}PortRange`), ...at(rule, `${end}PortRanges[]`)].map(String);

export const ruleRequired = ["access", "direction", "priority", "protocol"] as const;

/** What is refused of a rule before any call. `where` is the path of an inline rule. */
export function ruleFailures(rule: Props, where = ""): Failure[] {
  const failures = [
    ...oneOf(rule, "access", ["Allow", "Deny"]),
    ...oneOf(rule, "direction", ["Inbound", "Outbound"]),
    ...oneOf(rule, "protocol", ["Tcp", "Udp", "Icmp", "Esp", "Ah", "*"]),
    ...inRange(rule, "priority", 100, 4096),
  ];
  const refuse = (property: string, reason: string) => failures.push({ property, reason });
  if ((text(rule, "description") ?? "").length > 140)
    refuse("description", "a description has at most 140 characters");
  for (const end of ["source", "destination"] as const) {
    for (const [what, property, several] of [
      ["address", `${end}AddressPrefix`, `${end}AddressPrefixes`],
      ["port", `${end}PortRange`, `${end}PortRanges`],
    ] as const) {
      const given = [property, several].filter((each) => rule[each] !== undefined && rule[each] !== null);
      const groups = what === "address" && rule[`${end}ApplicationSecurityGroups`] !== undefined;
      if (given.length + Number(groups) !== 1)
        refuse(property, `exactly one of ${property} and ${several} must be given`);
    }
    for (const address of ends(rule, end))
      if (!isAddress(address))
        refuse(
          `${end}AddressPrefix`,
          `SecurityRuleInvalidAddressPrefix: invalid Address prefix. Value provided: ${address}`,
        );
    for (const ports of portsOf(rule, end))
      if (!isPorts(ports))
        refuse(
          `${end}PortRange`,
          `SecurityRuleInvalidPortRange: invalid Port range. Value provided: ${ports}`,
        );
    // In a list, `*` and most tags are not taken (API: sourceAddressPrefixes are CIDR or IP ranges).
    if (at(rule, `${end}AddressPrefixes[]`).includes("*"))
      refuse(
        `${end}AddressPrefixes`,
        "SecurityRuleParameterContainsUnsupportedValue: '*' cannot stand in a list of prefixes",
      );
  }
  return failures.map(({ property, reason }) => ({ property: where + property, reason }));
}

/** One rule, by what decides about a connection. */
interface Rule {
  id: string;
  name: string;
  priority: number;
  direction: string;
  inputs: Props;
}

/** The rules of a group: standalone and inline ones, not Azure's defaults. */
export function rulesOf({ world }: Pick<Place, "world">, groupId: string | undefined): Rule[] {
  const standalone = world
    .list(net.securityRule)
    .filter(({ id }) => parentOf(id) === groupId)
    .map(({ id, inputs }) => ({ id, name: text(inputs, "securityRuleName") ?? "", inputs }));
  const inline = objects(world.find(net.securityGroup, groupId ?? "")?.inputs, "securityRules").map(
    (inputs) => ({
      id: `${groupId}/securityRules/${text(inputs, "name")}`,
      name: text(inputs, "name") ?? "",
      inputs,
    }),
  );
  return [...standalone, ...inline]
    .map((rule) => ({
      ...rule,
      priority: number(rule.inputs, "priority") ?? 0,
      direction: text(rule.inputs, "direction") ?? "",
    }))
    .sort((one, other) => one.priority - other.priority);
}

/** Priorities are a group's own, once in each direction; so are names. */
export function admitRules(rules: Pick<Rule, "name" | "priority" | "direction">[]): void {
  const seen = new Map<string, string>();
  for (const { name, priority, direction } of rules) {
    const key = `${direction} ${priority}`;
    refuseUnless(
      !seen.has(key),
      "SecurityRuleConflict",
      `Security rule ${name} conflicts with rule ${seen.get(key)}. Rules cannot have the same Priority and Direction.`,
    );
    seen.set(key, name);
  }
}

type Verdict = "Allow" | "Deny" | undefined;

const anywhere = ["*", "0.0.0.0/0"];

/** What a rule decides of TCP connections to all ports of a range; undefined: nothing. */
function verdict(
  rule: Props,
  [lowest, highest]: [number, number],
  sources: readonly string[],
  to: readonly string[],
): Verdict {
  if (!["Tcp", "*"].includes(text(rule, "protocol") ?? "")) return undefined;
  if (!ends(rule, "source").some((each) => sources.includes(each))) return undefined;
  if (!ends(rule, "destination").some((each) => to.includes(each))) return undefined;
  const allow = text(rule, "access") === "Allow";
  const concerned = portsOf(rule, "destination").some((each) => {
    const [low = 0, high = low] = each === "*" ? [0, 65535] : each.split("-").map(Number);
    return allow ? low <= lowest && highest <= high : low <= highest && lowest <= high;
  });
  if (!concerned) return undefined;
  return allow ? "Allow" : "Deny";
}

const gatewayPorts: [number, number] = [65200, 65535];

/** What the first rule that says anything of such connections decides. */
function first(
  context: Pick<Context, "world">,
  groupId: string,
  direction: string,
  decide: (rule: Props) => Verdict,
) {
  return rulesOf(context, groupId)
    .filter((rule) => rule.direction === direction)
    .flatMap(({ inputs }) => decide(inputs) ?? [])[0];
}

/**
 * Whether a security group lets the managers of an Application Gateway v2 in, as Azure asks of the gateway's subnet:
 * from GatewayManager to any destination, since a rule that names the subnet does not count. Where no rule says
 * anything, Azure's own last one denies. Source: "Application Gateway infrastructure configuration";
 * MicrosoftDocs/azure-docs issue 59107.
 */
function admitsManager(context: Pick<Context, "world">, groupId: string): boolean {
  const sources = ["GatewayManager", "Internet", "*", "0.0.0.0/0"];
  return (
    first(context, groupId, "Inbound", (rule) => verdict(rule, gatewayPorts, sources, anywhere)) === "Allow"
  );
}

/** Whether a security group leaves an Application Gateway v2 its way to the internet, which Azure asks for too. */
function letsGatewayOut(context: Pick<Context, "world">, groupId: string): boolean {
  const sources = ["VirtualNetwork", ...anywhere];
  const to = ["Internet", ...anywhere];
  return first(context, groupId, "Outbound", (rule) => verdict(rule, [443, 443], sources, to)) !== "Deny";
}

/**
 * What Azure asks of the subnet of an Application Gateway v2: no other service's delegation, and a security group,
 * if it has one, that lets the managers in and the gateway out. For the gateway's own description.
 *
 * @param gatewayId the gateway that is being made or changed
 */
export function admitGatewaySubnet(
  context: Pick<Context, "world">,
  subnetId: string,
  gatewayId: string,
): void {
  const subnet = context.world.find(net.subnet, subnetId)?.inputs;
  const delegated = objects(subnet, "delegations").map((each) => text(each, "serviceName"));
  refuseUnless(
    delegated.every((service) => service === "Microsoft.Network/applicationGateways"),
    "ApplicationGatewaySubnetCannotHaveDelegation",
    `Subnet ${subnetId} is delegated to ${delegated.join(", ")} and cannot be used by Application Gateway ${gatewayId}.`,
  );
  const groupId = text(subnet, "networkSecurityGroup.id");
  if (groupId === undefined) return;
  const place = `subnet ${subnetId}, associated with Application Gateway ${gatewayId}. This is not permitted for Application Gateways that have`;
  refuseUnless(
    admitsManager(context, groupId),
    "ApplicationGatewaySubnetInboundTrafficBlockedByNetworkSecurityGroup",
    `Network security group ${groupId} blocks incoming internet traffic on ports 65200 - 65535 to ${place} V2 Sku.`,
  );
  refuseUnless(
    letsGatewayOut(context, groupId),
    "ApplicationGatewaySubnetOutboundTrafficBlockedByNetworkSecurityGroup",
    `Network security group ${groupId} blocks outgoing internet traffic on ${place} fast update enabled or have V2 Sku.`,
  );
}

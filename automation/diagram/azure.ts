import { every, listOf, objectOf, ofType, textOf, texts } from "../state.js";
import type { Deployed } from "../state.js";
import { portLabel, rangeLabel } from "./cellSketch.js";
import type { CellSketch } from "./cellSketch.js";
import { accountIn } from "./kubernetes.js";
import type { Workloads } from "./kubernetes.js";
import { anywhere } from "./model.js";

const gatewayType = "azure-native:network:ApplicationGateway";

/** A cell on Azure: each subnet's security rules say who reaches whom, Azure Firewall what leaves. */
export function drawAzure(cell: CellSketch, workloads: Workloads): void {
  const { resources } = cell.state;
  const subnets = ofType(resources, "azure-native:network:Subnet").map(({ id, props }) => ({
    id: id.toLowerCase(),
    range: textOf(props["addressPrefix"]) || (texts(props, "addressPrefixes")[0] ?? ""),
    group: textOf(objectOf(props["networkSecurityGroup"])["id"]).toLowerCase(),
  }));
  const standsIn = (ids: string[], box: string, port?: string) => {
    for (const { id, range } of subnets)
      if (ids.some((one) => one.toLowerCase() === id)) cell.claim(range, box, port);
  };
  drawBoxes(cell, resources, standsIn);
  drawEgress(cell, resources, standsIn);
  drawRules(cell, resources, subnets);
  for (const { urn, props } of ofType(
    resources,
    "azure-native:managedidentity:FederatedIdentityCredential",
  )) {
    const account = accountIn(textOf(props["subject"]));
    const id = cell.box("identity", "Managed identities, federated", urn, [textOf(props["resourceName"])]);
    for (const box of account ? workloads.ofAccount(...account) : []) cell.arrow(box, id, "", urn);
  }
}

type StandsIn = (subnetIds: string[], box: string, port?: string) => void;

function drawBoxes(cell: CellSketch, resources: readonly Deployed[], standsIn: StandsIn): void {
  for (const { urn, props } of ofType(resources, gatewayType)) {
    const policy = textOf(objectOf(props["firewallPolicy"])["id"]).toLowerCase();
    const box = cell.box("loadBalancer", "Application Gateway", urn);
    standsIn(texts(props, "gatewayIPConfigurations", "subnet", "id"), box);
    const waf = ofType(resources, "azure-native:network:WebApplicationFirewallPolicy").find(
      ({ id }) => id.toLowerCase() === policy,
    );
    if (waf) {
      const rules = listOf(waf.props["customRules"]).length;
      cell.arrow(cell.box("ingress", "WAF policy", waf.urn, [`${rules} rules of its own`]), box, "", urn);
    }
    const front = texts(props, "frontendIPConfigurations", "publicIPAddress", "id").map((id) =>
      id.toLowerCase(),
    );
    for (const ip of ofType(resources, "azure-native:network:PublicIPAddress"))
      if (front.includes(ip.id.toLowerCase())) cell.sketch.address(textOf(ip.props["ipAddress"]), box);
  }
  for (const { urn, props } of ofType(resources, "azure-native:containerservice:ManagedCluster")) {
    const nodes = cell.box("nodes", "Nodes", urn);
    standsIn(texts(props, "agentPoolProfiles", "vnetSubnetID"), nodes);
    cell.claim(textOf(objectOf(props["networkProfile"])["podCidr"]), nodes);
    const version = `Kubernetes ${textOf(props["kubernetesVersion"])}`;
    const control = cell.box("controlPlane", "AKS control plane", urn, [version]);
    const access = objectOf(props["apiServerAccessProfile"]);
    if (access["enablePrivateCluster"] === true) continue;
    const ranges = texts(access, "authorizedIPRanges");
    for (const range of ranges.length > 0 ? ranges : [anywhere]) cell.enter(range, control, "443", urn);
  }
  for (const { urn, props } of ofType(resources, "azure-native:dbforpostgresql:Server")) {
    const box = cell.box("database", "PostgreSQL flexible server", urn, [
      `version ${textOf(props["version"])}`,
    ]);
    standsIn(texts(props, "network", "delegatedSubnetResourceId"), box);
  }
  const stores = new Map<string, string>();
  for (const { urn, id, props } of ofType(resources, "azure-native:redisenterprise:RedisEnterprise"))
    stores.set(
      id.toLowerCase(),
      cell.box("cache", "Azure Managed Redis", urn, [`version ${textOf(props["redisVersion"])}`]),
    );
  for (const { urn, id } of ofType(resources, "azure-native:keyvault:Vault"))
    stores.set(id.toLowerCase(), cell.box("endpoints", "Key Vault by private endpoint", urn));
  const cachePort = textOf(ofType(resources, "azure-native:redisenterprise:Database")[0]?.props["port"]);
  for (const { props } of ofType(resources, "azure-native:network:PrivateEndpoint"))
    for (const service of texts(props, "privateLinkServiceConnections", "privateLinkServiceId")) {
      const box = stores.get(service.toLowerCase());
      const port = box === cell.id("cache") ? cachePort : "443";
      if (box !== undefined) standsIn(texts(props, "subnet", "id"), box, port);
    }
}

/** Azure Firewall where the nodes' route leads to it, else the NAT gateway, which judges nothing. */
function drawEgress(cell: CellSketch, resources: readonly Deployed[], standsIn: StandsIn): void {
  const hops = ofType(resources, "azure-native:network:Route")
    .filter(({ props }) => textOf(props["addressPrefix"]) === anywhere)
    .map(({ props }) => textOf(props["nextHopIpAddress"]));
  for (const { urn, props } of ofType(resources, "azure-native:network:AzureFirewall")) {
    const own = texts(props, "ipConfigurations", "privateIPAddress");
    if (!own.some((address) => hops.includes(address))) continue;
    const box = cell.box("egress", "Azure Firewall", urn);
    standsIn(texts(props, "ipConfigurations", "subnet", "id"), box);
    for (const group of ofType(resources, "azure-native:network:FirewallPolicyRuleCollectionGroup"))
      for (const collection of every(group.props, "ruleCollections")) {
        if (texts(collection, "action", "type")[0] !== "Allow") continue;
        for (const rule of every(collection, "rules")) drawFirewallRule(cell, box, objectOf(rule), group.urn);
      }
    return;
  }
  for (const { urn } of ofType(resources, "azure-native:network:NatGateway")) {
    cell.box("egress", "NAT gateway", urn);
    cell.unfiltered();
  }
}

function drawFirewallRule(cell: CellSketch, box: string, rule: Record<string, unknown>, urn: string): void {
  const hosts = ["targetFqdns", "fqdnTags", "destinationFqdns", "destinationAddresses"].flatMap((key) =>
    texts(rule, key),
  );
  const protocols = texts(rule, "ipProtocols");
  const ports = [
    ...every(rule, "protocols").map((one) => portLabel(objectOf(one)["port"])),
    ...texts(rule, "destinationPorts").flatMap((port) =>
      (protocols.length > 0 ? protocols : ["tcp"]).map((protocol) => rangeLabel(port, protocol)),
    ),
  ];
  for (const host of hosts)
    for (const port of ports) cell.sketch.leave(box, host === "*" ? anywhere : host, port, urn);
}

interface SecurityRule {
  urn: string;
  group: string;
  props: Record<string, unknown>;
}

/** Rules as resources of their own and, after a refresh, those that the group was found to hold. */
function drawRules(
  cell: CellSketch,
  resources: readonly Deployed[],
  subnets: readonly { range: string; group: string }[],
): void {
  const groups = ofType(resources, "azure-native:network:NetworkSecurityGroup");
  const rules: SecurityRule[] = [
    ...ofType(resources, "azure-native:network:SecurityRule").map(({ urn, id, props }) => ({
      urn,
      group: id.toLowerCase().split("/securityrules/")[0] ?? "",
      props,
    })),
    ...groups.flatMap(({ urn, id, props }) =>
      listOf(props["securityRules"]).map((rule) => ({ urn, group: id.toLowerCase(), props: rule })),
    ),
  ];
  for (const { urn, group, props } of rules.filter((rule) => inForce(rule, rules))) {
    const inwards = textOf(props["direction"]) === "Inbound";
    const own = subnets.filter((subnet) => subnet.group === group).map(({ range }) => range);
    const peers = (end: "source" | "destination") => {
      const named = [...texts(props, `${end}AddressPrefix`), ...texts(props, `${end}AddressPrefixes`)];
      const isOwn = (end === "destination") === inwards;
      return named.flatMap((name) => (name !== "*" ? [name] : isOwn ? own : [anywhere]));
    };
    const ports = [...texts(props, "destinationPortRange"), ...texts(props, "destinationPortRanges")];
    for (const port of ports)
      for (const source of peers("source"))
        for (const destination of peers("destination"))
          draw(cell, tagged(source), tagged(destination), rangeLabel(port, props["protocol"]), urn);
  }
}

const tagged = (prefix: string): string => (prefix === "Internet" ? anywhere : prefix);

function draw(cell: CellSketch, source: string, destination: string, port: string, urn: string): void {
  const from = cell.at(source);
  const to = cell.at(destination, port);
  if (to.length > 0) for (const box of to) cell.enter(source, box, port, urn);
  else for (const box of from) cell.leave(box, destination, port, urn);
}

/** Whether a rule allows something that no rule before it has denied altogether. */
function inForce({ group, props }: SecurityRule, rules: readonly SecurityRule[]): boolean {
  const closed = rules.some(
    (other) =>
      other.group === group &&
      textOf(other.props["access"]) === "Deny" &&
      textOf(other.props["direction"]) === textOf(props["direction"]) &&
      ["sourceAddressPrefix", "destinationAddressPrefix", "destinationPortRange", "protocol"].every(
        (key) => textOf(other.props[key]) === "*",
      ) &&
      Number(other.props["priority"]) < Number(props["priority"]),
  );
  return textOf(props["access"]) === "Allow" && !closed;
}

import { loadBalancerRanges } from "../../components/gcp/firewallRules.js";
import { every, listOf, objectOf, ofType, textOf, texts } from "../state.js";
import type { Deployed } from "../state.js";
import { rangeLabel } from "./cellSketch.js";
import type { CellSketch } from "./cellSketch.js";
import { accountIn } from "./kubernetes.js";
import type { Workloads } from "./kubernetes.js";
import { anywhere } from "./model.js";

/** Where GKE's metadata server answers pods. Source: "Network policy and Workload Identity Federation for GKE". */
const metadataServer = ["169.254.169.254/32", "169.254.169.252/32"];

/** A cell on Google Cloud: one firewall policy for the network, Cloud Armor before the load balancer. */
export function drawGcp(cell: CellSketch, workloads: Workloads): void {
  const { resources } = cell.state;
  for (const { urn, props } of ofType(resources, "gcp:serviceaccount/iAMMember:IAMMember")) {
    const account = accountIn(textOf(props["member"]));
    if (!account) continue;
    const email = textOf(props["serviceAccountId"]).split("/").at(-1) ?? "";
    const id = cell.box("identity", "Service accounts, by Workload Identity", urn, [
      email.split("@")[0] ?? email,
    ]);
    for (const box of workloads.ofAccount(...account)) cell.arrow(box, id, "", urn);
    for (const address of metadataServer) cell.claim(address, id);
  }
  drawStores(cell, resources);
  drawCluster(cell, resources);
  drawEntrance(cell, resources);
  drawPolicy(cell, resources);
  drawRules(cell, resources);
}

const lastPart = (id: string): string => id.split("/").at(-1) ?? id;

function drawStores(cell: CellSketch, resources: readonly Deployed[]): void {
  const ranges = new Map(
    ofType(resources, "gcp:compute/subnetwork:Subnetwork").map(({ id, props }) => [
      lastPart(id),
      textOf(props["ipCidrRange"]),
    ]),
  );
  for (const { urn, props } of ofType(resources, "gcp:sql/databaseInstance:DatabaseInstance")) {
    const box = cell.box("database", "Cloud SQL for PostgreSQL", urn, [textOf(props["databaseVersion"])]);
    // Private Service Connect: an address of the subnet that is the instance's.
    for (const address of ofType(resources, "gcp:compute/address:Address")) {
      if (textOf(address.props["purpose"]) !== "GCE_ENDPOINT") continue;
      cell.claim(ranges.get(lastPart(textOf(address.props["subnetwork"]))) ?? "", box, "5432");
      cell.claim(`${textOf(address.props["address"])}/32`, box);
    }
  }
  for (const { urn, props } of ofType(resources, "gcp:redis/instance:Instance")) {
    const box = cell.box("cache", "Memorystore for Redis", urn, [textOf(props["redisVersion"])]);
    cell.claim(textOf(props["effectiveReservedIpRange"]) || textOf(props["reservedIpRange"]), box);
  }
  const restricted = /^199\.36\.153\.(\d+)$/;
  for (const { urn, props } of ofType(resources, "gcp:dns/recordSet:RecordSet")) {
    if (!texts(props, "rrdatas").some((address) => restricted.test(address))) continue;
    const name = textOf(props["name"]).replace(/\.$/, "");
    const box = cell.box("endpoints", "Google APIs by private addresses", urn, [name]);
    cell.claim("199.36.153.8/30", box);
  }
}

function drawCluster(cell: CellSketch, resources: readonly Deployed[]): void {
  for (const { urn, props } of ofType(resources, "gcp:container/cluster:Cluster")) {
    const nodes = cell.box("nodes", "Nodes", urn);
    for (const subnet of ofType(resources, "gcp:compute/subnetwork:Subnetwork")) {
      if (lastPart(subnet.id) !== lastPart(textOf(props["subnetwork"]))) continue;
      for (const range of [
        ...texts(subnet.props, "ipCidrRange"),
        ...texts(subnet.props, "secondaryIpRanges", "ipCidrRange"),
      ])
        cell.claim(range, nodes);
    }
    // What a load balancer before several cells calls them.
    for (const pool of ofType(resources, "gcp:container/nodePool:NodePool"))
      for (const group of texts(pool.props, "managedInstanceGroupUrls")) cell.sketch.address(group, nodes);
    const version = `Kubernetes ${textOf(props["minMasterVersion"])}`;
    const control = cell.box("controlPlane", "GKE control plane", urn, [version]);
    const endpoints = objectOf(props["controlPlaneEndpointsConfig"]);
    if (
      texts(endpoints, "dnsEndpointConfig", "endpoint").length > 0 &&
      every(endpoints, "dnsEndpointConfig", "allowExternalTraffic")[0] === true
    )
      cell.enter("Whoever IAM admits", control, "443", urn);
    const authorized = objectOf(props["masterAuthorizedNetworksConfig"]);
    for (const range of texts(authorized, "cidrBlocks", "cidrBlock")) cell.enter(range, control, "443", urn);
  }
}

/** The load balancer takes what its forwarding rules name; Cloud Armor stands before the backends that name it. */
function drawEntrance(cell: CellSketch, resources: readonly Deployed[]): void {
  const fronts = ofType(resources, "gcp:compute/globalForwardingRule:GlobalForwardingRule");
  const backends = ofType(resources, "gcp:compute/backendService:BackendService").filter(
    ({ props }) => listOf(props["backends"]).length > 0,
  );
  const policies = ofType(resources, "gcp:compute/securityPolicy:SecurityPolicy");
  const box = cell.id("loadBalancer");
  const policyOf = ({ props }: Deployed) =>
    policies.find(({ id }) => lastPart(id) === lastPart(textOf(props["securityPolicy"])));
  for (const { urn } of fronts) cell.box("loadBalancer", "Application Load Balancer", urn);
  for (const backend of backends) {
    const policy = policyOf(backend);
    if (!policy) continue;
    const rules = `${listOf(policy.props["rules"]).length} rules`;
    cell.arrow(cell.box("ingress", "Cloud Armor", policy.urn, [rules]), box, "", backend.urn);
  }
  for (const { urn, props } of fronts) {
    const port = rangeLabel(textOf(props["portRange"]), props["ipProtocol"]);
    cell.enter(anywhere, box, port, urn);
    if (backends.some((backend) => !policyOf(backend))) cell.sketch.enter(anywhere, box, port, urn);
    cell.sketch.address(textOf(props["ipAddress"]), box);
  }
  for (const range of loadBalancerRanges) cell.claim(range, box);
}

function drawPolicy(cell: CellSketch, resources: readonly Deployed[]): void {
  const type = "gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules";
  const nodes = cell.id("nodes");
  for (const { urn, props } of ofType(resources, type)) {
    const rules = listOf(props["rules"]).sort((a, b) => Number(a["priority"]) - Number(b["priority"]));
    if (!rules.some((rule) => rule["direction"] === "EGRESS")) continue;
    const nat = ofType(resources, "gcp:compute/routerNat:RouterNat").length > 0 ? ["then Cloud NAT"] : [];
    cell.box("egress", "Cloud NGFW policy", urn, nat);
    for (const direction of ["INGRESS", "EGRESS"])
      for (const rule of rules.filter((each) => each["direction"] === direction)) {
        const match = objectOf(rule["match"]);
        if (rule["action"] === "deny" && denies(match, direction)) break;
        if (rule["action"] !== "allow") continue;
        for (const port of ports(listOf(match["layer4Configs"])))
          if (direction === "INGRESS")
            for (const range of texts(match, "srcIpRanges")) cell.enter(range, nodes, port, urn);
          else {
            for (const range of texts(match, "destIpRanges")) leave(cell, range, port, urn);
            for (const host of texts(match, "destFqdns")) leave(cell, host, port, urn);
          }
      }
  }
}

/** What the policy lets out to no box of the cell goes on to where it says. */
function leave(cell: CellSketch, to: string, port: string, urn: string): void {
  const inside = cell.at(to, port).length > 0;
  cell.leave(cell.id("nodes"), to, port, urn);
  if (!inside) cell.sketch.leave(cell.id("egress"), to, port, urn);
}

/** Whether a denial leaves nothing to the rules after it. */
function denies(match: Record<string, unknown>, direction: string): boolean {
  const ranges = texts(match, direction === "INGRESS" ? "srcIpRanges" : "destIpRanges");
  return ranges.includes(anywhere) && texts(match, "layer4Configs", "ipProtocol").includes("all");
}

/** Rules of the network itself: in a network that was there already, and those that somebody else made. */
function drawRules(cell: CellSketch, resources: readonly Deployed[]): void {
  for (const { urn, props } of ofType(resources, "gcp:compute/firewall:Firewall")) {
    if (textOf(props["direction"]) === "EGRESS" || props["disabled"] === true) continue;
    for (const port of ports(listOf(props["allows"])))
      for (const range of texts(props, "sourceRanges")) cell.enter(range, cell.id("nodes"), port, urn);
  }
}

function ports(configs: Record<string, unknown>[]): string[] {
  return configs.flatMap((config) => {
    const protocol = textOf(config["ipProtocol"]) || textOf(config["protocol"]);
    const named = texts(config, "ports");
    return (named.length > 0 ? named : ["*"]).map((range) => rangeLabel(range, protocol));
  });
}

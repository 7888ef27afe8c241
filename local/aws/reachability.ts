import type { Props, WorldObject } from "../behaviour.js";
import { at, cidrContains, isTrue, lookup, number, objects, text, texts } from "./common.js";
import type { Place } from "./common.js";
import { type } from "./references.js";

/** Source: VPC user guide, "Route tables"; EKS user guide, "View Amazon EKS networking requirements". */

/** The route table of a subnet: its own, or else the VPC's main one. */
function routeTableOf(context: Place, subnet: WorldObject): string | undefined {
  const own = context.world
    .list(type.routeTableAssociation, context.region)
    .find((each) => each.inputs.subnetId === subnet.id);
  return own
    ? text(own.inputs, "routeTableId")
    : text(lookup(context, type.vpc, text(subnet.inputs, "vpcId"))?.state, "mainRouteTableId");
}

/** The default route of a subnet, standalone or written into its table. */
function defaultRoute(context: Place, subnet: WorldObject): Props | undefined {
  const table = routeTableOf(context, subnet);
  const standalone = context.world
    .list(type.route, context.region)
    .find((each) => each.inputs.routeTableId === table && each.inputs.destinationCidrBlock === "0.0.0.0/0");
  if (standalone) return standalone.inputs;
  return objects(lookup(context, type.routeTable, table)?.inputs, "routes").find(
    (each) => each.cidrBlock === "0.0.0.0/0",
  );
}

/**
 * Whether an instance without a public address in the subnet gets to the internet: its default route leads,
 * perhaps through a firewall endpoint, to a NAT gateway whose own subnet leads to an internet gateway.
 */
export function reachesInternet(context: Place, subnetId: string, hops = 4): boolean {
  const subnet = lookup(context, type.subnet, subnetId);
  const route = subnet && hops > 0 ? defaultRoute(context, subnet) : undefined;
  if (!subnet || !route) return false;
  const nat = lookup(context, type.natGateway, text(route, "natGatewayId"));
  if (nat) return leadsOut(context, text(nat.inputs, "subnetId"), hops - 1);
  if (text(route, "gatewayId")?.startsWith("igw-") === true)
    return isTrue(subnet.inputs, "mapPublicIpOnLaunch");
  const endpoint = text(route, "vpcEndpointId");
  if (endpoint !== undefined) {
    const next = firewallSubnet(context, endpoint);
    return next !== undefined && reachesInternet(context, next, hops - 1);
  }
  // What lies behind a transit gateway or an appliance is not known here.
  return text(route, "transitGatewayId") !== undefined || text(route, "networkInterfaceId") !== undefined;
}

/** Whether a NAT gateway's subnet gets out: by an internet gateway, or by a firewall endpoint in between. */
function leadsOut(context: Place, subnetId: string | undefined, hops: number): boolean {
  const subnet = lookup(context, type.subnet, subnetId);
  const route = subnet && hops > 0 ? defaultRoute(context, subnet) : undefined;
  if (text(route, "gatewayId")?.startsWith("igw-") === true) return true;
  const endpoint = text(route, "vpcEndpointId");
  return endpoint !== undefined && leadsOut(context, firewallSubnet(context, endpoint), hops - 1);
}

/** The subnet that a Network Firewall's endpoint stands in. */
function firewallSubnet(context: Place, endpointId: string): string | undefined {
  const attachments = context.world
    .list("aws:networkfirewall/firewall:Firewall", context.region)
    .flatMap(({ state }) => at(state, "firewallStatuses[].syncStates[].attachments[]"));
  return text(
    attachments.find((each) => text(each, "endpointId") === endpointId),
    "subnetId",
  );
}

interface Rule {
  protocol: string;
  from: number;
  to: number;
  groups: string[];
  cidrs: string[];
}

/** A security group's rules of one direction: standalone ones and those written into the group. */
function rulesOf(context: Place, groupId: string, direction: "ingress" | "egress"): Rule[] {
  const { world, region } = context;
  const standalone =
    direction === "ingress"
      ? "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
      : "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
  const alone = world
    .list(standalone, region)
    .filter((each) => each.inputs.securityGroupId === groupId)
    .map(({ inputs }) => ({
      protocol: text(inputs, "ipProtocol") ?? "-1",
      from: number(inputs, "fromPort") ?? 0,
      to: number(inputs, "toPort") ?? 65535,
      groups: at(inputs, "referencedSecurityGroupId").map(String),
      cidrs: at(inputs, "cidrIpv4").map(String),
    }));
  const inline = objects(lookup(context, type.securityGroup, groupId)?.state, direction).map((each) => ({
    protocol: text(each, "protocol") ?? "-1",
    from: number(each, "fromPort") ?? 0,
    to: number(each, "toPort") ?? 65535,
    groups: [...texts(each, "securityGroups"), ...(isTrue(each, "self") ? [groupId] : [])],
    cidrs: texts(each, "cidrBlocks"),
  }));
  return [...alone, ...inline];
}

/** One end of a connection: its security groups and the blocks of its subnets. */
export interface Peer {
  groups: string[];
  cidrs: string[];
}

/** Whether security groups let a TCP connection through: out of one end, and into the other. */
export function connects(context: Place, from: Peer, to: Peer, port: number): boolean {
  const lets = (own: Peer, other: Peer, direction: "ingress" | "egress") =>
    own.groups.some((group) =>
      rulesOf(context, group, direction).some(
        (rule) =>
          (rule.protocol === "-1" ||
            (["tcp", "6"].includes(rule.protocol) && rule.from <= port && port <= rule.to)) &&
          (rule.groups.some((each) => other.groups.includes(each)) ||
            rule.cidrs.some((cidr) => other.cidrs.some((block) => cidrContains(cidr, block)))),
      ),
    );
  return lets(from, to, "egress") && lets(to, from, "ingress");
}

import { every, listOf, objectOf, ofType, textOf, texts } from "../state.js";
import type { Deployed } from "../state.js";
import { portLabel } from "./cellSketch.js";
import type { CellSketch } from "./cellSketch.js";
import type { Workloads } from "./kubernetes.js";
import { anywhere } from "./model.js";

/** A cell on AWS: security groups say who reaches whom, routes which way it goes out. */
export function drawAws(cell: CellSketch, workloads: Workloads): void {
  const { resources } = cell.state;
  const owners = drawBoxes(cell, resources);
  drawEgress(cell, resources);
  claimSubnets(cell, resources);
  drawGroups(cell, resources, owners);
  for (const { urn } of ofType(resources, "aws:wafv2/webAclAssociation:WebAclAssociation"))
    cell.arrow(cell.id("ingress"), cell.id("loadBalancer"), "", urn);
  for (const { urn, props } of ofType(resources, "aws:eks/podIdentityAssociation:PodIdentityAssociation")) {
    const role = textOf(props["roleArn"]).split("/").at(-1) ?? "";
    const id = cell.box("identity", "IAM roles, by Pod Identity", urn, [role]);
    const account = [textOf(props["namespace"]), textOf(props["serviceAccount"])] as const;
    for (const box of workloads.ofAccount(...account)) cell.arrow(box, id, "", urn);
    // Where EKS's agent gives pods their credentials. Source: EKS User Guide, "EKS Pod Identity Agent".
    cell.claim("169.254.170.23/32", id);
  }
}

/** @returns the box that a security group stands before, by the group's id */
function drawBoxes(cell: CellSketch, resources: readonly Deployed[]): Map<string, string> {
  const owners = new Map<string, string>();
  const own = (groups: string[], box: string) => {
    for (const group of groups) owners.set(group, box);
  };
  const associations = ofType(resources, "aws:wafv2/webAclAssociation:WebAclAssociation");
  for (const { urn, props } of ofType(resources, "aws:wafv2/webAcl:WebAcl")) {
    const arn = textOf(props["arn"]);
    // One that guards nothing is not in anybody's way.
    if (associations.some((each) => textOf(each.props["webAclArn"]) === arn))
      cell.box("ingress", "WAF", urn, [`${listOf(props["rules"]).length} rules`]);
  }
  for (const { urn, props } of ofType(resources, "aws:lb/loadBalancer:LoadBalancer")) {
    const box = cell.box("loadBalancer", "Application Load Balancer", urn);
    own(texts(props, "securityGroups"), box);
    cell.sketch.address(textOf(props["dnsName"]), box);
    cell.sketch.address(textOf(props["arn"]), box);
  }
  for (const { urn, props } of ofType(resources, "aws:eks/cluster:Cluster")) {
    const box = cell.box("controlPlane", "EKS control plane", urn, [
      `Kubernetes ${textOf(props["version"])}`,
    ]);
    const vpc = objectOf(props["vpcConfig"]);
    own([...texts(vpc, "securityGroupIds"), ...texts(vpc, "clusterSecurityGroupId")], box);
    if (vpc["endpointPublicAccess"] === true)
      for (const range of texts(vpc, "publicAccessCidrs")) cell.enter(range, box, "443", urn);
  }
  for (const { urn, props } of ofType(resources, "aws:ec2/launchTemplate:LaunchTemplate")) {
    const box = cell.box("nodes", "Nodes", urn);
    own(
      [...texts(props, "vpcSecurityGroupIds"), ...texts(props, "networkInterfaces", "securityGroups")],
      box,
    );
  }
  for (const { urn, props } of ofType(resources, "aws:rds/cluster:Cluster"))
    own(
      texts(props, "vpcSecurityGroupIds"),
      cell.box("database", "Aurora PostgreSQL", urn, [version(props)]),
    );
  for (const { urn, props } of ofType(resources, "aws:elasticache/replicationGroup:ReplicationGroup"))
    own(texts(props, "securityGroupIds"), cell.box("cache", "ElastiCache Valkey", urn, [version(props)]));
  for (const { urn, props } of ofType(resources, "aws:ec2/vpcEndpoint:VpcEndpoint")) {
    const service = textOf(props["serviceName"]).split(".").slice(3).join(".");
    const box = cell.box("endpoints", "AWS by private endpoints", urn, [service]);
    own(texts(props, "securityGroupIds"), box);
  }
  return owners;
}

const version = (props: Record<string, unknown>): string => `version ${textOf(props["engineVersion"])}`;

/** The firewall where a route leads to it, else the NAT gateways, behind which only look-ups are judged. */
function drawEgress(cell: CellSketch, resources: readonly Deployed[]): void {
  const routes = ofType(resources, "aws:ec2/route:Route").filter(
    ({ props }) => textOf(props["destinationCidrBlock"]) === anywhere,
  );
  const lists = ofType(resources, "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList");
  const rules = ofType(resources, "aws:route53/resolverFirewallRule:ResolverFirewallRule");
  const allowed = rules
    .filter(({ props }) => textOf(props["action"]) === "ALLOW")
    .map(({ props }) => textOf(props["firewallDomainListId"]));
  const names = lists.filter(({ id }) => allowed.includes(id));
  const count = names.flatMap(({ props }) => texts(props, "domains")).length;
  const lookups = count > 0 ? [`DNS Firewall: ${count} names can be looked up`] : [];

  for (const { urn, props } of ofType(resources, "aws:networkfirewall/firewall:Firewall")) {
    const ends = texts(props, "firewallStatuses", "syncStates", "attachments", "endpointId");
    if (!routes.some((route) => ends.includes(textOf(route.props["vpcEndpointId"])))) continue;
    const box = cell.box("egress", "Network Firewall", urn, lookups);
    for (const group of ofType(resources, "aws:networkfirewall/ruleGroup:RuleGroup"))
      for (const source of every(group.props, "ruleGroup", "rulesSource", "rulesSourceList")) {
        if (textOf(objectOf(source)["generatedRulesType"]) !== "ALLOWLIST") continue;
        const seen = texts(source, "targetTypes").map((type) =>
          type === "TLS_SNI" ? "TLS name" : "HTTP host",
        );
        for (const host of texts(source, "targets"))
          for (const label of seen) cell.sketch.leave(box, host, label, group.urn);
      }
    return;
  }
  const nats = ofType(resources, "aws:ec2/natGateway:NatGateway");
  for (const { urn } of nats) {
    const box = cell.box("egress", "NAT gateway", urn, lookups);
    cell.unfiltered();
    for (const list of names)
      for (const host of texts(list.props, "domains")) cell.sketch.leave(box, host, "by look-up", list.urn);
  }
}

/** A subnet is whose things stand in it. */
function claimSubnets(cell: CellSketch, resources: readonly Deployed[]): void {
  const ranges = new Map(
    ofType(resources, "aws:ec2/subnet:Subnet").map(({ id, props }) => [id, textOf(props["cidrBlock"])]),
  );
  const claim = (subnets: string[], box: string, port?: string) => {
    for (const subnet of subnets) cell.claim(ranges.get(subnet) ?? "", box, port);
  };
  for (const { props } of ofType(resources, "aws:lb/loadBalancer:LoadBalancer"))
    claim(texts(props, "subnets"), cell.id("loadBalancer"));
  for (const { props } of ofType(resources, "aws:eks/nodeGroup:NodeGroup"))
    claim(texts(props, "subnetIds"), cell.id("nodes"));
  for (const { props } of ofType(resources, "aws:ec2/vpcEndpoint:VpcEndpoint"))
    claim(texts(props, "subnetIds"), cell.id("endpoints"), "443");
  for (const { props } of ofType(resources, "aws:rds/subnetGroup:SubnetGroup"))
    claim(texts(props, "subnetIds"), cell.id("database"), "5432");
  for (const { props } of ofType(resources, "aws:elasticache/subnetGroup:SubnetGroup"))
    claim(texts(props, "subnetIds"), cell.id("cache"), "6379");
}

/** Rules as resources of their own and, after a refresh, those that somebody else put into a group. */
function drawGroups(
  cell: CellSketch,
  resources: readonly Deployed[],
  owners: ReadonlyMap<string, string>,
): void {
  // A group before nothing that is known is drawn by its id.
  const owner = (group: string, source: string): string =>
    owners.get(group) ?? cell.box("nodes", "Security group", source, [group], group);
  const directions = [
    ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", true],
    ["aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", false],
  ] as const;
  const open = (
    own: string,
    inwards: boolean,
    groups: string[],
    ranges: string[],
    port: string,
    urn: string,
  ) => {
    for (const group of groups)
      if (inwards) cell.arrow(owner(group, urn), own, port, urn);
      else cell.arrow(own, owner(group, urn), port, urn);
    for (const range of ranges)
      if (inwards) cell.enter(range, own, port, urn);
      else cell.leave(own, range, port, urn);
  };
  for (const [type, inwards] of directions)
    for (const { urn, props } of ofType(resources, type)) {
      const { fromPort, toPort, ipProtocol } = props;
      const ranges = ["cidrIpv4", "cidrIpv6", "prefixListId"].flatMap((key) => texts(props, key));
      const own = owner(textOf(props["securityGroupId"]), urn);
      open(
        own,
        inwards,
        texts(props, "referencedSecurityGroupId"),
        ranges,
        portLabel(fromPort, toPort, ipProtocol),
        urn,
      );
    }
  for (const { urn, id, props } of ofType(resources, "aws:ec2/securityGroup:SecurityGroup"))
    for (const [key, inwards] of [
      ["ingress", true],
      ["egress", false],
    ] as const)
      for (const rule of listOf(props[key])) {
        const groups = [...texts(rule, "securityGroups"), ...(rule["self"] === true ? [id] : [])];
        const ranges = ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds"].flatMap((each) => texts(rule, each));
        const port = portLabel(rule["fromPort"], rule["toPort"], rule["protocol"]);
        open(owner(id, urn), inwards, groups, ranges, port, urn);
      }
}

import { isPublic } from "../../addresses.js";
import { names, ofTypes } from "../../links.js";
import type { Finding, Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, list, missing, show, unknown } from "../../values.js";
import type { GroupRule } from "./groupRules.js";
import { group, groupRules, ruleTypes, standalone } from "./groupRules.js";

const on: unknown[] = [true, "true"];
/** HTTPS, and HTTP for the redirect that the policy on TLS demands of it. */
const open: unknown[] = [443, 80];
const tcp: unknown[] = ["tcp", "6", 6];

function fromInternet(rule: GroupRule): boolean {
  return rule.direction === "ingress" && rule.cidrs.some(isPublic);
}

function* judgeRules(resource: Resource): Iterable<string> {
  for (const rule of groupRules(resource).filter(fromInternet)) {
    const right =
      !differs(rule.protocol, ...tcp) && !differs(rule.from, ...open) && !differs(rule.to, rule.from);
    const ports = `${show(rule.protocol)} ${show(rule.from)} to ${show(rule.to)}`;
    if (!right)
      yield `${rule.cidrs.filter(isPublic).join(", ")} may reach ${ports}; right is tcp 443, or 80 to be redirected`;
  }
}

/**
 * A network ACL knows no connections, so the replies to the cell's own requests come in as well: at the ports
 * that a NAT gateway sends from. Source: "Ephemeral ports", Amazon VPC user guide.
 */
const replies = { from: 1024, to: 65535 };

function* judgeAcl(rule: unknown, action: unknown): Iterable<string> {
  const source = [at(rule, "cidrBlock"), at(rule, "ipv6CidrBlock")].find(isPublic);
  if (!source || action !== "allow") return;
  const [from, to, protocol] = ["fromPort", "toPort", "protocol"].map((key) => at(rule, key));
  if ([from, to, protocol].includes(unknown)) return;
  const isReply = from === replies.from && to === replies.to && [...tcp, "udp", "17"].includes(protocol);
  const isOpen = open.includes(from) && from === to && tcp.includes(protocol);
  if (!isReply && !isOpen)
    yield `${source} may reach ${show(protocol)} ${show(from)} to ${show(to)}; right is tcp 443 or 80, or replies at 1024 to 65535`;
}

function* judgeListener({ props }: Resource): Iterable<string> {
  const port = at(props, "port");
  if (differs(port, ...open)) yield `a listener is on port ${show(port)}; right is 443, or 80 to redirect`;
}

function* judgeRemoteAccess({ props }: Resource): Iterable<string> {
  const access = at(props, "remoteAccess");
  if (missing(access) || access === unknown) return;
  // EKS opens port 22 to everybody when it is not told for whom.
  if (missing(at(access, "sourceSecurityGroupIds")))
    yield "remoteAccess opens port 22 to everybody; right is no remoteAccess, or sourceSecurityGroupIds";
}

function* judgeInterfaces({ props }: Resource): Iterable<string> {
  for (const one of list(at(props, "networkInterfaces")))
    if (on.includes(at(one, "associatePublicIpAddress")))
      yield "nodes get public addresses; right is none: they leave by NAT";
}

/** What the internet may reach is a load balancer, which only forwards what it has a rule for. */
function* judgeMembers(resources: Resource[]): Iterable<Finding> {
  const balancers = ofTypes(
    resources,
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:alb/loadBalancer:LoadBalancer",
  );
  const rules = ofTypes(resources, standalone.ingress, standalone.either).filter((rule) =>
    groupRules(rule).some(fromInternet),
  );
  for (const resource of ofTypes(resources, group)) {
    const isOpen =
      groupRules(resource).some(fromInternet) ||
      rules.some((rule) => names(rule, { property: "securityGroupId", by: ["id"] }, resource) === true);
    const member = { property: "securityGroups", by: ["id"] };
    if (isOpen && balancers.every((balancer) => names(balancer, member, resource) === false))
      yield {
        resource,
        message:
          "the group is open to the internet and no load balancer's; right is a load balancer in front",
      };
  }
}

export const ingress: Rule = {
  each: {
    ...forTypes(ruleTypes, judgeRules),
    ...forTypes(
      ["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"],
      function* ({ props }) {
        for (const rule of list(at(props, "ingress"))) yield* judgeAcl(rule, at(rule, "action"));
      },
    ),
    *"aws:ec2/networkAclRule:NetworkAclRule"({ props }) {
      if (at(props, "egress") !== true) yield* judgeAcl(props, at(props, "ruleAction"));
    },
    ...forTypes(["aws:lb/listener:Listener", "aws:alb/listener:Listener"], judgeListener),
    "aws:eks/nodeGroup:NodeGroup": judgeRemoteAccess,
    "aws:ec2/launchTemplate:LaunchTemplate": judgeInterfaces,
  },
  together: judgeMembers,
};

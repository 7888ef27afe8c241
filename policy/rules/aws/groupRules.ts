import type { Resource } from "../../policy.js";
import { at, list, missing } from "../../values.js";

/** One rule of a security group, however it was written. */
export interface GroupRule {
  direction: "ingress" | "egress";
  protocol: unknown;
  from: unknown;
  to: unknown;
  /** IPv4 and IPv6 blocks. */
  cidrs: unknown[];
  /** Security groups; true is the group itself. */
  groups: unknown[];
  prefixLists: unknown[];
}

export const standalone = {
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  either: "aws:ec2/securityGroupRule:SecurityGroupRule",
} as const;

export const group = "aws:ec2/securityGroup:SecurityGroup";
export const defaultGroup = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

/** Every type that holds security-group rules. */
export const ruleTypes: readonly string[] = [...Object.values(standalone), group, defaultGroup];

/** The rules that a resource holds. */
export function groupRules({ type, props }: Resource): GroupRule[] {
  switch (type) {
    case standalone.ingress:
    case standalone.egress:
      return [
        {
          direction: type === standalone.ingress ? "ingress" : "egress",
          protocol: at(props, "ipProtocol"),
          from: at(props, "fromPort"),
          to: at(props, "toPort"),
          cidrs: given(at(props, "cidrIpv4"), at(props, "cidrIpv6")),
          groups: given(at(props, "referencedSecurityGroupId")),
          prefixLists: given(at(props, "prefixListId")),
        },
      ];
    case standalone.either:
      return [inline(at(props, "type") === "egress" ? "egress" : "ingress", props)];
    case group:
    case defaultGroup:
      return (["ingress", "egress"] as const).flatMap((direction) =>
        list(at(props, direction)).map((rule) => inline(direction, rule)),
      );
    default:
      return [];
  }
}

function inline(direction: GroupRule["direction"], rule: unknown): GroupRule {
  const self = at(rule, "self");
  return {
    direction,
    protocol: at(rule, "protocol"),
    from: at(rule, "fromPort"),
    to: at(rule, "toPort"),
    cidrs: given(at(rule, "cidrBlocks"), at(rule, "ipv6CidrBlocks")),
    groups: given(
      at(rule, "securityGroups"),
      at(rule, "sourceSecurityGroupId"),
      self === false ? undefined : self,
    ),
    prefixLists: given(at(rule, "prefixListIds")),
  };
}

function given(...values: unknown[]): unknown[] {
  return values.flatMap(list).filter((value) => !missing(value));
}

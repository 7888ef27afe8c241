import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  arn,
  at,
  cidrs,
  ec2Id,
  exactlyOne,
  inRange,
  isKnown,
  lookup,
  matches,
  refuseUnless,
  text,
} from "./common.js";
import type { Failure } from "./common.js";
import { placed } from "./outputs.js";
import { toSecurityGroup, toVpc, type } from "./references.js";

/** Characters of names and descriptions. Source: EC2 CreateSecurityGroup. */
const wording = /^[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]*$/;

const groupId = (context: Context) => context.current?.id ?? ec2Id(context, "sg");

/** Inline rules: the same port and block rules as the standalone ones. */
function inlineRules(inputs: Props): Failure[] {
  return ["ingress", "egress"].flatMap((direction) => [
    ...cidrs(inputs, `${direction}[].cidrBlocks[]`),
    ...cidrs(inputs, `${direction}[].ipv6CidrBlocks[]`),
    ...inRange(inputs, `${direction}[].fromPort`, -1, 65535),
    ...inRange(inputs, `${direction}[].toPort`, -1, 65535),
  ]);
}

const securityGroup: Behaviour = {
  source: "EC2 CreateSecurityGroup, DeleteSecurityGroup; CloudFormation AWS::EC2::SecurityGroup",
  autoName: { property: "name", max: 255 },
  replaces: ["name", "namePrefix", "description", "vpcId"],
  defaults: () => ({ description: "Managed by Pulumi", revokeRulesOnDelete: false }),
  check: (inputs) => [
    ...matches(inputs, "name", /^(?!sg-).{1,255}$/, "cannot begin with 'sg-'; 1 to 255 characters"),
    ...matches(inputs, "name", wording, "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*"),
    ...matches(inputs, "description", /^.{1,255}$/, "1 to 255 characters"),
    ...matches(inputs, "description", wording, "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*"),
    ...inlineRules(inputs),
  ],
  references: {
    vpcId: toVpc,
    "ingress[].securityGroups[]": toSecurityGroup,
    "egress[].securityGroups[]": toSecurityGroup,
  },
  unique: (inputs) => `${text(inputs, "vpcId")}/${text(inputs, "name")}`,
  taken: (key) => {
    const [vpcId, name] = key.split(/\/(.*)/s);
    return new CloudError(
      "InvalidGroup.Duplicate",
      `The security group '${name}' already exists for VPC '${vpcId}'`,
    );
  },
  admit: (inputs) => {
    // The local account has no default VPCs, like one where they have been removed.
    refuseUnless(isKnown(inputs.vpcId), "VPCIdNotSpecified", "No default VPC for this user");
    refuseUnless(
      inputs.name !== "default",
      "InvalidParameterValue",
      "Cannot use reserved security group name: default",
    );
  },
  id: (_, context) => groupId(context),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(context, "ec2", `security-group/${groupId(context)}`),
    ownerId: context.world.account,
    namePrefix: "",
    ingress: inputs.ingress ?? [],
    egress: inputs.egress ?? [],
  }),
  inUse: ({ id }) => new CloudError("DependencyViolation", `resource ${id} has a dependent object`),
};

/** Takes over the group that came with the VPC; deleting it only forgets it. */
const defaultSecurityGroup: Behaviour = {
  source: "provider docs of aws.ec2.DefaultSecurityGroup; EC2 DescribeSecurityGroups",
  adopts: true,
  replaces: ["vpcId"],
  check: inlineRules,
  references: { vpcId: toVpc },
  admit: (inputs) => {
    refuseUnless(isKnown(inputs.vpcId), "VPCIdNotSpecified", "No default VPC for this user");
  },
  id: (inputs, context) => defaultGroupId(inputs, context),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(context, "ec2", `security-group/${defaultGroupId(inputs, context)}`),
    ownerId: context.world.account,
    name: "default",
    namePrefix: "",
    description: "default VPC security group",
    ingress: inputs.ingress ?? [],
    egress: inputs.egress ?? [],
  }),
  after: ({ id, state }, { world }) =>
    world.amend(type.securityGroup, id, { ingress: state.ingress, egress: state.egress }),
};

function defaultGroupId(inputs: Props, context: Context): string {
  const network = lookup(context, type.vpc, text(inputs, "vpcId"));
  return context.current?.id ?? text(network?.state, "defaultSecurityGroupId") ?? ec2Id(context, "sg");
}

const peers = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];
const protocols = /^(-1|tcp|udp|icmp|icmpv6|\d{1,3})$/i;
const ported = /^(tcp|udp|6|17)$/i;

const ruleId = (context: Context) => context.current?.id ?? ec2Id(context, "sgr");

/** One standalone rule. Source: EC2 AuthorizeSecurityGroupIngress and its IpPermission. */
const rule = (direction: "Ingress" | "Egress"): Behaviour => ({
  source: `EC2 AuthorizeSecurityGroup${direction}, ModifySecurityGroupRules; CloudFormation AWS::EC2::SecurityGroup${direction}`,
  required: ["securityGroupId", "ipProtocol"],
  replaces: ["securityGroupId"],
  check: (inputs) => {
    const failures = [
      ...exactlyOne(inputs, peers),
      ...cidrs(inputs, "cidrIpv4"),
      ...cidrs(inputs, "cidrIpv6"),
      ...matches(inputs, "ipProtocol", protocols, "tcp, udp, icmp, icmpv6, -1 or a protocol number"),
      ...inRange(inputs, "fromPort", -1, 65535),
      ...inRange(inputs, "toPort", -1, 65535),
      ...matches(inputs, "description", /^.{0,255}$/, "at most 255 characters"),
      ...matches(inputs, "description", wording, "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*"),
    ];
    for (const property of ["fromPort", "toPort"]) {
      const given = inputs[property] !== undefined && inputs[property] !== null;
      if (text(inputs, "ipProtocol") === "-1" && given) {
        failures.push({ property, reason: `${property} must not be given when ipProtocol is -1` });
      }
      if (ported.test(text(inputs, "ipProtocol") ?? "") && !given) {
        failures.push({ property, reason: `${property} is required for ${text(inputs, "ipProtocol")}` });
      }
    }
    return failures;
  },
  references: { securityGroupId: toSecurityGroup, referencedSecurityGroupId: toSecurityGroup },
  unique: (inputs) =>
    ["securityGroupId", ...peers, "ipProtocol", "fromPort", "toPort"]
      .map((each) => text(inputs, each) ?? "")
      .join("|"),
  taken: (key) => {
    const [group, ipv4, ipv6, list, other, protocol, from, to] = key.split("|");
    const ports =
      protocol === "-1" ? "ALL" : `${protocol?.toUpperCase()}, from port: ${from}, to port: ${to}`;
    return new CloudError(
      "InvalidPermission.Duplicate",
      `the specified rule "peer: ${ipv4 || ipv6 || list || other}, ${ports}, ALLOW" already exists in ${group}`,
    );
  },
  admit: (inputs, context) => {
    const [from] = at(inputs, "fromPort").map(Number);
    const [to] = at(inputs, "toPort").map(Number);
    const protocol = text(inputs, "ipProtocol") ?? "";
    refuseUnless(
      !ported.test(protocol) || (from ?? 0) <= (to ?? 0),
      "InvalidParameterValue",
      `Invalid ${protocol.toUpperCase()} port range (${from}-${to})`,
    );
    const group = lookup(context, type.securityGroup, text(inputs, "securityGroupId"));
    const other = lookup(context, type.securityGroup, text(inputs, "referencedSecurityGroupId"));
    refuseUnless(
      other === undefined || other.state.vpcId === group?.state.vpcId,
      "InvalidGroup.NotFound",
      `You have specified two resources that belong to different networks: ${group?.id} and ${other?.id}`,
    );
  },
  id: (_, context) => ruleId(context),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(context, "ec2", `security-group-rule/${ruleId(context)}`),
    securityGroupRuleId: ruleId(context),
  }),
});

export const ec2SecurityGroups: Provider = {
  types: {
    [type.securityGroup]: securityGroup,
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": defaultSecurityGroup,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("Ingress"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("Egress"),
  },
  invokes: {},
};

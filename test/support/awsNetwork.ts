import { expect } from "chai";
import { type } from "../../local/aws/references.js";
import type { Props, WorldObject } from "../../local/behaviour.js";
import { FakeWorld } from "./fakeWorld.js";

/** Tokens that the tests of the network types use and `references.ts` does not need. */
export const token = {
  ...type,
  ingressRule: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  defaultSecurityGroup: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  flowLog: "aws:ec2/flowLog:FlowLog",
  firewall: "aws:networkfirewall/firewall:Firewall",
  firewallPolicy: "aws:networkfirewall/firewallPolicy:FirewallPolicy",
  firewallRules: "aws:networkfirewall/ruleGroup:RuleGroup",
  firewallLogs: "aws:networkfirewall/loggingConfiguration:LoggingConfiguration",
  domainList: "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList",
  dnsRule: "aws:route53/resolverFirewallRule:ResolverFirewallRule",
  dnsRules: "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup",
  dnsAssociation: "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation",
  queryLog: "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig",
  queryLogAssociation: "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation",
  webAcl: "aws:wafv2/webAcl:WebAcl",
  ipSet: "aws:wafv2/ipSet:IpSet",
  webAclAssociation: "aws:wafv2/webAclAssociation:WebAclAssociation",
  webAclLogging: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
  attachment: "aws:autoscaling/attachment:Attachment",
  certificateValidation: "aws:acm/certificateValidation:CertificateValidation",
  publicAccessBlock: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  bucketEncryption: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  bucketLifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  bucketVersioning: "aws:s3/bucketVersioning:BucketVersioning",
  logResourcePolicy: "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
} as const;

/** A VPC with two subnets, an internet gateway, a route table and a security group. */
export class Network {
  readonly vpc: WorldObject;
  readonly a: WorldObject;
  readonly b: WorldObject;
  readonly gateway: WorldObject;
  readonly table: WorldObject;
  readonly group: WorldObject;

  constructor(
    readonly cloud: FakeWorld,
    cidr = "10.0",
  ) {
    this.vpc = cloud.make(token.vpc, { cidrBlock: `${cidr}.0.0/16`, enableDnsHostnames: true });
    this.a = this.subnet(`${cidr}.0.0/24`, "a");
    this.b = this.subnet(`${cidr}.1.0/24`, "b");
    this.gateway = cloud.make(token.internetGateway, { vpcId: this.vpc.id });
    this.table = cloud.make(token.routeTable, { vpcId: this.vpc.id });
    this.group = cloud.make(token.securityGroup, { vpcId: this.vpc.id, name: `${cidr} nodes` });
  }

  subnet(cidrBlock: string, zone: string): WorldObject {
    return this.cloud.make(token.subnet, {
      vpcId: this.vpc.id,
      cidrBlock,
      availabilityZone: `${this.cloud.region}${zone}`,
    });
  }

  /** A network firewall with an endpoint in the given subnets. */
  firewall(subnetIds: string[], more: Props = {}): WorldObject {
    const policy = this.cloud.make(token.firewallPolicy, {
      name: `policy-${subnetIds.length}`,
      firewallPolicy: strictPolicy([]),
    });
    return this.cloud.make(token.firewall, {
      name: "egress",
      vpcId: this.vpc.id,
      firewallPolicyArn: policy.id,
      subnetMappings: subnetIds.map((subnetId) => ({ subnetId })),
      ...more,
    });
  }

  loadBalancer(more: Props = {}): WorldObject {
    return this.cloud.make(token.loadBalancer, {
      name: "edge",
      subnets: [this.a.id, this.b.id],
      securityGroups: [this.group.id],
      ...more,
    });
  }

  targetGroup(more: Props = {}): WorldObject {
    return this.cloud.make(token.targetGroup, {
      name: "core",
      vpcId: this.vpc.id,
      port: 30080,
      protocol: "HTTP",
      ...more,
    });
  }
}

export function strictPolicy(groups: { resourceArn: string; priority?: number }[]): Props {
  return {
    statelessDefaultActions: ["aws:forward_to_sfe"],
    statelessFragmentDefaultActions: ["aws:forward_to_sfe"],
    statefulEngineOptions: { ruleOrder: "STRICT_ORDER" },
    statefulRuleGroupReferences: groups,
    statefulDefaultActions: ["aws:drop_established", "aws:alert_established"],
  };
}

export function allowList(targets: string[], ruleOrder = "STRICT_ORDER"): Props {
  return {
    type: "STATEFUL",
    capacity: 10,
    ruleGroup: {
      statefulRuleOptions: { ruleOrder },
      rulesSource: {
        rulesSourceList: { generatedRulesType: "ALLOWLIST", targetTypes: ["TLS_SNI", "HTTP_HOST"], targets },
      },
    },
  };
}

/** What is refused, how it comes about, and the refusal. */
export type Case = [what: string, act: (network: Network) => unknown, refusal: RegExp];

/** One test a case, each in a world of its own that holds a {@link Network}. */
export function refuses(cases: Case[]): void {
  for (const [what, act, refusal] of cases) {
    it(`refuses ${what}`, () => {
      const network = new Network(new FakeWorld());
      expect(() => act(network)).to.throw(refusal);
    });
  }
}

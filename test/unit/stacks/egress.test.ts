import { expect } from "chai";
import { firewallTargets, resolverDomains } from "../../../components/aws/domains.js";
import type { Props } from "../../../local/behaviour.js";
import { allowedHosts } from "../../support/allowed.js";
import type { StackRun, Variant } from "../../support/runs.js";
import { ofType, stackRun, theOne, variantNames } from "../../support/runs.js";

const region = "us-east-1";

const allowed = (up: StackRun) =>
  allowedHosts(up, { cloud: "aws", region, providers: ["bedrock", "openai", "anthropic"] });

const domainList = (resources: StackRun["resources"], id: unknown) =>
  ofType(resources, "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList").find(
    (each) => each.id === id,
  )?.inputs["domains"];

for (const variant of variantNames)
  describe(`names that dev, ${variant}, resolves`, () => {
    let up: StackRun;
    before(async () => (up = await stackRun(variant)));

    it("are the allow-list and AWS's own within the VPC; every other is blocked", () => {
      const rules = ofType(up.resources, "aws:route53/resolverFirewallRule:ResolverFirewallRule")
        .map(({ inputs }) => inputs)
        .sort((a, b) => Number(a["priority"]) - Number(b["priority"]));
      expect(rules.map((rule) => rule["action"])).to.deep.equal(["ALLOW", "BLOCK"]);
      const [allow, block] = rules.map((rule) => domainList(up.resources, rule["firewallDomainListId"]));
      expect(allow).to.deep.equal(resolverDomains(allowed(up), region, true));
      expect(block).to.deep.equal(["*"]);
    });

    it("stay blocked when the firewall fails, in the cell's one VPC", () => {
      const vpc = theOne(up.resources, "aws:ec2/vpc:Vpc").id;
      const association = theOne(
        up.resources,
        "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation",
      ).inputs;
      const rules = ofType(up.resources, "aws:route53/resolverFirewallRule:ResolverFirewallRule");
      expect(association["vpcId"]).to.equal(vpc);
      for (const { inputs } of rules)
        expect(inputs["firewallRuleGroupId"]).to.equal(association["firewallRuleGroupId"]);
      const config = theOne(up.resources, "aws:route53/resolverFirewallConfig:ResolverFirewallConfig").inputs;
      expect(config).to.deep.include({ resourceId: vpc, firewallFailOpen: "DISABLED" });
      expect(association["mutationProtection"]).to.equal(variant === "protected" ? "ENABLED" : "DISABLED");
    });

    it("lead out of the nodes at 443 alone", () => {
      const open = ofType(up.resources, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").filter(
        ({ inputs }) => inputs["referencedSecurityGroupId"] === undefined,
      );
      expect(
        open.map(({ inputs }) => [inputs["ipProtocol"], inputs["fromPort"], inputs["toPort"]]),
      ).to.deep.equal([["tcp", 443, 443]]);
    });
  });

for (const variant of ["standard", "protected"] satisfies Variant[])
  describe(`the network firewall of dev, ${variant}`, () => {
    let up: StackRun;
    before(async () => (up = await stackRun(variant)));

    it("passes the allow-list by server name, and nothing else", () => {
      const rules = theOne(up.resources, "aws:networkfirewall/ruleGroup:RuleGroup");
      const { rulesSource, statefulRuleOptions } = rules.inputs["ruleGroup"] as Record<string, Props>;
      expect(statefulRuleOptions).to.deep.equal({ ruleOrder: "STRICT_ORDER" });
      expect(rulesSource).to.deep.equal({
        rulesSourceList: {
          generatedRulesType: "ALLOWLIST",
          targetTypes: ["TLS_SNI", "HTTP_HOST"],
          targets: firewallTargets(allowed(up)),
        },
      });
      const policy = theOne(up.resources, "aws:networkfirewall/firewallPolicy:FirewallPolicy");
      expect(policy.inputs["firewallPolicy"]).to.deep.equal({
        policyVariables: { ruleVariables: [{ key: "HOME_NET", ipSet: { definitions: ["10.10.0.0/16"] } }] },
        statelessDefaultActions: ["aws:forward_to_sfe"],
        statelessFragmentDefaultActions: ["aws:forward_to_sfe"],
        statefulEngineOptions: { ruleOrder: "STRICT_ORDER", streamExceptionPolicy: "REJECT" },
        statefulRuleGroupReferences: [{ priority: 100, resourceArn: rules.state["arn"] }],
        statefulDefaultActions: [
          "aws:drop_established_app_layer_to_server",
          "aws:alert_established_app_layer_to_server",
        ],
      });
      const firewall = theOne(up.resources, "aws:networkfirewall/firewall:Firewall").inputs;
      expect(firewall["firewallPolicyArn"]).to.equal(policy.state["arn"]);
      expect(firewall["subnetMappings"]).to.have.length(3);
      expect(firewall["deleteProtection"]).to.equal(variant === "protected");
    });

    it("logs what it blocks and what it sees", () => {
      const { logDestinationConfigs } = theOne(
        up.resources,
        "aws:networkfirewall/loggingConfiguration:LoggingConfiguration",
      ).inputs["loggingConfiguration"] as { logDestinationConfigs: Props[] };
      expect(logDestinationConfigs.map((each) => each["logType"])).to.have.members(["ALERT", "FLOW"]);
    });
  });

describe("the network firewall of dev, small", () => {
  it("is left out", async () => {
    const { resources } = await stackRun("small");
    expect(resources.filter(({ type }) => type.startsWith("aws:networkfirewall/"))).to.deep.equal([]);
  });
});

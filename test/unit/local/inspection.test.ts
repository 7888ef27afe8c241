import { expect } from "chai";
import type { WorldObject } from "../../../local/behaviour.js";
import { allowList, Network, refuses, strictPolicy, token } from "../../support/awsNetwork.js";
import { FakeWorld } from "../../support/fakeWorld.js";

describe("local AWS: endpoints, flow logs, launch templates", () => {
  const endpoint = ({ cloud, vpc }: Network, service: string, more = {}) =>
    cloud.make(token.vpcEndpoint, {
      vpcId: vpc.id,
      serviceName: `com.amazonaws.us-east-1.${service}`,
      ...more,
    });
  const private_ = { vpcEndpointType: "Interface", privateDnsEnabled: true };

  refuses([
    [
      "a service of another region",
      (n) => n.cloud.make(token.vpcEndpoint, { vpcId: n.vpc.id, serviceName: "com.amazonaws.us-west-2.s3" }),
      /^InvalidServiceName/,
    ],
    ["a service that does not exist", (n) => endpoint(n, "nothing"), /^InvalidServiceName/],
    [
      "a gateway endpoint of an interface service",
      (n) => endpoint(n, "kms"),
      /does not match available service types/,
    ],
    [
      "two subnets in a zone",
      (n) => endpoint(n, "kms", { ...private_, subnetIds: [n.a.id, n.subnet("10.0.9.0/24", "a").id] }),
      /^DuplicateSubnetsInSameZone/,
    ],
    ["private DNS twice", (n) => [1, 2].map(() => endpoint(n, "kms", private_)), /conflicting DNS domain/],
    [
      "private DNS in a VPC without host names",
      ({ cloud }) => {
        const vpcId = cloud.make(token.vpc, { cidrBlock: "10.5.0.0/16" }).id;
        cloud.make(token.vpcEndpoint, { vpcId, serviceName: "com.amazonaws.us-east-1.kms", ...private_ });
      },
      /enableDnsHostnames/,
    ],
    [
      "a flow log without a role",
      (n) =>
        n.cloud.make(token.flowLog, {
          vpcId: n.vpc.id,
          trafficType: "ALL",
          logDestination: n.cloud.make(token.logGroup, { name: "flow" }).state.arn,
        }),
      /DeliverLogsPermissionArn/,
    ],
    [
      "a flow log to a log group that does not exist",
      (n) =>
        n.cloud.make(token.flowLog, {
          vpcId: n.vpc.id,
          trafficType: "ALL",
          logDestination: "arn:aws:logs:us-east-1:123456789012:log-group:none",
        }),
      /^ResourceNotFoundException/,
    ],
    [
      "user data that is not base64",
      ({ cloud }) => cloud.make(token.launchTemplate, { name: "nodes", userData: "#!/bin/sh" }),
      /^InvalidUserData.Malformed/,
    ],
    [
      "a hop limit of 0",
      ({ cloud }) =>
        cloud.make(token.launchTemplate, { name: "nodes", metadataOptions: { httpPutResponseHopLimit: 0 } }),
      /range \(1 - 64\)/,
    ],
  ]);

  it("counts the versions of a launch template", () => {
    const { cloud } = new Network(new FakeWorld());
    const inputs = { name: "nodes", instanceType: "m7i.large", updateDefaultVersion: true };
    const template = cloud.make(token.launchTemplate, inputs);
    expect(cloud.update(template, { ...inputs, tags: { a: "b" } }).state).to.include({ latestVersion: 1 });
    expect(cloud.update(template, { ...inputs, instanceType: "m7i.xlarge" }).state).to.include({
      latestVersion: 2,
      defaultVersion: 2,
    });
  });
});

describe("local AWS: Network Firewall and DNS Firewall", () => {
  const dns = ({ cloud }: Network) => ({
    group: cloud.make(token.dnsRules, { name: "egress" }),
    list: cloud.make(token.domainList, { name: "all", domains: ["*"] }),
  });
  const dnsRule = (n: Network, made: ReturnType<typeof dns>, more = {}) =>
    n.cloud.make(token.dnsRule, {
      name: "r",
      action: "ALLOW",
      priority: 1,
      firewallRuleGroupId: made.group.id,
      firewallDomainListId: made.list.id,
      ...more,
    });

  refuses([
    [
      "a wildcard with a star",
      ({ cloud }) => cloud.make(token.firewallRules, { name: "g", ...allowList(["*.example.com"]) }),
      /Domain name specification is invalid/,
    ],
    [
      "more rules than its capacity",
      ({ cloud }) =>
        cloud.make(token.firewallRules, {
          name: "g",
          ...allowList("abcdef".split("").map((each) => `${each}.example.com`)),
        }),
      /12 needed, 10 reserved/,
    ],
    [
      "a rule group in another order than its policy's",
      ({ cloud }) => {
        const group = cloud.make(token.firewallRules, {
          name: "g",
          ...allowList(["a.example.com"], "DEFAULT_ACTION_ORDER"),
        });
        cloud.make(token.firewallPolicy, {
          name: "p",
          firewallPolicy: strictPolicy([{ resourceArn: group.id, priority: 1 }]),
        });
      },
      /rule order .* does not match/,
    ],
    [
      "a strict policy without priorities",
      ({ cloud }) => {
        const group = cloud.make(token.firewallRules, { name: "g", ...allowList(["a.example.com"]) });
        cloud.make(token.firewallPolicy, {
          name: "p",
          firewallPolicy: strictPolicy([{ resourceArn: group.id }]),
        });
      },
      /Priority is required/,
    ],
    [
      "stateful defaults in the default order",
      ({ cloud }) =>
        cloud.make(token.firewallPolicy, {
          name: "p",
          firewallPolicy: { ...strictPolicy([]), statefulEngineOptions: {} },
        }),
      /only allowed with STRICT_ORDER/,
    ],
    [
      "default actions of both kinds",
      ({ cloud }) =>
        cloud.make(token.firewallPolicy, {
          name: "p",
          firewallPolicy: {
            ...strictPolicy([]),
            statefulDefaultActions: ["aws:drop_established", "aws:alert_established_app_layer"],
          },
        }),
      /cannot exist together/,
    ],
    [
      "two firewall subnets in a zone",
      (n) => n.firewall([n.a.id, n.subnet("10.0.9.0/28", "a").id]),
      /at most one subnet in each/,
    ],
    [
      "to delete a protected firewall",
      (n) => n.cloud.delete(n.firewall([n.a.id], { deleteProtection: true })),
      /DeleteProtection is enabled/,
    ],
    [
      "to delete a firewall that routes lead to",
      (n) => {
        const firewall = n.firewall([n.a.id]);
        n.cloud.make(token.route, {
          routeTableId: n.table.id,
          destinationCidrBlock: "0.0.0.0/0",
          vpcEndpointId: n.cloud.world.list(token.vpcEndpoint)[0]?.id,
        });
        n.cloud.delete(firewall);
      },
      /still in the route table/,
    ],
    [
      "firewall logs to no log group",
      (n) =>
        n.cloud.make(token.firewallLogs, {
          firewallArn: n.firewall([n.a.id]).id,
          loggingConfiguration: {
            logDestinationConfigs: [
              {
                logType: "ALERT",
                logDestinationType: "CloudWatchLogs",
                logDestination: { logGroup: "none" },
              },
            ],
          },
        }),
      /log group none does not exist/,
    ],
    [
      "a domain that is none",
      ({ cloud }) => cloud.make(token.domainList, { name: "l", domains: ["a.*.com"] }),
      /is not valid/,
    ],
    ["a name of digits only", ({ cloud }) => cloud.make(token.dnsRules, { name: "123" }), /not digits only/],
    [
      "a priority twice in a rule group",
      (n) => {
        const made = dns(n);
        dnsRule(n, made);
        dnsRule(n, made, { firewallDomainListId: n.cloud.make(token.domainList, { name: "m" }).id });
      },
      /^ConflictException: The priority 1/,
    ],
    [
      "a block without a response",
      (n) => dnsRule(n, dns(n), { action: "BLOCK" }),
      /A block response is required/,
    ],
    [
      "an association of low priority",
      (n) =>
        n.cloud.make(token.dnsAssociation, {
          name: "a",
          firewallRuleGroupId: dns(n).group.id,
          vpcId: n.vpc.id,
          priority: 100,
        }),
      /greater than 100/,
    ],
    [
      "to remove a protected association",
      (n) =>
        n.cloud.delete(
          n.cloud.make(token.dnsAssociation, {
            name: "a",
            firewallRuleGroupId: dns(n).group.id,
            vpcId: n.vpc.id,
            priority: 200,
            mutationProtection: "ENABLED",
          }),
        ),
      /protected against mutation/,
    ],
    [
      "to delete a rule group with rules",
      (n) => {
        const made = dns(n);
        dnsRule(n, made);
        n.cloud.delete(made.group);
      },
      /^ConflictException/,
    ],
  ]);

  it("puts an endpoint into each zone, and keeps it when another zone is added", () => {
    const n = new Network(new FakeWorld());
    const firewall = n.firewall([n.a.id]);
    type Statuses = { syncStates: { availabilityZone: string; attachments: { endpointId: string }[] }[] }[];
    const states = (object: WorldObject) => (object.state.firewallStatuses as Statuses)[0]?.syncStates ?? [];
    const [first] = states(firewall);
    expect(first?.availabilityZone).to.equal("us-east-1a");
    const more = n.cloud.update(firewall, {
      ...firewall.inputs,
      subnetMappings: [{ subnetId: n.a.id }, { subnetId: n.b.id }],
    });
    expect(states(more).map(({ availabilityZone }) => availabilityZone)).to.deep.equal([
      "us-east-1a",
      "us-east-1b",
    ]);
    expect(states(more)[0]).to.deep.equal(first);
    expect(n.cloud.world.list(token.vpcEndpoint)).to.have.length(2);
  });
});

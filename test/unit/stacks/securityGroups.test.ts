import { expect } from "chai";
import type { Props } from "../../../local/behaviour.js";
import type { Recorded } from "../../support/mocks.js";
import type { StackRun } from "../../support/runs.js";
import { ofType, stackRun, theOne, variantNames } from "../../support/runs.js";

const group = "aws:ec2/securityGroup:SecurityGroup";
const defaultGroup = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const ruleTypes = {
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "from",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "to",
} as const;
const peers = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

/** What a rule leaves open that it should name. */
function faults(inputs: Props): string[] {
  const { ipProtocol: protocol, fromPort: from, toPort: to } = inputs;
  const named = peers.filter((key) => inputs[key] !== undefined);
  return [
    ...(protocol === "tcp" || protocol === "udp" ? [] : [`protocol ${String(protocol)}`]),
    ...(typeof from === "number" && from === to ? [] : [`ports ${String(from)} to ${String(to)}`]),
    ...(named.length === 1 ? [] : [`${named.length} peers`]),
  ];
}

/** Every rule as a sentence: `node: tcp 443 to 0.0.0.0/0`. Groups go by the end of their name. */
function sentences(resources: readonly Recorded[]): string[] {
  const names = new Map(
    ofType(resources, group).map(({ id, inputs }) => [
      id,
      String(inputs["name"]).replace("javelin-dev-us-east-1-", ""),
    ]),
  );
  return Object.entries(ruleTypes).flatMap(([type, direction]) =>
    ofType(resources, type).map(({ inputs }) => {
      const peer = peers.flatMap((key) => (typeof inputs[key] === "string" ? [inputs[key]] : [])).join();
      const own = names.get(String(inputs["securityGroupId"])) ?? "?";
      const ports = `${String(inputs["ipProtocol"])} ${String(inputs["fromPort"])}`;
      return `${own}: ${ports} ${direction} ${names.get(peer) ?? peer}`;
    }),
  );
}

for (const variant of variantNames)
  describe(`security groups of dev, ${variant}`, () => {
    let up: StackRun;
    let all: string[];
    before(async () => {
      up = await stackRun(variant);
      all = sentences(up.resources);
    });
    const of = (name: string) => all.filter((each) => each.startsWith(`${name}:`));

    it("name one port and one peer in every rule", () => {
      const rules = Object.keys(ruleTypes).flatMap((type) => ofType(up.resources, type));
      expect(rules.length).to.be.above(30);
      expect(
        rules.flatMap(({ name, inputs }) => faults(inputs).map((fault) => `${name}: ${fault}`)),
      ).to.deep.equal([]);
    });

    it("have no rules but standalone ones, and the default group has none", () => {
      const closed = [...ofType(up.resources, group), ...ofType(up.resources, defaultGroup)];
      for (const { inputs, name } of closed)
        for (const key of ["ingress", "egress"]) expect(inputs[key] ?? [], name).to.deep.equal([]);
      expect(up.resources.map(({ type }) => type)).to.not.include(
        "aws:ec2/securityGroupRule:SecurityGroupRule",
      );
    });

    it("let the nodes and nobody else into the database and the cache, and these call nobody", () => {
      expect(of("database")).to.deep.equal(["database: tcp 5432 from node"]);
      expect(of("cache")).to.deep.equal(["cache: tcp 6379 from node"]);
    });

    it("open the load balancer to `ingress.allow` at 443 and 80, and lead from there to the NodePorts", () => {
      expect(of("alb")).to.have.members([
        "alb: tcp 443 from 0.0.0.0/0",
        "alb: tcp 80 from 0.0.0.0/0",
        ...[30010, 30020, 30030].map((port) => `alb: tcp ${port} to node`),
      ]);
    });

    it("let nothing else in or out by address, but 443 from the nodes to their firewall and endpoints", () => {
      const zones = variant === "small" ? 2 : 3;
      const blocks = all.filter((each) => /\d\/\d+$/.test(each) && !each.startsWith("alb:"));
      expect(blocks).to.have.members([
        "node: tcp 443 to 0.0.0.0/0",
        ...["0", "64", "128"].slice(0, zones).map((third) => `endpoints: tcp 443 from 10.10.${third}.0/18`),
      ]);
    });

    it("open every path between groups at both of its ends", () => {
      const between = all.filter((each) => !/\d\/\d+$/.test(each));
      for (const each of between) {
        const [, own, ports, direction, peer] = /^(\S+): (\w+ \d+) (from|to) (\S+)$/.exec(each) ?? [];
        const other = `${peer ?? "?"}: ${ports ?? "?"} ${direction === "from" ? "to" : "from"} ${own ?? "?"}`;
        expect(between, each).to.include(other);
      }
    });

    it("are on what they are for", () => {
      const id = (name: string) =>
        ofType(up.resources, group).find(({ inputs }) => inputs["name"] === `javelin-dev-us-east-1-${name}`)
          ?.id;
      const groupsOf = (type: string, key: string) => theOne(up.resources, type).inputs[key];
      expect(groupsOf("aws:rds/cluster:Cluster", "vpcSecurityGroupIds")).to.deep.equal([id("database")]);
      expect(groupsOf("aws:elasticache/replicationGroup:ReplicationGroup", "securityGroupIds")).to.deep.equal(
        [id("cache")],
      );
      expect(groupsOf("aws:lb/loadBalancer:LoadBalancer", "securityGroups")).to.deep.equal([id("alb")]);
      expect(groupsOf("aws:ec2/launchTemplate:LaunchTemplate", "vpcSecurityGroupIds")).to.deep.equal([
        id("node"),
      ]);
      const cluster = groupsOf("aws:eks/cluster:Cluster", "vpcConfig") as Props;
      expect(cluster["securityGroupIds"]).to.deep.equal([id("control-plane")]);
      for (const { inputs } of ofType(up.resources, "aws:ec2/vpcEndpoint:VpcEndpoint"))
        if (inputs["vpcEndpointType"] === "Interface")
          expect(inputs["securityGroupIds"]).to.deep.equal([id("endpoints")]);
    });
  });

describe("a careless rule is found", () => {
  const sound = { ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" };
  const cases: [change: Props, fault: string[]][] = [
    [{}, []],
    [{ ipProtocol: "-1" }, ["protocol -1"]],
    [{ toPort: 65535 }, ["ports 443 to 65535"]],
    [{ fromPort: undefined, toPort: undefined }, ["ports undefined to undefined"]],
    [{ cidrIpv4: undefined }, ["0 peers"]],
    [{ cidrIpv6: "::/0" }, ["2 peers"]],
  ];
  for (const [change, found] of cases)
    it(JSON.stringify(change), () => expect(faults({ ...sound, ...change })).to.deep.equal(found));
});

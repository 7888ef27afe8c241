import { expect } from "chai";
import { strictPolicy, token } from "../../support/awsNetwork.js";
import { everywhere, ids, Owners } from "./owners.js";

describe("existing network", () => {
  for (const preview of [false, true])
    it(`is what a cell stands on, zone by zone in the order of the nodes${preview ? " (preview)" : ""}`, async () => {
      const owners = new Owners();
      const { alb, node, data } = owners;
      owners.names("node", node[1]!, node[0]!);
      expect(await owners.check(preview)).to.deep.equal({
        problems: [],
        network: {
          vpcId: owners.vpc.id,
          cidrs: ["10.0.0.0/16"],
          endpointCidrs: ["10.0.0.0/16"],
          zones: ["us-east-1b", "us-east-1a"],
          plan: {
            alb: ["10.0.1.0/24", "10.0.0.0/24"],
            node: ["10.0.3.0/24", "10.0.2.0/24"],
            data: ["10.0.5.0/24", "10.0.4.0/24"],
          },
          subnetIds: {
            alb: [alb[1]!.id, alb[0]!.id],
            node: [node[1]!.id, node[0]!.id],
            data: [data[1]!.id, data[0]!.id],
          },
        },
      });
    });

  it("may send its nodes through a firewall of the owner's", async () => {
    const owners = new Owners();
    const { cloud, vpc, guarded } = owners;
    const { id: firewallPolicyArn } = cloud.make(token.firewallPolicy, {
      name: "own",
      firewallPolicy: strictPolicy([]),
    });
    const subnetMappings = ids(owners.data).map((subnetId) => ({ subnetId }));
    cloud.make(token.firewall, { name: "own", vpcId: vpc.id, firewallPolicyArn, subnetMappings });
    const out = cloud.world.list(token.route).find(({ inputs }) => inputs["routeTableId"] === guarded.id)!;
    const [endpoint] = cloud.world.list(token.vpcEndpoint);
    cloud.update(out, { routeTableId: guarded.id, ...everywhere, vpcEndpointId: endpoint!.id });
    expect(await owners.check())
      .to.have.property("problems")
      .that.deep.equals([]);
  });

  const cases: [what: string, act: (owners: Owners) => void, ...problems: [tier: string, found: RegExp][]][] =
    [
      [
        "a VPC that is not there",
        (o) => (o.existing.id = "vpc-1"),
        ["vpc", /^no vpc-1 in us-east-1$/],
        ...["alb", "alb", "node", "node", "data", "data"].map((tier): [string, RegExp] => [
          tier,
          /^a subnet of vpc-0/,
        ]),
      ],
      [
        "names that do not resolve",
        (o) => o.cloud.update(o.vpc, { cidrBlock: "10.0.0.0/16", enableDnsSupport: false }),
        ["vpc", /^DNS resolution is off/],
        ["vpc", /^DNS host names are off/],
      ],
      [
        "other DNS servers",
        (o) => {
          const { id: dhcpOptionsId } = o.cloud.make("aws:ec2/vpcDhcpOptions:VpcDhcpOptions", {
            domainNameServers: ["10.9.0.2"],
          });
          o.cloud.make("aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation", {
            vpcId: o.vpc.id,
            dhcpOptionsId,
          });
        },
        ["vpc", /the DNS servers 10\.9\.0\.2$/],
      ],
      [
        "a range that is not the VPC's",
        (o) => (o.needs.cidr = "10.9.0.0/16"),
        ["vpc", /^cidr 10\.9\.0\.0\/16$/],
      ],
      [
        "Services in the VPC's range",
        (o) => (o.needs.serviceCidr = "10.0.128.0/18"),
        ["vpc", /range 10\.0\.128\.0\/18 overlaps$/],
      ],
      [
        "a subnet that is not there",
        (o) => o.names("data", o.data[0]!, "subnet-1"),
        ["data", /^no subnet-1 in us-east-1$/],
      ],
      [
        "a subnet of another region",
        (o) => {
          const region = "us-west-2";
          const { id: vpcId } = o.cloud.make(token.vpc, { cidrBlock: "10.0.0.0/16", region });
          o.names(
            "data",
            o.data[0]!,
            o.cloud.make(token.subnet, { vpcId, cidrBlock: "10.0.9.0/24", region }),
          );
        },
        ["data", /^no subnet-\w+ in us-east-1$/],
      ],
      [
        "a subnet of another VPC",
        (o) => {
          const { id: vpcId } = o.cloud.make(token.vpc, { cidrBlock: "10.0.0.0/16" });
          o.names("data", o.data[0]!, o.subnet("b", undefined, 24, { vpcId }));
        },
        ["data", /^a subnet of vpc-/],
      ],
      [
        "one zone",
        (o) => {
          o.names("alb", o.alb[0]!);
          o.names("node", o.node[0]!);
          o.names("data", o.data[0]!);
        },
        ["node", /^us-east-1a$/],
      ],
      ["fewer zones than are asked for", (o) => (o.needs.zones = 3), ["node", /^us-east-1a, us-east-1b$/]],
      [
        "four zones",
        (o) => {
          for (const zone of ["c", "d"]) {
            o.existing.subnets.alb.push(o.subnet(zone, o.open).id);
            o.existing.subnets.node.push(o.subnet(zone, o.guarded).id);
            o.existing.subnets.data.push(o.subnet(zone).id);
          }
        },
        ["node", /us-east-1d$/],
      ],
      ["no subnets for a tier", (o) => o.names("data"), ["data", /^no subnets$/]],
      [
        "two subnets in a zone",
        (o) => o.names("alb", ...o.alb, o.subnet("b", o.open)),
        ["alb", /^a second subnet in us-east-1b$/],
      ],
      [
        "tiers in other zones",
        (o) => o.names("data", o.data[0]!, o.subnet("c")),
        ["data", /^us-east-1a, us-east-1c$/],
      ],
      [
        "a subnet outside the region's own zones",
        (o) => {
          for (const { id } of [o.alb[1]!, o.node[1]!, o.data[1]!])
            o.cloud.world.amend(token.subnet, id, { availabilityZone: "us-east-1-bos-1a" });
        },
        ["alb", /^in us-east-1-bos-1a$/],
        ["node", /^in us-east-1-bos-1a$/],
        ["data", /^in us-east-1-bos-1a$/],
      ],
      [
        "a subnet of IPv6 only",
        (o) => o.cloud.world.amend(token.subnet, o.data[0]!.id, { cidrBlock: "" }),
        ["data", /^no IPv4 block$/],
      ],
      [
        "a small subnet for the load balancer",
        (o) => o.names("alb", o.alb[0]!, o.subnet("b", o.open, 28)),
        ["alb", /\/28$/],
      ],
      [
        "a small subnet for nodes",
        (o) => o.names("node", o.node[0]!, o.subnet("b", o.guarded, 25)),
        ["node", /\/25$/],
      ],
      [
        "less room than all nodes take",
        (o) => (o.needs.nodes = 9),
        ["node", /^10\.0\.2\.0\/24$/],
        ["node", /^10\.0\.3\.0\/24$/],
      ],
      [
        "a load balancer without a route",
        (o) => o.names("alb", o.alb[0]!, o.subnet("b")),
        ["alb", /^no route to 0/],
      ],
      [
        "a load balancer behind NAT",
        (o) => o.names("alb", o.alb[0]!, o.subnet("b", o.guarded)),
        ["alb", /^0\.0\.0\.0\/0 leads to nat-/],
      ],
      [
        "nodes without a way out",
        (o) => o.names("node", o.node[0]!, o.subnet("b")),
        ["node", /^no route to 0/],
      ],
      [
        "nodes at the internet gateway",
        (o) => o.names("node", o.node[0]!, o.subnet("b", o.open)),
        ["node", /^0\.0\.0\.0\/0 leads to igw-/],
      ],
      [
        "stores with a way out",
        (o) => o.names("data", o.data[0]!, o.subnet("b", o.guarded)),
        ["data", /leads to nat-/],
      ],
      [
        "stores with a way out by the VPC's main table",
        (o) =>
          o.cloud.make(token.route, {
            routeTableId: o.vpc.state["mainRouteTableId"],
            ...everywhere,
            natGatewayId: o.nat.id,
          }),
        ["data", /leads to nat-/],
        ["data", /leads to nat-/],
      ],
    ];
  for (const [what, act, ...expected] of cases)
    it(`is refused for ${what}`, async () => {
      const owners = new Owners();
      act(owners);
      const { problems, network } = await owners.check();
      expect(network).to.equal(undefined);
      expect(problems.map(({ tier }) => tier)).to.deep.equal(expected.map(([tier]) => tier));
      expected.forEach(([, found], i) => expect(problems[i]!.found).to.match(found));
      for (const { remedy } of problems) expect(remedy).to.match(/write|route|turn|give/);
    });
});

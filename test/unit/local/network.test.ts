import { expect } from "chai";
import type { WorldObject } from "../../../local/behaviour.js";
import { Network, refuses, token } from "../../support/awsNetwork.js";
import { FakeWorld } from "../../support/fakeWorld.js";

const nat = ({ cloud, a }: Network): WorldObject =>
  cloud.make(token.natGateway, { subnetId: a.id, allocationId: cloud.make(token.eip, { domain: "vpc" }).id });
const rule = ({ cloud, group }: Network, more = {}) =>
  cloud.make(token.ingressRule, {
    securityGroupId: group.id,
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    cidrIpv4: "10.0.0.0/16",
    ...more,
  });

describe("local AWS: VPC", () => {
  refuses([
    [
      "a VPC larger than /16",
      ({ cloud }) => cloud.make(token.vpc, { cidrBlock: "10.0.0.0/8" }),
      /^InvalidVpc.Range/,
    ],
    [
      "a VPC block with host bits",
      ({ cloud }) => cloud.make(token.vpc, { cidrBlock: "10.0.0.1/16" }),
      /not a valid CIDR block/,
    ],
    ["a VPC without a block", ({ cloud }) => cloud.make(token.vpc, {}), /^MissingParameter/],
    ["a subnet outside its VPC", (n) => n.subnet("10.9.0.0/24", "a"), /^InvalidSubnet.Range/],
    ["a subnet smaller than /28", (n) => n.subnet("10.0.9.0/29", "a"), /^InvalidSubnet.Range/],
    ["a subnet over another", (n) => n.subnet("10.0.0.128/25", "b"), /^InvalidSubnet.Conflict/],
    [
      "a subnet in a zone of no such name",
      (n) => n.subnet("10.0.9.0/24", "g"),
      /^InvalidParameterValue: .*us-east-1f/,
    ],
    [
      "a subnet of no VPC",
      ({ cloud }) => cloud.make(token.subnet, { vpcId: "vpc-1", cidrBlock: "10.0.0.0/24" }),
      /^InvalidVpcID.NotFound/,
    ],
    [
      "a second internet gateway",
      ({ cloud, vpc }) => cloud.make(token.internetGateway, { vpcId: vpc.id }),
      /already has an internet gateway/,
    ],
    ["to delete a VPC with subnets", ({ cloud, vpc }) => cloud.delete(vpc), /^DependencyViolation/],
    ["to delete a subnet with a NAT gateway", (n) => (nat(n), n.cloud.delete(n.a)), /^DependencyViolation/],
  ]);

  it("gives a VPC its own table, network ACL and group, which go with it", () => {
    const cloud = new FakeWorld();
    const vpc = cloud.make(token.vpc, { cidrBlock: "10.0.0.0/16" });
    const { defaultRouteTableId, mainRouteTableId, defaultNetworkAclId, defaultSecurityGroupId } = vpc.state;
    expect(vpc.id).to.match(/^vpc-0[0-9a-f]{16}$/);
    expect(vpc.state.arn).to.equal(`arn:aws:ec2:us-east-1:123456789012:vpc/${vpc.id}`);
    expect(mainRouteTableId).to.equal(defaultRouteTableId);
    expect(cloud.world.find(token.routeTable, String(defaultRouteTableId))?.owner).to.equal(vpc.id);
    expect(cloud.world.find(token.networkAcl, String(defaultNetworkAclId))?.owner).to.equal(vpc.id);
    expect(cloud.world.find(token.securityGroup, String(defaultSecurityGroupId))?.state.name).to.equal(
      "default",
    );
    const group = cloud.make(token.defaultSecurityGroup, { vpcId: vpc.id });
    expect(group.id).to.equal(defaultSecurityGroupId);
    cloud.delete(group);
    cloud.update(vpc, { ...vpc.inputs, enableDnsHostnames: true });
    expect(cloud.read(vpc)).to.include({ enableDnsHostnames: true, defaultRouteTableId });
    cloud.delete(vpc);
    expect(cloud.world.size).to.equal(0);
  });

  it("does not see a VPC of another region", () => {
    const { vpc, cloud } = new Network(new FakeWorld());
    const group = () => cloud.make(token.securityGroup, { vpcId: vpc.id, name: "x", region: "us-west-2" });
    expect(group).to.throw(/^InvalidVpcID.NotFound/);
  });
});

describe("local AWS: routes", () => {
  const route = ({ cloud, table }: Network, more = {}) =>
    cloud.make(token.route, { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...more });

  refuses([
    [
      "a destination twice",
      (n) => [1, 2].map(() => route(n, { gatewayId: n.gateway.id })),
      /^RouteAlreadyExists/,
    ],
    ["a route without a target", (n) => route(n), /one of .* must be specified/],
    ["two targets", (n) => route(n, { gatewayId: n.gateway.id, natGatewayId: "nat-1" }), /only one of/],
    [
      "a target that does not exist",
      (n) => route(n, { natGatewayId: "nat-1" }),
      /^InvalidNatGatewayID.NotFound/,
    ],
    [
      "a target of another VPC",
      (n) => route(n, { gatewayId: new Network(n.cloud, "10.1").gateway.id }),
      /belong to different networks/,
    ],
    [
      "a table of another VPC",
      (n) =>
        n.cloud.make(token.routeTableAssociation, {
          subnetId: n.a.id,
          routeTableId: new Network(n.cloud, "10.1").table.id,
        }),
      /belong to different networks/,
    ],
    [
      "a second table for a subnet",
      (n) =>
        [1, 2].map(() =>
          n.cloud.make(token.routeTableAssociation, { subnetId: n.a.id, routeTableId: n.table.id }),
        ),
      /^Resource.AlreadyAssociated/,
    ],
    [
      "the local route",
      (n) => route(n, { destinationCidrBlock: "10.0.0.0/16", gatewayId: n.gateway.id }),
      /^RouteAlreadyExists/,
    ],
    [
      "a part of the VPC that is no subnet",
      (n) => route(n, { destinationCidrBlock: "10.0.0.0/23", natGatewayId: nat(n).id }),
      /does not match a subnet/,
    ],
    [
      "a subnet's block to a gateway",
      (n) => route(n, { destinationCidrBlock: "10.0.0.0/24", gatewayId: n.gateway.id }),
      /can target only/,
    ],
    [
      "a NAT gateway where nothing leads out",
      ({ cloud }) => {
        const vpc = cloud.make(token.vpc, { cidrBlock: "10.5.0.0/16" });
        const subnetId = cloud.make(token.subnet, { vpcId: vpc.id, cidrBlock: "10.5.0.0/24" }).id;
        cloud.make(token.natGateway, { subnetId, allocationId: cloud.make(token.eip, {}).id });
      },
      /^Gateway.NotAttached/,
    ],
    [
      "a NAT gateway without an address",
      (n) => n.cloud.make(token.natGateway, { subnetId: n.a.id }),
      /allocation_id is required/,
    ],
    [
      "an address twice",
      (n) =>
        [1, 2].map(() =>
          n.cloud.make(token.natGateway, {
            subnetId: n.a.id,
            allocationId: n.cloud.world.list(token.eip)[0]?.id ?? n.cloud.make(token.eip, {}).id,
          }),
        ),
      /^Resource.AlreadyAssociated/,
    ],
    [
      "to release an address in use",
      (n) => n.cloud.delete(n.cloud.world.find(token.eip, String(nat(n).inputs.allocationId)) as WorldObject),
      /^InvalidIPAddress.InUse/,
    ],
  ]);

  it("takes a subnet's whole block to a firewall endpoint, and changes the target in place", () => {
    const n = new Network(new FakeWorld());
    n.firewall([n.b.id]);
    const endpoint = n.cloud.world.list(token.vpcEndpoint)[0]?.id;
    const made = route(n, { destinationCidrBlock: "10.0.0.0/24", vpcEndpointId: endpoint });
    const news = { ...made.inputs, vpcEndpointId: undefined, natGatewayId: nat(n).id };
    expect(n.cloud.replaces(made, news)).to.deep.equal([]);
    expect(n.cloud.update(made, news).id).to.equal(made.id);
  });

  it("finds the table of a subnet", () => {
    const n = new Network(new FakeWorld());
    const find = () => n.cloud.invoke("aws:ec2/getRouteTable:getRouteTable", { subnetId: n.a.id });
    expect(find).to.throw(/no matching EC2 Route Table/);
    n.cloud.make(token.routeTableAssociation, { subnetId: n.a.id, routeTableId: n.table.id });
    expect(find().routeTableId).to.equal(n.table.id);
  });
});

describe("local AWS: security groups", () => {
  refuses([
    [
      "a name that begins with sg-",
      ({ cloud, vpc }) => cloud.make(token.securityGroup, { vpcId: vpc.id, name: "sg-x" }),
      /cannot begin with 'sg-'/,
    ],
    [
      "a name of 256 characters",
      ({ cloud, vpc }) => cloud.make(token.securityGroup, { vpcId: vpc.id, name: "x".repeat(256) }),
      /1 to 255/,
    ],
    [
      "a name twice in a VPC",
      ({ cloud, vpc }) => cloud.make(token.securityGroup, { vpcId: vpc.id, name: "10.0 nodes" }),
      /^InvalidGroup.Duplicate/,
    ],
    ["a rule twice", (n) => (rule(n), rule(n)), /^InvalidPermission.Duplicate/],
    ["a rule for two peers", (n) => rule(n, { cidrIpv6: "::/0" }), /only one of/],
    ["ports with all protocols", (n) => rule(n, { ipProtocol: "-1" }), /must not be given/],
    ["a TCP rule without ports", (n) => rule(n, { fromPort: undefined }), /fromPort is required/],
    ["a range that runs backwards", (n) => rule(n, { fromPort: 444 }), /Invalid TCP port range/],
    ["a bad block", (n) => rule(n, { cidrIpv4: "10.0.0.0" }), /not a valid CIDR block/],
    [
      "a peer that does not exist",
      (n) => rule(n, { cidrIpv4: undefined, referencedSecurityGroupId: "sg-1" }),
      /^InvalidGroup.NotFound/,
    ],
    [
      "to delete a group that a rule names",
      (n) => {
        const other = n.cloud.make(token.securityGroup, { vpcId: n.vpc.id, name: "other" });
        rule(n, { cidrIpv4: undefined, referencedSecurityGroupId: other.id });
        n.cloud.delete(other);
      },
      /^DependencyViolation/,
    ],
  ]);
});

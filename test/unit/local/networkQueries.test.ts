import { expect } from "chai";
import { Network, refuses, token } from "../../support/awsNetwork.js";
import { FakeWorld } from "../../support/fakeWorld.js";

const invoke = ({ cloud }: Network, name: string, args = {}) => cloud.invoke(`aws:ec2/${name}:${name}`, args);
const filter = (name: string, ...values: string[]) => ({ filters: [{ name, values }] });
const dhcp = {
  options: "aws:ec2/vpcDhcpOptions:VpcDhcpOptions",
  of: "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation",
};

describe("local AWS: look-ups of networks", () => {
  refuses([
    [
      "a VPC that is not there",
      (n) => invoke(n, "getVpc", { id: "vpc-1" }),
      /^NotFound: no matching EC2 VPC found/,
    ],
    [
      "a subnet that is not there",
      (n) => invoke(n, "getSubnet", { id: "subnet-1" }),
      /no matching EC2 Subnet found/,
    ],
    ["more than one", (n) => invoke(n, "getSubnet", { vpcId: n.vpc.id }), /multiple EC2 Subnets matched/],
    [
      "a filter of no such name",
      (n) => invoke(n, "getSubnets", filter("subnet", "x")),
      /^InvalidParameterValue: .*'subnet'/,
    ],
    [
      "what it cannot filter by",
      (n) => invoke(n, "getSubnets", { ipv6CidrBlock: "::/56" }),
      /does not know the argument ipv6CidrBlock/,
    ],
    [
      "DHCP options that are not there",
      (n) => invoke(n, "getVpcDhcpOptions", { dhcpOptionsId: "dopt-1" }),
      /no matching EC2 DHCP Options Set/,
    ],
    [
      "to delete DHCP options in use",
      (n) => {
        const made = n.cloud.make(dhcp.options, { domainNameServers: ["10.0.0.53"] });
        n.cloud.make(dhcp.of, { vpcId: n.vpc.id, dhcpOptionsId: made.id });
        n.cloud.delete(made);
      },
      /^DependencyViolation/,
    ],
    [
      "DHCP options that were never made",
      (n) => n.cloud.make(dhcp.of, { vpcId: n.vpc.id, dhcpOptionsId: "dopt-1" }),
      /^InvalidDhcpOptionsID.NotFound/,
    ],
    [
      "five DNS servers",
      (n) => n.cloud.make(dhcp.options, { domainNameServers: [1, 2, 3, 4, 5].map((i) => `10.0.0.${i}`) }),
      /At most four domainNameServers/,
    ],
  ]);

  it("lists what all filters admit, wildcards and tags included; none is no error", () => {
    const n = new Network(new FakeWorld());
    const tagged = n.cloud.make(token.subnet, {
      vpcId: n.vpc.id,
      cidrBlock: "10.0.2.0/24",
      availabilityZone: "us-east-1c",
      tags: { "a.b/c": "yes" },
    });
    const found = (args: object) => invoke(n, "getSubnets", args)["ids"];
    expect(found(filter("subnet-id", n.a.id, n.b.id, "subnet-1"))).to.deep.equal([n.a.id, n.b.id]);
    expect(found(filter("cidr-block", "10.0.?.0/2*"))).to.deep.equal([n.a.id, n.b.id, tagged.id]);
    expect(found(filter("cidr-block", "10.0.1"))).to.deep.equal([]);
    expect(found({ tags: { "a.b/c": "yes" }, ...filter("vpc-id", n.vpc.id) })).to.deep.equal([tagged.id]);
    expect(found(filter("tag:a.b/c", "no"))).to.deep.equal([]);
    expect(invoke(n, "getVpcs", filter("vpc-id", "vpc-1"))["ids"]).to.deep.equal([]);
    expect(invoke(n, "getVpcs", { ...filter("vpc-id", n.vpc.id), region: "us-west-2" })["ids"]).to.deep.equal(
      [],
    );
  });

  it("tells a VPC and a subnet as EC2 has them", () => {
    const n = new Network(new FakeWorld());
    const { id, vpc } = { id: n.vpc.id, vpc: invoke(n, "getVpc", { id: n.vpc.id }) };
    expect(vpc).to.include({
      id,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      mainRouteTableId: n.vpc.state["mainRouteTableId"],
    });
    expect(vpc["cidrBlockAssociations"]).to.have.nested.property("[0].cidrBlock", "10.0.0.0/16");
    const subnet = invoke(n, "getSubnet", { availabilityZone: "us-east-1b" });
    expect(subnet).to.include({
      id: n.b.id,
      vpcId: id,
      cidrBlock: "10.0.1.0/24",
      availableIpAddressCount: 251,
    });
  });

  it("finds a subnet's table only where it was associated by hand, and the routes without the local one", () => {
    const n = new Network(new FakeWorld());
    n.cloud.make(token.routeTableAssociation, { subnetId: n.a.id, routeTableId: n.table.id });
    n.cloud.make(token.route, {
      routeTableId: n.table.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: n.gateway.id,
    });
    const tables = (...subnets: string[]) =>
      invoke(n, "getRouteTables", filter("association.subnet-id", ...subnets))["ids"];
    expect(tables(n.a.id, n.b.id)).to.deep.equal([n.table.id]);
    expect(tables(n.b.id)).to.deep.equal([]);
    const main = invoke(n, "getRouteTable", { vpcId: n.vpc.id, ...filter("association.main", "true") });
    expect(main)
      .to.include({ routeTableId: n.vpc.state["mainRouteTableId"] })
      .and.deep.include({ routes: [] });
    const [route, ...more] = invoke(n, "getRouteTable", { subnetId: n.a.id })["routes"] as object[];
    expect(route).to.include({ cidrBlock: "0.0.0.0/0", gatewayId: n.gateway.id, natGatewayId: "" });
    expect(more).to.deep.equal([]);
  });

  it("tells of a VPC's DHCP options, and of none once its own are taken away", () => {
    const n = new Network(new FakeWorld());
    const id = () => n.cloud.read(n.vpc)["dhcpOptionsId"];
    const servers = () => invoke(n, "getVpcDhcpOptions", { dhcpOptionsId: id() })["domainNameServers"];
    expect(servers()).to.deep.equal(["AmazonProvidedDNS"]);
    const options = n.cloud.make(dhcp.options, { domainNameServers: ["10.0.0.53"] });
    const association = n.cloud.make(dhcp.of, { vpcId: n.vpc.id, dhcpOptionsId: options.id });
    expect(servers()).to.deep.equal(["10.0.0.53"]);
    n.cloud.delete(association);
    expect(id()).to.equal("default");
    n.cloud.delete(options);
  });
});

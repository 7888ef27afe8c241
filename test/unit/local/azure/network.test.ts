import { expect } from "chai";
import { net } from "../../../../local/azure/networkTypes.js";
import { firewall } from "../../../support/azureFirewall.js";
import { AzureGround } from "../../../support/azureGround.js";
import { refuses } from "../../../support/refusals.js";

const location = "westeurope";
const start = () => new AzureGround(location);

const securityGroup = (ground: AzureGround, name = "nsg") =>
  ground.put(net.securityGroup, { networkSecurityGroupName: name, location });

describe("local Azure: virtual networks and subnets", () => {
  refuses(start, [
    [
      "a group that does not exist",
      /^ResourceGroupNotFound/,
      (g) => {
        g.make(net.routeTable, { resourceGroupName: "none", routeTableName: "rt", location });
      },
    ],
    [
      "a subnet of no network",
      /^ParentResourceNotFound/,
      (g) => g.put(net.subnet, { virtualNetworkName: "x", subnetName: "s", addressPrefix: "10.0.0.0/24" }),
    ],
    ["a subnet outside its network", /^NetcfgSubnetRangeOutsideVnet/, (g) => g.subnet("a", "10.21.0.0/24")],
    [
      "subnets that overlap",
      /^NetcfgSubnetRangesOverlap/,
      (g) => [g.subnet("a", "10.20.0.0/24"), g.subnet("b", "10.20.0.128/25")],
    ],
    [
      "a subnet too small for Azure's own addresses",
      /^NetcfgInvalidSubnet/,
      (g) => g.subnet("a", "10.20.0.0/30"),
    ],
    ["a block with host bits", /not a valid CIDR block/, (g) => g.subnet("a", "10.20.0.1/24")],
    [
      "a security group on the firewall's subnet",
      /^SubnetCannotHaveNetworkSecurityGroup/,
      (g) =>
        g.subnet("AzureFirewallSubnet", "10.20.0.0/26", {
          networkSecurityGroup: { id: securityGroup(g).id },
        }),
    ],
    [
      "a route table that does not exist",
      /^InvalidResourceReference/,
      (g) => g.subnet("a", "10.20.0.0/24", { routeTable: { id: "/none" } }),
    ],
    [
      "a route table of another region",
      /^InvalidResourceReference.*same region/,
      (g) => {
        const table = g.put(net.routeTable, { routeTableName: "far", location: "eastus" });
        g.subnet("a", "10.20.0.0/24", { routeTable: { id: table.id } });
      },
    ],
    [
      "another default outbound access than at first",
      /only be set when the subnet is created/,
      (g) => {
        const subnet = g.subnet("a", "10.20.0.0/24", { defaultOutboundAccess: false });
        g.update(subnet, { ...subnet.inputs, defaultOutboundAccess: true });
      },
    ],
    [
      "another block for a subnet in use",
      /^InUsePrefixCannotBeDeleted/,
      (g) => {
        const { subnet } = firewall(g);
        g.update(subnet, { ...subnet.inputs, addressPrefix: "10.20.8.0/26" });
      },
    ],
    [
      "a network whose blocks overlap",
      /^VnetAddressSpaceOverlapsItself/,
      (g) =>
        g.put(net.virtualNetwork, {
          virtualNetworkName: "twice",
          location,
          addressSpace: { addressPrefixes: ["10.0.0.0/16", "10.0.128.0/17"] },
        }),
    ],
    [
      "a network that holds half of its subnet only",
      /^InUsePrefixCannotBeDeleted/,
      (g) => {
        g.subnet("a", "10.20.0.0/16");
        const network = g.network();
        g.update(network, { ...network.inputs, addressSpace: { addressPrefixes: ["10.20.0.0/17"] } });
      },
    ],
    ["deleting a subnet in use", /^InUseSubnetCannotBeDeleted/, (g) => g.delete(firewall(g).subnet)],
    [
      "deleting a network with subnets",
      /^InUseSubnetCannotBeDeleted/,
      (g) => {
        g.subnet("a", "10.20.0.0/24");
        g.delete(g.network());
      },
    ],
    [
      "deleting a security group in use",
      /^InUseNetworkSecurityGroupCannotBeDeleted/,
      (g) => {
        const group = securityGroup(g);
        g.subnet("a", "10.20.0.0/24", { networkSecurityGroup: { id: group.id } });
        g.delete(group);
      },
    ],
  ]);

  it("a subnet's names replace it, its security group and routes do not", () => {
    const ground = start();
    const subnet = ground.subnet("a", "10.20.0.0/24");
    const { inputs } = subnet;
    expect(
      ground.replaces(subnet, { ...inputs, networkSecurityGroup: { id: securityGroup(ground).id } }),
    ).to.deep.equal([]);
    expect(ground.replaces(subnet, { ...inputs, subnetName: "b" })).to.deep.equal(["subnetName"]);
  });

  it("look-ups find what is there and refuse the rest", () => {
    const ground = start();
    const { id } = ground.subnet("a", "10.20.0.0/24");
    const place = { resourceGroupName: "rg", virtualNetworkName: "net" };
    const found = ground.invoke("azure-native:network:getSubnet", { ...place, subnetName: "a" });
    expect(found).to.include({ id, addressPrefix: "10.20.0.0/24" });
    expect(() => ground.invoke("azure-native:network:getSubnet", { ...place, subnetName: "b" })).to.throw(
      /^ResourceNotFound/,
    );
  });
});

describe("local Azure: what a first network brings", () => {
  it("the region's network watcher, which outlives it and counts for nothing", () => {
    const ground = start();
    const network = ground.network();
    const watchers = () => ground.world.list(net.networkWatcher).map(({ id }) => id.split("/").at(-1));
    expect(watchers()).to.deep.equal(["NetworkWatcher_westeurope"]);
    const { size } = ground.world;
    ground.delete(network);
    expect(ground.world.size).to.equal(size - 1);
    expect(watchers()).to.deep.equal(["NetworkWatcher_westeurope"]);
  });
});

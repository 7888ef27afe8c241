import { expect } from "chai";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { net } from "../../../../local/azure/networkTypes.js";
import { admitGatewaySubnet } from "../../../../local/azure/securityRules.js";
import { AzureGround } from "../../../support/azureGround.js";
import { refuses } from "../../../support/refusals.js";

const location = "westeurope";
const start = () => new AzureGround(location);

const securityGroup = (ground: AzureGround, name = "nsg") =>
  ground.put(net.securityGroup, { networkSecurityGroupName: name, location });
const rule = (ground: AzureGround, more: Props = {}) =>
  ground.put(net.securityRule, {
    networkSecurityGroupName: "nsg",
    securityRuleName: "r",
    access: "Allow",
    direction: "Inbound",
    priority: 100,
    protocol: "Tcp",
    sourceAddressPrefix: "*",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
    destinationPortRange: "443",
    ...more,
  });
const routeTable = (ground: AzureGround) => ground.put(net.routeTable, { routeTableName: "rt", location });
const route = (ground: AzureGround, more: Props = {}) =>
  ground.put(net.route, {
    routeTableName: "rt",
    routeName: "out",
    addressPrefix: "0.0.0.0/0",
    nextHopType: "VirtualAppliance",
    nextHopIpAddress: "10.20.0.4",
    ...more,
  });
const nat = (ground: AzureGround, more: Props = {}) =>
  ground.put(net.natGateway, {
    natGatewayName: "nat",
    location,
    sku: { name: "Standard" },
    publicIpAddresses: [{ id: ground.publicIp().id }],
    ...more,
  });

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

describe("local Azure: security rules", () => {
  const grouped = () => {
    const ground = start();
    securityGroup(ground);
    return ground;
  };
  refuses(grouped, [
    ["a priority below 100", /range \(100 - 4096\)/, (g) => rule(g, { priority: 99 })],
    ["a priority above 4096", /range \(100 - 4096\)/, (g) => rule(g, { priority: 4097 })],
    [
      "a priority twice in one direction",
      /^SecurityRuleConflict/,
      (g) => [rule(g), rule(g, { securityRuleName: "s" })],
    ],
    ["a source given twice", /exactly one of/, (g) => rule(g, { sourceAddressPrefixes: ["10.0.0.0/8"] })],
    ["no source", /exactly one of/, (g) => rule(g, { sourceAddressPrefix: undefined })],
    [
      "an unknown service tag",
      /InvalidAddressPrefix/,
      (g) => rule(g, { sourceAddressPrefix: "GatewayManagers" }),
    ],
    ["a port that is none", /InvalidPortRange/, (g) => rule(g, { destinationPortRange: "443-80" })],
    ["an unknown protocol", /one of/, (g) => rule(g, { protocol: "TCP" })],
  ]);

  it("take the same priority in the other direction", () => {
    const ground = grouped();
    rule(ground);
    expect(() => rule(ground, { securityRuleName: "s", direction: "Outbound" })).not.to.throw();
  });

  /** A subnet with these rules, asked as an application gateway asks. */
  const ask = (rules: Props[]) => {
    const ground = grouped();
    rules.forEach((each, i) => rule(ground, { securityRuleName: `r${i}`, priority: 100 + i, ...each }));
    const { id } = ground.subnet("gateway", "10.20.0.0/24", {
      networkSecurityGroup: { id: ground.world.list(net.securityGroup)[0]?.id },
    });
    return () => admitGatewaySubnet({ world: ground.world }, id, "/gw");
  };
  const managers = { sourceAddressPrefix: "GatewayManager", destinationPortRange: "65200-65535" };

  it("admit an application gateway when its managers come in", () => {
    expect(ask([managers])).not.to.throw();
    expect(ask([{ destinationPortRange: "*" }])).not.to.throw();
  });
  for (const [what, rules] of [
    ["without a rule", []],
    ["from a part of the ports", [{ ...managers, destinationPortRange: "65200-65300" }]],
    ["to the subnet alone", [{ ...managers, destinationAddressPrefix: "10.20.0.0/24" }]],
    [
      "after a rule that denies",
      [
        { ...managers, access: "Deny" },
        { ...managers, sourceAddressPrefix: "*" },
      ],
    ],
    ["by UDP", [{ ...managers, protocol: "Udp" }]],
  ] as [string, Props[]][])
    it(`keep an application gateway's managers out ${what}`, () => {
      expect(ask(rules)).to.throw(/^ApplicationGatewaySubnetInboundTrafficBlockedByNetworkSecurityGroup/);
    });
  it("keep an application gateway in", () => {
    const closed = { direction: "Outbound", access: "Deny", destinationPortRange: "*", protocol: "*" };
    expect(ask([managers, closed])).to.throw(/OutboundTrafficBlocked/);
  });
});

describe("local Azure: routes, public addresses, NAT", () => {
  const withTable = () => {
    const ground = start();
    routeTable(ground);
    return ground;
  };
  refuses(withTable, [
    [
      "an appliance without an address",
      /^NextHopIpAddressRequired/,
      (g) => route(g, { nextHopIpAddress: undefined }),
    ],
    [
      "an address for the internet",
      /^NextHopIpAddressNotAllowed/,
      (g) => route(g, { nextHopType: "Internet" }),
    ],
    ["an address that is none", /^InvalidIpAddress/, (g) => route(g, { nextHopIpAddress: "10.20.0" })],
    ["an unknown hop", /one of/, (g) => route(g, { nextHopType: "NatGateway" })],
    ["two routes of one block", /^RouteConflict/, (g) => [route(g), route(g, { routeName: "again" })]],
    [
      "deleting a route table in use",
      /^InUseRouteTableCannotBeDeleted/,
      (g) => {
        const [table] = g.world.list(net.routeTable) as [WorldObject];
        g.subnet("a", "10.20.0.0/24", { routeTable: { id: table.id } });
        g.delete(table);
      },
    ],
    [
      "an address of SKU Basic",
      /^BasicSkuPublicIpAddressesNotAllowed/,
      (g) => g.publicIp({ sku: { name: "Basic" }, zones: [] }),
    ],
    ["zones without SKU Standard", /^ZonesNotAllowed/, (g) => g.publicIp({ sku: undefined })],
    [
      "a dynamic address of SKU Standard",
      /AllocationMethod set to Static/,
      (g) => g.publicIp({ publicIPAllocationMethod: "Dynamic" }),
    ],
    ["a zone that is none", /supported zones/, (g) => g.publicIp({ zones: ["4"] })],
    ["a NAT gateway in two zones", /^NatGatewayWithMultipleZones/, (g) => nat(g, { zones: ["1", "2"] })],
    [
      "a NAT gateway in another zone than its address",
      /ZonesMismatch/,
      (g) => [g.publicIp({ zones: ["2"] }), nat(g, { zones: ["1"] })],
    ],
    ["an address twice", /^PublicIPAddressInUse/, (g) => [nat(g), nat(g, { natGatewayName: "other" })]],
    [
      "deleting an address in use",
      /^PublicIPAddressCannotBeDeleted/,
      (g) => {
        nat(g);
        g.delete(g.publicIp());
      },
    ],
    [
      "deleting a NAT gateway in use",
      /^InUseNatGatewayCannotBeDeleted/,
      (g) => {
        const gateway = nat(g);
        g.subnet("a", "10.20.0.0/24", { natGateway: { id: gateway.id } });
        g.delete(gateway);
      },
    ],
  ]);

  it("an address is there at once and stays", () => {
    const ground = start();
    const address = ground.publicIp();
    expect(address.state["ipAddress"]).to.match(/^20(\.\d+){3}$/);
    const updated = ground.update(address, { ...address.inputs, tags: { a: "b" } });
    expect(updated.state["ipAddress"]).to.equal(address.state["ipAddress"]);
    expect(ground.replaces(address, { ...address.inputs, zones: ["1"] })).to.deep.equal([
      "zones[1]",
      "zones[2]",
    ]);
  });
});

/** Azure Firewall in a subnet. */
function firewall(
  ground: AzureGround,
  more: Props = {},
  subnetName = "AzureFirewallSubnet",
  block = "10.20.0.0/26",
) {
  const subnet = ground.subnet(subnetName, block);
  const object = ground.put(net.firewall, {
    azureFirewallName: "fw",
    location,
    sku: { name: "AZFW_VNet", tier: "Standard" },
    zones: ["1", "2", "3"],
    ipConfigurations: [
      { name: "c", subnet: { id: subnet.id }, publicIPAddress: { id: ground.publicIp().id } },
    ],
    ...more,
  });
  return { subnet, object };
}

const policy = (ground: AzureGround, more: Props = {}) =>
  ground.put(net.firewallPolicy, { firewallPolicyName: "p", location, sku: { tier: "Standard" }, ...more });

const rules = (ground: AzureGround, given: Props[], more: Props = {}) =>
  ground.put(net.ruleCollectionGroup, {
    firewallPolicyName: "p",
    ruleCollectionGroupName: "g",
    priority: 100,
    ruleCollections: [
      {
        ruleCollectionType: "FirewallPolicyFilterRuleCollection",
        name: "c",
        priority: 100,
        action: { type: "Allow" },
        rules: given,
      },
    ],
    ...more,
  });
const hosts = (more: Props = {}): Props => ({
  ruleType: "ApplicationRule",
  name: "hosts",
  sourceAddresses: ["10.20.0.0/24"],
  protocols: [{ protocolType: "Https", port: 443 }],
  targetFqdns: ["api.example.com"],
  ...more,
});
const ports = (more: Props = {}): Props => ({
  ruleType: "NetworkRule",
  name: "ports",
  sourceAddresses: ["10.20.0.0/24"],
  destinationAddresses: ["AzureCloud.westeurope"],
  destinationPorts: ["1194"],
  ipProtocols: ["UDP"],
  ...more,
});

describe("local Azure: Azure Firewall", () => {
  refuses(start, [
    ["a subnet of another name", /SubnetNameInvalid/, (g) => firewall(g, {}, "firewall")],
    [
      "a subnet smaller than /26",
      /^AzureFirewallSubnetTooSmall/,
      (g) => firewall(g, {}, undefined, "10.20.0.0/27"),
    ],
    [
      "no address",
      /PublicIpMissing/,
      (g) =>
        firewall(g, {
          ipConfigurations: [
            { name: "c", subnet: { id: g.subnet("AzureFirewallSubnet", "10.20.0.0/26").id } },
          ],
        }),
    ],
    ["more zones than its address has", /ZonesMismatch/, (g) => [g.publicIp({ zones: ["1"] }), firewall(g)]],
    [
      "a second firewall in its subnet",
      /^AzureFirewallSubnetInUse/,
      (g) => [
        firewall(g),
        firewall(g, {
          azureFirewallName: "two",
          ipConfigurations: [
            {
              name: "c",
              subnet: { id: g.subnet("AzureFirewallSubnet", "").id },
              publicIPAddress: { id: g.publicIp({}, "two").id },
            },
          ],
        }),
      ],
    ],
    [
      "a policy of a higher tier",
      /^AzureFirewallPolicyTierMismatch/,
      (g) => firewall(g, { firewallPolicy: { id: policy(g, { sku: { tier: "Premium" } }).id } }),
    ],
    [
      "deleting a policy in use",
      /^FirewallPolicyInUse/,
      (g) => {
        const used = policy(g);
        firewall(g, { firewallPolicy: { id: used.id } });
        g.delete(used);
      },
    ],
    [
      "TLS inspection below Premium",
      /^FirewallPolicyPremiumFeature/,
      (g) => policy(g, { intrusionDetection: { mode: "Alert" } }),
    ],
  ]);

  it("takes the first address that Azure leaves", () => {
    expect(firewall(start()).object.state["ipConfigurations"]).to.have.nested.property(
      "[0].privateIPAddress",
      "10.20.0.4",
    );
  });

  const withPolicy = () => {
    const ground = start();
    policy(ground);
    return ground;
  };
  refuses(withPolicy, [
    [
      "rules of no policy",
      /^ParentResourceNotFound/,
      (g) => rules(g, [hosts()], { firewallPolicyName: "none" }),
    ],
    ["a priority below 100", /range \(100 - 65000\)/, (g) => rules(g, [hosts()], { priority: 99 })],
    [
      "two groups of one priority",
      /PriorityConflict/,
      (g) => [rules(g, [hosts()]), rules(g, [hosts()], { ruleCollectionGroupName: "h" })],
    ],
    ["two rules of one name", /^FirewallPolicyRuleNameConflict/, (g) => rules(g, [hosts(), hosts()])],
    [
      "rules of two kinds in a collection",
      /^FirewallPolicyMixedRuleTypes/,
      (g) => rules(g, [hosts(), ports()]),
    ],
    ["a star inside a name", /InvalidFqdn/, (g) => rules(g, [hosts({ targetFqdns: ["api.*.com"] })])],
    [
      "an unknown tag",
      /InvalidFqdnTag/,
      (g) => rules(g, [hosts({ targetFqdns: undefined, fqdnTags: ["AKS"] })]),
    ],
    [
      "names and a tag at once",
      /exactly one of/,
      (g) => rules(g, [hosts({ fqdnTags: ["AzureKubernetesService"] })]),
    ],
    [
      "an application rule without protocols",
      /needs protocols/,
      (g) => rules(g, [hosts({ protocols: undefined })]),
    ],
    ["a rule without a source", /exactly one of/, (g) => rules(g, [ports({ sourceAddresses: undefined })])],
    [
      "a network rule without ports",
      /needs destinationPorts/,
      (g) => rules(g, [ports({ destinationPorts: undefined })]),
    ],
    [
      "host names in network rules without a DNS proxy",
      /^FirewallPolicyDnsProxyRequired/,
      (g) => rules(g, [ports({ destinationAddresses: undefined, destinationFqdns: ["time.example.com"] })]),
    ],
  ]);
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

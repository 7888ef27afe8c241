import { expect } from "chai";
import { net } from "../../../../local/azure/networkTypes.js";
import { admitGatewaySubnet } from "../../../../local/azure/securityRules.js";
import type { Props } from "../../../../local/behaviour.js";
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
    [
      "a region that AzureCloud calls otherwise",
      /InvalidAddressPrefix.*AzureCloud\.francecentral/,
      (g) => rule(g, { sourceAddressPrefix: "AzureCloud.francecentral" }),
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

import { expect } from "chai";
import { net } from "../../../../local/azure/networkTypes.js";
import type { Props } from "../../../../local/behaviour.js";
import { firewall } from "../../../support/azureFirewall.js";
import { AzureGround } from "../../../support/azureGround.js";
import { refuses } from "../../../support/refusals.js";

const location = "westeurope";
const start = () => new AzureGround(location);

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
    ["a port that is none", /InvalidPort: 65536/, (g) => rules(g, [ports({ destinationPorts: ["65536"] })])],
    [
      "a service tag that is none",
      /InvalidDestination: Nowhere/,
      (g) => rules(g, [ports({ destinationAddresses: ["Nowhere"] })]),
    ],
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

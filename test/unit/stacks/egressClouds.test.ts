import { expect } from "chai";
import { at, objects, text, texts } from "../../../local/rules.js";
import { allowedHosts } from "../../support/allowed.js";
import type { StackRun } from "../../support/runs.js";
import { ofType, stackRun, theOne } from "../../support/runs.js";

describe("what leaves the nodes of dev-azure, standard", () => {
  let up: StackRun;
  before(async () => (up = await stackRun("standard", false, "dev-azure")));
  const network = (type: string) => `azure-native:network:${type}`;
  const subnet = (name: string) =>
    ofType(up.resources, network("Subnet")).find(({ inputs }) => inputs["subnetName"] === name)!;

  it("has one way out: every node subnet's only route leads to the firewall, and there is no NAT", () => {
    const pools = ofType(up.resources, "azure-native:containerservice:AgentPool").map(({ inputs }) => inputs);
    const cluster = theOne(up.resources, "azure-native:containerservice:ManagedCluster").inputs;
    const all = [...pools, ...objects(cluster, "agentPoolProfiles")];
    expect(all.length).to.be.at.least(2);
    const firewall = theOne(up.resources, network("AzureFirewall"));
    const tables = new Map(ofType(up.resources, network("RouteTable")).map((each) => [each.id, each]));
    for (const pool of all) {
      expect(pool["enableNodePublicIP"] ?? false).to.equal(false);
      const { inputs } = ofType(up.resources, network("Subnet")).find(
        ({ id }) => id === pool["vnetSubnetID"],
      )!;
      expect(inputs).to.include({ defaultOutboundAccess: false }).and.not.have.property("natGateway");
      const table = tables.get(text(inputs, "routeTable.id") ?? "")!;
      expect(table.inputs["disableBgpRoutePropagation"]).to.equal(true);
      const routes = ofType(up.resources, network("Route")).filter(
        (route) => route.inputs["routeTableName"] === table.inputs["routeTableName"],
      );
      expect(
        routes.map(({ inputs: route }) => [
          route["addressPrefix"],
          route["nextHopType"],
          route["nextHopIpAddress"],
        ]),
      ).to.deep.equal([
        ["0.0.0.0/0", "VirtualAppliance", text(firewall.state, "ipConfigurations[].privateIPAddress")],
      ]);
    }
    expect(at(cluster, "networkProfile.outboundType")).to.deep.equal(["userDefinedRouting"]);
    expect(ofType(up.resources, network("NatGateway"))).to.deep.equal([]);
  });

  it("reaches allowed names at 443, and AKS's tunnel, and nothing else", () => {
    const { inputs } = theOne(up.resources, network("FirewallPolicyRuleCollectionGroup"));
    const rules = objects(inputs, "ruleCollections").flatMap((collection) => objects(collection, "rules"));
    const byName = rules.filter(({ ruleType }) => ruleType === "ApplicationRule");
    expect(new Set(byName.flatMap((rule) => at(rule, "protocols[].port")))).to.deep.equal(new Set([443]));
    const list = byName.find(({ name }) => name === "allow-list");
    const place = { cloud: "azure", region: "eastus2" } as const;
    expect(texts(list, "targetFqdns")).to.have.members(
      allowedHosts(up, { ...place, providers: ["azure-openai/example", "openai", "anthropic"] }),
    );
    const byAddress = rules.filter(({ ruleType }) => ruleType === "NetworkRule");
    expect(byAddress.flatMap((rule) => texts(rule, "destinationAddresses"))).to.deep.equal([
      "AzureCloud.eastus2",
      "AzureCloud.eastus2",
    ]);
  });

  it("leaves database, cache and vault without a way out", () => {
    for (const name of ["data", "endpoint"]) {
      expect(subnet(name).inputs).to.not.have.any.keys("natGateway", "routeTable");
      const group = text(subnet(name).inputs, "networkSecurityGroup.id")?.split("/").at(-1);
      const rules = ofType(up.resources, network("SecurityRule"))
        .map(({ inputs }) => inputs)
        .filter((rule) => rule["networkSecurityGroupName"] === group && rule["direction"] === "Outbound");
      expect(rules.some((rule) => rule["access"] === "Deny" && rule["protocol"] === "*")).to.equal(true);
      const open = rules.filter((rule) => rule["access"] === "Allow");
      expect(
        open
          .flatMap((rule) => [rule["destinationAddressPrefix"] ?? rule["destinationAddressPrefixes"]])
          .flat()
          .filter((to) => /^(\*|Internet|0\.0\.0\.0)/.test(String(to))),
      ).to.deep.equal([]);
    }
  });
});

for (const variant of ["small", "standard"] as const)
  describe(`what leaves the nodes of dev-gcp, ${variant}`, () => {
    let up: StackRun;
    before(async () => (up = await stackRun(variant, false, "dev-gcp")));

    it("passes the policy of the cell's network first, which ends in a denial that is logged", () => {
      const policy = theOne(
        up.resources,
        "gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules",
      );
      const egress = objects(policy.inputs, "rules")
        .filter(({ direction }) => direction === "EGRESS")
        .sort((a, b) => Number(a["priority"]) - Number(b["priority"]));
      const last = egress.at(-1)!;
      expect(last).to.include({ action: "deny", enableLogging: true });
      expect(texts(last, "match.destIpRanges")).to.deep.equal(["0.0.0.0/0"]);
      const outside = egress
        .slice(0, -1)
        .filter((rule) => texts(rule, "match.destIpRanges").every((range) => !/^(10|100)\./.test(range)));
      for (const rule of outside)
        expect(objects(rule, "match.layer4Configs")).to.deep.equal([{ ipProtocol: "tcp", ports: ["443"] }]);
      expect(outside.flatMap((rule) => texts(rule, "match.destIpRanges"))).to.deep.equal(["199.36.153.8/30"]);
      const place = { cloud: "gcp", region: "us-central1" } as const;
      const allowed = allowedHosts(up, { ...place, providers: ["vertex", "openai", "anthropic"] });
      expect(outside.flatMap((rule) => texts(rule, "match.destFqdns"))).to.have.members(
        allowed.filter((host) => !/\.(googleapis\.com|gcr\.io|pkg\.dev)$/.test(host)),
      );
      const association = theOne(
        up.resources,
        "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation",
      );
      const network = theOne(up.resources, "gcp:compute/network:Network");
      expect(association.inputs["attachmentTarget"]).to.equal(network.id);
      expect(network.inputs["networkFirewallPolicyEnforcementOrder"]).to.equal("BEFORE_CLASSIC_FIREWALL");
    });

    it("has no address of its own to leave by, and no other firewall rule opens a way", () => {
      const cluster = theOne(up.resources, "gcp:container/cluster:Cluster").inputs;
      expect(at(cluster, "privateClusterConfig.enablePrivateNodes")).to.deep.equal([true]);
      for (const { inputs } of ofType(up.resources, "gcp:container/nodePool:NodePool"))
        expect(at(inputs, "networkConfig.enablePrivateNodes")[0] ?? true).to.equal(true);
      const rules = ofType(up.resources, "gcp:compute/firewall:Firewall");
      expect(rules.filter(({ inputs }) => inputs["direction"] === "EGRESS")).to.deep.equal([]);
    });
  });

import { Provider } from "@pulumi/azure-native/provider.js";
import * as network from "@pulumi/azure-native/network/index.js";
import * as resources from "@pulumi/azure-native/resources/index.js";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { checkExisting } from "../../../components/azure/existingNetwork.js";
import type { ExistingNetwork } from "../../../components/azure/existingNetwork.js";
import { Firewall } from "../../../components/azure/firewall.js";
import { Network } from "../../../components/azure/network.js";
import { networkProblems, subnetProblems } from "../../../components/azure/networkFitness.js";
import type { FoundSubnet } from "../../../components/azure/networkFitness.js";
import { cellTiers } from "../../../components/azure/subnets.js";
import type { CellTier } from "../../../components/azure/subnets.js";
import { net } from "../../../local/azure/networkTypes.js";
import { run } from "../../support/mocks.js";

const subscriptionId = "00000000-0000-4000-8000-000000000001";
const id = `/subscriptions/${subscriptionId}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/spoke`;
const needs = {
  region: "westeurope",
  cidr: "10.50.0.0/16",
  serviceCidr: "172.20.0.0/16",
  podCidr: "100.64.0.0/16",
  nodes: 15,
};
const postgres = "Microsoft.DBforPostgreSQL/flexibleServers";
const existing: ExistingNetwork = {
  id,
  subnets: Object.fromEntries(cellTiers.map((tier) => [tier, [`${id}/subnets/${tier}`]])) as Record<
    CellTier,
    string[]
  >,
};

const fit = (tier: CellTier, more: Partial<FoundSubnet> = {}): FoundSubnet => ({
  id: `${id}/subnets/${tier}`,
  cidrs: ["10.50.0.0/24"],
  delegations: tier === "data" ? [postgres] : [],
  securityGroupId: "/nsg",
  ledOut: tier === "node",
  ...more,
});

describe("existing Azure network", () => {
  it("is fit when every tier has its subnet", () => {
    expect(
      subnetProblems(
        existing,
        cellTiers.map((tier) => fit(tier)),
        needs,
      ),
    ).to.deep.equal([]);
  });

  for (const [what, tier, more, problem] of [
    [
      "a gateway's subnet that is too small",
      "gateway",
      { cidrs: ["10.50.0.0/27"] },
      /10\.50\.0\.0\/27.*\/26 or larger/,
    ],
    ["a node subnet without room for an upgrade", "node", { cidrs: ["10.50.0.0/27"] }, /\/26 or larger/],
    [
      "a node subnet without a way out",
      "node",
      { routeTableId: "/on-premises", ledOut: false },
      /neither a default route nor a NAT gateway/,
    ],
    ["a gateway's subnet that leads to a firewall", "gateway", { ledOut: true }, /take the route away/],
    [
      "a database's subnet that is not delegated",
      "data",
      { delegations: [] },
      /not delegated.*flexibleServers/,
    ],
    ["a delegated endpoint subnet", "endpoint", { delegations: [postgres] }, /without a delegation/],
    ["a subnet without a security group", "endpoint", { securityGroupId: undefined }, /no security group/],
    ["a subnet of IPv6 only", "data", { cidrs: ["fd00::/64"] }, /no IPv4 block/],
    ["a subnet that is not there", "data", { id: "/other" }, /no .*subnets\/data/],
  ] as [string, CellTier, Partial<FoundSubnet>, RegExp][])
    it(`refuses ${what}`, () => {
      const found = cellTiers.map((each) => fit(each, each === tier ? more : {}));
      const problems = subnetProblems(existing, found, needs);
      expect(problems.map((each) => each.tier)).to.deep.equal([tier]);
      expect(`${problems[0]!.found}: ${problems[0]!.remedy}`).to.match(problem);
    });

  it("refuses another region, another block, and blocks that the cluster's ranges overlap", () => {
    const found = (location: string, ...cidrs: string[]) =>
      networkProblems(existing, { location, cidrs }, needs).map((each) => each.found);
    expect(found("westeurope", "10.50.0.0/16")).to.deep.equal([]);
    expect(found("eastus", "10.50.0.0/16")).to.deep.equal(["in eastus"]);
    expect(found("westeurope", "10.60.0.0/16")).to.deep.equal(["cidr 10.50.0.0/16"]);
    expect(found("westeurope", "10.50.0.0/16", "172.16.0.0/12", "100.64.0.0/10")).to.deep.equal([
      "172.16.0.0/12, which the kubernetes.serviceCidr 172.20.0.0/16 overlaps",
      "100.64.0.0/10, which the range of pods 100.64.0.0/16 overlaps",
    ]);
    expect(networkProblems(existing, undefined, needs).map((each) => each.found)).to.deep.equal([`no ${id}`]);
  });

  it("refuses two subnets for a tier, one of another network, and one for two tiers", () => {
    const wrong: ExistingNetwork = {
      id,
      subnets: {
        ...existing.subnets,
        gateway: [`${id}/subnets/a`, `${id}/subnets/b`],
        endpoint: ["/subscriptions/x/subnets/endpoint"],
        data: [`${id}/subnets/node`],
      },
    };
    const problems = subnetProblems(wrong, [fit("node")], needs);
    expect(problems.map(({ tier, found }) => `${tier}: ${found}`)).to.include.members([
      "gateway: 2 subnets",
      "endpoint: /subscriptions/x/subnets/endpoint",
      "data: the subnet of node too",
    ]);
  });

  it("says what is missing, and holds a cell that makes nothing of the owner's", async () => {
    const made = await run(async () => {
      const provider = new Provider("azure", { location: "westeurope", subscriptionId });
      const opts = { provider };
      const before = await checkExisting(existing, needs, opts);

      const group = new resources.ResourceGroup(
        "hub",
        { resourceGroupName: "hub", location: "westeurope" },
        opts,
      );
      const place = { resourceGroupName: group.name, location: "westeurope" };
      const spoke = new network.VirtualNetwork(
        "spoke",
        { ...place, virtualNetworkName: "spoke", addressSpace: { addressPrefixes: ["10.50.0.0/16"] } },
        opts,
      );
      const guard = new network.NetworkSecurityGroup(
        "guard",
        { ...place, networkSecurityGroupName: "guard" },
        opts,
      );
      const table = new network.RouteTable("table", { ...place, routeTableName: "table" }, opts);
      const route = new network.Route(
        "out",
        {
          resourceGroupName: group.name,
          routeTableName: table.name,
          routeName: "out",
          addressPrefix: "0.0.0.0/0",
          nextHopType: "VirtualAppliance",
          nextHopIpAddress: "10.60.0.4",
        },
        opts,
      );
      const ids = cellTiers.map(
        (tier, i) =>
          new network.Subnet(
            tier,
            {
              resourceGroupName: group.name,
              virtualNetworkName: spoke.name,
              subnetName: tier,
              addressPrefix: `10.50.${i}.0/24`,
              networkSecurityGroup: { id: guard.id },
              ...(tier === "node" && { routeTable: { id: table.id } }),
              ...(tier === "data" && { delegations: [{ name: "d", serviceName: postgres }] }),
            },
            opts,
          ).id,
      );
      await new Promise((resolve) => pulumi.all([route.id, ...ids]).apply(resolve));
      const after = await checkExisting(existing, needs, opts);
      const common = { prefix: "javelin-dev-main", region: "westeurope" };
      const cell = new Network(
        "cell",
        {
          ...common,
          subscriptionId,
          cidr: "10.50.0.0/16",
          zones: ["1", "2"],
          inspected: false,
          logRetentionDays: 30,
          existing: after.network!,
        },
        { providers: [provider] },
      );
      const firewall = new Firewall(
        "firewall",
        {
          ...common,
          network: cell,
          allowedDomains: [],
          ingressAllow: ["0.0.0.0/0"],
          adminAllow: [],
          requestsPerMinute: 100,
          servicePorts: [],
          podCidr: "100.64.0.0/16",
        },
        { providers: [provider] },
      );
      return { before, after, cell, firewall };
    });
    const { before, after, cell, firewall } = made.result;
    expect(before.problems.map(({ tier }) => tier)).to.deep.equal(["network", ...cellTiers]);
    expect(after.problems).to.deep.equal([]);
    expect(cell.plan).to.deep.equal({
      gateway: "10.50.0.0/24",
      node: "10.50.1.0/24",
      data: "10.50.2.0/24",
      endpoint: "10.50.3.0/24",
    });
    expect(cell.routed).to.equal(true);
    expect(firewall.egressAddresses).to.deep.equal([]);
    const count = (type: string) => made.resources.filter((each) => each.type === type).length;
    expect(
      [net.virtualNetwork, net.subnet, net.securityGroup, net.routeTable, net.route].map(count),
    ).to.deep.equal([1, 4, 1, 1, 1]);
    for (const type of [net.securityRule, net.flowLog, net.storageAccount, net.firewall, net.natGateway])
      expect(count(type), type).to.equal(0);
    expect(count(net.zoneLink)).to.equal(3);
  });
});

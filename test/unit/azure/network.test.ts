import { Route } from "@pulumi/azure-native/network/index.js";
import { Provider } from "@pulumi/azure-native/provider.js";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Firewall } from "../../../components/azure/firewall.js";
import { Network } from "../../../components/azure/network.js";
import { cellTiers, planSubnets } from "../../../components/azure/subnets.js";
import { net } from "../../../local/azure/networkTypes.js";
import type { Props } from "../../../local/behaviour.js";
import { UNKNOWN } from "../../../local/behaviour.js";
import { at } from "../../../local/rules.js";
import { run } from "../../support/mocks.js";
import type { Recorded, Run } from "../../support/mocks.js";

const subscriptionId = "00000000-0000-4000-8000-000000000001";

/** Network and firewall of a cell, as the cell composes them. */
function cell(given: {
  inspected: boolean;
  adminAllow?: string[];
  transformations?: pulumi.ResourceTransformation[];
}) {
  const { inspected, adminAllow, transformations = [] } = given;
  const provider = new Provider("azure", { location: "westeurope", subscriptionId });
  const opts = { providers: [provider], transformations };
  const common = { prefix: "javelin-dev-main", region: "westeurope" };
  const network = new Network(
    "network",
    {
      ...common,
      subscriptionId,
      cidr: "10.20.0.0/20",
      zones: ["1", "2", "3"],
      inspected,
      logRetentionDays: 400,
    },
    opts,
  );
  const firewall = new Firewall(
    "firewall",
    {
      ...common,
      network,
      allowedDomains: ["api.openai.com", "*.Example.com."],
      ingressAllow: ["198.51.100.0/24", "192.0.2.0/24"],
      adminAllow: adminAllow ?? ["203.0.113.0/24"],
      requestsPerMinute: 3000,
      servicePorts: [8000, 8040],
      podCidr: "100.64.0.0/16",
    },
    opts,
  );
  return { network, firewall };
}
type Made = Run<ReturnType<typeof cell>>;

const of = ({ resources }: { resources: Recorded[] }, type: string) =>
  resources.filter((each) => each.type === type);
const only = (made: { resources: Recorded[] }, type: string): Props => {
  const found = of(made, type);
  expect(found, type).to.have.length(1);
  return found[0]!.inputs;
};
const subnet = (made: Made, name: string): Props =>
  of(made, net.subnet).find(({ inputs }) => inputs["subnetName"] === name)?.inputs ?? {};

describe("Azure network and firewall, inspected", () => {
  let made: Made;
  before(async () => {
    made = await run(() => cell({ inspected: true }));
  });

  it("lead the nodes' traffic to the firewall and nowhere else", () => {
    expect(only(made, net.route)).to.include({
      addressPrefix: "0.0.0.0/0",
      nextHopType: "VirtualAppliance",
      nextHopIpAddress: "10.20.5.132",
    });
    expect(only(made, net.routeTable)["disableBgpRoutePropagation"]).to.equal(true);
    expect(subnet(made, "node")).to.have.nested.property("routeTable.id", of(made, net.routeTable)[0]!.id);
    expect(of(made, net.natGateway)).to.deep.equal([]);
  });

  it("make nodes wait for the route, and shut out what is known to be malicious", () => {
    expect(made.result.firewall.ready.some((each) => each instanceof Route)).to.equal(true);
    expect(only(made, net.firewallPolicy)["threatIntelMode"]).to.equal("Deny");
  });

  it("open 443 to the listed names, the cluster's tag and the workspace, and three ports to Azure", () => {
    const collections = only(made, net.ruleCollectionGroup);
    const rules = at(collections, "ruleCollections[].rules[]") as Props[];
    expect(rules.every((rule) => String(rule["sourceAddresses"]) === "10.20.0.0/22")).to.equal(true);
    const network = rules.filter(({ ruleType }) => ruleType === "NetworkRule");
    expect(
      network.map((rule) => [rule["ipProtocols"], rule["destinationPorts"], rule["destinationAddresses"]]),
    ).to.deep.equal([
      [["UDP"], ["1194"], ["AzureCloud.westeurope"]],
      [["TCP"], ["9000"], ["AzureCloud.westeurope"]],
    ]);
    const application = rules.filter(({ ruleType }) => ruleType === "ApplicationRule");
    expect([...new Set(application.flatMap((rule) => at(rule, "protocols[].port")))]).to.deep.equal([443]);
    expect(application.flatMap((rule) => at(rule, "fqdnTags[]"))).to.deep.equal(["AzureKubernetesService"]);
    const names = application.flatMap((rule) => at(rule, "targetFqdns[]"));
    expect(names).to.include.members(["api.openai.com", "*.example.com", "login.microsoftonline.com"]);
    const { customerId } = of(made, net.workspace)[0]!.state;
    expect(names)
      .to.include(`${String(customerId)}.ods.opinsights.azure.com`)
      .and.not.include("*.ods.opinsights.azure.com");
  });

  it("log what the firewall decides, and every flow", () => {
    const firewall = of(made, net.firewall)[0]!;
    expect(only(made, "azure-native:monitor:DiagnosticSetting")["resourceUri"]).to.equal(firewall.id);
    expect(only(made, net.flowLog)).to.include({
      enabled: true,
      targetResourceId: of(made, net.virtualNetwork)[0]!.id,
    });
    expect(only(made, net.workspace)["retentionInDays"]).to.equal(400);
    expect(only(made, "azure-native:storage:ManagementPolicy")).to.have.nested.property(
      "policy.rules[0].definition.actions.baseBlob.delete.daysAfterModificationGreaterThan",
      400,
    );
    expect(only(made, net.storageAccount)).to.deep.include({
      allowBlobPublicAccess: false,
      minimumTlsVersion: "TLS1_2",
      enableHttpsTrafficOnly: true,
      networkRuleSet: { defaultAction: "Deny", bypass: "AzureServices" },
    });
  });

  it("give the address that calls come from", async () => {
    const [address, none] = made.result.firewall.egressAddresses;
    expect(none).to.equal(undefined);
    const value = await new Promise((resolve) => address!.apply(resolve));
    expect(value).to.equal(of(made, net.publicIp)[0]!.state["ipAddress"]);
  });

  it("change one subnet after another", async () => {
    const names = new Map<pulumi.Resource, string>();
    const waits = new Map<string, string[]>();
    const note: pulumi.ResourceTransformation = ({ type, name, resource, opts }) => {
      names.set(resource, name);
      const before = [opts.dependsOn ?? []].flat() as pulumi.Resource[];
      if (type === net.subnet)
        waits.set(
          name,
          before.map((each) => names.get(each) ?? ""),
        );
      return undefined;
    };
    await run(() => cell({ inspected: true, transformations: [note] }), { preview: true });
    const chain = [...waits.keys()];
    expect(chain).to.have.length(5);
    expect([...waits.values()]).to.deep.equal(chain.map((_, i) => chain.slice(0, i).slice(-1)));
  });

  it("close every tier but the gateway's way out", () => {
    const denied = of(made, net.securityRule).filter(({ inputs }) => inputs["access"] === "Deny");
    const closed = denied.map(
      ({ inputs }) => `${String(inputs["networkSecurityGroupName"])} ${String(inputs["direction"])}`,
    );
    expect(closed.map((each) => each.replace("javelin-dev-main-", "")).sort()).to.deep.equal([
      "data Inbound",
      "data Outbound",
      "endpoint Inbound",
      "endpoint Outbound",
      "gateway Inbound",
      "node Inbound",
      "node Outbound",
    ]);
    expect(denied.every(({ inputs }) => inputs["priority"] === 4096 && inputs["protocol"] === "*")).to.equal(
      true,
    );
  });

  it("guard every tier's subnet, private endpoints too", () => {
    const guarded = of(made, net.subnet).filter(
      ({ inputs }) => at(inputs, "networkSecurityGroup.id").length > 0,
    );
    expect(guarded).to.have.length(4);
    expect(subnet(made, "endpoint")["privateEndpointNetworkPolicies"]).to.equal(
      "NetworkSecurityGroupEnabled",
    );
    expect(subnet(made, "node")["defaultOutboundAccess"]).to.equal(false);
  });

  it("judge no body, and hide the internal paths from everybody", () => {
    const policy = only(made, net.wafPolicy);
    expect(policy["policySettings"]).to.include({
      mode: "Prevention",
      state: "Enabled",
      requestBodyCheck: false,
      requestBodyEnforcement: false,
      fileUploadEnforcement: false,
    });
    expect(at(policy, "customRules[].name")).to.deep.equal([
      "uncleanPaths",
      "internalPaths",
      "adminPaths",
      "rate",
    ]);
    expect(at(policy, "customRules[].action").every((action) => action === "Block")).to.equal(true);
    const [, , admin, rate] = at(policy, "customRules[]") as Props[];
    expect(at(admin, "matchConditions[]")[1]).to.include({ operator: "IPMatch", negationConditon: true });
    expect(rate).to.include({ rateLimitThreshold: 3000, rateLimitDuration: "OneMin" });
    expect(at(rate, "groupByUserSession[].groupByVariables[].variableName")).to.deep.equal(["ClientAddr"]);
    // As "Azure WAF" in guards.test.ts reads them.
    expect(at(policy, "customRules[].matchConditions[].transforms")).to.deep.equal([
      ["Lowercase"],
      ["UrlDecode", "Lowercase"],
      ["UrlDecode", "Lowercase"],
    ]);
    // Keys and sessions are in no log.
    expect(at(policy, "policySettings.logScrubbing.state")).to.deep.equal(["Enabled"]);
    expect(at(policy, "managedRules.managedRuleSets[].ruleSetType")).to.deep.equal([
      "Microsoft_DefaultRuleSet",
      "Microsoft_BotManagerRuleSet",
    ]);
  });
});

describe("Azure network and firewall, small", () => {
  it("leave by one NAT gateway, from subnets that stay where they are when it grows", async () => {
    const made = await run(() => cell({ inspected: false }));
    for (const type of [net.firewall, net.firewallPolicy, net.route])
      expect(of(made, type)).to.deep.equal([]);
    expect(only(made, net.natGateway)).to.deep.include({ zones: ["1"], idleTimeoutInMinutes: 15 });
    expect(subnet(made, "node")).to.have.nested.property("natGateway.id", of(made, net.natGateway)[0]!.id);
    expect(made.result.network.routed).to.equal(false);
    expect(made.result.firewall.egressAddresses).to.have.length(1);
    for (const tier of cellTiers)
      expect(subnet(made, tier)["addressPrefix"]).to.equal(planSubnets("10.20.0.0/20")[tier]);
  });

  it("let nobody to the admin paths without admin networks", async () => {
    const made = await run(() => cell({ inspected: false, adminAllow: [] }));
    const admin = at(only(made, net.wafPolicy), "customRules[]")[2];
    expect(at(admin, "matchConditions[]")).to.have.length(1);
  });
});

describe("Azure network and firewall, before anything exists", () => {
  for (const inspected of [true, false])
    it(`know what a preview can know (${inspected ? "inspected" : "small"})`, async () => {
      const made = await run(() => cell({ inspected }), { preview: true });
      expect(only(made, net.virtualNetwork)["addressSpace"]).to.deep.equal({
        addressPrefixes: ["10.20.0.0/20"],
      });
      if (inspected) expect(only(made, net.route)["nextHopIpAddress"]).to.equal(UNKNOWN);
    });
});

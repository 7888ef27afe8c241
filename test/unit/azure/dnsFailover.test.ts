import { Provider } from "@pulumi/azure-native/provider.js";
import { Profile } from "@pulumi/azure-native/trafficmanager/index.js";
import { expect } from "chai";
import { DnsFailover } from "../../../components/azure/dnsFailover.js";
import type { Failover } from "../../../components/dns.js";
import { timeouts } from "../../../stacks/failoverBudget.js";
import { cellsOf, common, disruptions, orders } from "../../support/failover.js";
import type { Recorded } from "../../support/mocks.js";
import { run } from "../../support/mocks.js";

const subscriptionId = "00000000-0000-4000-8000-123456789012";
const failover = (names: string[], more: Partial<Failover> = {}, preview = false) =>
  run(
    () =>
      new DnsFailover(
        "failover",
        { ...common, subscriptionId, resourceGroupName: "dns", cells: cellsOf(names), ...more },
        { providers: [new Provider("dns", {})] },
      ),
    { preview },
  );

function profileOf(resources: readonly Recorded[]): Recorded {
  const found = resources.filter(({ type }) => type === "azure-native:trafficmanager:Profile");
  expect(found).to.have.length(1);
  return found[0]!;
}

describe("Azure DNS failover", () => {
  it("asks each cell by its own name, as often as it is told", async () => {
    const { resources, result } = await failover(["a", "b"]);
    const { inputs } = profileOf(resources);
    expect(inputs["monitorConfig"]).to.deep.equal({
      protocol: "HTTPS",
      port: 443,
      path: "/healthz",
      intervalInSeconds: 10,
      timeoutInSeconds: timeouts.azure,
      toleratedNumberOfFailures: 2,
      expectedStatusCodeRanges: [{ min: 200, max: 200 }],
    });
    const endpoint = (name: string, priority: number) => ({
      name,
      type: "Microsoft.Network/trafficManagerProfiles/externalEndpoints",
      target: `${name}.gw.example.com`,
      endpointStatus: "Enabled",
      customHeaders: [{ name: "host", value: `${name}.gw.example.com` }],
      priority,
    });
    expect(inputs["endpoints"]).to.deep.equal([endpoint("a", 1), endpoint("b", 2)]);
    expect(inputs).to.deep.include({ trafficRoutingMethod: "Priority", location: "global" });
    expect(inputs["dnsConfig"]).to.include({ ttl: 30 });
    expect(result.ready.some((each) => each instanceof Profile)).to.equal(true);
  });

  it("raises an alert for each cell that is down, whichever cells there are", async () => {
    const { resources } = await failover(["a", "b"]);
    const alerts = resources.filter(({ type }) => type === "azure-native:monitor:MetricAlert");
    expect(alerts).to.have.length(1);
    const { inputs } = alerts[0]!;
    expect(inputs).to.deep.include({ scopes: [profileOf(resources).id], enabled: true, windowSize: "PT1M" });
    const [criterion, ...others] = (inputs["criteria"] as { allOf: Recorded["inputs"][] }).allOf;
    expect(others).to.deep.equal([]);
    // The names are Azure's: a wrong one is never refused, and never fires.
    expect(criterion).to.deep.include({
      metricNamespace: "Microsoft.Network/trafficManagerProfiles",
      metricName: "ProbeAgentCurrentEndpointStateByProfileResourceId",
      dimensions: [{ name: "EndpointName", operator: "Include", values: ["*"] }],
      timeAggregation: "Maximum",
      operator: "LessThan",
      threshold: 1,
    });
  });

  it("takes a cell out at the first failure with a threshold of one", async () => {
    const { resources } = await failover(["a", "b"], { threshold: 1, interval: 30 });
    expect(profileOf(resources).inputs["monitorConfig"]).to.deep.include({
      toleratedNumberOfFailures: 0,
      intervalInSeconds: 30,
    });
  });

  it("weighs cells alike when all serve", async () => {
    const { resources } = await failover(["a", "b", "c"], { mode: "active-active" });
    const { inputs } = profileOf(resources);
    const weights = (inputs["endpoints"] as Recorded["inputs"][]).map((each) => [
      each["weight"],
      each["priority"],
    ]);
    expect(weights).to.deep.equal([1, 2, 3].map(() => [100, undefined]));
    expect(inputs["trafficRoutingMethod"]).to.equal("Weighted");
  });

  for (const preview of [false, true])
    it(`says where the names point${preview ? ", in a preview too" : ""}`, async () => {
      const { result, resources } = await failover(["a", "b"], {}, preview);
      const { relativeName } = profileOf(resources).inputs["dnsConfig"] as Record<string, string>;
      const { target } = result;
      const name = await new Promise((resolve) => {
        if (!("dnsName" in target) || typeof target.dnsName !== "object" || !("apply" in target.dnsName))
          throw new Error("no name");
        target.dnsName.apply(resolve);
      });
      expect(name).to.equal(`${relativeName}.trafficmanager.net`);
      expect(relativeName).to.match(/^javelin-test-[0-9a-f]{8}$/);
    });

  for (const [before, after] of orders)
    it(`changes ${before.join(", ")} to ${after.join(", ")} in place`, async () => {
      const [old, now] = [await failover(before), await failover(after)];
      expect(disruptions(old.resources, now.resources)).to.deep.equal([]);
      const names = (profileOf(now.resources).inputs["endpoints"] as Recorded["inputs"][]).map(
        (each) => each["name"],
      );
      expect(names).to.deep.equal(after);
    });

  it("refuses cells that are healthy at different paths", async () => {
    const cells = cellsOf(["a", "b"]).map((cell, i) => ({ ...cell, healthPath: `/${i}` }));
    expect(await failover([], { cells }).catch(String)).to.match(/health paths of the cells: \/0, \/1/);
  });
});

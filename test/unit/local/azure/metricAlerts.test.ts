import { expect } from "chai";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { FakeWorld } from "../../../support/fakeWorld.js";
import { refuses } from "../../../support/refusals.js";

class Alerts extends FakeWorld {
  readonly profile = this.make("azure-native:trafficmanager:Profile", {
    resourceGroupName: "dns",
    profileName: "gateway",
    location: "global",
    trafficRoutingMethod: "Priority",
    dnsConfig: { relativeName: "gateway", ttl: 30 },
    monitorConfig: { protocol: "HTTPS", port: 443, path: "/" },
  });

  alert(more: Props = {}): WorldObject {
    return this.make("azure-native:monitor:MetricAlert", {
      resourceGroupName: "dns",
      ruleName: "down",
      location: "global",
      enabled: true,
      severity: 1,
      scopes: [this.profile.id],
      evaluationFrequency: "PT1M",
      windowSize: "PT1M",
      ...criteria(criterion()),
      ...more,
    });
  }
}

const criteria = (...allOf: Props[]): Props => ({
  criteria: { odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria", allOf },
});

const criterion = (more: Props = {}): Props => ({
  name: "down",
  criterionType: "StaticThresholdCriterion",
  metricName: "ProbeAgentCurrentEndpointStateByProfileResourceId",
  dimensions: [{ name: "EndpointName", operator: "Include", values: ["*"] }],
  timeAggregation: "Maximum",
  operator: "LessThan",
  threshold: 1,
  ...more,
});

describe("local cloud: Azure metric alerts", () => {
  it("watch a resource, which may go before them", () => {
    const alerts = new Alerts("", "sub");
    expect(alerts.alert().id).to.equal(
      "/subscriptions/sub/resourceGroups/dns/providers/Microsoft.Insights/metricAlerts/down",
    );
    expect(() => alerts.delete(alerts.profile)).not.to.throw();
  });

  it("take a metric unseen that they are told not to look for", () => {
    new Alerts().alert(criteria(criterion({ metricName: "Later", skipMetricValidation: true })));
  });

  refuses(
    () => new Alerts(),
    [
      ["a region", /'global'/, (a) => a.alert({ location: "eastus2" })],
      ["what is not there", /ResourceNotFound/, (a) => a.alert({ scopes: ["/none"] })],
      ["no scope", /one scope, found 0/, (a) => a.alert({ scopes: [] })],
      ["a name with a slash", /1 to 260 characters/, (a) => a.alert({ ruleName: "a/b" })],
      ["a name of 261", /1 to 260 characters/, (a) => a.alert({ ruleName: "a".repeat(261) })],
      ["a period at the end", /neither a space/, (a) => a.alert({ ruleName: "a." })],
      ["severity 5", /\(0 - 4\)/, (a) => a.alert({ severity: 5 })],
      ["a window of two minutes", /windowSize/, (a) => a.alert({ windowSize: "PT2M" })],
      ["a look every six hours", /evaluationFrequency/, (a) => a.alert({ evaluationFrequency: "PT6H" })],
      [
        "a look less often than the window",
        /longer than the window 'PT1M'/,
        (a) => a.alert({ evaluationFrequency: "PT5M" }),
      ],
      ["no criterion", /1 to 5 criteria, found 0/, (a) => a.alert(criteria())],
      ["a criterion twice", /'down' is given more/, (a) => a.alert(criteria(criterion(), criterion()))],
      [
        "a metric that the profile lacks",
        /Couldn't find a metric named Percentage CPU/,
        (a) => a.alert(criteria(criterion({ metricName: "Percentage CPU" }))),
      ],
      [
        "a dimension that the metric lacks",
        /The dimension Host/,
        (a) =>
          a.alert(
            criteria(criterion({ dimensions: [{ name: "Host", operator: "Include", values: ["*"] }] })),
          ),
      ],
      [
        "an operator that is none",
        /operator/,
        (a) => a.alert(criteria(criterion({ operator: "LessThanThreshold" }))),
      ],
    ],
  );
});

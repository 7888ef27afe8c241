import { expect } from "chai";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { FakeWorld } from "../../../support/fakeWorld.js";
import { refuses } from "../../../support/refusals.js";

const project = "example-project";
const passed = "monitoring.googleapis.com/uptime_check/check_passed";

class Monitored extends FakeWorld {
  constructor(enabled = true) {
    super("", project);
    if (enabled) this.make("gcp:projects/service:Service", { service: "monitoring.googleapis.com" });
  }

  check(more: Props = {}): WorldObject {
    return this.make("gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig", {
      displayName: "cell down",
      monitoredResource: { type: "uptime_url", labels: { project_id: project, host: "a.example.com" } },
      httpCheck: { path: "/healthz", port: 443, useSsl: true, validateSsl: true },
      period: "60s",
      timeout: "10s",
      ...more,
    });
  }

  policy(threshold: Props = {}, more: Props = {}): WorldObject {
    const conditionThreshold = {
      filter: `metric.type="${passed}" AND resource.type="uptime_url"`,
      comparison: "COMPARISON_GT",
      thresholdValue: 1,
      duration: "60s",
      ...threshold,
    };
    return this.make("gcp:monitoring/alertPolicy:AlertPolicy", {
      displayName: "cell down",
      combiner: "OR",
      conditions: [{ displayName: "down", conditionThreshold }],
      ...more,
    });
  }

  on(check: WorldObject): WorldObject {
    const id = String(check.state["uptimeCheckId"]);
    const filter = `metric.type="${passed}" AND metric.labels.check_id="${id}" AND resource.type="uptime_url"`;
    return this.policy({ filter });
  }
}

const combined = (perSeriesAligner: string, crossSeriesReducer: string, alignmentPeriod = "60s"): Props => ({
  aggregations: [{ alignmentPeriod, perSeriesAligner, crossSeriesReducer }],
});
const of = (type: string, labels: Props): Props => ({ monitoredResource: { type, labels } });

describe("local GCP: uptime checks and alerts", () => {
  it("gives a check an id of its own, and an alert the check that its filter names", () => {
    const m = new Monitored();
    const [one, other] = [m.check(), m.check()];
    expect(one.id).to.match(/^projects\/example-project\/uptimeCheckConfigs\/cell-down-[\w-]+$/);
    expect(other.id).not.to.equal(one.id);
    expect(one.state).to.include({ period: "60s", checkerType: "STATIC_IP_CHECKERS" });
    const alert = m.on(one);
    expect(alert.id).to.match(/^projects\/example-project\/alertPolicies\/\d+$/);
    expect(() => m.delete(one)).to.throw(/alerting policies is using it/);
    expect(() => m.delete(other)).not.to.throw();
    m.delete(alert);
    expect(() => m.delete(one)).not.to.throw();
  });

  it("takes all regions, or those with three places", () => {
    const m = new Monitored();
    for (const selectedRegions of [["USA"], ["EUROPE", "SOUTH_AMERICA", "ASIA_PACIFIC"]])
      m.check({ selectedRegions });
    m.policy(combined("ALIGN_NEXT_OLDER", "REDUCE_COUNT_FALSE"));
  });

  refuses(
    () => new Monitored(),
    [
      ["no name", /displayName/, (m) => m.check({ displayName: undefined })],
      ["a check of nothing", /httpCheck/, (m) => m.check({ httpCheck: undefined })],
      ["two kinds of check", /tcpCheck/, (m) => m.check({ tcpCheck: { port: 443 } })],
      ["every two minutes", /period/, (m) => m.check({ period: "120s" })],
      ["61 seconds of patience", /1s to 60s/, (m) => m.check({ timeout: "61s" })],
      ["none", /1s to 60s/, (m) => m.check({ timeout: "0s" })],
      ["port 0", /\(1 - 65535\)/, (m) => m.check({ httpCheck: { port: 0 } })],
      ["two places", /at least three/, (m) => m.check({ selectedRegions: ["EUROPE", "USA_IOWA"] })],
      ["a place that is none", /selectedRegions/, (m) => m.check({ selectedRegions: ["MARS"] })],
      ["a resource that is none", /uptime_url/, (m) => m.check(of("url", { host: "a.example.com" }))],
      ["a URL without a host", /label host/, (m) => m.check(of("uptime_url", { project_id: project }))],
      ["a URL as the host", /Invalid host/, (m) => m.check(of("uptime_url", { host: "https://a.example" }))],
      [
        "another project's label",
        /right is example-project/,
        (m) => m.check(of("uptime_url", { project_id: "other", host: "a.example.com" })),
      ],
      ["no condition", /one to six/, (m) => m.policy({}, { conditions: [] })],
      ["a condition without a name", /displayName/, (m) => m.policy({}, { conditions: [{}] })],
      [
        "a condition of another kind",
        /not known here/,
        (m) => m.policy({}, { conditions: [{ displayName: "x", conditionAbsent: {} }] }),
      ],
      ["a combiner that is none", /combiner/, (m) => m.policy({}, { combiner: "XOR" })],
      ["a severity that is none", /severity/, (m) => m.policy({}, { severity: "BAD" })],
      ["at least", /comparison/, (m) => m.policy({ comparison: "COMPARISON_GE" })],
      ["half a minute", /multiple of 60s/, (m) => m.policy({ duration: "30s" })],
      [
        "series of a second",
        /from 60s on/,
        (m) => m.policy(combined("ALIGN_NEXT_OLDER", "REDUCE_COUNT_FALSE", "0s")),
      ],
      [
        "a metric that is none",
        /type = "a\/b"/,
        (m) => m.policy({ filter: 'metric.type="a/b" AND resource.type="uptime_url"' }),
      ],
      ["any resource", /resource.type/, (m) => m.policy({ filter: `metric.type="${passed}"` })],
      [
        "a mean of true and false",
        /ALIGN_MEAN/,
        (m) => m.policy(combined("ALIGN_MEAN", "REDUCE_COUNT_FALSE")),
      ],
      ["their sum", /REDUCE_SUM/, (m) => m.policy(combined("ALIGN_NEXT_OLDER", "REDUCE_SUM"))],
      [
        "a check that is not there",
        /NOT_FOUND|was not found/,
        (m) =>
          m.policy({
            filter: `metric.type="${passed}" AND metric.labels.check_id="none" AND resource.type="uptime_url"`,
          }),
      ],
    ],
  );

  refuses(
    () => new Monitored(false),
    [["a project whose API is not enabled", /monitoring.googleapis.com has not been used/, (m) => m.check()]],
  );
});

import { expect } from "chai";
import type { Props } from "../../../local/behaviour.js";
import { alias, issued, options, record, requested } from "../../support/awsNames.js";
import { Network, refuses, token } from "../../support/awsNetwork.js";
import { FakeWorld } from "../../support/fakeWorld.js";

describe("local AWS: alarms", () => {
  const alarm = (period: number) => (n: Network) =>
    n.cloud.make("aws:cloudwatch/metricAlarm:MetricAlarm", {
      name: "health",
      namespace: "AWS/Route53",
      metricName: "HealthCheckStatus",
      statistic: "Minimum",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      evaluationPeriods: 1,
      period,
    });
  refuses([
    ["a period between two minutes", alarm(70), /multiple of 60/],
    ["two of one name", (n) => [1, 2].map(() => alarm(60)(n)), /already exists/],
  ]);
});

describe("local AWS: Route 53 and ACM", () => {
  refuses([
    [
      "a zone that does not exist",
      ({ cloud }) => cloud.invoke("aws:route53/getZone:getZone", { name: "example.net" }),
      /no matching Route 53 Hosted Zone/,
    ],
    ["a record of no zone", (n) => record(n, { name: "api", zoneId: "Z1" }), /^NoSuchHostedZone/],
    ["a record twice", (n) => [1, 2].map(() => record(n, { name: "api" })), /^InvalidChangeBatch/],
    [
      "a CNAME beside another record",
      (n) => (
        record(n, { name: "api" }),
        record(n, { name: "api.example.com.", type: "CNAME", records: ["a.example.net"] })
      ),
      /conflicts with other records/,
    ],
    [
      "a CNAME at the apex",
      (n) => record(n, { name: "example.com", type: "CNAME", records: ["a.example.net"] }),
      /not permitted at apex/,
    ],
    ["a record without a TTL", (n) => record(n, { name: "api", ttl: undefined }), /records,ttl/],
    [
      "an address that is none",
      (n) => record(n, { name: "api", records: ["a.example.net"] }),
      /not a valid IPv4 address/,
    ],
    [
      "an alias of nothing",
      (n) => alias(n, "none.us-east-1.elb.amazonaws.com", "Z35SXDOTRQ7X7K"),
      /that target was not found/,
    ],
    [
      "an alias in the wrong zone",
      (n) => alias(n, n.loadBalancer().state.dnsName, "Z1H1FL5HABSF5"),
      /does not lie within the target zone/,
    ],
    [
      "a routing policy without an identifier",
      (n) => record(n, { name: "api", failoverRoutingPolicies: [{ type: "PRIMARY" }] }),
      /setIdentifier/,
    ],
    [
      "a first name of 65 characters",
      (n) => requested(n, { domainName: `${"a".repeat(53)}.example.com` }),
      /no longer than 64/,
    ],
    ["a certificate for what is no name", (n) => requested(n, { domainName: "exa_mple" }), /a domain name/],
    [
      "to wait for a record that isn't there",
      (n) => n.cloud.make(token.certificateValidation, { certificateArn: requested(n).id }),
      /timeout while waiting for state to become 'ISSUED'/,
    ],
    [
      "validation records that leave a name out",
      (n) =>
        n.cloud.make(token.certificateValidation, {
          certificateArn: requested(n).id,
          validationRecordFqdns: [],
        }),
      /missing api.example.com DNS validation record/,
    ],
  ]);

  it("adds the zone's name, and overwrites when asked", () => {
    const n = new Network(new FakeWorld());
    expect(record(n, { name: "api" }).state).to.include({ name: "api", fqdn: "api.example.com" });
    expect(record(n, { name: "api", allowOverwrite: true, records: ["192.0.2.2"] }).state.fqdn).to.equal(
      "api.example.com",
    );
  });

  it("asks for the same record for a name, its wildcard and another region", () => {
    const cloud = new FakeWorld();
    const ask = (more: Props) =>
      options(cloud.make(token.certificate, { domainName: "example.com", validationMethod: "DNS", ...more }));
    const [plain, wild] = ask({ subjectAlternativeNames: ["*.example.com"] });
    const [far] = ask({ region: "eu-west-1" });
    expect(wild?.resourceRecordName).to.equal(plain?.resourceRecordName);
    expect(far).to.deep.equal(plain);
    expect(plain?.resourceRecordName).to.match(/^_[0-9a-f]{32}\.example\.com\.$/);
    expect(plain?.resourceRecordValue).to.match(/^_[0-9a-f]{32}\.[a-z]{10}\.acm-validations\.aws\.$/);
  });

  it("issues the certificate once its records are in the zone", () => {
    const n = new Network(new FakeWorld());
    expect(n.cloud.world.find(token.certificate, issued(n))?.state).to.include({ status: "ISSUED" });
  });
});

describe("local AWS: account", () => {
  const zones = (region: string, args: Props = {}) =>
    new FakeWorld(region).invoke("aws:index/getAvailabilityZones:getAvailabilityZones", args);

  it("knows each region's zones", () => {
    expect(zones("us-east-1").names).to.deep.equal("abcdef".split("").map((letter) => `us-east-1${letter}`));
    expect(zones("us-west-1").names).to.deep.equal(["us-west-1a", "us-west-1c"]);
    expect(zones("eu-west-1", { excludeNames: ["eu-west-1a"] }).zoneIds).to.deep.equal([
      "euw1-az2",
      "euw1-az3",
    ]);
    expect(() => zones("mars-1")).to.throw(/no region found/);
  });

  it("knows itself", () => {
    const cloud = new FakeWorld("us-gov-west-1");
    expect(cloud.invoke("aws:index/getCallerIdentity:getCallerIdentity").accountId).to.equal("123456789012");
    expect(cloud.invoke("aws:index/getPartition:getPartition").partition).to.equal("aws-us-gov");
    expect(cloud.invoke("aws:index/getRegion:getRegion").region).to.equal("us-gov-west-1");
  });
});

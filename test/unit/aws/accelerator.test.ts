import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { Accelerator } from "../../../components/aws/accelerator.js";
import { DnsZone, hostedZoneId } from "../../../components/aws/dnsZone.js";
import type { Failover, FailoverCell } from "../../../components/dns.js";
import { cellsOf, disruptions, orders } from "../../support/failover.js";
import type { Recorded } from "../../support/mocks.js";
import { run } from "../../support/mocks.js";

const regions: Record<string, aws.Region> = {
  a: "us-east-1",
  b: "us-west-2",
  c: "eu-west-1",
  d: "ap-south-1",
};

/** A load balancer, and the least network that takes one. */
function loadBalancer(name: string): FailoverCell["target"] {
  const region = regions[name]!;
  const opts = { provider: new aws.Provider(name, { region }) };
  const vpc = new aws.ec2.Vpc(name, { cidrBlock: "10.0.0.0/16" }, opts);
  const vpcId = vpc.id;
  const gateway = new aws.ec2.InternetGateway(name, { vpcId }, opts);
  const subnets = ["a", "b"].map(
    (zone, i) =>
      new aws.ec2.Subnet(
        `${name}-${zone}`,
        { vpcId, cidrBlock: `10.0.${i}.0/24`, availabilityZone: `${region}${zone}` },
        opts,
      ).id,
  );
  const group = new aws.ec2.SecurityGroup(name, { vpcId }, opts);
  const { arn, dnsName } = new aws.lb.LoadBalancer(
    name,
    { name, loadBalancerType: "application", subnets, securityGroups: [group.id] },
    { ...opts, dependsOn: [gateway] },
  );
  return { dnsName, loadBalancer: { arn, region } };
}

const accelerated = (names: string[], mode: Failover["mode"] = "active-passive", target = loadBalancer) =>
  run(async () => {
    const provider = new aws.Provider("dns", { region: "us-east-1" });
    const opts = { providers: [provider] };
    const zoneId = await hostedZoneId("example.com", { provider });
    // Made in one order, as ids in the mocks' world follow from it.
    const made = new Map([...names].sort().map((name) => [name, target(name)]));
    const cells = cellsOf(names, (name) => made.get(name)!);
    const accelerator = new Accelerator(
      "front",
      { prefix: "javelin-test", mode, cells, protect: false },
      opts,
    );
    const { dnsName, hostedZoneId: aliasZoneId, ready } = accelerator;
    const records = [{ host: "api.gw.example.com", target: { dnsName, aliasZoneId }, ready }];
    new DnsZone("dns", { zoneId, ttl: 30, records }, opts);
    return new Promise<string[]>((resolve) => void accelerator.addresses.apply(resolve));
  });

const ofType = (resources: readonly Recorded[], end: string) =>
  resources.filter(({ type }) => type.endsWith(end));
const dials = (resources: readonly Recorded[]): Record<string, unknown> =>
  Object.fromEntries(
    ofType(resources, ":EndpointGroup").map(({ inputs }): [string, unknown] => [
      String(inputs["endpointGroupRegion"]),
      inputs["trafficDialPercentage"],
    ]),
  );

describe("AWS accelerator", () => {
  it("has two addresses that the public names lead to", async () => {
    const { result, resources } = await accelerated(["a", "b"]);
    expect(new Set(result)).to.have.property("size", 2);
    const [accelerator] = ofType(resources, ":Accelerator").filter(({ custom }) => custom);
    expect(ofType(resources, ":Record").map(({ inputs }) => inputs["aliases"])).to.deep.equal([
      [{ name: accelerator!.state["dnsName"], zoneId: "Z2BJ6XQ5FK7U4H", evaluateTargetHealth: true }],
    ]);
  });

  it("passes HTTP and HTTPS to each region's load balancer, with the addresses of callers", async () => {
    const { resources } = await accelerated(["a", "b"]);
    const [listener] = ofType(resources, ":Listener");
    expect(listener!.inputs["portRanges"]).to.deep.equal(
      [80, 443].map((port) => ({ fromPort: port, toPort: port })),
    );
    const balancers = new Map(ofType(resources, ":LoadBalancer").map(({ id }) => [id.split(":")[3], id]));
    for (const { inputs } of ofType(resources, ":EndpointGroup"))
      expect(inputs["endpointConfigurations"]).to.deep.equal([
        {
          endpointId: balancers.get(String(inputs["endpointGroupRegion"])),
          weight: 128,
          clientIpPreservationEnabled: true,
        },
      ]);
  });

  it("opens every region when all serve", async () => {
    const { resources } = await accelerated(["a", "b", "c"], "active-active");
    expect(Object.values(dials(resources))).to.deep.equal([100, 100, 100]);
  });

  for (const [before, after] of orders)
    it(`changes ${before.join(", ")} to ${after.join(", ")} in place`, async () => {
      const [old, now] = [await accelerated(before), await accelerated(after)];
      expect(disruptions(old.resources, now.resources)).to.deep.equal([]);
      expect(dials(now.resources)).to.deep.equal(
        Object.fromEntries(after.map((name, i) => [regions[name], i === 0 ? 100 : 0])),
      );
    });

  it("refuses a cell of another cloud, and two cells in one region", async () => {
    const elsewhere = () => ({ address: "203.0.113.1" });
    expect(await accelerated(["a"], "active-passive", elsewhere).catch(String)).to.match(
      /cell a has no load balancer on aws/,
    );
    const same = () => ({ dnsName: "x", loadBalancer: { arn: "x", region: "us-east-1" } });
    expect(await accelerated(["a", "b"], "active-passive", same).catch(String)).to.match(
      /two cells in us-east-1/,
    );
  });
});

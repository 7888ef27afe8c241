import { expect } from "chai";
import type { Props, WorldObject } from "../../../local/behaviour.js";
import { Network } from "../../support/awsNetwork.js";
import { FakeWorld } from "../../support/fakeWorld.js";
import { refuses } from "../../support/refusals.js";

/** An accelerator before a load balancer in us-east-1. */
class Front {
  readonly cloud = new FakeWorld();
  readonly balancer = new Network(this.cloud).loadBalancer();
  readonly accelerator = this.make("accelerator:Accelerator", { name: "front" });

  make(kind: string, inputs: Props): WorldObject {
    return this.cloud.make(`aws:globalaccelerator/${kind}`, inputs);
  }

  listener(from = 443, to = from, more: Props = {}): WorldObject {
    const portRanges = [{ fromPort: from, toPort: to }];
    return this.make("listener:Listener", {
      acceleratorArn: this.accelerator.id,
      protocol: "TCP",
      portRanges,
      ...more,
    });
  }

  group(more: Props = {}): WorldObject {
    const [listener] = this.cloud.world.list("aws:globalaccelerator/listener:Listener");
    return this.make("endpointGroup:EndpointGroup", {
      listenerArn: (listener ?? this.listener()).id,
      endpointConfigurations: [{ endpointId: this.balancer.id, clientIpPreservationEnabled: true }],
      ...more,
    });
  }
}

const start = () => new Front();

describe("local AWS: Global Accelerator", () => {
  it("gives a name in its own hosted zone and two addresses that stay", () => {
    const f = start();
    const { dnsName, hostedZoneId, ipSets } = f.accelerator.state;
    expect(dnsName).to.match(/^a[0-9a-f]{16}\.awsglobalaccelerator\.com$/);
    expect(hostedZoneId).to.equal("Z2BJ6XQ5FK7U4H");
    const [set] = ipSets as { ipAddresses: string[] }[];
    expect(new Set(set!.ipAddresses)).to.have.property("size", 2);
    const renamed = f.cloud.update(f.accelerator, { name: "other" });
    expect(renamed.state).to.deep.include({ ipSets, dnsName });
  });

  it("turns its dials in place, and replaces a group that moves to another region", () => {
    const f = start();
    const group = f.group();
    const inputs = { ...group.inputs, trafficDialPercentage: 0 };
    expect(f.cloud.replaces(group, inputs)).to.deep.equal([]);
    expect(f.cloud.update(group, inputs).state["trafficDialPercentage"]).to.equal(0);
    expect(f.cloud.replaces(group, { ...inputs, endpointGroupRegion: "us-west-2" })).to.deep.equal([
      "endpointGroupRegion",
    ]);
  });

  it("lets TCP and UDP have one port, and groups of one listener be in two regions", () => {
    const f = start();
    f.listener(443);
    f.listener(443, 443, { protocol: "UDP" });
    f.group();
    expect(f.group({ endpointGroupRegion: "eu-west-1", endpointConfigurations: [] }).state).to.deep.include({
      endpointGroupRegion: "eu-west-1",
      healthCheckPort: 443,
      trafficDialPercentage: 100,
    });
  });

  refuses<Front>(start, [
    [
      "a name with an underscore",
      /digits, periods/,
      (f) => f.make("accelerator:Accelerator", { name: "a_b" }),
    ],
    ["a name of 65", /1 to 64/, (f) => f.make("accelerator:Accelerator", { name: "a".repeat(65) })],
    [
      "flow logs to nowhere",
      /flowLogsS3Bucket: is required/,
      (f) => f.make("accelerator:Accelerator", { name: "b", attributes: { flowLogsEnabled: true } }),
    ],
    [
      "a listener of nothing",
      /AcceleratorNotFound/,
      (f) => f.listener(443, 443, { acceleratorArn: "arn:none" }),
    ],
    ["a port that is taken", /^.*InvalidPortRange.*443-443/, (f) => (f.listener(400, 500), f.listener(443))],
    ["ports that end before they begin", /InvalidPortRange/, (f) => f.listener(443, 80)],
    ["no ports", /1 to 10 items/, (f) => f.listener(1, 1, { portRanges: [] })],
    ["port 0", /range \(1 - 65535\)/, (f) => f.listener(0, 443)],
    ["HTTP", /expected protocol/, (f) => f.listener(443, 443, { protocol: "HTTP" })],
    ["a second group in a region", /EndpointGroupAlreadyExists/, (f) => [f.group(), f.group()]],
    [
      "a load balancer of another region",
      /InvalidArgument.*not in the endpoint group's region, us-west-2/,
      (f) => f.group({ endpointGroupRegion: "us-west-2" }),
    ],
    [
      "a load balancer that is not there",
      /EndpointNotFound/,
      (f) => f.group({ endpointConfigurations: [{ endpointId: `${f.balancer.id}0` }] }),
    ],
    [
      "an endpoint twice",
      /twice/,
      (f) => f.group({ endpointConfigurations: [1, 2].map(() => ({ endpointId: f.balancer.id })) }),
    ],
    [
      "the caller's address through an elastic address",
      /preservation is not supported/,
      (f) => {
        const endpointId = f.cloud.make("aws:ec2/eip:Eip", { domain: "vpc" }).id;
        f.group({ endpointConfigurations: [{ endpointId, clientIpPreservationEnabled: true }] });
      },
    ],
    ["a dial beyond 100", /range \(0 - 100\)/, (f) => f.group({ trafficDialPercentage: 101 })],
    ["a check every 20 s", /10.*30/, (f) => f.group({ healthCheckIntervalSeconds: 20 })],
    [
      "a weight of 256",
      /range \(0 - 255\)/,
      (f) => f.group({ endpointConfigurations: [{ endpointId: f.balancer.id, weight: 256 }] }),
    ],
    [
      "to lose an accelerator with a listener",
      /AssociatedListenerFound/,
      (f) => (f.listener(), f.cloud.delete(f.accelerator)),
    ],
    [
      "to lose a listener with a group",
      /AssociatedEndpointGroupFound/,
      (f) => {
        const listener = f.listener();
        f.group();
        f.cloud.delete(listener);
      },
    ],
  ]);
});

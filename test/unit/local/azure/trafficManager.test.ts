import { expect } from "chai";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { FakeWorld } from "../../../support/fakeWorld.js";
import { refuses } from "../../../support/refusals.js";

const type = "Microsoft.Network/trafficManagerProfiles/externalEndpoints";
const endpoint = (name: string, more: Props = {}): Props => ({
  name,
  type,
  target: `${name}.example.com`,
  ...more,
});
const monitor = (more: Props = {}): Props => ({
  monitorConfig: {
    protocol: "HTTPS",
    port: 443,
    path: "/",
    intervalInSeconds: 10,
    timeoutInSeconds: 5,
    toleratedNumberOfFailures: 2,
    ...more,
  },
});

class Manager extends FakeWorld {
  profile(more: Props = {}, profileName = "gateway"): WorldObject {
    return this.make("azure-native:trafficmanager:Profile", {
      resourceGroupName: "dns",
      profileName,
      location: "global",
      trafficRoutingMethod: "Priority",
      dnsConfig: { relativeName: profileName, ttl: 30 },
      ...monitor(),
      endpoints: [endpoint("a", { priority: 1 }), endpoint("b", { priority: 2 })],
      ...more,
    });
  }

  endpoints(...endpoints: Props[]): WorldObject {
    return this.profile({ endpoints });
  }
}

describe("local cloud: Azure Traffic Manager", () => {
  it("gives a name below trafficmanager.net", () => {
    const { id, state } = new Manager("", "sub").profile();
    expect(id).to.equal(
      "/subscriptions/sub/resourceGroups/dns/providers/Microsoft.Network/trafficManagerProfiles/gateway",
    );
    expect(state["dnsConfig"]).to.deep.equal({
      relativeName: "gateway",
      ttl: 30,
      fqdn: "gateway.trafficmanager.net",
    });
  });

  it("swaps priorities in one update", () => {
    const manager = new Manager();
    const before = manager.profile();
    const endpoints = [endpoint("b", { priority: 1 }), endpoint("a", { priority: 2 })];
    const inputs = { ...before.inputs, endpoints };
    expect(manager.replaces(before, inputs)).to.deep.equal([]);
    expect(manager.update(before, inputs).inputs["endpoints"]).to.deep.equal(endpoints);
  });

  for (const [interval, timeout] of [
    [10, 5],
    [10, 9],
    [30, 5],
    [30, 10],
  ])
    it(`waits ${timeout} s with a probe every ${interval} s`, () => {
      new Manager().profile(monitor({ intervalInSeconds: interval, timeoutInSeconds: timeout }));
    });

  refuses<Manager>(
    () => new Manager(),
    [
      ["a region", /list of available regions.*'global'/i, (m) => m.profile({ location: "eastus2" })],
      ["a group that is not there", /ResourceGroupNotFound/, (m) => m.profile({ resourceGroupName: "none" })],
      [
        "a name that another profile has",
        /gateway\.trafficmanager\.net already exists/,
        (m) => (m.profile(), m.profile({ dnsConfig: { relativeName: "Gateway" } }, "other")),
      ],
      [
        "another name for a profile",
        /cannot be changed/,
        (m) => {
          const profile = m.profile();
          m.update(profile, { ...profile.inputs, dnsConfig: { relativeName: "other" } });
        },
      ],
      ["a name with a dot", /a DNS label/, (m) => m.profile({ dnsConfig: { relativeName: "a.b" } })],
      ["an unknown method", /trafficRoutingMethod/, (m) => m.profile({ trafficRoutingMethod: "Random" })],
      ["a probe every 20 s", /it is 10 or 30/, (m) => m.profile(monitor({ intervalInSeconds: 20 }))],
      ["10 s to wait with fast probes", /it is 5 to 9/, (m) => m.profile(monitor({ timeoutInSeconds: 10 }))],
      ["4 s to wait", /it is 5 to 9/, (m) => m.profile(monitor({ timeoutInSeconds: 4 }))],
      [
        "11 s to wait",
        /it is 5 to 10/,
        (m) => m.profile(monitor({ intervalInSeconds: 30, timeoutInSeconds: 11 })),
      ],
      ["ten tolerated failures", /\(0 - 9\)/, (m) => m.profile(monitor({ toleratedNumberOfFailures: 10 }))],
      ["a path without its slash", /begins with '\/'/, (m) => m.profile(monitor({ path: "healthz" }))],
      ["a path with TCP", /must not be given/, (m) => m.profile(monitor({ protocol: "TCP" }))],
      [
        "codes that end before they begin",
        /299-200/,
        (m) => m.profile(monitor({ expectedStatusCodeRanges: [{ min: 299, max: 200 }] })),
      ],
      ["two endpoints of a name", /name 'a' is given more/, (m) => m.endpoints(endpoint("a"), endpoint("a"))],
      [
        "two endpoints of a target",
        /target 'a\.example\.com' is given more/,
        (m) => m.endpoints(endpoint("a"), endpoint("b", { target: "A.example.com" })),
      ],
      [
        "two endpoints of a priority",
        /priority '1' is given more/,
        (m) => m.endpoints(endpoint("a", { priority: 1 }), endpoint("b", { priority: 1 })),
      ],
      [
        "a priority for one of two",
        /for all endpoints/,
        (m) => m.endpoints(endpoint("a", { priority: 1 }), endpoint("b")),
      ],
      ["priority 0", /\(1 - 1000\)/, (m) => m.endpoints(endpoint("a", { priority: 0 }))],
      ["weight 1001", /\(1 - 1000\)/, (m) => m.endpoints(endpoint("a", { weight: 1001 }))],
      [
        "an address as a URL",
        /not a domain name/,
        (m) => m.endpoints(endpoint("a", { target: "https://a" })),
      ],
      ["no target", /needs a target/, (m) => m.endpoints({ name: "a", type })],
      [
        "another kind of endpoint",
        /endpoints\[\]\.type/,
        (m) => m.endpoints(endpoint("a", { type: "external" })),
      ],
      [
        "nine headers",
        /at most eight/,
        (m) =>
          m.endpoints(endpoint("a", { customHeaders: Array.from({ length: 9 }, () => ({ name: "x" })) })),
      ],
    ],
  );
});

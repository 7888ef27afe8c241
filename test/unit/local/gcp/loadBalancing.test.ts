import { expect } from "chai";
import type { Props } from "../../../../local/behaviour.js";
import { edge, GcpEdge } from "../../../support/gcpEdge.js";
import { refuses } from "../../../support/refusals.js";

const fresh = () => new GcpEdge();
const nowhere = "projects/example-project/global/backendServices/none";

/** A map of one host, whose rules are under test. */
const matcher = (g: GcpEdge, more: (service: string) => Props) => {
  const service = g.service();
  return g.map({
    defaultService: service,
    hostRules: [{ hosts: ["api.example.com"], pathMatcher: "api" }],
    pathMatchers: [{ name: "api", defaultService: service, ...more(service) }],
  });
};
const paths = (g: GcpEdge, ...list: string[]) =>
  matcher(g, (service) => ({ pathRules: [{ paths: list, service }] }));
const rules = (g: GcpEdge, ...list: Props[]) =>
  matcher(g, (service) => ({
    routeRules: list.map((rule, priority) => ({
      priority,
      service,
      matchRules: [{ prefixMatch: "/" }],
      ...rule,
    })),
  }));
const fault = (httpStatus: number) => ({ faultInjectionPolicy: { abort: { httpStatus, percentage: 100 } } });

const lbPolicy = (name: string) =>
  `//networkservices.googleapis.com/projects/example-project/locations/global/serviceLbPolicies/${name}`;

describe("local GCP: backends", () => {
  it("takes a preference, a policy, and a second service that balances alike", () => {
    const g = fresh();
    g.networkServices();
    g.make("policy", { name: "p", location: "global", failoverConfig: { failoverHealthThreshold: 1 } });
    g.service();
    const { state } = g.backend({
      name: "two",
      healthChecks: g.cloud.world.list(edge.check)[0]?.id,
      backends: [{ group: g.group, preference: "PREFERRED", maxUtilization: 1 }],
      serviceLbPolicy: lbPolicy("p"),
    });
    expect(state["serviceLbPolicy"]).to.equal(lbPolicy("p"));
  });

  it("writes named ports into the group, and takes out its own only", () => {
    const g = fresh();
    const ports = () => g.cloud.world.list("gcp:compute/instanceGroup:InstanceGroup")[0]?.state["namedPorts"];
    const core = g.port();
    g.port({ name: "admin", port: 30020 });
    expect(ports()).to.deep.equal([
      { name: "core", port: 30010 },
      { name: "admin", port: 30020 },
    ]);
    g.cloud.delete(core);
    expect(ports()).to.deep.equal([{ name: "admin", port: 30020 }]);
  });

  refuses<GcpEdge>(fresh, [
    ["a port on a group that isn't there", /was not found in the zone/, (g) => g.port({ group: "none" })],
    [
      "a port in another zone than the group's",
      /was not found in the zone/,
      (g) => g.port({ zone: "europe-west1-c" }),
    ],
    ["a port that is none", /range \(1 - 65535\)/, (g) => g.port({ port: 0 })],
    ["a backend whose port the group has not", /no named port of this name/, (g) => g.backend()],
    [
      "a group without a health check",
      /needs a health check/,
      (g) => (g.port(), g.backend({ healthChecks: undefined })),
    ],
    [
      "a group that isn't there",
      /not found/,
      (g) => g.backend({ backends: [{ group: "projects/p/zones/z/instanceGroups/x" }] }),
    ],
    [
      "a guard that isn't there",
      /securityPolicies\/none' was not found/,
      (g) => (g.port(), g.backend({ securityPolicy: "projects/p/global/securityPolicies/none" })),
    ],
    [
      "HTTP by connections",
      /rate or utilization/,
      (g) => (g.port(), g.backend({ backends: [{ group: g.group, balancingMode: "CONNECTION" }] })),
    ],
    [
      "a rate without a maximum",
      /needs a maximum rate/,
      (g) => (g.port(), g.backend({ backends: [{ group: g.group, balancingMode: "RATE" }] })),
    ],
    [
      "least requests on the classic load balancer",
      /not supported with/,
      (g) => (g.port(), g.backend({ loadBalancingScheme: "EXTERNAL", localityLbPolicy: "LEAST_REQUEST" })),
    ],
    [
      "a preference that is none",
      /PREFERRED/,
      (g) => (g.port(), g.backend({ backends: [{ group: g.group, preference: "FIRST" }] })),
    ],
    [
      "a preference on the classic load balancer",
      /backends.preference.*not supported with the load balancing scheme EXTERNAL/,
      (g) => (
        g.port(),
        g.backend({
          loadBalancingScheme: "EXTERNAL",
          backends: [{ group: g.group, preference: "PREFERRED" }],
        })
      ),
    ],
    [
      "a utilization where requests are counted",
      /not supported with the balancing mode RATE/,
      (g) => (
        g.port(),
        g.backend({
          backends: [{ group: g.group, balancingMode: "RATE", maxRatePerInstance: 1, maxUtilization: 1 }],
        })
      ),
    ],
    [
      "a group in two services that balance in two ways",
      /incompatible balancing_mode\. Values should be the same/,
      (g) => {
        g.service();
        const healthChecks = g.cloud.world.list(edge.check)[0]?.id;
        const backends = [{ group: g.group, balancingMode: "RATE", maxRatePerInstance: 100 }];
        g.backend({ name: "two", healthChecks, backends });
      },
    ],
    [
      "a group of another project",
      /must be in the project other/,
      (g) => {
        g.make("service", { service: "compute.googleapis.com", project: "other" });
        g.port();
        g.backend({ project: "other" });
      },
    ],
    [
      "a load balancing policy that isn't there",
      /serviceLbPolicies\/none' was not found/,
      (g) => (g.port(), g.backend({ serviceLbPolicy: lbPolicy("none") })),
    ],
    [
      "a load balancing policy by its id",
      /serviceLbPolicy/,
      (g) => (g.port(), g.backend({ serviceLbPolicy: lbPolicy("none").slice(2) })),
    ],
    [
      "a load balancing policy while its API is off",
      /networkservices.*disabled|SERVICE_DISABLED/,
      (g) => g.make("policy", { name: "p", location: "global" }),
    ],
    [
      "a policy of a region",
      /global/,
      (g) => (g.networkServices(), g.make("policy", { name: "p", location: "europe-west1" })),
    ],
    [
      "a threshold of nobody",
      /range \(1 - 99\)/,
      (g) => (
        g.networkServices(),
        g.make("policy", {
          name: "p",
          location: "global",
          failoverConfig: { failoverHealthThreshold: 0 },
        })
      ),
    ],
    [
      "to delete a policy in use",
      /resourceInUseByAnotherResource/,
      (g) => {
        g.networkServices();
        const policy = g.make("policy", { name: "p", location: "global" });
        g.port();
        g.backend({ serviceLbPolicy: lbPolicy("p") });
        g.cloud.delete(policy);
      },
    ],
    ["a timeout of nothing", /range \(1 - 2147483647\)/, (g) => g.backend({ timeoutSec: 0 })],
    ["two hours of draining", /range \(0 - 3600\)/, (g) => g.backend({ connectionDrainingTimeoutSec: 7200 })],
    [
      "a check that outlasts its interval",
      /must not be greater than checkIntervalSec/,
      (g) => g.check({ timeoutSec: 10 }),
    ],
    [
      "a check without a pause",
      /checkIntervalSec to be in the range \(1 - 300\)/,
      (g) => g.check({ checkIntervalSec: 0, timeoutSec: 0 }),
    ],
    ["a check by port name", /not supported/, (g) => g.check({}, { portSpecification: "USE_NAMED_PORT" })],
    [
      "a check of DNS for a backend",
      /for DNS only/,
      (g) => {
        const sourceRegions = ["us-east1", "us-west1", "europe-west1"];
        const healthChecks = g.check({ name: "dns", checkIntervalSec: 30, sourceRegions }).id;
        g.port();
        g.backend({ healthChecks });
      },
    ],
    ["a serving port with a number", /No port may be given/, (g) => g.check({}, { port: 80 })],
    ["a check of a path without a slash", /RFC 3986/, (g) => g.check({}, { requestPath: "health" })],
    ["a check of two kinds", /only one of/, (g) => g.check({ tcpHealthCheck: { port: 80 } })],
    [
      "to delete a check in use",
      /resourceInUseByAnotherResource/,
      (g) => (g.service(), g.cloud.delete(g.cloud.world.list(edge.check)[0]!)),
    ],
    [
      "Compute Engine while it is off",
      /SERVICE_DISABLED/,
      (g) => g.make("tls", { name: "tls", project: "other" }),
    ],
  ]);
});

describe("local GCP: URL maps", () => {
  it("aborts with a status, beside a service that it never reaches", () => {
    const g = fresh();
    const map = g.map({ defaultService: g.service(), defaultRouteAction: fault(404) });
    expect(map.state["selfLink"]).to.match(/urlMaps\/routes$/);
  });

  it("takes paths with a star after the last slash", () => {
    expect(paths(fresh(), "/v1", "/v1/*", "/*").id).to.match(/routes$/);
  });

  refuses<GcpEdge>(fresh, [
    ["nothing to do by default", /Exactly one of/, (g) => g.map()],
    ["a status without a service", /Exactly one of/, (g) => g.map({ defaultRouteAction: fault(404) })],
    [
      "a redirect and a service",
      /Exactly one of/,
      (g) => g.map({ defaultService: g.service(), defaultUrlRedirect: { httpsRedirect: true } }),
    ],
    [
      "a service that isn't there",
      /backendServices\/none' was not found/,
      (g) => g.map({ defaultService: nowhere }),
    ],
    [
      "a service that isn't there, in a rule",
      /was not found/,
      (g) => matcher(g, () => ({ pathRules: [{ paths: ["/x"], service: nowhere }] })),
    ],
    [
      "a status that is none",
      /range \(200 - 599\)/,
      (g) => g.map({ defaultService: g.service(), defaultRouteAction: fault(604) }),
    ],
    [
      "a host without its matcher",
      /no path matcher of this name/,
      (g) =>
        g.map({ defaultService: g.service(), hostRules: [{ hosts: ["a.example.com"], pathMatcher: "x" }] }),
    ],
    [
      "a host twice",
      /one rule only/,
      (g) => {
        const rule = { hosts: ["a.example.com"], pathMatcher: "api" };
        const service = g.service();
        g.map({
          defaultService: service,
          hostRules: [rule, rule],
          pathMatchers: [{ name: "api", defaultService: service }],
        });
      },
    ],
    [
      "a star inside a host",
      /not a valid host pattern/,
      (g) =>
        g.map({
          defaultService: g.service(),
          hostRules: [{ hosts: ["a.*.com"], pathMatcher: "api" }],
          pathMatchers: [{ name: "api" }],
        }),
    ],
    ["a star inside a path", /at its end only/, (g) => paths(g, "/v1/*/x")],
    ["a star that ends no folder", /at its end only/, (g) => paths(g, "/v1*")],
    ["a path without a slash", /starts with \//, (g) => paths(g, "v1/*")],
    ["a path twice", /once only/, (g) => paths(g, "/v1", "/v1")],
    [
      "paths and routes together",
      /Only one of pathRules and routeRules/,
      (g) =>
        matcher(g, (service) => ({
          pathRules: [{ paths: ["/x"], service }],
          routeRules: [{ priority: 1, service, matchRules: [{ prefixMatch: "/" }] }],
        })),
    ],
    ["a priority twice", /same priority/, (g) => rules(g, { priority: 1 }, { priority: 1 })],
    ["a rule that matches nothing", /At least one is needed/, (g) => rules(g, { matchRules: [] })],
    [
      "a match in two ways",
      /Exactly one of prefixMatch/,
      (g) => rules(g, { matchRules: [{ prefixMatch: "/", fullPathMatch: "/" }] }),
    ],
    [
      "a match by expression",
      /knows no such match/,
      (g) => rules(g, { matchRules: [{ regexMatch: "/v.*" }] }),
    ],
    [
      "a prefix without a slash",
      /must start with \//,
      (g) => rules(g, { matchRules: [{ prefixMatch: "v1" }] }),
    ],
    ["a rule that leads nowhere", /Exactly one of service/, (g) => rules(g, { service: undefined })],
    [
      "two kinds of load balancers",
      /same load balancing scheme/,
      (g) => {
        const one = g.service();
        const healthChecks = g.cloud.world.list(edge.check)[0]?.id;
        const two = g.backend({ name: "two", healthChecks, loadBalancingScheme: "EXTERNAL" }).id;
        g.map({
          defaultService: one,
          hostRules: [{ hosts: ["*"], pathMatcher: "a" }],
          pathMatchers: [{ name: "a", defaultService: two }],
        });
      },
    ],
    [
      "a status from the classic load balancer",
      /EXTERNAL_MANAGED/,
      (g) => {
        g.port();
        g.map({
          defaultService: g.backend({ loadBalancingScheme: "EXTERNAL" }).id,
          defaultRouteAction: fault(404),
        });
      },
    ],
    [
      "to delete a service in use",
      /resourceInUseByAnotherResource/,
      (g) => (g.map({ defaultService: g.service() }), g.cloud.delete(g.cloud.world.list(edge.backend)[0]!)),
    ],
  ]);
});

describe("local GCP: the entrance", () => {
  it("answers on the reserved address", () => {
    const { state } = fresh().frontend();
    expect(state["ipAddress"]).to.match(/^34\./);
    expect(state["portRange"]).to.equal("80-80");
  });

  const secure = (g: GcpEdge, more: Props) =>
    g.make("https", { name: "tls", urlMap: g.map({ defaultService: g.service() }).id, ...more });
  const mapId = "projects/example-project/locations/global/certificateMaps/none";
  refuses<GcpEdge>(fresh, [
    ["a port range", /single port/, (g) => g.frontend({ portRange: "80-443" })],
    ["no port", /single port/, (g) => g.frontend({ portRange: undefined })],
    [
      "an address that isn't reserved",
      /reserved global external address/,
      (g) => g.frontend({ ipAddress: "34.9.9.9" }),
    ],
    [
      "an address and port in use",
      /in-use by/,
      (g) => {
        const { inputs } = g.frontend();
        g.make("rule", { ...inputs, name: "again" });
      },
    ],
    [
      "a target that isn't there",
      /not found/,
      (g) => g.frontend({ target: "projects/p/global/targetHttpProxies/none" }),
    ],
    [
      "another scheme than the backends'",
      /differs from its backend services'/,
      (g) => g.frontend({ loadBalancingScheme: "EXTERNAL" }),
    ],
    [
      "to give the address back",
      /resourceInUse/,
      (g) => (g.frontend(), g.cloud.delete(g.cloud.world.list(edge.address)[0]!)),
    ],
    [
      "to delete a proxy in use",
      /resourceInUse/,
      (g) => (g.frontend(), g.cloud.delete(g.cloud.world.list(edge.http)[0]!)),
    ],
    [
      "to delete what its policy prevents",
      /deletion policy is "PREVENT"/,
      (g) => g.cloud.delete(g.make("address", { name: "kept", deletionPolicy: "PREVENT" })),
    ],
    ["HTTPS without a certificate", /At least one certificate/, (g) => secure(g, {})],
    [
      "a certificate map of another form",
      /certificatemanager.googleapis.com\/projects/,
      (g) => secure(g, { certificateMap: mapId }),
    ],
    [
      "a certificate map that isn't there",
      /not found/,
      (g) => secure(g, { certificateMap: `//certificatemanager.googleapis.com/${mapId}` }),
    ],
    [
      "TLS 1.3 alone with a modern profile",
      /needs the profile RESTRICTED/,
      (g) => g.make("tls", { name: "tls", profile: "MODERN", minTlsVersion: "TLS_1_3" }),
    ],
    [
      "a custom profile without features",
      /customFeatures/,
      (g) => g.make("tls", { name: "tls", profile: "CUSTOM" }),
    ],
    ["a profile that is none", /profile/, (g) => g.make("tls", { name: "tls", profile: "STRICT" })],
  ]);
});

import { expect } from "chai";
import type { Props } from "../../../../local/behaviour.js";
import { Gateways, gatewayType, pfx } from "../../../support/azureGateways.js";
import { refuses } from "../../../support/refusals.js";

const manager: Props = {
  name: "manager",
  priority: 100,
  direction: "Inbound",
  access: "Allow",
  protocol: "Tcp",
  sourceAddressPrefix: "GatewayManager",
  sourcePortRange: "*",
  destinationAddressPrefix: "*",
  destinationPortRange: "65200-65535",
};

describe("local cloud: Application Gateway", () => {
  it("comes up in a subnet whose security group admits its managers, and keeps the subnet", () => {
    const gateways = new Gateways();
    gateways.gatewaySubnet(gateways.group([manager]));
    gateways.gateway();
    expect(() => gateways.delete(gateways.gatewaySubnet())).to.throw(/InUse/);
    expect(() => gateways.delete(gateways.publicIp())).to.throw(/PublicIPAddressCannotBeDeleted/);
  });

  it("changes routes in place", () => {
    const gateways = new Gateways();
    const made = gateways.gateway();
    const change = gateways.args({ urlPathMaps: [gateways.pathMap(["/v2/*"])] });
    expect(gateways.replaces(made, change)).to.deep.equal([]);
    expect(() => gateways.update(made, change)).not.to.throw();
  });

  refuses(
    () => new Gateways(),
    [
      ["a v1 SKU", /InvalidSku/, (g) => g.gateway({ sku: { name: "WAF_Medium", tier: "WAF", capacity: 2 } })],
      ["WAF_v2 without a policy", /FirewallNotConfigured/, (g) => g.gateway({ firewallPolicy: undefined })],
      [
        "a policy of another tier",
        /PolicyNotSupported/,
        (g) => g.gateway({ sku: { name: "Standard_v2", tier: "Standard_v2" } }),
      ],
      [
        "a policy that is not there",
        /InvalidResourceReference/,
        (g) => g.gateway({ firewallPolicy: { id: "/none" } }),
      ],
      [
        "unbuffered requests past a WAF",
        /RequestBuffering/,
        (g) =>
          g.gateway({
            globalConfiguration: { enableRequestBuffering: false, enableResponseBuffering: false },
          }),
      ],
      [
        "two frontend ports of one number",
        /FrontendPortsHaveSamePort/,
        (g) =>
          g.gateway({
            frontendPorts: (g.args()["frontendPorts"] as Props[]).map((each) => ({ ...each, port: 443 })),
          }),
      ],
      [
        "HTTP settings without a port",
        /Port and protocol must be given in HTTP settings core/,
        (g) => g.gateway({ backendHttpSettingsCollection: [{ name: "core", protocol: "Http" }] }),
      ],
      ["no capacity", /SkuCapacityAndAutoscale/, (g) => g.gateway({ autoscaleConfiguration: undefined })],
      [
        "autoscaling downwards",
        /InvalidCapacity/,
        (g) => g.gateway({ autoscaleConfiguration: { minCapacity: 4, maxCapacity: 3 } }),
      ],
      [
        "a subnet with something else in it",
        /CannotBeUsedByOtherResources/,
        (g) => {
          const cache = g.put("azure-native:redisenterprise:RedisEnterprise", {
            clusterName: "cache",
            location: g.location,
            sku: { name: "Balanced_B1" },
            publicNetworkAccess: "Disabled",
          });
          g.put("azure-native:network:PrivateEndpoint", {
            privateEndpointName: "cache",
            location: g.location,
            subnet: { id: g.gatewaySubnet().id },
            privateLinkServiceConnections: [
              { name: "cache", groupIds: ["redisEnterprise"], privateLinkServiceId: cache.id },
            ],
          });
          g.gateway();
        },
      ],
      [
        "a delegated subnet",
        /Delegation/,
        (g) =>
          g.gateway({ gatewayIPConfigurations: [{ name: "subnet", subnet: { id: g.dataSubnet().id } }] }),
      ],
      [
        "a subnet without room",
        /SubnetIsFull/,
        (g) => {
          g.subnet("gateway", "10.20.0.0/29");
          g.gateway({ autoscaleConfiguration: { minCapacity: 4, maxCapacity: 10 } });
        },
      ],
      [
        "a security group that keeps its managers out",
        /InboundTrafficBlockedByNetworkSecurityGroup/,
        (g) => {
          g.gatewaySubnet(g.group([{ ...manager, destinationPortRange: "443" }]));
          g.gateway();
        },
      ],
      [
        "a default route to an appliance",
        /DefaultRouteNotSupported/,
        (g) => {
          const table = g.put("azure-native:network:RouteTable", {
            routeTableName: "out",
            location: g.location,
          });
          g.put("azure-native:network:Route", {
            routeTableName: "out",
            routeName: "default",
            addressPrefix: "0.0.0.0/0",
            nextHopType: "VirtualAppliance",
            nextHopIpAddress: "10.20.3.4",
          });
          g.gatewaySubnet({ routeTable: { id: table.id } });
          g.gateway();
        },
      ],
      [
        "an address in fewer zones",
        /ZonesMismatch/,
        (g) => {
          g.publicIp({ zones: ["1"] });
          g.gateway();
        },
      ],
      [
        "an address that another gateway has",
        /PublicIPAddressInUse/,
        (g) => {
          g.gateway();
          const text = JSON.stringify(g.args()).replaceAll(
            "applicationGateways/gateway/",
            "applicationGateways/two/",
          );
          g.put(gatewayType, { ...(JSON.parse(text) as Props), applicationGatewayName: "two" });
        },
      ],
      [
        "a part that is not there",
        /InvalidResourceReference.*urlPathMaps\/none/,
        (g) => g.gateway(g.rules({ urlPathMap: g.id("urlPathMaps/none") })),
      ],
      [
        "a part of another collection",
        /InvalidResourceReference/,
        (g) =>
          g.gateway({
            httpListeners: [g.listener({ frontendPort: g.id("probes/core") }), g.plainListener()],
          }),
      ],
      [
        "another gateway's part",
        /InvalidResourceReference/,
        (g) => {
          const { id } = g.id("frontendPorts/https");
          const frontendPort = { id: id.replace("/gateway/", "/other/") };
          g.gateway({ httpListeners: [g.listener({ frontendPort }), g.plainListener()] });
        },
      ],
      [
        "two parts of one name",
        /DuplicateResourceName/,
        (g) => g.gateway({ backendHttpSettingsCollection: [g.settings(), g.settings({ port: 8040 })] }),
      ],
      [
        "a rule without a priority",
        /PriorityCannotBeEmpty/,
        (g) => g.gateway(g.rules({ priority: undefined })),
      ],
      ["one priority twice", /PriorityInvalid/, (g) => g.gateway(g.rules({ priority: 200 }))],
      ["a priority out of range", /PriorityInvalid/, (g) => g.gateway(g.rules({ priority: 20001 }))],
      ["a path map of a basic rule", /TypeMismatch/, (g) => g.gateway(g.rules({ ruleType: "Basic" }))],
      [
        "a listener of two rules",
        /UsedByMoreThanOneRule/,
        (g) => g.gateway(g.rules({ httpListener: g.id("httpListeners/http") })),
      ],
      [
        "two listeners for one name",
        /SameFrontendPortAndHost/,
        (g) => g.gateway({ httpListeners: [g.listener(), g.plainListener(), g.listener({ name: "again" })] }),
      ],
      [
        "HTTPS without a certificate",
        /MustReferenceCert/,
        (g) => g.gateway({ httpListeners: [g.listener({ sslCertificate: undefined }), g.plainListener()] }),
      ],
      [
        "a certificate without a password",
        /DataMustBeSpecified/,
        (g) => g.gateway({ sslCertificates: [{ name: "certificate", data: pfx }] }),
      ],
      [
        "a certificate that is no PKCS #12",
        /InvalidData/,
        (g) => g.gateway({ sslCertificates: [{ name: "certificate", data: "bm90aGluZw==", password: "x" }] }),
      ],
      [
        "a policy with TLS 1.0",
        /DeprecatedTlsVersion/,
        (g) => g.gateway({ sslPolicy: { policyType: "Predefined", policyName: "AppGwSslPolicy20150501" } }),
      ],
      [
        "a TLS policy that is not there",
        /does not exist/,
        (g) => g.gateway({ sslPolicy: { policyType: "Predefined", policyName: "AppGwSslPolicy2022" } }),
      ],
      [
        "a timeout of more than a day",
        /1 to 86400/,
        (g) => g.gateway({ backendHttpSettingsCollection: [g.settings({ requestTimeout: 86401 })] }),
      ],
      [
        "a probe's relative path",
        /ProbePathIsInvalid/,
        (g) => g.gateway({ probes: [g.probe({ path: "health" })] }),
      ],
      ["a probe of no host", /ProbeHostIsNull/, (g) => g.gateway({ probes: [g.probe({ host: undefined })] })],
      [
        "a probe longer than its interval",
        /IsGreaterThanInterval/,
        (g) => g.gateway({ probes: [g.probe({ timeout: 11 })] }),
      ],
      [
        "a wildcard within a path",
        /PathInvalid/,
        (g) => g.gateway({ urlPathMaps: [g.pathMap(["/v1/*/x"])] }),
      ],
      [
        "a wildcard not after a slash",
        /PathInvalid/,
        (g) => g.gateway({ urlPathMaps: [g.pathMap(["/v1*"])] }),
      ],
      ["one path twice", /DuplicatePath/, (g) => g.gateway({ urlPathMaps: [g.pathMap(["/v1/*", "/V1/*"])] })],
      [
        "a path map without a default",
        /RuleTargetInvalid/,
        (g) => g.gateway({ urlPathMaps: [g.pathMap(["/v1/*"], { defaultBackendAddressPool: undefined })] }),
      ],
      [
        "a redirect in a circle",
        /RedirectLoop/,
        (g) => g.gateway({ redirectConfigurations: [g.redirect("http")] }),
      ],
    ],
  );

  refuses(
    () => new Gateways("westus"),
    [["zones in a region without", /Availability zones are not supported/, (g) => g.gateway()]],
  );
});

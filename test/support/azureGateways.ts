import type { Props, WorldObject } from "../../local/behaviour.js";
import { AzureGround } from "./azureGround.js";

export const gatewayType = "azure-native:network:ApplicationGateway";
/** Version 3, as every PKCS #12 file begins. */
export const pfx = Buffer.from([0x30, 0x05, 0x02, 0x01, 0x03, 0x30, 0x00]).toString("base64");

/** The inputs of a gateway that Azure takes, part by part. */
export class Gateways extends AzureGround {
  id(path: string): { id: string } {
    const group = "/subscriptions/00000000-0000-4000-8000-123456789012/resourceGroups/rg";
    return { id: `${group}/providers/Microsoft.Network/applicationGateways/gateway/${path}` };
  }

  backend(name = "core"): Props {
    return {
      backendAddressPool: this.id(`backendAddressPools/${name}`),
      backendHttpSettings: this.id("backendHttpSettingsCollection/core"),
    };
  }

  gatewaySubnet(more: Props = {}): WorldObject {
    return this.subnet("gateway", "10.20.0.0/24", more);
  }

  args(change: Props = {}): Props {
    return {
      resourceGroupName: "rg",
      applicationGatewayName: "gateway",
      location: this.location,
      zones: ["1", "2", "3"],
      sku: { name: "WAF_v2", tier: "WAF_v2" },
      autoscaleConfiguration: { minCapacity: 2, maxCapacity: 10 },
      firewallPolicy: { id: this.wafPolicy().id },
      sslPolicy: { policyType: "Predefined", policyName: "AppGwSslPolicy20220101" },
      gatewayIPConfigurations: [{ name: "subnet", subnet: { id: this.gatewaySubnet().id } }],
      frontendIPConfigurations: [{ name: "public", publicIPAddress: { id: this.publicIp().id } }],
      frontendPorts: [
        { name: "http", port: 80 },
        { name: "https", port: 443 },
      ],
      sslCertificates: [{ name: "certificate", data: pfx, password: "secret" }],
      backendAddressPools: [{ name: "core", backendAddresses: [{ ipAddress: "10.20.64.10" }] }],
      probes: [this.probe()],
      backendHttpSettingsCollection: [this.settings()],
      httpListeners: [this.listener(), this.plainListener()],
      redirectConfigurations: [this.redirect("https")],
      urlPathMaps: [this.pathMap(["/v1/*"])],
      requestRoutingRules: [
        this.rule(),
        this.rule({
          name: "http",
          priority: 200,
          ruleType: "Basic",
          urlPathMap: undefined,
          httpListener: this.id("httpListeners/http"),
          redirectConfiguration: this.id("redirectConfigurations/redirect"),
        }),
      ],
      ...change,
    };
  }

  probe(change: Props = {}): Props {
    return {
      name: "core",
      protocol: "Http",
      host: "api.x.com",
      path: "/health",
      interval: 10,
      timeout: 5,
      ...change,
    };
  }

  settings(change: Props = {}): Props {
    const probe = this.id("probes/core");
    return { name: "core", port: 8000, protocol: "Http", requestTimeout: 300, probe, ...change };
  }

  listener(change: Props = {}): Props {
    return {
      name: "https",
      protocol: "Https",
      hostName: "api.x.com",
      frontendIPConfiguration: this.id("frontendIPConfigurations/public"),
      frontendPort: this.id("frontendPorts/https"),
      sslCertificate: this.id("sslCertificates/certificate"),
      ...change,
    };
  }

  plainListener(change: Props = {}): Props {
    const frontendPort = this.id("frontendPorts/http");
    return this.listener({
      name: "http",
      protocol: "Http",
      frontendPort,
      sslCertificate: undefined,
      ...change,
    });
  }

  redirect(to: string): Props {
    return { name: "redirect", redirectType: "Permanent", targetListener: this.id(`httpListeners/${to}`) };
  }

  pathMap(paths: string[], change: Props = {}): Props {
    return {
      name: "api",
      defaultBackendAddressPool: this.id("backendAddressPools/core"),
      defaultBackendHttpSettings: this.id("backendHttpSettingsCollection/core"),
      pathRules: [{ name: "core", paths, ...this.backend() }],
      ...change,
    };
  }

  rule(change: Props = {}): Props {
    return {
      name: "https",
      priority: 100,
      ruleType: "PathBasedRouting",
      httpListener: this.id("httpListeners/https"),
      urlPathMap: this.id("urlPathMaps/api"),
      ...change,
    };
  }

  /** The first rule changed, the second as it was. */
  rules(change: Props): Props {
    const [, redirect] = this.args()["requestRoutingRules"] as Props[];
    return { requestRoutingRules: [this.rule(change), redirect] };
  }

  gateway(change: Props = {}): WorldObject {
    return this.put(gatewayType, this.args(change));
  }

  group(rules: Props[]): Props {
    const group = this.put("azure-native:network:NetworkSecurityGroup", {
      networkSecurityGroupName: "gateway",
      location: this.location,
      securityRules: rules,
    });
    return { networkSecurityGroup: { id: group.id } };
  }
}

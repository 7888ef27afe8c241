import * as network from "@pulumi/azure-native/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { ProofZone } from "../dns.js";
import { namesOf, type Hosts } from "../ingress.js";
import { physicalName } from "../names.js";
import { Certificate } from "./certificate.js";
import { diagnostics } from "./diagnostics.js";
import { idleMinutes } from "./internalService.js";
import { partOf, parts, routing } from "./routing.js";
import type { InternalBackend } from "./routing.js";
import { addressOf, allZones } from "./virtualNetwork.js";

export interface LoadBalancerArgs {
  resourceGroupName: pulumi.Input<string>;
  region: string;
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  subscriptionId: pulumi.Input<string>;
  /** The gateway tier's subnet, with nothing else in it. Its security group must admit GatewayManager first. */
  subnetId: pulumi.Input<string>;
  wafPolicyId: pulumi.Input<string>;
  hosts: Hosts;
  backends: InternalBackend[];
  /** Path patterns that reach no backend on any host (502): what a backend serves for the cluster only. */
  hiddenPaths: string[];
  /**
   * Where the certificate for the hosts comes from: a public authority by ACME, proven in the hosts' DNS zone, or
   * the customer, as PKCS #12 in base64 with its password.
   */
  certificate:
    | { acme: { serverUrl: string; email?: string }; zone: ProofZone }
    | { pfx: pulumi.Input<string>; password: pulumi.Input<string> };
  /** Seconds that a backend may be silent, 1 to 86,400. Default 300: a model may think long before it streams. */
  idleTimeout?: number;
  workspaceId: pulumi.Input<string>;
  /** The gateway is not deleted or replaced. */
  protect: boolean;
}

/** Two instances outlive one's failure; ten take about 100 capacity units (Application Gateway v2, autoscaling). */
const capacity = { minCapacity: 2, maxCapacity: 10 };

/** Headers of every answer. An empty value takes the header away. */
const headers = {
  "Strict-Transport-Security": "max-age=31536000",
  "X-Content-Type-Options": "nosniff",
  Server: "",
};

/** The public entrance: one Application Gateway with its certificate, routing, WAF and logs. */
export class LoadBalancer extends pulumi.ComponentResource {
  /** IPv4 address. */
  readonly address: pulumi.Output<string>;
  /** What has to stand before a name points here. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { certificate, ...plain } = args;
    super("javelin:azure:LoadBalancer", name, plain, opts);
    const { prefix, resourceGroupName, region: location, protect, hosts, idleTimeout = 300 } = args;
    const parent = { parent: this };
    const gatewayName = physicalName("azure:applicationGateway", prefix);
    const gatewayId = pulumi.interpolate`/subscriptions/${args.subscriptionId}/resourceGroups/${resourceGroupName}/providers/Microsoft.Network/applicationGateways/${gatewayName}`;
    const part = partOf(gatewayId);

    const names = namesOf(hosts);
    const { pfx, password } =
      "acme" in certificate
        ? new Certificate(
            `${name}-certificate`,
            { names, ...certificate.acme, zone: certificate.zone },
            parent,
          )
        : certificate;

    const publicIp = new network.PublicIPAddress(
      `${name}-address`,
      {
        publicIpAddressName: physicalName("azure:publicIPAddress", prefix, "gateway"),
        resourceGroupName,
        location,
        sku: { name: "Standard", tier: "Regional" },
        publicIPAllocationMethod: "Static",
        publicIPAddressVersion: "IPv4",
        zones: allZones,
        // Default: 4, and the gateway holds no client longer than its address does (Application Gateway FAQ).
        idleTimeoutInMinutes: idleMinutes(idleTimeout),
      },
      { ...parent, protect },
    );
    const gateway = new network.ApplicationGateway(
      `${name}-gateway`,
      {
        applicationGatewayName: gatewayName,
        resourceGroupName,
        location,
        // Whatever the cell's size: another list would replace the gateway.
        zones: allZones,
        sku: { name: "WAF_v2", tier: "WAF_v2" },
        autoscaleConfiguration: capacity,
        firewallPolicy: { id: args.wafPolicyId },
        enableHttp2: true,
        // TLS 1.2 and 1.3, forward secrecy only.
        sslPolicy: { policyType: "Predefined", policyName: "AppGwSslPolicy20220101" },
        // A buffered answer would not stream. Requests are always buffered where a WAF reads them.
        globalConfiguration: { enableRequestBuffering: true, enableResponseBuffering: false },
        gatewayIPConfigurations: [{ name: "subnet", subnet: { id: args.subnetId } }],
        frontendIPConfigurations: [{ name: parts.address, publicIPAddress: { id: publicIp.id } }],
        frontendPorts: [
          { name: parts.ports.http, port: 80 },
          { name: parts.ports.https, port: 443 },
        ],
        sslCertificates: [
          { name: parts.certificate, data: pulumi.secret(pfx), password: pulumi.secret(password) },
        ],
        rewriteRuleSets: [
          {
            name: parts.headers,
            rewriteRules: [
              {
                name: parts.headers,
                ruleSequence: 100,
                actionSet: {
                  responseHeaderConfigurations: Object.entries(headers).map(([headerName, headerValue]) => ({
                    headerName,
                    headerValue,
                  })),
                },
              },
            ],
          },
        ],
        ...routing({
          part,
          hosts,
          backends: args.backends,
          hiddenPaths: args.hiddenPaths,
          requestTimeout: idleTimeout,
        }),
      },
      { ...parent, protect },
    );
    const logs = diagnostics(name, gateway.id, args.workspaceId, parent);

    this.address = addressOf(publicIp);
    this.ready = [gateway, logs];
    this.registerOutputs({ address: this.address });
  }
}

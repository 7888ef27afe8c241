import type { Resource } from "../../../policy/policy.js";
import { resource } from "./cases.js";

export const group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/cell";
const network = `${group}/providers/Microsoft.Network`;
const gateway = `${network}/applicationGateways/gateway`;
export const subnet = (name: string) => `${network}/virtualNetworks/network/subnets/${name}`;
const securityGroup = (name: string) => `${network}/networkSecurityGroups/${name}`;
const part = (kind: string, name: string) => ({ id: `${gateway}/${kind}/${name}` });

const rule = (direction: string, port: string, source: string, destination: string) => ({
  access: "Allow",
  direction,
  protocol: "Tcp",
  sourcePortRange: "*",
  sourceAddressPrefix: source,
  destinationAddressPrefix: destination,
  destinationPortRange: port,
});
const deny = (direction: string) => ({
  ...rule(direction, "*", "*", "*"),
  access: "Deny",
  protocol: "*",
});
export const logged = (name: string, resourceUri: string, logs: Record<string, unknown>[]) =>
  resource("azure-native:monitor:DiagnosticSetting", name, { resourceUri, workspaceId: "/workspace", logs });
export const allLogs = [{ categoryGroup: "allLogs", enabled: true }];

/** What carries the traffic and guards it, as it should be: one resource of every kind that an Azure rule judges. */
export const azureNetwork: readonly Resource[] = [
  resource("azure-native:network:VirtualNetwork", "network", { id: `${network}/virtualNetworks/network` }),
  resource("azure-native:network:FlowLog", "flows", {
    // Azure answers its ids in whatever case it has them.
    targetResourceId: `${network}/virtualNetworks/network`.replace("resourceGroups", "resourcegroups"),
    storageId: "/account",
    enabled: true,
  }),
  resource("azure-native:storage:ManagementPolicy", "expiry", { accountName: "flows" }),
  resource("azure-native:network:Subnet", "firewall-subnet", {
    id: subnet("AzureFirewallSubnet"),
    subnetName: "AzureFirewallSubnet",
  }),
  resource("azure-native:network:Subnet", "gateway-subnet", {
    id: subnet("gateway"),
    subnetName: "gateway",
    networkSecurityGroup: { id: securityGroup("gateway") },
  }),
  resource("azure-native:network:Subnet", "node-subnet", {
    id: subnet("node"),
    subnetName: "node",
    defaultOutboundAccess: false,
    networkSecurityGroup: { id: securityGroup("node") },
  }),
  resource("azure-native:network:NetworkSecurityGroup", "gateway-group", {
    id: securityGroup("gateway"),
    name: "gateway",
    securityRules: [
      deny("Inbound"),
      { ...rule("Inbound", "65200-65535", "GatewayManager", "*"), name: "managers" },
    ],
  }),
  resource("azure-native:network:NetworkSecurityGroup", "node-group", {
    id: securityGroup("node"),
    name: "node",
    securityRules: [
      rule("Outbound", "443", "10.0.1.0/24", "Internet"),
      {
        ...rule("Inbound", "*", "10.0.1.0/24", "10.0.1.0/24"),
        protocol: "*",
        sourceAddressPrefix: undefined,
        sourceAddressPrefixes: ["10.0.1.0/24", "10.244.0.0/16"],
      },
      {
        ...rule("Outbound", "443", "", ""),
        sourceApplicationSecurityGroups: [{ id: "/nodes" }],
        destinationApplicationSecurityGroups: [{ id: "/endpoints" }],
      },
    ],
  }),
  resource("azure-native:network:SecurityRule", "gateway-in", {
    networkSecurityGroupName: "gateway",
    ...rule("Inbound", "", "Internet", "*"),
    destinationPortRanges: ["443", "80"],
  }),
  resource("azure-native:network:SecurityRule", "node-closed-in", {
    networkSecurityGroupName: "node",
    ...deny("Inbound"),
  }),
  resource("azure-native:network:SecurityRule", "node-closed-out", {
    networkSecurityGroupName: "node",
    ...deny("Outbound"),
  }),
  resource("azure-native:network:NetworkInterface", "interface", {
    ipConfigurations: [{ name: "private", subnet: { id: subnet("node") } }],
  }),
  resource("azure-native:network:LoadBalancer", "internal", {
    frontendIPConfigurations: [{ name: "private", privateIPAddress: "10.0.1.4" }],
  }),

  resource("azure-native:network:FirewallPolicyRuleCollectionGroup", "collections", {
    ruleCollections: [
      {
        ruleCollectionType: "FirewallPolicyFilterRuleCollection",
        action: { type: "Allow" },
        rules: [
          {
            ruleType: "NetworkRule",
            name: "tunnel",
            ipProtocols: ["UDP"],
            sourceAddresses: ["10.0.1.0/24"],
            destinationAddresses: ["AzureCloud.westeurope"],
            destinationPorts: ["1194"],
          },
          {
            ruleType: "ApplicationRule",
            name: "aks",
            sourceAddresses: ["10.0.1.0/24"],
            protocols: [{ protocolType: "Http", port: 80 }],
            fqdnTags: ["AzureKubernetesService"],
          },
          {
            ruleType: "ApplicationRule",
            name: "providers",
            sourceAddresses: ["10.0.1.0/24"],
            protocols: [{ protocolType: "Https", port: 443 }],
            targetFqdns: ["api.example.com", "*.example.net"],
          },
        ],
      },
      { action: { type: "Deny" }, rules: [{ ruleType: "NetworkRule", destinationAddresses: ["*"] }] },
    ],
  }),
  resource("azure-native:network:AzureFirewall", "firewall", { id: "/firewall" }),
  logged("firewall-logs", "/firewall", [
    { category: "AZFWApplicationRule", enabled: true },
    { category: "AZFWDnsQuery", enabled: true },
    { category: "AZFWNetworkRule", enabled: true },
  ]),

  resource("azure-native:network:ApplicationGateway", "gateway", {
    id: gateway,
    sku: { name: "WAF_v2", tier: "WAF_v2" },
    firewallPolicy: { id: "/waf" },
    sslPolicy: { policyType: "Predefined", policyName: "AppGwSslPolicy20220101" },
    sslProfiles: [
      { name: "strict", sslPolicy: { policyType: "CustomV2", minProtocolVersion: "TLSv1_3" } },
      { name: "clients", clientAuthConfiguration: {} },
    ],
    gatewayIPConfigurations: [{ subnet: { id: subnet("gateway") } }],
    frontendIPConfigurations: [{ name: "public", publicIPAddress: { id: "/address" } }],
    frontendPorts: [
      { name: "http", port: 80 },
      { name: "https", port: 443 },
    ],
    httpListeners: [
      { name: "http", protocol: "Http" },
      { name: "https", protocol: "Https" },
    ],
    redirectConfigurations: [
      { name: "listener", targetListener: part("httpListeners", "https") },
      { name: "url", targetUrl: "https://gw.example.com" },
    ],
    requestRoutingRules: [
      { httpListener: part("httpListeners", "https"), backendAddressPool: part("pools", "core") },
      {
        httpListener: part("httpListeners", "http"),
        redirectConfiguration: part("redirectConfigurations", "listener"),
      },
      {
        httpListener: part("httpListeners", "http"),
        redirectConfiguration: part("redirectConfigurations", "url"),
      },
    ],
  }),
  logged("gateway-logs", gateway, allLogs),
  resource("azure-native:network:WebApplicationFirewallPolicy", "waf", {
    policySettings: { state: "Enabled", mode: "Prevention" },
    managedRules: { managedRuleSets: [{ ruleSetType: "Microsoft_DefaultRuleSet" }] },
  }),
];

import { hyphenated, type NameRule } from "./rule.js";

/** Limits of Azure by kind; the kind is the Pulumi token's tail where there is one. */
export const azureNames = {
  "azure:postgresServer": {
    max: 63,
    min: 3,
    illegal: hyphenated,
    lower: true,
    singleHyphens: true,
    source: "Microsoft.DBforPostgreSQL/flexibleServers: 3 to 63, ^[a-z0-9][-a-z0-9]*(?<!-)$",
  },
  "azure:redisEnterprise": {
    max: 60,
    illegal: hyphenated,
    lower: true,
    singleHyphens: true,
    source: "Microsoft.Cache/redisEnterprise: ^(?=.{1,60}$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*$",
  },
  "azure:privateEndpoint": {
    max: 64,
    min: 2,
    illegal: hyphenated,
    singleHyphens: true,
    source: "resource name rules, Microsoft.Network/privateEndpoints",
  },
  "azure:networkInterface": {
    max: 80,
    illegal: hyphenated,
    singleHyphens: true,
    source: "resource name rules, Microsoft.Network/networkInterfaces",
  },
  "azure:applicationGateway": {
    max: 80,
    illegal: hyphenated,
    singleHyphens: true,
    source: "resource name rules, Microsoft.Network/applicationGateways",
  },
  "azure:publicIPAddress": {
    max: 80,
    illegal: hyphenated,
    singleHyphens: true,
    source: "resource name rules, Microsoft.Network/publicIPAddresses",
  },
  "azure:cluster": {
    max: 63,
    illegal: hyphenated,
    singleHyphens: true,
    start: /^[A-Za-z0-9]/,
    source:
      "Microsoft.ContainerService/managedClusters: ^[a-zA-Z0-9]$|^[a-zA-Z0-9][-_a-zA-Z0-9]{0,61}[a-zA-Z0-9]$",
  },
  "azure:clusterDns": {
    max: 54,
    illegal: hyphenated,
    singleHyphens: true,
    start: /^[A-Za-z0-9]/,
    source: "AKS, dnsPrefix: 1 to 54 letters, digits and hyphens",
  },
  "azure:nodeResourceGroup": {
    max: 80,
    illegal: /[^A-Za-z0-9_-]/g,
    singleHyphens: true,
    source: "AKS, nodeResourceGroup: at most 80 characters",
  },
  "azure:identity": {
    max: 128,
    min: 3,
    illegal: /[^A-Za-z0-9_-]/g,
    start: /^[A-Za-z0-9]/,
    source: "Microsoft.ManagedIdentity/userAssignedIdentities: ^[a-zA-Z0-9][-_a-zA-Z0-9]{2,127}$",
  },
  "azure:federatedCredential": {
    max: 120,
    min: 3,
    illegal: /[^A-Za-z0-9_-]/g,
    start: /^[A-Za-z0-9]/,
    source: "Microsoft.ManagedIdentity, federatedIdentityCredentials: ^[a-zA-Z0-9][-_a-zA-Z0-9]{2,119}$",
  },
  // 24 characters, less the nine that tell a vault from its deleted namesakes.
  "azure:vault": {
    max: 15,
    min: 3,
    illegal: hyphenated,
    singleHyphens: true,
    source: "Microsoft.KeyVault/vaults: ^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$",
  },
  // 127 characters, less the same nine.
  "azure:vaultObject": {
    max: 118,
    illegal: hyphenated,
    singleHyphens: true,
    source: "Microsoft.KeyVault/vaults/secrets and keys: ^[a-zA-Z0-9-]{1,127}$",
  },
  "azure:dataCollectionRule": {
    max: 64,
    illegal: hyphenated,
    singleHyphens: true,
    source: "resource name rules, Microsoft.Insights/dataCollectionRules",
  },
  "azure:diskEncryptionSet": {
    max: 80,
    illegal: /[^A-Za-z0-9_-]/g,
    singleHyphens: true,
    source: "Microsoft.Compute/diskEncryptionSets: a-z, A-Z, 0-9, _ and -, at most 80",
  },
  "azure:resourceGroup": {
    max: 90,
    illegal: /[^A-Za-z0-9_().-]/g,
    badEnd: /\.$/,
    source: "resource name rules, Microsoft.Resources/resourceGroups",
  },
  "azure:virtualNetwork": {
    max: 64,
    min: 2,
    illegal: hyphenated,
    singleHyphens: true,
    source: "resource name rules, Microsoft.Network/virtualNetworks",
  },
  // Security groups, route tables, NAT gateways, firewall policies and flow logs.
  "azure:networkResource": {
    max: 80,
    illegal: hyphenated,
    singleHyphens: true,
    source: "resource name rules, Microsoft.Network",
  },
  "azure:firewall": {
    max: 56,
    illegal: hyphenated,
    singleHyphens: true,
    source: "Microsoft.Network/azureFirewalls: the portal takes 1 to 56",
  },
  "azure:wafPolicy": {
    max: 128,
    illegal: hyphenated,
    singleHyphens: true,
    source: "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies: maxLength 128",
  },
  // Profiles, and their names below trafficmanager.net.
  "azure:trafficManager": {
    max: 63,
    illegal: hyphenated,
    lower: true,
    singleHyphens: true,
    source: "resource name rules, Microsoft.Network/trafficManagerProfiles; RFC 1035, labels",
  },
  "azure:metricAlert": {
    max: 260,
    illegal: hyphenated,
    singleHyphens: true,
    source: "resource name rules, Microsoft.Insights/metricAlerts",
  },
  "azure:workspace": {
    max: 63,
    min: 4,
    illegal: hyphenated,
    singleHyphens: true,
    source: "resource name rules, Microsoft.OperationalInsights/workspaces",
  },
  "azure:privateZoneLabel": {
    max: 63,
    illegal: hyphenated,
    lower: true,
    singleHyphens: true,
    source: "resource name rules, Microsoft.Network/privateDnsZones: labels of 1 to 63",
  },
  "azure:storageAccount": {
    max: 24,
    min: 3,
    illegal: /[^a-z0-9]/g,
    lower: true,
    filler: "",
    source: "resource name rules, Microsoft.Storage/storageAccounts",
  },
} satisfies Record<string, NameRule>;

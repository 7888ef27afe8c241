import type { Resource } from "../../../policy/policy.js";
import { allLogs, azureNetwork, logged, subnet } from "./azureNetwork.js";
import { resource } from "./cases.js";

/** One resource of every kind that an Azure rule judges, as it should be. */
export const azureStack: readonly Resource[] = [
  ...azureNetwork,
  resource("azure-native:storage:StorageAccount", "account", {
    id: "/account",
    name: "flows",
    minimumTlsVersion: "TLS1_2",
    enableHttpsTrafficOnly: true,
    allowBlobPublicAccess: false,
  }),
  resource("azure-native:storage:BlobContainer", "container", { publicAccess: "None" }),
  resource("azure-native:dbforpostgresql:Server", "database", {
    id: "/database",
    name: "database",
    network: { delegatedSubnetResourceId: subnet("data") },
  }),
  ...Object.entries({ require_secure_transport: "on", ssl_min_protocol_version: "TLSv1.2" }).map(
    ([configurationName, value]) =>
      resource("azure-native:dbforpostgresql:Configuration", configurationName, {
        serverName: "database",
        configurationName,
        value,
      }),
  ),
  logged("database-logs", "/database", [{ category: "PostgreSQLLogs", enabled: true }]),
  resource("azure-native:redisenterprise:RedisEnterprise", "cache", {
    minimumTlsVersion: "1.2",
    publicNetworkAccess: "Disabled",
  }),
  resource("azure-native:redisenterprise:Database", "cache-database", {
    id: "/cache",
    clientProtocol: "Encrypted",
  }),
  logged("cache-logs", "/cache", allLogs),
  resource("azure-native:redis:Redis", "classic", {
    minimumTlsVersion: "1.2",
    enableNonSslPort: false,
    publicNetworkAccess: "Disabled",
  }),
  resource("azure-native:sql:Server", "sql", { minimalTlsVersion: "1.2", publicNetworkAccess: "Disabled" }),

  resource("azure-native:keyvault:Vault", "vault", {
    id: "/vault",
    properties: { enableRbacAuthorization: true, publicNetworkAccess: "Disabled" },
  }),
  logged("vault-logs", "/vault", [{ category: "AuditEvent", enabled: true }]),
  resource("azure-native:keyvault:Key", "key", {
    properties: { rotationPolicy: { lifetimeActions: [{ action: { type: "rotate" } }] } },
  }),
  resource("azure-native:compute:DiskEncryptionSet", "disks", { rotationToLatestKeyVersionEnabled: true }),
  resource("azure-native:compute:VirtualMachine", "machine", {
    storageProfile: { osDisk: { managedDisk: {} } },
  }),
  resource("azure-native:compute:VirtualMachineScaleSet", "machines", {
    virtualMachineProfile: {
      storageProfile: { osDisk: { diffDiskSettings: { option: "Local" } } },
      securityProfile: { encryptionAtHost: true },
      networkProfile: { networkInterfaceConfigurations: [{ ipConfigurations: [{ name: "private" }] }] },
    },
  }),
  resource("azure-native:operationalinsights:Workspace", "workspace", { retentionInDays: 30 }),

  resource("azure-native:containerservice:ManagedCluster", "cluster", {
    id: "/cluster",
    kubernetesVersion: "1.33",
    autoUpgradeProfile: { upgradeChannel: "patch" },
    disableLocalAccounts: true,
    aadProfile: { managed: true },
    apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"] },
    networkProfile: { networkPolicy: "cilium" },
    oidcIssuerProfile: { enabled: true },
    securityProfile: { workloadIdentity: { enabled: true } },
    servicePrincipalProfile: { clientId: "msi" },
    agentPoolProfiles: [{ name: "general", osDiskType: "Managed", enableNodePublicIP: false }],
  }),
  logged("cluster-logs", "/cluster", allLogs),
  resource("azure-native:containerservice:AgentPool", "gpu", {
    osDiskType: "Ephemeral",
    enableEncryptionAtHost: true,
  }),
  resource("azure-native:containerregistry:Registry", "registry", { adminUserEnabled: false }),

  resource("azure-native:managedidentity:FederatedIdentityCredential", "credential", {
    issuer: "https://westeurope.oic.prod-aks.azure.com/tenant/id/",
    subject: "system:serviceaccount:javelin:core",
    audiences: ["api://AzureADTokenExchange"],
  }),
  // Network Contributor, on the one subnet that AKS works in.
  resource("azure-native:authorization:RoleAssignment", "assignment", {
    scope: subnet("node"),
    roleDefinitionId:
      "/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7",
  }),
  resource("azure-native:authorization:RoleDefinition", "definition", {
    permissions: [{ actions: ["Microsoft.Network/routeTables/read"], dataActions: [] }],
  }),
];

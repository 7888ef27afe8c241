import type { Breach, Rows } from "./cases.js";
import { resource, toBreaches } from "./cases.js";

/** Changes of the good stack that break the policies on what is stored, sent and logged. */
const rows: Rows = {
  "tls-in-transit": [
    [
      "gateway",
      /20150501.*right is one from TLS 1\.2/,
      { set: { "gateway.sslPolicy.policyName": "AppGwSslPolicy20150501" } },
    ],
    ["gateway", /20170401"/, { set: { "gateway.sslPolicy.policyName": "AppGwSslPolicy20170401" } }],
    ["gateway", /policyName is nothing/, { set: { "gateway.sslPolicy": undefined } }],
    [
      "gateway",
      /minProtocolVersion is "TLSv1_1"/,
      { set: { "gateway.sslProfiles.0.sslPolicy.minProtocolVersion": "TLSv1_1" } },
    ],
    ["gateway", /takes plain TCP/, { set: { "gateway.listeners": [{ name: "raw", protocol: "Tcp" }] } }],
    [
      "gateway",
      /does not redirect/,
      { set: { "gateway.requestRoutingRules.1.redirectConfiguration": undefined } },
    ],
    [
      "gateway",
      /redirects to ".*httpListeners\/http"/,
      { set: { "gateway.redirectConfigurations.0.targetListener.id": "/gateway/httpListeners/http" } },
    ],
    [
      "gateway",
      /redirects to "http:/,
      { set: { "gateway.redirectConfigurations.1.targetUrl": "http://gw.example.com" } },
    ],
    ["require_secure_transport", /is "off"/, { set: { "require_secure_transport.value": "off" } }],
    ["ssl_min_protocol_version", /is "TLSv1"/, { set: { "ssl_min_protocol_version.value": "TLSv1" } }],
    ["database", /require_secure_transport is not stated/, { drop: ["require_secure_transport"] }],
    ["cache", /minimumTlsVersion is "1\.0"/, { set: { "cache.minimumTlsVersion": "1.0" } }],
    [
      "cache-database",
      /clientProtocol is "Plaintext"/,
      { set: { "cache-database.clientProtocol": "Plaintext" } },
    ],
    ["classic", /enableNonSslPort/, { set: { "classic.enableNonSslPort": true } }],
    ["classic", /minimumTlsVersion is nothing/, { set: { "classic.minimumTlsVersion": undefined } }],
    ["sql", /minimalTlsVersion is "1\.1"/, { set: { "sql.minimalTlsVersion": "1.1" } }],
    ["account", /minimumTlsVersion is "TLS1_0"/, { set: { "account.minimumTlsVersion": "TLS1_0" } }],
    ["account", /enableHttpsTrafficOnly/, { set: { "account.enableHttpsTrafficOnly": false } }],
  ],
  "private-stores": [
    [
      "database",
      /publicNetworkAccess is "Enabled"/,
      { set: { "database.network.publicNetworkAccess": "Enabled" } },
    ],
    ["database", /publicNetworkAccess is nothing/, { set: { "database.network": undefined } }],
    ["cache", /publicNetworkAccess is "Enabled"/, { set: { "cache.publicNetworkAccess": "Enabled" } }],
    ["classic", /publicNetworkAccess is nothing/, { set: { "classic.publicNetworkAccess": undefined } }],
    ["sql", /publicNetworkAccess is "Enabled"/, { set: { "sql.publicNetworkAccess": "Enabled" } }],
    [
      "vault",
      /publicNetworkAccess is "Enabled"/,
      { set: { "vault.properties.publicNetworkAccess": "Enabled" } },
    ],
    [
      "everybody",
      /admits "0\.0\.0\.0" to "0\.0\.0\.0"/,
      {
        add: [
          resource("azure-native:dbforpostgresql:FirewallRule", "everybody", {
            startIpAddress: "0.0.0.0",
            endIpAddress: "0.0.0.0",
          }),
        ],
      },
    ],
  ],
  "private-buckets": [
    ["account", /allowBlobPublicAccess is nothing/, { set: { "account.allowBlobPublicAccess": undefined } }],
    ["container", /publicAccess is "Blob"/, { set: { "container.publicAccess": "Blob" } }],
  ],
  "encryption-at-rest": [
    ["cluster", /host's own disk/, { set: { "cluster.agentPoolProfiles.0.osDiskType": undefined } }],
    ["cluster", /host's own disk/, { set: { "cluster.agentPoolProfiles.0.kubeletDiskType": "Temporary" } }],
    ["gpu", /host's own disk/, { set: { "gpu.enableEncryptionAtHost": false } }],
    [
      "machine",
      /host's own disk/,
      { set: { "machine.storageProfile.osDisk.diffDiskSettings": { option: "Local" } } },
    ],
    ["machines", /host's own disk/, { set: { "machines.virtualMachineProfile.securityProfile": undefined } }],
    [
      "key",
      /no rotate/,
      { set: { "key.properties.rotationPolicy.lifetimeActions.0.action.type": "notify" } },
    ],
    ["key", /no rotate/, { set: { "key.properties.rotationPolicy": undefined } }],
    ["disks", /rotationToLatestKeyVersion/, { set: { "disks.rotationToLatestKeyVersionEnabled": false } }],
  ],
  "logs-on": [
    ["cluster", /guard, kube-apiserver, .* are not logged/, { drop: ["cluster-logs"] }],
    ["gateway", /FirewallLog are not logged/, { set: { "gateway-logs.logs.0.enabled": false } }],
    [
      "gateway",
      /FirewallLog is not logged/,
      { set: { "gateway-logs.logs": [{ category: "ApplicationGatewayAccessLog", enabled: true }] } },
    ],
    ["firewall", /AZFWDnsQuery is not logged/, { set: { "firewall-logs.logs.1.enabled": false } }],
    ["database", /PostgreSQLLogs is not/, { set: { "database-logs.resourceUri": "/other" } }],
    ["cache-database", /ConnectionEvents is not/, { drop: ["cache-logs"] }],
    ["vault", /AuditEvent is not/, { drop: ["vault-logs"] }],
    ["vault-logs", /no place/, { set: { "vault-logs.workspaceId": undefined } }],
    ["network", /no flow log/, { drop: ["flows"] }],
    ["flows", /enabled is off/, { set: { "flows.enabled": false } }],
    ["flows", /for ever/, { drop: ["expiry"] }],
    ["flows", /for ever/, { drop: ["expiry"], set: { "flows.retentionPolicy": { enabled: true, days: 0 } } }],
    ["workspace", /retentionInDays/, { set: { "workspace.retentionInDays": -1 } }],
  ],
};

export const azureDataBreaches: Breach[] = toBreaches(rows);

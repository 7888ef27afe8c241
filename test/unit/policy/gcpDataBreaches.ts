import type { Breach, Rows } from "./cases.js";
import { resource, toBreaches } from "./cases.js";

/** Changes of the good stack that break the policies on what is stored, sent and logged. */
const rows: Rows = {
  "tls-in-transit": [
    ["ssl", /minTlsVersion is "TLS_1_0"/, { set: { "ssl.minTlsVersion": "TLS_1_0" } }],
    ["ssl", /minTlsVersion is nothing/, { set: { "ssl.minTlsVersion": undefined } }],
    ["ssl", /profile is "COMPATIBLE"/, { set: { "ssl.profile": "COMPATIBLE" } }],
    ["https", /sslPolicy is nothing/, { set: { "https.sslPolicy": undefined } }],
    ["http", /does not only redirect/, { set: { "http.urlMap": "routes" } }],
    ["http", /does not only redirect/, { set: { "redirect.defaultUrlRedirect.httpsRedirect": false } }],
    ["http", /does not only redirect/, { set: { "redirect.pathMatchers.0.defaultUrlRedirect": undefined } }],
    [
      "http",
      /does not only redirect/,
      { set: { "redirect.pathMatchers.0.pathRules.0": { paths: ["/*"], service: "core" } } },
    ],
    ["raw", /a TCP proxy/, { add: [resource("gcp:compute/targetTCPProxy:TargetTCPProxy", "raw", {})] }],
    [
      "database",
      /sslMode is "ALLOW_UNENCRYPTED_AND_ENCRYPTED"/,
      { set: { "database.settings.ipConfiguration.sslMode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED" } },
    ],
    ["database", /sslMode is nothing/, { set: { "database.settings.ipConfiguration.sslMode": undefined } }],
    [
      "alloy",
      /ALLOW_UNENCRYPTED/,
      { set: { "alloy.clientConnectionConfig.sslConfig.sslMode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED" } },
    ],
    ["cache", /transitEncryptionMode is "DISABLED"/, { set: { "cache.transitEncryptionMode": "DISABLED" } }],
    [
      "cache-cluster",
      /transitEncryptionMode is nothing/,
      { set: { "cache-cluster.transitEncryptionMode": undefined } },
    ],
  ],
  "private-stores": [
    ["database", /ipv4Enabled is true/, { set: { "database.settings.ipConfiguration.ipv4Enabled": true } }],
    ["database", /ipv4Enabled is nothing/, { set: { "database.settings.ipConfiguration": undefined } }],
    [
      "database",
      /authorizedNetworks/,
      { set: { "database.settings.ipConfiguration.authorizedNetworks": [{ value: "198.51.100.0/24" }] } },
    ],
    ["alloy", /enablePublicIp/, { set: { "alloy.networkConfig.enablePublicIp": true } }],
  ],
  "private-buckets": [
    [
      "bucket",
      /publicAccessPrevention is "inherited"/,
      { set: { "bucket.publicAccessPrevention": "inherited" } },
    ],
    ["bucket", /uniformBucketLevelAccess/, { set: { "bucket.uniformBucketLevelAccess": false } }],
    ["entity", /"allUsers" is admitted/, { set: { "entity.entity": "allUsers" } }],
    ["acl", /"publicRead" is admitted/, { set: { "acl.predefinedAcl": "publicRead" } }],
    ["acl", /"READER:allUsers" is admitted/, { set: { "acl.roleEntities": ["READER:allUsers"] } }],
    ["bucket-member", /is for anybody/, { set: { "bucket-member.member": "allUsers" } }],
  ],
  "encryption-at-rest": [
    ["cluster", /state is "DECRYPTED"/, { set: { "cluster.databaseEncryption": { state: "DECRYPTED" } } }],
    ["cluster", /keyName is nothing/, { set: { "cluster.databaseEncryption.keyName": undefined } }],
    ["key", /rotationPeriod is nothing/, { set: { "key.rotationPeriod": undefined } }],
    ["key", /at most 90 days/, { set: { "key.rotationPeriod": "31536000s" } }],
    [
      "secret",
      /customerManagedEncryption is nothing/,
      { set: { "secret.replication": { userManaged: { replicas: [{ location: "europe-west1" }] } } } },
    ],
    ["secret", /customerManagedEncryption is nothing/, { set: { "secret.replication": { auto: {} } } }],
    [
      "regional-secret",
      /customerManagedEncryption is nothing/,
      { set: { "regional-secret.customerManagedEncryption": undefined } },
    ],
  ],
  "logs-on": [
    [
      "cluster",
      /lacks APISERVER, CONTROLLER_MANAGER, SCHEDULER/,
      { set: { "cluster.loggingConfig.enableComponents": ["SYSTEM_COMPONENTS", "WORKLOADS"] } },
    ],
    ["node-subnet", /no flow log/, { set: { "node-subnet.logConfig": undefined } }],
    ["nat", /enable is off/, { set: { "nat.logConfig": undefined } }],
    ["nat", /filter is "ERRORS_ONLY"/, { set: { "nat.logConfig.filter": "ERRORS_ONLY" } }],
    ["backend", /enable is off/, { set: { "backend.logConfig.enable": false } }],
    ["egress", /denies without a log/, { set: { "egress.rules.5.enableLogging": false } }],
    ["classic-deny", /denies without a log/, { set: { "classic-deny.logConfig": undefined } }],
    ["queries", /enableLogging is off/, { set: { "queries.enableLogging": false } }],
    [
      "network",
      /DNS queries/,
      { set: { "queries.networks": [{ networkUrl: "projects/p/global/networks/o" }] } },
    ],
  ],
};

export const gcpDataBreaches: Breach[] = toBreaches(rows);

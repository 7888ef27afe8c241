import type { Resource } from "../../../policy/policy.js";
import { resource } from "./cases.js";

const network = "projects/p/global/networks/network";
const key = "projects/p/locations/europe-west1/keyRings/cell/cryptoKeys/cell";
export const workload = "serviceAccount:core@p.iam.gserviceaccount.com";
const tcp = (...ports: string[]) => [{ ipProtocol: "tcp", ports }];
const all = [{ ipProtocol: "all" }];
const nodes = {
  serviceAccount: "node@p.iam.gserviceaccount.com",
  workloadMetadataConfig: { mode: "GKE_METADATA" },
  shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
};

/** One resource of every kind that a GCP rule judges, as it should be. */
export const gcpStack: readonly Resource[] = [
  resource("gcp:compute/network:Network", "network", { id: network, autoCreateSubnetworks: false }),
  resource("gcp:compute/subnetwork:Subnetwork", "node-subnet", { logConfig: { flowSampling: 1 } }),
  resource("gcp:compute/subnetwork:Subnetwork", "proxy-subnet", { purpose: "REGIONAL_MANAGED_PROXY" }),
  resource("gcp:compute/routerNat:RouterNat", "nat", { logConfig: { enable: true, filter: "ALL" } }),
  resource("gcp:dns/policy:Policy", "queries", {
    enableLogging: true,
    networks: [{ networkUrl: `https://www.googleapis.com/compute/v1/${network}` }],
  }),
  resource("gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules", "egress", {
    name: "egress",
    rules: [
      {
        direction: "INGRESS",
        action: "allow",
        match: { srcIpRanges: ["130.211.0.0/22", "35.191.0.0/16"], layer4Configs: tcp("30080", "30081") },
      },
      {
        direction: "INGRESS",
        action: "goto_next",
        match: { srcIpRanges: ["10.0.0.0/20"], layer4Configs: all },
      },
      { direction: "EGRESS", action: "allow", match: { destIpRanges: ["10.0.0.0/20"], layer4Configs: all } },
      {
        direction: "EGRESS",
        action: "allow",
        match: { destFqdns: ["api.example.com"], layer4Configs: tcp("443") },
      },
      { direction: "EGRESS", action: "allow", disabled: true, match: { layer4Configs: all } },
      {
        direction: "EGRESS",
        action: "deny",
        enableLogging: true,
        match: { destIpRanges: ["0.0.0.0/0"], layer4Configs: all },
      },
    ],
  }),
  resource("gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation", "association", {
    firewallPolicy: "egress",
    attachmentTarget: network,
  }),
  resource("gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule", "policy-rule", {
    firewallPolicy: "other",
    direction: "INGRESS",
    action: "allow",
    match: { srcSecureTags: [{ name: "tagValues/1" }], layer4Configs: tcp("8443") },
  }),
  resource("gcp:compute/firewall:Firewall", "classic", {
    network,
    allows: [{ protocol: "tcp", ports: ["443"] }],
    sourceRanges: ["0.0.0.0/0"],
  }),
  resource("gcp:compute/firewall:Firewall", "classic-deny", {
    network,
    denies: [{ protocol: "all" }],
    logConfig: { metadata: "INCLUDE_ALL_METADATA" },
  }),

  resource("gcp:compute/sSLPolicy:SSLPolicy", "ssl", { profile: "MODERN", minTlsVersion: "TLS_1_2" }),
  resource("gcp:compute/targetHttpsProxy:TargetHttpsProxy", "https", { sslPolicy: "ssl", urlMap: "routes" }),
  resource("gcp:compute/targetHttpProxy:TargetHttpProxy", "http", { urlMap: "redirect" }),
  resource("gcp:compute/uRLMap:URLMap", "routes", { id: "routes", defaultService: "core" }),
  resource("gcp:compute/uRLMap:URLMap", "redirect", {
    id: "redirect",
    defaultUrlRedirect: { httpsRedirect: true, stripQuery: false },
    pathMatchers: [
      {
        name: "all",
        defaultUrlRedirect: { httpsRedirect: true },
        pathRules: [{ paths: ["/*"], urlRedirect: { httpsRedirect: true } }],
      },
    ],
  }),
  resource("gcp:compute/globalForwardingRule:GlobalForwardingRule", "address", {
    loadBalancingScheme: "EXTERNAL_MANAGED",
    portRange: "443-443",
    target: "https",
  }),
  resource("gcp:compute/forwardingRule:ForwardingRule", "endpoint", {
    loadBalancingScheme: "",
    target: "projects/p/regions/europe-west1/serviceAttachments/database",
  }),
  resource("gcp:compute/forwardingRule:ForwardingRule", "internal", {
    loadBalancingScheme: "INTERNAL",
    allPorts: true,
    backendService: "internal",
  }),
  resource("gcp:compute/backendService:BackendService", "backend", {
    loadBalancingScheme: "EXTERNAL_MANAGED",
    protocol: "HTTP",
    securityPolicy: "armor",
    logConfig: { enable: true },
  }),
  resource("gcp:compute/regionBackendService:RegionBackendService", "internal-backend", { protocol: "TCP" }),
  resource("gcp:compute/securityPolicy:SecurityPolicy", "armor", {
    name: "armor",
    type: "CLOUD_ARMOR",
    rules: [
      {
        action: "deny(403)",
        match: { expr: { expression: "evaluatePreconfiguredWaf('sqli-v33-stable')" } },
      },
      { action: "deny(403)", match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } } },
    ],
  }),
  resource("gcp:compute/securityPolicy:SecurityPolicy", "edge", { type: "CLOUD_ARMOR_EDGE" }),
  resource("gcp:compute/securityPolicy:SecurityPolicy", "apart", { name: "apart" }),
  resource("gcp:compute/securityPolicyRule:SecurityPolicyRule", "apart-rule", {
    securityPolicy: "apart",
    match: { expr: { expression: "evaluatePreconfiguredExpr('xss-stable')" } },
  }),

  resource("gcp:storage/bucket:Bucket", "bucket", {
    publicAccessPrevention: "enforced",
    uniformBucketLevelAccess: true,
  }),
  resource("gcp:storage/bucketAccessControl:BucketAccessControl", "entity", { entity: "user-a@example.com" }),
  resource("gcp:storage/bucketACL:BucketACL", "acl", {
    predefinedAcl: "projectPrivate",
    roleEntities: ["READER:user-a@example.com"],
  }),
  resource("gcp:storage/bucketIAMMember:BucketIAMMember", "bucket-member", {
    role: "roles/storage.objectViewer",
    member: workload,
  }),
  resource("gcp:sql/databaseInstance:DatabaseInstance", "database", {
    settings: { ipConfiguration: { ipv4Enabled: false, sslMode: "ENCRYPTED_ONLY" } },
  }),
  resource("gcp:alloydb/instance:Instance", "alloy", {
    clientConnectionConfig: { sslConfig: { sslMode: "ENCRYPTED_ONLY" } },
    networkConfig: { enablePublicIp: false },
  }),
  resource("gcp:redis/instance:Instance", "cache", { transitEncryptionMode: "SERVER_AUTHENTICATION" }),
  resource("gcp:redis/cluster:Cluster", "cache-cluster", {
    transitEncryptionMode: "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION",
  }),
  resource("gcp:kms/cryptoKey:CryptoKey", "key", { purpose: "ENCRYPT_DECRYPT", rotationPeriod: "7776000s" }),
  resource("gcp:kms/cryptoKey:CryptoKey", "signing-key", { purpose: "ASYMMETRIC_SIGN" }),
  resource("gcp:secretmanager/secret:Secret", "secret", {
    replication: {
      userManaged: { replicas: [{ customerManagedEncryption: { kmsKeyName: key } }] },
    },
  }),
  resource("gcp:secretmanager/regionalSecret:RegionalSecret", "regional-secret", {
    customerManagedEncryption: { kmsKeyName: key },
  }),

  resource("gcp:container/cluster:Cluster", "cluster", {
    minMasterVersion: "1.33",
    maintenancePolicy: { maintenanceExclusions: [{ exclusionOptions: { scope: "NO_MINOR_UPGRADES" } }] },
    datapathProvider: "ADVANCED_DATAPATH",
    privateClusterConfig: { enablePrivateNodes: true },
    controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: false } },
    masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
    databaseEncryption: { state: "ENCRYPTED", keyName: key },
    workloadIdentityConfig: { workloadPool: "p.svc.id.goog" },
    enableShieldedNodes: true,
    removeDefaultNodePool: true,
    loggingConfig: {
      enableComponents: ["APISERVER", "CONTROLLER_MANAGER", "SCHEDULER", "SYSTEM_COMPONENTS", "WORKLOADS"],
    },
  }),
  resource("gcp:container/cluster:Cluster", "by-address", {
    minMasterVersion: "1.33",
    maintenancePolicy: {
      maintenanceExclusions: [{ exclusionOptions: { scope: "NO_MINOR_OR_NODE_UPGRADES" } }],
    },
    networkPolicy: { enabled: true },
    privateClusterConfig: { enablePrivateNodes: true },
    masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: "203.0.113.0/24" }] },
    databaseEncryption: { state: "ENCRYPTED", keyName: key },
    workloadIdentityConfig: { workloadPool: "p.svc.id.goog" },
    nodeConfig: nodes,
    loggingConfig: {
      enableComponents: ["APISERVER", "CONTROLLER_MANAGER", "SCHEDULER", "SYSTEM_COMPONENTS", "WORKLOADS"],
    },
  }),
  resource("gcp:container/nodePool:NodePool", "nodes", {
    nodeConfig: nodes,
    networkConfig: { enablePrivateNodes: true },
  }),
  resource("gcp:compute/instance:Instance", "instance", { networkInterfaces: [{ subnetwork: "node" }] }),

  resource("gcp:serviceaccount/iAMMember:IAMMember", "pods", {
    role: "roles/iam.workloadIdentityUser",
    member: "serviceAccount:p.svc.id.goog[javelin/core]",
  }),
  resource("gcp:projects/iAMMember:IAMMember", "member", {
    role: "roles/logging.logWriter",
    member: workload,
  }),
  resource("gcp:projects/iAMMember:IAMMember", "people", {
    role: "roles/container.admin",
    member: "group:operators@example.com",
  }),
  resource("gcp:projects/iAMMember:IAMMember", "reader", {
    role: "roles/secretmanager.secretAccessor",
    member: workload,
    condition: { title: "secrets", expression: 'resource.name.startsWith("projects/1/secrets/gateway_")' },
  }),
  resource("gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding", "binding", {
    role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
    members: [workload],
  }),
  resource("gcp:projects/iAMPolicy:IAMPolicy", "policy", {
    policyData: JSON.stringify({
      bindings: [{ role: "roles/monitoring.metricWriter", members: [workload] }],
    }),
  }),
  resource("gcp:projects/iAMCustomRole:IAMCustomRole", "custom-role", {
    permissions: ["aiplatform.endpoints.predict"],
  }),
  resource("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider", "pool-provider", {
    attributeCondition: 'assertion.repository == "example/gateway"',
  }),
];

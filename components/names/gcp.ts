import { hyphenated, type NameRule } from "./rule.js";

/** Compute Engine's names, and those of the services that follow it: RFC 1035, one label. */
const rfc1035 = { max: 63, illegal: /[^a-z0-9-]/g, lower: true, singleHyphens: true, start: /^[a-z]/ };

/** Limits of Google Cloud by kind; the kind is the Pulumi token's tail where there is one. */
export const gcpNames = {
  "gcp:network": { ...rfc1035, source: "compute.v1 discovery, Network.name" },
  "gcp:subnetwork": { ...rfc1035, source: "compute.v1 discovery, Subnetwork.name" },
  "gcp:router": { ...rfc1035, source: "compute.v1 discovery, Router.name and RouterNat.name" },
  "gcp:firewall": { ...rfc1035, source: "compute.v1 discovery, Firewall.name" },
  "gcp:firewallPolicy": { ...rfc1035, source: "compute.v1 discovery, FirewallPolicy.name" },
  "gcp:securityPolicy": { ...rfc1035, source: "compute.v1 discovery, SecurityPolicy.name" },
  "gcp:managedZone": { ...rfc1035, source: "dns.v1 discovery, ManagedZone.name and Policy.name" },
  "gcp:address": { ...rfc1035, source: "compute.v1 discovery, Address.name and ForwardingRule.name" },
  "gcp:loadBalancer": {
    ...rfc1035,
    source:
      "compute.v1 discovery, UrlMap, BackendService, HealthCheck, SslPolicy, proxies, NamedPort; networkservices.v1, ServiceLbPolicy",
  },
  "gcp:certificate": { ...rfc1035, source: "Certificate Manager, names of its resources" },
  "gcp:alert": { max: 512, illegal: hyphenated, source: "monitoring.v3 discovery, AlertPolicy.displayName" },
  // Project and instance together take 98 characters: 30 and a colon are the project's, nine left for a suffix.
  "gcp:database": { ...rfc1035, max: 58, source: "Cloud SQL, instance settings: instance id" },
  "gcp:cache": { ...rfc1035, max: 40, source: "redis.v1 discovery, instances.create" },
  "gcp:cluster": {
    max: 40,
    illegal: /[^a-z0-9-]/g,
    lower: true,
    singleHyphens: true,
    source: "container.v1 discovery, Cluster.name",
  },
  "gcp:nodePool": {
    max: 40,
    illegal: /[^a-z0-9-]/g,
    lower: true,
    singleHyphens: true,
    source: "container.v1 discovery, NodePool.name",
  },
  "gcp:serviceAccount": {
    min: 6,
    max: 30,
    illegal: /[^a-z0-9-]/g,
    lower: true,
    singleHyphens: true,
    source: "iam.v1 discovery, CreateServiceAccountRequest.accountId",
  },
  // Role ids take no hyphen: `customRoleId` makes underscores of them, so that none may be there before.
  // Of 64 characters nine are left for a suffix.
  "gcp:role": {
    min: 3,
    max: 55,
    illegal: hyphenated,
    singleHyphens: true,
    source: "iam.v1 discovery, CreateRoleRequest.roleId",
  },
  // Of 63 characters nine are left for a suffix.
  "gcp:keyRing": {
    max: 54,
    illegal: hyphenated,
    singleHyphens: true,
    source: "cloudkms.v1 discovery, keyRings.create",
  },
  // Without underscores: one of them sets the gateway's own secrets apart from every other name.
  "gcp:secret": { max: 255, illegal: hyphenated, source: "secretmanager.v1 discovery, secretId" },
} satisfies Record<string, NameRule>;

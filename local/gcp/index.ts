import type { Provider } from "../behaviour.js";
import { addresses } from "./addresses.js";
import { certificateManager } from "./certificateManager.js";
import { merge } from "./common.js";
import { container } from "./container.js";
import { dns } from "./dns.js";
import { dnsPolicies } from "./dnsPolicies.js";
import { firewallPolicies } from "./firewallPolicies.js";
import { forwardingRules } from "./forwardingRules.js";
import { healthChecks } from "./healthChecks.js";
import { iam } from "./iam.js";
import { kms } from "./kms.js";
import { loadBalancingBackends } from "./loadBalancingBackends.js";
import { loadBalancingProxies } from "./loadBalancingProxies.js";
import { monitoring } from "./monitoring.js";
import { namedPorts } from "./namedPorts.js";
import { networks } from "./network.js";
import { projects } from "./projects.js";
import { redis } from "./redis.js";
import { routers } from "./routers.js";
import { secretmanager } from "./secretmanager.js";
import { securityPolicies } from "./securityPolicies.js";
import { serviceAccount } from "./serviceAccount.js";
import { serviceIdentities } from "./serviceIdentity.js";
import { serviceLbPolicies } from "./serviceLbPolicies.js";
import { sql } from "./sql.js";
import { subnetworks } from "./subnetworks.js";
import { vpcFirewalls } from "./vpcFirewalls.js";
import { urlMaps } from "./urlMaps.js";

export { seed } from "./dns.js";

/** All that the local cloud knows of Google Cloud. */
export const gcp: Provider = merge(
  addresses,
  certificateManager,
  container,
  dns,
  dnsPolicies,
  firewallPolicies,
  forwardingRules,
  healthChecks,
  iam,
  kms,
  loadBalancingBackends,
  loadBalancingProxies,
  monitoring,
  namedPorts,
  networks,
  projects,
  redis,
  routers,
  secretmanager,
  securityPolicies,
  serviceAccount,
  serviceIdentities,
  serviceLbPolicies,
  sql,
  subnetworks,
  vpcFirewalls,
  urlMaps,
);

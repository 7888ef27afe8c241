import { CloudError } from "../behaviour.js";
import type { Context, Props, WorldObject } from "../behaviour.js";
import { at, guid, isCidr, isTrue, objects, refuseUnless, text, texts } from "./common.js";
import { refuseEgress, refuseSubnetAccess } from "./containerServiceEgress.js";
import { refuseNetwork } from "./containerServiceNetwork.js";
import { admitPool, refusePoolChange } from "./containerServicePools.js";
import { minorOf, versions } from "./containerServiceTypes.js";
import { principalOf } from "./diskEncryption.js";
import { holdsRole } from "./roles.js";

const bad = "BadRequest";
const privateRange = /^(10\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.)/;

/** Everything that AKS refuses about a cluster before it makes a node. */
export function admitCluster(inputs: Props, context: Context): void {
  const { current } = context;
  const location = text(inputs, "location") ?? "";
  const pools = objects(inputs, "agentPoolProfiles");
  refuseVersion(inputs, current);
  refuseUnless(
    pools.length > 0,
    "InvalidParameter",
    "Required parameter agentPoolProfiles is missing (null).",
  );
  refuseUnless(
    pools.some((each) => text(each, "mode") === "System"),
    "InvalidParameter",
    "Must define at least one system pool.",
  );
  for (const pool of pools) {
    admitPool(pool, text(pool, "name") ?? "", location);
    const version = text(pool, "orchestratorVersion");
    const own = text(inputs, "kubernetesVersion");
    refuseUnless(
      version === undefined || own === undefined || minorOf(version) <= minorOf(own),
      "NodePoolMcVersionIncompatible",
      `Node pool version ${version ?? ""} and control plane version ${own ?? ""} are incompatible.`,
    );
  }
  if (current) refusePoolSet(pools, objects(current.inputs, "agentPoolProfiles"));
  refuseIdentity(inputs, context);
  refuseAccess(inputs, current);
  refuseAddons(inputs, current);
  refuseNetwork(inputs, context);
  for (const subnetId of new Set(at(inputs, "agentPoolProfiles[].vnetSubnetID").map(String))) {
    refuseSubnetAccess(inputs, subnetId, context);
    refuseEgress(inputs, subnetId, context);
  }
}

function refuseVersion(inputs: Props, current: WorldObject | undefined): void {
  const version = text(inputs, "kubernetesVersion");
  if (version === undefined) return;
  const minor = version.split(".").slice(0, 2).join(".");
  refuseUnless(
    minor in versions && /^\d+\.\d+(\.\d+)?$/.test(version),
    "K8sVersionNotSupported",
    `Managed cluster is on version ${version} which is not supported in this region. Please use [az aks get-versions] command to get the supported version list in this region.`,
  );
  const before = text(current?.state, "currentKubernetesVersion");
  if (before === undefined) return;
  const step = minorOf(version) - minorOf(before);
  refuseUnless(
    step === 0 || step === 1,
    "OperationNotAllowed",
    `Upgrading from version ${before} to ${version} is not allowed: minor versions cannot be skipped, nor taken back.`,
  );
}

/** Pools come and go by operations of their own; what came with the cluster stays nearly as it is. */
function refusePoolSet(pools: readonly Props[], before: readonly Props[]): void {
  for (const pool of pools) {
    const old = before.find((each) => each.name === pool.name);
    if (!old)
      throw new CloudError(
        bad,
        "A new agent pool was introduced. Adding agent pools to an existing cluster is not allowed through managed cluster operations. For agent pool specific change, please use per agent pool operations.",
      );
    refusePoolChange(old, pool);
    refuseUnless(
      text(old, "vmSize") === text(pool, "vmSize"),
      "PropertyChangeNotAllowed",
      "Changing property 'properties.vmSize' is not allowed.",
    );
  }
}

function refuseIdentity(inputs: Props, context: Context): void {
  const type = text(inputs, "identity.type");
  const identities = texts(inputs, "identity.userAssignedIdentities");
  refuseUnless(
    type !== undefined || at(inputs, "servicePrincipalProfile.clientId").length > 0,
    "InvalidParameter",
    "A cluster needs an identity or a service principal.",
  );
  refuseUnless(
    type !== "UserAssigned" || identities.length === 1,
    "InvalidParameter",
    `A cluster has exactly one user assigned identity, not ${identities.length}.`,
  );
  const outbound = text(inputs, "networkProfile.outboundType") ?? "loadBalancer";
  refuseUnless(
    outbound !== "userDefinedRouting" || type === "UserAssigned",
    "OnlySupportedOnUserAssignedMSICluster",
    "System-assigned managed identity not supported for custom resource RouteTable. Please use user-assigned managed identity.",
  );
  const disks = text(inputs, "diskEncryptionSetID");
  if (disks === undefined) return;
  refuseUnless(
    holdsRole(context, principalOf(context, identities), disks, ["Reader", "Contributor", "Owner"]),
    "LinkedAuthorizationFailed",
    `The identity of the cluster does not have permission to perform action 'Microsoft.Compute/diskEncryptionSets/read' on '${disks}'.`,
  );
}

/** Who may reach the API server, and as whom. */
function refuseAccess(inputs: Props, current: WorldObject | undefined): void {
  const closed = (of: Props) => isTrue(of, "apiServerAccessProfile.enablePrivateCluster");
  refuseUnless(
    !current || closed(current.inputs) === closed(inputs),
    "PropertyChangeNotAllowed",
    "Changing property 'apiServerAccessProfile.enablePrivateCluster' is not allowed.",
  );
  const ranges = texts(inputs, "apiServerAccessProfile.authorizedIPRanges");
  refuseUnless(
    ranges.length === 0 || !isTrue(inputs, "apiServerAccessProfile.enablePrivateCluster"),
    bad,
    "Authorized IP ranges are not allowed with a private cluster.",
  );
  refuseUnless(
    ranges.length <= 200,
    bad,
    `A cluster has at most 200 authorized IP ranges, not ${ranges.length}.`,
  );
  for (const range of ranges)
    refuseUnless(
      (isCidr(range) || isCidr(`${range}/32`)) && !privateRange.test(range),
      bad,
      `The authorized IP range ${range} is invalid: it is no public IPv4 address or CIDR block.`,
    );
  const entra = isTrue(inputs, "aadProfile.managed");
  refuseUnless(
    entra || !isTrue(inputs, "disableLocalAccounts"),
    bad,
    "Disabling local accounts is only allowed for clusters with managed Microsoft Entra ID integration.",
  );
  refuseUnless(
    inputs.enableRBAC !== false || !entra,
    bad,
    "Microsoft Entra ID integration needs Kubernetes RBAC.",
  );
  const wrong = texts(inputs, "aadProfile.adminGroupObjectIDs").find((each) => !guid.test(each));
  refuseUnless(wrong === undefined, bad, `The admin group object id '${wrong ?? ""}' is not a GUID.`);
}

const channels = {
  upgradeChannel: ["rapid", "stable", "patch", "node-image", "none"],
  nodeOSUpgradeChannel: ["None", "Unmanaged", "NodeImage", "SecurityPatch"],
};

function refuseAddons(inputs: Props, current: WorldObject | undefined): void {
  const issuer = isTrue(inputs, "oidcIssuerProfile.enabled");
  refuseUnless(
    issuer || !isTrue(inputs, "securityProfile.workloadIdentity.enabled"),
    bad,
    "The OIDC issuer has to be enabled for workload identity.",
  );
  refuseUnless(
    issuer || !isTrue(current?.inputs, "oidcIssuerProfile.enabled"),
    bad,
    "The OIDC issuer feature cannot be disabled.",
  );
  for (const [name, allowed] of Object.entries(channels)) {
    const given = text(inputs, `autoUpgradeProfile.${name}`);
    refuseUnless(
      given === undefined || allowed.includes(given),
      bad,
      `The ${name} '${given ?? ""}' is not one of ${allowed.join(", ")}.`,
    );
  }
  refuseUnless(
    !isTrue(inputs, "addonProfiles.omsagent.enabled") ||
      at(inputs, "addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID").length > 0,
    bad,
    `The addon omsagent of cluster ${text(inputs, "resourceName") ?? ""} needs logAnalyticsWorkspaceResourceID.`,
  );
}

import * as compute from "@pulumi/azure-native/compute/index.js";
import * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { createDevicePlugin } from "../kubernetes/devicePlugin.js";
import { physicalName } from "../names.js";
import type { KubernetesVersion } from "../kubernetes/versions.js";
import { apiServerAccess, networkOf, networkProfile } from "./clusterNetwork.js";
import { containerInsightsAddon, createContainerInsights } from "./containerInsights.js";
import { diagnostics } from "./diagnostics.js";
import { kubeconfigOf } from "./kubeconfig.js";
import { createMaintenanceWindows } from "./maintenance.js";
import { createNodePool, type NodePoolSize, systemPool } from "./nodePools.js";
import { assignRole, type RoleName } from "./roles.js";
import type { EncryptionKey } from "./secrets.js";

export interface ComputeArgs {
  resourceGroupName: pulumi.Input<string>;
  region: string;
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  tenantId: pulumi.Input<string>;
  /** Entra object id of whoever runs the deployment: the one who creates a cluster administers it, and stays. */
  deployerObjectId: pulumi.Input<string>;
  /** Kubernetes minor version, `1.35`. AKS chooses its newest patch and goes with the patches that follow. */
  version: KubernetesVersion;
  /** The node tier's subnet. */
  subnetId: pulumi.Input<string>;
  /** True: nodes leave as the subnet's routes say; false: by its NAT gateway. Changing it replaces the cluster. */
  routed: boolean;
  /** The subnet's route table. Needed when routed. */
  routeTableId?: pulumi.Input<string> | undefined;
  /** Public ranges that may reach the Kubernetes API. Empty: the API has a private address only, for ever. */
  apiAccess: string[];
  /** Addresses that nodes leave from: they reach a public API as anybody else does, and never join without. */
  egressAddresses: pulumi.Input<string>[];
  /** Object ids of Entra groups that administer the cluster besides the deployer. */
  admins: string[];
  /** Two or three of `1`, `2`, `3`. Add at the end: the first two hold AKS's own pods. */
  zones: string[];
  /** Private ranges of Services and pods; apart from each other and from the network's. Each node takes a /24 for pods. */
  serviceCidr: string;
  podCidr: string;
  nodes: NodePoolSize;
  /** A second pool, with NVIDIA GPUs. Default: none. */
  gpu?: NodePoolSize;
  /** The customer's key for disks. Default: Azure's own. It stays as it is for the cluster's life. */
  key?: EncryptionKey;
  workspaceId: pulumi.Input<string>;
  /** The cluster is not deleted or replaced. */
  protect: boolean;
  /** What must exist before a node starts, or it never joins: egress routes and rules. */
  ready: pulumi.Input<pulumi.Input<pulumi.Resource>[]>;
}

/** An AKS cluster with its node pools, monitoring and Kubernetes provider. */
export class Compute extends pulumi.ComponentResource {
  readonly clusterName: pulumi.Output<string>;
  readonly clusterId: pulumi.Output<string>;
  /** Host name of the API server. */
  readonly endpoint: pulumi.Output<string>;
  /** What identifies the cluster to the Kubernetes provider: as long as it stays, nothing in it is replaced. */
  readonly clusterIdentifier: string;
  /** JSON; authenticates by `kubelogin` with the Azure CLI's login of whoever runs it. Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Resources that use it wait until access and nodes are there. */
  readonly provider: k8s.Provider;
  /** Whose tokens a federated credential trusts. */
  readonly oidcIssuerUrl: pulumi.Output<string>;
  /** Identity of the control plane, which makes load balancers and disks. */
  readonly identityPrincipalId: pulumi.Output<string>;
  /** Where AKS keeps nodes, disks and load balancers. */
  readonly nodeResourceGroup: string;
  /** The pools that the gateway runs in. */
  readonly nodePools: containerservice.AgentPool[];

  constructor(name: string, args: ComputeArgs, opts?: pulumi.ComponentResourceOptions) {
    const { ready, ...inputs } = args;
    super("javelin:azure:Compute", name, inputs, opts);
    const { prefix, region, resourceGroupName, version, subnetId, zones, workspaceId, protect } = args;
    const parent = { parent: this };
    const clusterName = physicalName("azure:cluster", prefix);
    this.nodeResourceGroup = physicalName("azure:nodeResourceGroup", prefix, "nodes");

    const identity = new managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      {
        resourceName: physicalName("azure:identity", prefix, "cluster"),
        resourceGroupName,
        location: region,
      },
      parent,
    );
    const grant = (suffix: string, role: RoleName, scope: pulumi.Input<string>) =>
      assignRole(
        `${name}-${suffix}`,
        { role, scope },
        { id: identity.principalId, type: "ServicePrincipal" },
        parent,
      );
    // AKS checks these when it creates the cluster, and makes internal load balancers by them later.
    const grants = [grant("subnet-access", "Network Contributor", subnetId)];
    if (args.routed && args.routeTableId !== undefined)
      grants.push(grant("routes-access", "Network Contributor", args.routeTableId));
    // AKS links a private API's zone to the network: of the roles that let it, this one lets it do nothing else there.
    if (args.apiAccess.length === 0)
      grants.push(
        grant("network-access", "Private DNS Zone Contributor", pulumi.output(subnetId).apply(networkOf)),
      );

    let disks: compute.DiskEncryptionSet | undefined;
    if (args.key) {
      disks = new compute.DiskEncryptionSet(
        `${name}-disks`,
        {
          diskEncryptionSetName: physicalName("azure:diskEncryptionSet", prefix),
          resourceGroupName,
          location: region,
          encryptionType: "EncryptionAtRestWithCustomerKey",
          identity: { type: "UserAssigned", userAssignedIdentities: [args.key.identityId] },
          activeKey: { keyUrl: args.key.versionedUri, sourceVault: { id: args.key.vaultId } },
          rotationToLatestKeyVersionEnabled: true,
        },
        {
          ...parent,
          // The role on the key takes some minutes to count, and what nodes wait for takes longer.
          dependsOn: ready,
          // Azure itself moves it to the key's next version.
          ignoreChanges: ["activeKey.keyUrl"],
        },
      );
      grants.push(grant("disks-access", "Reader", disks.id));
    }

    const cluster = new containerservice.ManagedCluster(
      `${name}-cluster`,
      {
        resourceName: clusterName,
        resourceGroupName,
        location: region,
        kubernetesVersion: version,
        dnsPrefix: physicalName("azure:clusterDns", prefix),
        nodeResourceGroup: this.nodeResourceGroup,
        // The free tier has no uptime agreement and fewer nodes.
        sku: { name: "Base", tier: "Standard" },
        identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
        agentPoolProfiles: [systemPool({ version, subnetId, zones })],
        apiServerAccessProfile: apiServerAccess(args),
        enableRBAC: true,
        // Everybody logs in by Entra ID: there is no certificate that could be lost.
        disableLocalAccounts: true,
        aadProfile: {
          managed: true,
          enableAzureRBAC: true,
          adminGroupObjectIDs: args.admins,
          tenantID: args.tenantId,
        },
        networkProfile: networkProfile(args),
        oidcIssuerProfile: { enabled: true },
        securityProfile: { workloadIdentity: { enabled: true } },
        addonProfiles: containerInsightsAddon(workspaceId),
        // Patches come by themselves, as on the other clouds; a minor version is the config's to change.
        autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
        diskEncryptionSetID: disks?.id,
      },
      {
        ...parent,
        dependsOn: pulumi.output(ready).apply((resources): pulumi.Resource[] => [...resources, ...grants]),
        protect,
        // The name is fixed, so a successor cannot stand beside it.
        deleteBeforeReplace: true,
      },
    );
    createMaintenanceWindows(name, { resourceGroupName, clusterName: cluster.name }, parent);
    diagnostics(name, cluster.id, workspaceId, parent);
    createContainerInsights(
      `${name}-insights`,
      { resourceGroupName, region, prefix, clusterId: cluster.id, workspaceId },
      parent,
    );
    const access = assignRole(
      `${name}-deployer`,
      { role: "Azure Kubernetes Service RBAC Cluster Admin", scope: cluster.id },
      { id: args.deployerObjectId, type: undefined },
      // The next one who runs the deployment must be among the admins; the first keeps what is theirs.
      { ...parent, ignoreChanges: ["principalId", "roleAssignmentName"] },
    );

    const sizes: [string, NodePoolSize][] = [
      ["general", args.nodes],
      ...(args.gpu ? ([["gpu", args.gpu]] as [string, NodePoolSize][]) : []),
    ];
    this.nodePools = [];
    for (const [group, size] of sizes)
      this.nodePools.push(
        createNodePool(
          `${name}-${group}`,
          {
            resourceGroupName,
            clusterName: cluster.name,
            group,
            version,
            subnetId,
            zones,
            size,
            gpu: group === "gpu",
          },
          // One after another: AKS refuses a pool while it makes another one. And after the deployer's role, which
          // takes some minutes to count: a pool takes longer.
          { ...parent, dependsOn: [access, ...this.nodePools] },
        ),
      );

    this.clusterName = cluster.name;
    this.clusterId = cluster.id;
    this.endpoint = args.apiAccess.length > 0 ? cluster.fqdn : cluster.privateFQDN;
    // Another way out makes another cluster of the same name, in which nothing is yet.
    this.clusterIdentifier = `${region}/${clusterName}/${args.routed ? "routed" : "nat"}`;
    this.kubeconfig = kubeconfigOf(cluster, resourceGroupName, parent);
    // A preview knows of this profile only what is asked for: the id makes the rest wait for the cluster.
    this.oidcIssuerUrl = pulumi
      .all([cluster.oidcIssuerProfile, cluster.id])
      .apply(([profile]) => profile!.issuerURL);
    this.identityPrincipalId = identity.principalId;
    this.provider = new k8s.Provider(
      `${name}-kubernetes`,
      {
        kubeconfig: this.kubeconfig,
        clusterIdentifier: this.clusterIdentifier,
        enableServerSideApply: true,
        // What was in a cluster that is gone, is gone.
        deleteUnreachable: true,
      },
      { ...parent, dependsOn: [access, ...this.nodePools] },
    );
    if (args.gpu) createDevicePlugin(`${name}-device-plugin`, { ...parent, provider: this.provider });

    this.registerOutputs({
      clusterName: this.clusterName,
      clusterId: this.clusterId,
      endpoint: this.endpoint,
      clusterIdentifier: this.clusterIdentifier,
      kubeconfig: this.kubeconfig,
      oidcIssuerUrl: this.oidcIssuerUrl,
      identityPrincipalId: this.identityPrincipalId,
      nodeResourceGroup: this.nodeResourceGroup,
    });
  }
}

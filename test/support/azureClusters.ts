import { identityType } from "../../local/azure/managedIdentity.js";
import { clusterType, poolType } from "../../local/azure/containerServiceTypes.js";
import { net } from "../../local/azure/networkTypes.js";
import { assignmentType } from "../../local/azure/roles.js";
import type { Props, WorldObject } from "../../local/behaviour.js";
import { kubernetes } from "../../local/kubernetes/index.js";
import { Operations } from "../../local/operations.js";
import { AzureGround } from "./azureGround.js";

const networkContributor = "4d97b98b-1d4f-4787-a291-c67834d212e7";
const everywhere = "0.0.0.0/0";
let serial = 0;

/** What a cluster needs to come up, each part left out when a test wants it to be missing. */
export class Clusters extends AzureGround {
  readonly without: Set<string>;

  constructor(...without: string[]) {
    super();
    this.without = new Set(without);
  }

  grant(guid: string, scope: string, principalId: unknown, more: Props = {}): WorldObject {
    return this.make(assignmentType, {
      roleAssignmentName: `${String(++serial).padStart(8, "0")}-0000-4000-8000-000000000000`,
      roleDefinitionId: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${guid}`,
      scope,
      principalId,
      principalType: "ServicePrincipal",
      ...more,
    });
  }

  identity(): WorldObject {
    return this.put(identityType, { resourceName: "cluster", location: this.location });
  }

  /** The node subnet, with its route table, and Azure Firewall as the way out. */
  nodes(route: Props = { nextHopType: "VirtualAppliance", nextHopIpAddress: "10.20.0.4" }): [string, string] {
    this.network();
    const table = this.put(net.routeTable, { routeTableName: "nodes", location: this.location });
    if (!this.without.has("route"))
      this.put(net.route, { routeTableName: "nodes", routeName: "out", addressPrefix: everywhere, ...route });
    if (!this.without.has("firewall")) this.firewall();
    const routed = this.without.has("table") ? {} : { routeTable: { id: table.id } };
    const guarded = this.without.has("https") ? { networkSecurityGroup: { id: this.closedGroup().id } } : {};
    return [this.subnet("node", "10.20.4.0/22", { ...routed, ...guarded }).id, table.id];
  }

  private closedGroup(): WorldObject {
    return this.put(net.securityGroup, {
      networkSecurityGroupName: "nodes",
      location: this.location,
      securityRules: [
        {
          name: "out-rest",
          priority: 4000,
          direction: "Outbound",
          access: "Deny",
          protocol: "*",
          sourceAddressPrefix: "*",
          sourcePortRange: "*",
          destinationAddressPrefix: "*",
          destinationPortRange: "*",
        },
      ],
    });
  }

  firewall(): void {
    const at = { location: this.location };
    const policy = this.put(net.firewallPolicy, {
      ...at,
      firewallPolicyName: "egress",
      sku: { tier: "Standard" },
    });
    const rule = {
      ruleType: "ApplicationRule",
      name: "aks",
      ...(this.without.has("sources")
        ? { sourceIpGroups: ["/elsewhere"] }
        : { sourceAddresses: ["10.20.4.0/22"] }),
      protocols: [{ protocolType: "Https", port: 443 }],
      ...(this.without.has("tag")
        ? { targetFqdns: ["example.com"] }
        : { fqdnTags: ["AzureKubernetesService"] }),
    };
    this.put(net.ruleCollectionGroup, {
      firewallPolicyName: "egress",
      ruleCollectionGroupName: "egress",
      priority: 200,
      ruleCollections: [
        {
          ruleCollectionType: "FirewallPolicyFilterRuleCollection",
          name: "out",
          priority: 100,
          action: { type: "Allow" },
          rules: [rule],
        },
      ],
    });
    const subnet = this.subnet("AzureFirewallSubnet", "10.20.0.0/26");
    this.put(net.firewall, {
      ...at,
      azureFirewallName: "egress",
      sku: { name: "AZFW_VNet", tier: "Standard" },
      firewallPolicy: { id: policy.id },
      ipConfigurations: [
        { name: "egress", subnet: { id: subnet.id }, publicIPAddress: { id: this.publicIp().id } },
      ],
    });
  }

  /** The inputs of a cluster that AKS takes. */
  args(change: Props = {}, pool: Props = {}, route?: Props): Props {
    const [subnetId, tableId] = this.nodes(route);
    const identity = this.identity();
    for (const scope of [subnetId, tableId])
      if (!this.without.has(scope === subnetId ? "subnetRole" : "tableRole"))
        this.grant(networkContributor, scope, identity.state.principalId);
    const whole: Props = {
      resourceGroupName: "rg",
      resourceName: "main",
      location: this.location,
      dnsPrefix: "main",
      nodeResourceGroup: "rg-nodes",
      kubernetesVersion: "1.34",
      identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
      agentPoolProfiles: [
        {
          name: "system",
          mode: "System",
          type: "VirtualMachineScaleSets",
          vmSize: "Standard_D2s_v5",
          count: 2,
          availabilityZones: ["1", "2"],
          vnetSubnetID: subnetId,
          ...pool,
        },
      ],
      networkProfile: {
        networkPlugin: "azure",
        networkPluginMode: "overlay",
        networkDataplane: "cilium",
        networkPolicy: "cilium",
        outboundType: "userDefinedRouting",
        podCidr: "100.64.0.0/16",
        serviceCidr: "172.20.0.0/16",
        dnsServiceIP: "172.20.0.10",
      },
      aadProfile: { managed: true, enableAzureRBAC: true },
      disableLocalAccounts: true,
      oidcIssuerProfile: { enabled: true },
      securityProfile: { workloadIdentity: { enabled: true } },
    };
    for (const [key, value] of Object.entries(change))
      whole[key] =
        typeof value === "object" && value !== null
          ? { ...(whole[key] as Props | undefined), ...value }
          : value;
    return whole;
  }

  cluster(change: Props = {}, pool: Props = {}, route?: Props): WorldObject {
    return this.make(clusterType, this.args(change, pool, route));
  }

  pool(change: Props = {}): WorldObject {
    const cluster = this.cluster();
    const [system] = cluster.inputs.agentPoolProfiles as Props[];
    return this.put(poolType, {
      resourceName: "main",
      agentPoolName: "general",
      mode: "User",
      vmSize: "Standard_D4s_v5",
      enableAutoScaling: true,
      minCount: 3,
      maxCount: 8,
      count: 4,
      vnetSubnetID: system?.vnetSubnetID,
      ...change,
    });
  }

  /** Makes an object in the cluster, as the deployer. */
  inCluster(cluster: WorldObject, type: string, inputs: Props): WorldObject {
    const region = `https://${String(cluster.state.fqdn)}:443`;
    return new Operations({ kubernetes }, this.world).create(type, "r", inputs, { region });
  }
}

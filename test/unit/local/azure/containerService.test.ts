import { expect } from "chai";
import { caller } from "../../../../local/azure/authorization.js";
import { clusterType, poolType } from "../../../../local/azure/containerServiceTypes.js";
import { identityType } from "../../../../local/azure/managedIdentity.js";
import { net } from "../../../../local/azure/networkTypes.js";
import { assignmentType } from "../../../../local/azure/roles.js";
import { vmSize } from "../../../../local/azure/vmSizes.js";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { kubernetes } from "../../../../local/kubernetes/index.js";
import { Operations } from "../../../../local/operations.js";
import { AzureGround } from "../../../support/azureGround.js";
import { refuses } from "../../../support/refusals.js";

const networkContributor = "4d97b98b-1d4f-4787-a291-c67834d212e7";
const clusterAdmin = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b";
const everywhere = "0.0.0.0/0";
let serial = 0;

/** What a cluster needs to come up, each part left out when a test wants it to be missing. */
class Clusters extends AzureGround {
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
    return [this.subnet("node", "10.20.4.0/22", routed).id, table.id];
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
      sourceAddresses: ["10.20.4.0/22"],
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

const net_ = (networkProfile: Props) => (g: Clusters) => g.cluster({ networkProfile });
const pool = (change: Props) => (g: Clusters) => g.cluster({}, change);

describe("local cloud: AKS clusters", () => {
  it("have names, issuer and patch of their own, a node resource group, and keep them", () => {
    const ground = new Clusters();
    const inputs = ground.args();
    const before = ground.make(clusterType, inputs);
    expect(before.state.fqdn).to.match(/^main-[0-9a-f]{8}\.hcp\.westeurope\.azmk8s\.io$/);
    expect(before.state)
      .to.have.nested.property("oidcIssuerProfile.issuerURL")
      .that.matches(/\.oic\.prod-aks\./);
    expect(before.state.currentKubernetesVersion).to.match(/^1\.34\.\d+$/);
    const group = () =>
      ground.world.list("azure-native:resources:ResourceGroup").map(({ state }) => state.name);
    expect(group()).to.include("rg-nodes");
    const after = ground.update(before, { ...inputs, kubernetesVersion: "1.35" });
    for (const each of ["fqdn", "oidcIssuerProfile", "identityProfile"])
      expect(after.state[each]).to.deep.equal(before.state[each]);
    expect(after.state.currentKubernetesVersion).to.match(/^1\.35\./);
    ground.delete(after);
    expect(group()).to.not.include("rg-nodes");
  });

  it("are replaced for another network, way out or disk key, and for little else", () => {
    const ground = new Clusters();
    const inputs = ground.args();
    const made = ground.make(clusterType, inputs);
    const replaces = (change: Props) => ground.replaces(made, { ...inputs, ...change });
    const network = inputs.networkProfile as Props;
    expect(replaces({ networkProfile: { ...network, outboundType: "loadBalancer" } })).to.have.length(1);
    expect(replaces({ diskEncryptionSetID: "other" })).to.have.length(1);
    expect(replaces({ kubernetesVersion: "1.35", sku: { name: "Base", tier: "Standard" } })).to.have.length(
      0,
    );
  });

  it("take no pool more, and no other machines, by an update", () => {
    const ground = new Clusters();
    const inputs = ground.args();
    const made = ground.make(clusterType, inputs);
    const [system] = inputs.agentPoolProfiles as Props[];
    const update = (...agentPoolProfiles: Props[]) => ground.update(made, { ...inputs, agentPoolProfiles });
    expect(() => update(system ?? {}, { ...system, name: "second" })).to.throw(
      /new agent pool was introduced/,
    );
    expect(() => update({ ...system, vmSize: "Standard_D4s_v5" })).to.throw(/PropertyChangeNotAllowed/);
    expect(() => update({ ...system, availabilityZones: ["1", "2", "3"] })).to.throw(/availabilityZones/);
    expect(() => ground.update(made, { ...inputs, kubernetesVersion: "1.33" })).to.throw(/cannot be skipped/);
  });

  it("hold their subnet, route table and identity", () => {
    const ground = new Clusters();
    const { inputs } = ground.cluster();
    const [system] = inputs.agentPoolProfiles as Props[];
    for (const [type, id] of [
      [net.subnet, system?.vnetSubnetID],
      [identityType, (inputs.identity as { userAssignedIdentities: string[] }).userAssignedIdentities[0]],
    ] as const)
      expect(() => ground.delete(ground.world.find(type, String(id))!)).to.throw(/in use/);
  });

  refuses(
    () => new Clusters(),
    [
      [
        "a version that AKS does not have",
        /K8sVersionNotSupported/,
        (g) => g.cluster({ kubernetesVersion: "1.12" }),
      ],
      ["no system pool", /at least one system pool/, pool({ mode: "User" })],
      ["a pool name with a capital", /Agentpool name 'System'/, pool({ name: "System" })],
      ["a pool name of 13 characters", /at most 12/, pool({ name: "a".repeat(13) })],
      ["a VM size that does not exist", /VM size of Standard_Q9/, pool({ vmSize: "Standard_Q9" })],
      ["a system pool of one vCPU", /too small/, pool({ vmSize: "Standard_B1ms" })],
      ["a zone that no region has", /'4'.* is not supported/, pool({ availabilityZones: ["4"] })],
      [
        "zones where there are none",
        /AvailabilityZoneNotSupported/,
        (g) => g.cluster({ location: "westus" }),
      ],
      [
        "a range of Services that meets the network",
        /ServiceCidrOverlap/,
        net_({ serviceCidr: "10.20.128.0/20" }),
      ],
      ["a range of pods that meets the network", /PodCidrOverlap/, net_({ podCidr: "10.0.0.0/8" })],
      [
        "a range of Services that meets the pods'",
        /ServiceCidrOverlapPodCidr/,
        net_({ serviceCidr: "100.64.0.0/20", dnsServiceIP: "100.64.0.10" }),
      ],
      ["a range that AKS keeps for itself", /reserved range 172\.30/, net_({ serviceCidr: "172.30.0.0/20" })],
      ["cluster DNS outside the Services", /dnsServiceIP is invalid/, net_({ dnsServiceIP: "172.21.0.10" })],
      ["cluster DNS at the first address", /dnsServiceIP is invalid/, net_({ dnsServiceIP: "172.20.0.1" })],
      [
        "Cilium without an overlay",
        /networkDataplane 'cilium' requires/,
        net_({ networkPluginMode: undefined }),
      ],
      ["Cilium with another policy", /requires networkPolicy 'cilium'/, net_({ networkPolicy: "calico" })],
      [
        "an overlay of kubenet",
        /overlay' is supported with networkPlugin/,
        net_({ networkPlugin: "kubenet" }),
      ],
      ["a pod range with too few /24", /InsufficientPodCidr/, net_({ podCidr: "100.64.0.0/24" })],
      [
        "workload identity without an issuer",
        /OIDC issuer has to be enabled/,
        (g) => g.cluster({ oidcIssuerProfile: { enabled: false } }),
      ],
      [
        "no local accounts and no Entra ID",
        /Disabling local accounts/,
        (g) => g.cluster({ aadProfile: { managed: false } }),
      ],
      [
        "private ranges for the API",
        /authorized IP range 10\.0\.0\.0\/8/,
        (g) => g.cluster({ apiServerAccessProfile: { authorizedIPRanges: ["10.0.0.0/8"] } }),
      ],
      [
        "authorized ranges of a private API",
        /not allowed with a private cluster/,
        (g) =>
          g.cluster({
            apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"], enablePrivateCluster: true },
          }),
      ],
      [
        "routes without an identity of the customer's",
        /OnlySupportedOnUserAssignedMSICluster/,
        (g) => g.cluster({ identity: { type: "SystemAssigned", userAssignedIdentities: [] } }),
      ],
      [
        "a workspace that does not exist",
        /workspace .* was not found/,
        (g) =>
          g.cluster({
            addonProfiles: { omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: "/x" } } },
          }),
      ],
      [
        "a route to the internet",
        /RouteTableInvalidNextHop.*next hop of Internet/,
        (g) => g.cluster({}, {}, { nextHopType: "Internet" }),
      ],
      [
        "nodes whose own address the API does not admit",
        /exit status=51.*authorized IP ranges/,
        (g) => g.cluster({ apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"] } }),
      ],
      [
        "a NAT gateway that the subnet does not have",
        /needs a NAT gateway/,
        net_({ outboundType: "userAssignedNATGateway" }),
      ],
    ],
  );

  for (const [missing, wording] of [
    ["table", /ExistingRouteTableNotAssociatedWithSubnet/],
    ["route", /RouteTableMissingDefaultRoute/],
    ["tableRole", /CustomRouteTableMissingPermission/],
    ["subnetRole", /LinkedAuthorizationFailed.*subnets\/join/],
    ["firewall", /nothing answers at 10\.20\.0\.4/],
    ["tag", /no rule of .* allows the FQDN tag AzureKubernetesService/],
  ] as const)
    it(`do not come up without their ${missing}`, () => {
      expect(() => new Clusters(missing).cluster()).to.throw(wording);
      expect(() => new Clusters().cluster()).to.not.throw();
    });
});

describe("local cloud: AKS node pools", () => {
  refuses(
    () => new Clusters(),
    [
      [
        "a pool of a cluster that does not exist",
        /ParentResourceNotFound/,
        (g) => g.put(poolType, { resourceName: "x", agentPoolName: "a" }),
      ],
      ["a name that the cluster has", /'system' already exists/, (g) => g.pool({ agentPoolName: "system" })],
      [
        "an autoscaler without its range",
        /minCount and maxCount are required/,
        (g) => g.pool({ maxCount: undefined }),
      ],
      ["a count outside the range", /between minCount 3 and maxCount 8/, (g) => g.pool({ count: 2 })],
      [
        "more nodes than the subnet has addresses",
        /InsufficientPodCidr|InsufficientSubnetSize/,
        (g) => g.pool({ maxCount: 999 }),
      ],
      [
        "a label of AKS's",
        /reserved for AKS/,
        (g) => g.pool({ nodeLabels: { "kubernetes.azure.com/x": "y" } }),
      ],
      ["a taint without an effect", /key=value:effect/, (g) => g.pool({ nodeTaints: ["gpu=true"] })],
      [
        "a version newer than the cluster's",
        /NodePoolMcVersionIncompatible/,
        (g) => g.pool({ orchestratorVersion: "1.35" }),
      ],
    ],
  );

  it("are replaced for other machines, and keep disk and zones", () => {
    const ground = new Clusters();
    const made = ground.pool();
    expect(ground.replaces(made, { ...made.inputs, vmSize: "Standard_D8s_v5" })).to.deep.equal(["vmSize"]);
    expect(ground.replaces(made, { ...made.inputs, maxCount: 9 })).to.deep.equal([]);
    expect(() => ground.update(made, { ...made.inputs, osDiskSizeGB: 64 })).to.throw(/osDiskSizeGB/);
  });

  it("go with their cluster", () => {
    const ground = new Clusters();
    ground.pool();
    ground.delete(ground.world.list(clusterType)[0]!);
    expect(ground.world.list(poolType)).to.have.length(0);
  });
});

describe("local cloud: in an AKS cluster", () => {
  const namespace = (g: Clusters, cluster: WorldObject) =>
    g.inCluster(cluster, "kubernetes:core/v1:Namespace", { metadata: { name: "javelin" } });
  const admitted = () => {
    const ground = new Clusters();
    ground.pool();
    const cluster = ground.world.list(clusterType)[0]!;
    ground.grant(clusterAdmin, cluster.id, caller(ground), { principalType: "User" });
    namespace(ground, cluster);
    return { ground, cluster };
  };
  const service = (annotations: Props, name = "core") => ({
    metadata: { name, namespace: "javelin", annotations },
    spec: { type: "LoadBalancer", selector: { app: "core" }, ports: [{ port: 8000 }] },
  });
  const internal = (address: string, name?: string) =>
    service(
      {
        "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
        "service.beta.kubernetes.io/azure-load-balancer-ipv4": address,
      },
      name,
    );

  it("acts who has the role on it, and nobody else", () => {
    const ground = new Clusters();
    expect(() => namespace(ground, ground.cluster())).to.throw(/Unauthorized/);
    expect(() => admitted()).to.not.throw();
  });

  it("internal load balancers get the address that they ask for, once", () => {
    const { ground, cluster } = admitted();
    const make = (inputs: Props) => ground.inCluster(cluster, "kubernetes:core/v1:Service", inputs);
    expect(make(internal("10.20.7.200")).state).to.have.nested.property(
      "status.loadBalancer.ingress[0].ip",
      "10.20.7.200",
    );
    expect(() => make(internal("10.20.7.200", "twin"))).to.throw(/PrivateIPAddressIsAllocated/);
    for (const address of ["10.20.9.1", "10.20.4.3", "10.20.7.255"])
      expect(() => make(internal(address, "other"))).to.throw(/PrivateIPAddressNotInSubnet/);
    expect(() => make(service({}, "open"))).to.throw(/only as internal ones/);
  });

  it("pods run in zones of the region, and not on the nodes of AKS's own", () => {
    const { ground, cluster } = admitted();
    const deployment = (zone: string) => ({
      metadata: { name: `in-${zone}`, namespace: "javelin" },
      spec: {
        selector: { matchLabels: { app: "a" } },
        template: {
          metadata: { labels: { app: "a" } },
          spec: {
            nodeSelector: { "topology.kubernetes.io/zone": zone },
            containers: [{ name: "a", image: "ghcr.io/acme/a:1" }],
          },
        },
      },
    });
    const make = (zone: string) =>
      ground.inCluster(cluster, "kubernetes:apps/v1:Deployment", deployment(zone));
    // The general pool here is in no zone; the system pool, in zones 1 and 2, is tainted in the component only.
    expect(() => make("westeurope-1")).to.not.throw();
    expect(() => make("westeurope-3")).to.throw(/node affinity\/selector/);
  });
});

describe("local cloud: VM sizes", () => {
  for (const [name, vcpus, memoryGiB, gpus] of [
    ["Standard_D4s_v5", 4, 16, 0],
    ["Standard_D8ls_v5", 8, 16, 0],
    ["Standard_E8ds_v5", 8, 64, 0],
    ["Standard_B2s", 2, 4, 0],
    ["Standard_B2ms", 2, 8, 0],
    ["Standard_NC8as_T4_v3", 8, 56, 1],
    ["Standard_NC64as_T4_v3", 64, 448, 4],
    ["Standard_NC24ads_A100_v4", 24, 220, 1],
  ] as const)
    it(`${name}: ${vcpus} vCPUs, ${memoryGiB} GiB, ${gpus} GPUs`, () => {
      expect(vmSize(name)).to.deep.include({ vcpus, memoryGiB, gpus });
    });
  it("knows no size of AWS's", () => expect(vmSize("m7i.xlarge")).to.equal(undefined));
});

import { expect } from "chai";
import { clusterType } from "../../../../local/azure/containerServiceTypes.js";
import { identityType } from "../../../../local/azure/managedIdentity.js";
import { net } from "../../../../local/azure/networkTypes.js";
import type { Props } from "../../../../local/behaviour.js";
import { Clusters } from "../../../support/azureClusters.js";
import { refuses } from "../../../support/refusals.js";

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
      ["Entra ID without RBAC", /needs Kubernetes RBAC/, (g) => g.cluster({ enableRBAC: false })],
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
        "a private API whose identity may not link its zone to the network",
        /virtualNetworks\/join\/action.*virtualNetworks\/[^/]+'/,
        (g) =>
          g.cluster({ apiServerAccessProfile: { enablePrivateCluster: true, privateDNSZone: "system" } }),
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
    ["https", /security rule out-rest .* denies TCP 443/],
    ["firewall", /nothing answers at 10\.20\.0\.4/],
    ["sources", /no rule of .* from the nodes/],
    ["tag", /no rule of .* allows the FQDN tag AzureKubernetesService/],
  ] as const)
    it(`do not come up without their ${missing}`, () => {
      expect(() => new Clusters(missing).cluster()).to.throw(wording);
      expect(() => new Clusters().cluster()).to.not.throw();
    });
});

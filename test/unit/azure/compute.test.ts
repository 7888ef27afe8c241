import * as k8s from "@pulumi/kubernetes";
import { expect } from "chai";
import fc from "fast-check";
import { dnsAddress } from "../../../components/azure/clusterNetwork.js";
import { apiServerOf } from "../../../components/azure/kubeconfig.js";
import { nodePoolName } from "../../../components/azure/nodePools.js";
import { clusterType, poolType } from "../../../local/azure/containerServiceTypes.js";
import { assignmentType, roleNamed } from "../../../local/azure/roles.js";
import type { Props } from "../../../local/behaviour.js";
import { text, texts } from "../../../local/rules.js";
import { azureCluster } from "../../support/azureCell.js";
import { run } from "../../support/mocks.js";
import type { Recorded } from "../../support/mocks.js";

const of = (resources: Recorded[], type: string) => resources.filter((each) => each.type === type);
const one = (resources: Recorded[], type: string): Props => of(resources, type)[0]?.inputs ?? {};
const daemonSet = "kubernetes:apps/v1:DaemonSet";

describe("Azure compute, inspected", () => {
  let resources: Recorded[];
  before(async () => {
    const program = () => {
      const { compute } = azureCluster(true);
      // What runs in the cluster shows that it lets the deployer in.
      new k8s.core.v1.Namespace("ns", { metadata: { name: "javelin" } }, { provider: compute.provider });
    };
    ({ resources } = await run(program));
  });

  it("leaves by the firewall's route alone, and the API lets the firewall's address in", () => {
    const cluster = one(resources, clusterType);
    expect(text(cluster, "networkProfile.outboundType")).to.equal("userDefinedRouting");
    const address = of(resources, "azure-native:network:PublicIPAddress").map((each) => each.state.ipAddress);
    const ranges = texts(cluster, "apiServerAccessProfile.authorizedIPRanges");
    expect(ranges)
      .to.include("203.0.113.0/24")
      .and.include(`${String(address[0])}/32`);
    expect(ranges).to.have.length(2);
    expect(cluster.apiServerAccessProfile).to.include({ disableRunCommand: true });
    for (const pool of of(resources, poolType)) expect(pool.inputs.enableNodePublicIP).to.equal(false);
  });

  it("knows people by Entra ID only, and workloads by its own issuer", () => {
    const cluster = one(resources, clusterType);
    expect(cluster.disableLocalAccounts).to.equal(true);
    expect(cluster.aadProfile).to.include({ managed: true, enableAzureRBAC: true });
    expect(cluster).to.have.nested.property("oidcIssuerProfile.enabled", true);
    expect(cluster).to.have.nested.property("securityProfile.workloadIdentity.enabled", true);
    expect(cluster).to.not.have.property("linuxProfile");
  });

  it("admits the deployer to the cluster", () => {
    expect(of(resources, "kubernetes:core/v1:Namespace")).to.have.length(1);
  });

  it("gives the cluster its subnet and routes, the deployer the cluster, and nothing to anybody else", () => {
    const given = of(resources, assignmentType).map(({ inputs }) => [
      roleNamed(String(inputs.roleDefinitionId)),
      String(inputs.scope).split("/").at(-1),
      inputs.principalType,
    ]);
    expect(given).to.have.deep.members([
      ["Network Contributor", "node", "ServicePrincipal"],
      ["Network Contributor", "javelin-dev-main-node", "ServicePrincipal"],
      ["Azure Kubernetes Service RBAC Cluster Admin", "javelin-dev-main", undefined],
    ]);
  });

  it("collects logs of containers and control plane", () => {
    const rule = one(resources, "azure-native:monitor:DataCollectionRule");
    const association = one(resources, "azure-native:monitor:DataCollectionRuleAssociation");
    expect(text(association, "resourceUri")).to.equal(of(resources, clusterType)[0]?.id);
    expect(rule).to.have.nested.property("dataFlows[0].destinations[0]", "workspace");
    expect(one(resources, clusterType)).to.have.nested.property(
      "addonProfiles.omsagent.config.useAADAuth",
      "true",
    );
    const logged = of(resources, "azure-native:monitor:DiagnosticSetting").map(
      ({ inputs }) => inputs.resourceUri,
    );
    expect(logged).to.include(of(resources, clusterType)[0]?.id);
  });

  it("has a secret kubeconfig that logs in by kubelogin", () => {
    const [provider] = of(resources, "pulumi:providers:kubernetes");
    const kubeconfig = String(provider?.inputs.kubeconfig);
    expect(provider?.raw.kubeconfig, "wrapped as a secret").to.be.an("object");
    const parsed = JSON.parse(kubeconfig) as { clusters: unknown[]; users: { user: { exec: Props } }[] };
    expect(parsed).to.have.nested.property(
      "clusters[0].cluster.server",
      `https://${String(of(resources, clusterType)[0]?.state.fqdn)}:443`,
    );
    expect(parsed.users[0]?.user.exec).to.deep.include({
      command: "kubelogin",
      args: ["get-token", "--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630", "--login", "azurecli"],
    });
    expect(kubeconfig).to.not.include("client-key-data");
  });

  it("keeps AKS's own pods apart, in a pool that no size changes", () => {
    const pools = (one(resources, clusterType).agentPoolProfiles ?? []) as Props[];
    expect(pools).to.have.length(1);
    expect(pools[0]).to.deep.include({
      mode: "System",
      availabilityZones: ["1", "2"],
      nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
    });
    expect(of(resources, poolType)).to.have.length(1);
    expect(of(resources, daemonSet)).to.have.length(0);
  });
});

describe("Azure compute, otherwise", () => {
  it("leaves by the NAT gateway, with a private API and a GPU pool", async () => {
    const gpu = { instanceTypes: ["Standard_NC8as_T4_v3"], min: 0, max: 1, desired: 0, diskGiB: 200 };
    const { resources } = await run(() => {
      azureCluster(false, { apiAccess: [], gpu });
    });
    const cluster = one(resources, clusterType);
    expect(text(cluster, "networkProfile.outboundType")).to.equal("userAssignedNATGateway");
    expect(cluster.apiServerAccessProfile).to.deep.include({
      enablePrivateCluster: true,
      enablePrivateClusterPublicFQDN: false,
      disableRunCommand: true,
    });
    expect(cluster).to.not.have.nested.property("apiServerAccessProfile.authorizedIPRanges");
    const onNetwork = of(resources, assignmentType).filter(({ inputs }) =>
      /\/virtualNetworks\/[^/]+$/.test(String(inputs.scope)),
    );
    expect(onNetwork.map(({ inputs }) => roleNamed(String(inputs.roleDefinitionId)))).to.deep.equal([
      "Private DNS Zone Contributor",
    ]);
    const pool = of(resources, poolType).find(({ name }) => name.includes("gpu"));
    expect(pool?.inputs.nodeTaints).to.deep.equal(["nvidia.com/gpu=true:NoSchedule"]);
    expect(of(resources, daemonSet)).to.have.length(1);
  });

  it("encrypts disks with the customer's key, which only services may use", async () => {
    const { resources } = await run(() => {
      azureCluster(true, {}, { customerKey: true });
    });
    const disks = of(resources, "azure-native:compute:DiskEncryptionSet");
    expect(one(resources, clusterType).diskEncryptionSetID).to.equal(disks[0]?.id);
    expect(disks[0]?.inputs).to.include({ rotationToLatestKeyVersionEnabled: true });
    const roles = of(resources, assignmentType).map(({ inputs }) =>
      roleNamed(String(inputs.roleDefinitionId)),
    );
    expect(roles).to.include.members(["Key Vault Crypto Service Encryption User", "Reader"]);
    expect(roles).to.not.include.members(["Owner", "Contributor"]);
  });

  it("previews before anything exists", async () => {
    const { resources } = await run(() => void azureCluster(true), { preview: true });
    expect(of(resources, poolType)).to.have.length(1);
  });
});

describe("Azure compute, by hand", () => {
  it("names a pool anew for what replaces it, within AKS's twelve characters", () => {
    for (const group of ["general", "gpu"])
      expect(nodePoolName(group, "Standard_D4s_v5", 3)).to.match(/^[a-z][a-z0-9]{3,11}$/);
    expect(nodePoolName("gpu", "a", 1)).to.equal(nodePoolName("gpu", "a", 1));
    expect(nodePoolName("gpu", "a", 1)).to.not.equal(nodePoolName("gpu", "a", 2));
  });

  it("puts cluster DNS at the tenth address of any range of Services", () => {
    expect(dnsAddress("172.20.0.0/16")).to.equal("172.20.0.10");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 15 }), (block) => {
        expect(dnsAddress(`10.0.1.${block * 16}/28`)).to.equal(`10.0.1.${block * 16 + 10}`);
      }),
    );
  });

  it("says so when AKS returns no API server", () => {
    expect(() => apiServerOf("clusters: []")).to.throw(/names no API server/);
    expect(() => apiServerOf("")).to.throw(/names no API server/);
  });
});

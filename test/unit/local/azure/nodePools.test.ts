import { expect } from "chai";
import { internalService } from "../../../../components/azure/internalService.js";
import { caller } from "../../../../local/azure/authorization.js";
import { clusterType, poolType } from "../../../../local/azure/containerServiceTypes.js";
import { vmSize } from "../../../../local/azure/vmSizes.js";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { Clusters } from "../../../support/azureClusters.js";
import { refuses } from "../../../support/refusals.js";

const clusterAdmin = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b";

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
      ["more nodes than the pods' range has blocks", /InsufficientPodCidr/, (g) => g.pool({ maxCount: 999 })],
      [
        "more nodes than the subnet has addresses",
        /InsufficientSubnetSize.* 9 exceeds IPs available 3 /,
        (g) => g.pool({ vnetSubnetID: g.subnet("small", "10.20.200.0/29").id }),
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

  it("internal load balancers bear a silence of 4 to 30 minutes", () => {
    const { ground, cluster } = admitted();
    const patient = (seconds: number, minutes?: string) => {
      const annotations = internalService("10.20.7.200", seconds);
      const key = Object.keys(annotations).find((each) => each.endsWith("idle-timeout"))!;
      if (minutes !== undefined) annotations[key] = minutes;
      ground.inCluster(cluster, "kubernetes:core/v1:Service", service(annotations));
      return annotations[key];
    };
    for (const minutes of ["3", "31", "5.5"]) expect(() => patient(300, minutes)).to.throw(/idle timeout/);
    expect(patient(301)).to.equal("6");
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

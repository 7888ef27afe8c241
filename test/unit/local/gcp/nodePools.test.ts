import { expect } from "chai";
import { instanceGroup } from "../../../../local/gcp/instanceGroups.js";
import { isOffered, machineType } from "../../../../local/gcp/machineTypes.js";
import { poolsOf } from "../../../../local/kubernetes/cluster.js";
import { byName, GcpCluster, gke } from "../../../support/gcpCluster.js";
import { refuses } from "../../../support/refusals.js";

const start = () => new GcpCluster();
const channel = (name: string) => ({ releaseChannel: { channel: name } });
const autoscaling = (limits: object) => ({ autoscaling: limits });

describe("local GCP: node pools", () => {
  refuses(start, [
    ["a name of 41 characters", /must match/, (c) => c.pool({ name: "a".repeat(41) })],
    [
      "a cluster that is not there",
      /^notFound/,
      (c) => c.make(gke.pool, { name: "p", cluster: "none", location: "europe-west1" }),
    ],
    [
      "a machine type that is none",
      /"e2-standard-3" does not exist/,
      (c) => c.pool({}, { machineType: "e2-standard-3" }),
    ],
    [
      "a GPU machine in a zone without it",
      /"g2-standard-4" does not exist in zone "europe-west1-d"/,
      (c) =>
        c.pool(
          { nodeLocations: ["europe-west1-d"] },
          { machineType: "g2-standard-4", guestAccelerators: [{ type: "nvidia-l4", count: 1 }] },
        ),
    ],
    [
      "a GPU machine without its accelerator",
      /must be used with 1 accelerator/,
      (c) => c.pool({ nodeLocations: ["europe-west1-b"] }, { machineType: "g2-standard-4" }),
    ],
    [
      "an account that is not there",
      /Service account .* does not exist/,
      (c) => c.pool({}, { serviceAccount: "nobody@proj-1.iam.gserviceaccount.com" }),
    ],
    [
      "a disk's key that Compute Engine may not use",
      /useToEncrypt' denied.*compute-system/,
      (c) => c.pool({}, { bootDiskKmsKey: c.key.id }),
    ],
    [
      "no automatic upgrades on a channel",
      /Auto_upgrade must be true/,
      (c) => c.pool({ management: { autoUpgrade: false } }, {}, channel("REGULAR")),
    ],
    ["nodes newer than their control plane", /later minor version/, (c) => c.pool({ version: "1.35" })],
    [
      "both kinds of limits",
      /cannot be used with total limits/,
      (c) => c.pool(autoscaling({ totalMaxNodeCount: 3, maxNodeCount: 1 })),
    ],
    [
      "more nodes than it may have",
      /above its autoscaling limit 2/,
      (c) => c.pool(autoscaling({ totalMinNodeCount: 1, totalMaxNodeCount: 2 })),
    ],
    [
      "limits the wrong way round",
      /at least totalMinNodeCount/,
      (c) => c.pool(autoscaling({ totalMinNodeCount: 3, totalMaxNodeCount: 2 })),
    ],
    [
      "more nodes than there are addresses for pods",
      /IP_SPACE_EXHAUSTED/,
      (c) => {
        const ranges = [
          { rangeName: "pods", ipCidrRange: "10.64.0.0/23" },
          { rangeName: "services", ipCidrRange: "10.65.0.0/20" },
        ];
        const { id } = c.cluster({}, { secondaryIpRanges: ranges });
        c.make(gke.pool, { name: "p", cluster: id, initialNodeCount: 1 });
      },
    ],
    [
      "GKE's metadata server in a cluster without Workload Identity",
      /Workload Identity must be enabled/,
      (c) =>
        c.pool(
          {},
          { workloadMetadataConfig: { mode: "GKE_METADATA" } },
          { workloadIdentityConfig: undefined },
        ),
    ],
    [
      "labels of Kubernetes's own",
      /is reserved/,
      (c) => c.pool({}, { labels: { "kubernetes.io/role": "x" } }),
    ],
    [
      "to go while a load balancer sends to its groups",
      /resourceInUseByAnotherResource/,
      (c) => {
        const pool = c.pool();
        const [group] = pool.state["managedInstanceGroupUrls"] as string[];
        const id = "projects/proj-1/global/backendServices/b";
        const inputs = { backends: [{ group }] };
        c.world.add({
          type: "gcp:compute/backendService:BackendService",
          id,
          region: "global",
          inputs,
          state: inputs,
        });
        c.delete(pool);
      },
    ],
  ]);

  it("has an instance group in each zone for as long as it lives", () => {
    const cloud = start();
    const pool = cloud.pool({ nodeLocations: ["europe-west1-b", "europe-west1-d"] });
    const groups = cloud.world.list(instanceGroup);
    expect(groups.map(({ state }) => state["selfLink"])).to.deep.equal(
      pool.state["managedInstanceGroupUrls"],
    );
    expect(groups[0]?.id).to.match(
      /^projects\/proj-1\/zones\/europe-west1-b\/instanceGroups\/gke-a-general-[0-9a-f]{8}-grp$/,
    );
    expect(pool.state["instanceGroupUrls"]).to.deep.equal(
      groups.map(({ state }) => String(state["selfLink"]).replace("instanceGroups", "instanceGroupManagers")),
    );
    cloud.delete(pool);
    expect(cloud.world.list(instanceGroup)).to.deep.equal([]);
  });

  it("goes with its cluster", () => {
    const cloud = start();
    cloud.pool();
    cloud.delete(cloud.world.list(gke.cluster)[0]!);
    expect([gke.pool, instanceGroup].flatMap((type) => cloud.world.list(type))).to.deep.equal([]);
  });

  it("keeps its groups when it grows a zone", () => {
    const cloud = start();
    const pool = cloud.pool({ nodeLocations: ["europe-west1-b"] });
    const before = pool.state["managedInstanceGroupUrls"] as string[];
    cloud.update(pool, { ...pool.inputs, nodeLocations: ["europe-west1-b", "europe-west1-c"] });
    expect(cloud.read(pool)["managedInstanceGroupUrls"]).to.include.members(before).and.have.length(2);
  });

  it("is replaced for its account, and not for its machine type", () => {
    const cloud = start();
    const pool = cloud.pool();
    const changed = (config: object) =>
      cloud.replaces(pool, { ...pool.inputs, nodeConfig: { machineType: "e2-standard-2", ...config } });
    expect(changed({ machineType: "e2-standard-4" })).to.deep.equal([]);
    expect(changed({ serviceAccount: "x@proj-1.iam.gserviceaccount.com" })).to.deep.equal([
      "nodeConfig.serviceAccount",
    ]);
  });

  it("takes pods, up to what GKE leaves of its machines and to its limit in all zones", () => {
    const cloud = start();
    const { state } = cloud.cluster(byName);
    cloud.make(gke.pool, {
      name: "general",
      cluster: "a",
      location: cloud.region,
      initialNodeCount: 1,
      nodeLocations: ["europe-west1-b", "europe-west1-c"],
      autoscaling: { totalMinNodeCount: 2, totalMaxNodeCount: 5 },
      nodeConfig: { machineType: "e2-standard-2" },
    });
    const config = state["controlPlaneEndpointsConfig"] as { dnsEndpointConfig: { endpoint: string } };
    const [pool, ...more] = poolsOf({
      world: cloud.world,
      region: `https://${config.dnsEndpointConfig.endpoint}`,
    });
    expect(more).to.deep.equal([]);
    expect(pool).to.deep.include({ desired: 2, max: 5, zones: ["europe-west1-b", "europe-west1-c"] });
    expect(pool?.allocatable.cpu).to.be.within(1400, 1930);
    expect(pool?.allocatable.memory).to.be.within(5 * 2 ** 30, 6.1 * 2 ** 30);
  });

  it("knows machines by family, class and size", () => {
    expect(machineType("n2-standard-4")).to.deep.equal({ vcpus: 4, memoryGiB: 16 });
    expect(machineType("n2-standard-5")).to.equal(undefined);
    expect(machineType("m5.large")).to.equal(undefined);
    expect(isOffered("e2-standard-2", "us-east1-b")).to.equal(true);
    expect(isOffered("e2-standard-2", "us-east1-a")).to.equal(false);
  });
});

import type * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { instanceGroupsOf, nodePoolName, nodesPerZone } from "../../../components/gcp/nodePool.js";
import { at, text } from "../../../local/rules.js";
import { run, type Recorded } from "../../support/mocks.js";
import { compute, place, project, region, zones } from "./ground.js";

const only = (resources: Recorded[], type: string): Recorded => {
  const found = resources.filter((each) => each.type === type);
  expect(found).to.have.length(1);
  return found[0]!;
};
/** Whether a preview knows an output. Its type hides that it can be asked. */
const known = (output: object) => (output as { isKnown: Promise<boolean> }).isKnown;
const resolved = <T>(output: { apply: (f: (value: T) => void) => unknown }) =>
  new Promise<T>((resolve) => output.apply(resolve));

describe("GKE compute", () => {
  it("is a cluster of private nodes, reached by name only, with every safeguard on", async () => {
    const { resources } = await run(() => void compute());
    const { inputs } = only(resources, "gcp:container/cluster:Cluster");
    expect(inputs).to.deep.include({
      location: region,
      nodeLocations: zones,
      datapathProvider: "ADVANCED_DATAPATH",
      enableShieldedNodes: true,
      // What GKE reports without addresses of the control plane: anything else differs for ever.
      privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: true },
      controlPlaneEndpointsConfig: {
        dnsEndpointConfig: { allowExternalTraffic: true },
        ipEndpointsConfig: { enabled: false },
      },
      workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
      rbacBindingConfig: {
        enableInsecureBindingSystemAuthenticated: false,
        enableInsecureBindingSystemUnauthenticated: false,
      },
      deletionProtection: false,
      minMasterVersion: "1.35",
    });
    expect(at(inputs, "addonsConfig.httpLoadBalancing.disabled"), "the program makes them").to.deep.equal([
      true,
    ]);
    expect(inputs["networkPolicy"], "built into the data plane").to.equal(undefined);
    expect(text(inputs, "databaseEncryption.state")).to.equal("ENCRYPTED");
    expect(at(inputs, "loggingConfig.enableComponents[]")).to.include.members(["APISERVER", "WORKLOADS"]);
    expect(at(inputs, "monitoringConfig.managedPrometheus.enabled")).to.deep.equal([true]);
    expect(at(inputs, "maintenancePolicy.maintenanceExclusions[].exclusionOptions.scope")).to.deep.equal([
      "NO_MINOR_UPGRADES",
    ]);
  });

  it("gives first and lasting nodes the same account, of one role, and keeps it from their pods", async () => {
    const { resources } = await run(() => void compute());
    const cluster = only(resources, "gcp:container/cluster:Cluster");
    const pool = only(resources, "gcp:container/nodePool:NodePool");
    for (const { inputs } of [cluster, pool]) {
      expect(text(inputs, "nodeConfig.serviceAccount")).to.equal(
        `javelin-dev-a-node@${project}.iam.gserviceaccount.com`,
      );
      expect(text(inputs, "nodeConfig.workloadMetadataConfig.mode")).to.equal("GKE_METADATA");
      expect(at(inputs, "nodeConfig.shieldedInstanceConfig.enableSecureBoot")).to.deep.equal([true]);
      expect(inputs["nodeConfig"]).to.deep.include({
        metadata: { "disable-legacy-endpoints": "true" },
        kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
      });
    }
    expect(at(pool.inputs, "networkConfig.enablePrivateNodes")).to.deep.equal([true]);
    const roles = resources
      .filter(({ type }) => type === "gcp:projects/iAMMember:IAMMember")
      .map(({ inputs }) => [inputs["member"], inputs["role"]]);
    expect(roles).to.have.deep.members([
      [
        `serviceAccount:javelin-dev-a-node@${project}.iam.gserviceaccount.com`,
        "roles/container.defaultNodeServiceAccount",
      ],
    ]);
  });

  it("makes no node before what it is told to wait for, and deletes no protected cluster", async () => {
    const waits = new Map<string, unknown>();
    const note: pulumi.ResourceTransformation = ({ name, opts }) => void waits.set(name, opts.dependsOn);
    const { resources } = await run(
      () => {
        const opts = { ...place(), transformations: [note] };
        compute({ protect: true }, opts);
      },
      { preview: true },
    );
    for (const name of ["compute-cluster", "compute-general"])
      expect(waits.get(name), name).to.have.length.of.at.least(1);
    expect(only(resources, "gcp:container/cluster:Cluster").inputs).to.include({ deletionProtection: true });
  });

  it("bounds the pool by totals, and follows the control plane's version", async () => {
    const { resources } = await run(() => void compute());
    const { inputs, state } = only(resources, "gcp:container/nodePool:NodePool");
    expect(inputs).to.deep.include({
      nodeLocations: zones,
      initialNodeCount: 2,
      autoscaling: { totalMinNodeCount: 2, totalMaxNodeCount: 4, locationPolicy: "BALANCED" },
    });
    const cluster = only(resources, "gcp:container/cluster:Cluster");
    expect(state["version"])
      .to.equal(cluster.state["masterVersion"])
      .and.match(/^1\.35\./);
  });

  it("puts a key on the disks only where there is one, in another pool than without", async () => {
    const plain = await run(() => void compute());
    const keyed = await run(
      () => {
        const key = "projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k";
        return void compute({ diskKeyId: key });
      },
      { preview: true },
    );
    const [without, withKey] = [plain, keyed].map(
      ({ resources }) => only(resources, "gcp:container/nodePool:NodePool").inputs,
    );
    expect(text(without, "nodeConfig.bootDiskKmsKey")).to.equal(undefined);
    expect(text(withKey, "nodeConfig.bootDiskKmsKey")).to.match(/cryptoKeys\/k$/);
    expect(without?.["name"]).not.to.equal(withKey?.["name"]);
  });

  it("adds GPU nodes in their own zones, with the machine's accelerator and a taint", async () => {
    const gpu = { instanceTypes: ["g2-standard-8"], min: 1, max: 2, desired: 1, diskGiB: 200 };
    const { resources } = await run(() => void compute({ gpu, gpuZones: ["europe-west1-b"] }));
    const pool = resources.find(({ name }) => name === "compute-gpu");
    expect(pool?.inputs["nodeLocations"]).to.deep.equal(["europe-west1-b"]);
    expect(at(pool?.inputs, "nodeConfig.guestAccelerators[].type")).to.deep.equal(["nvidia-l4"]);
    expect(at(pool?.inputs, "nodeConfig.taints[].key")).to.deep.equal(["nvidia.com/gpu"]);
  });

  it("refuses two machine types for one pool", async () => {
    const nodes = {
      instanceTypes: ["e2-standard-2", "e2-standard-4"],
      min: 1,
      max: 2,
      desired: 1,
      diskGiB: 50,
    };
    expect(await refusal(() => void compute({ nodes }))).to.include("has one machine type");
  });

  it("refuses GPU nodes without a GPU", async () => {
    const gpu = { instanceTypes: ["n2-standard-4"], min: 1, max: 2, desired: 1, diskGiB: 50 };
    expect(await refusal(() => void compute({ gpu }))).to.include("has no known GPU");
  });

  it("names the groups of the general pool, one a zone, in the zones' order", async () => {
    const { result } = await run(async () => {
      const { cluster } = compute({ zones: [...zones].reverse() });
      return resolved<string[]>(cluster.instanceGroupUrls);
    });
    expect(result).to.have.length(2);
    for (const [i, zone] of [...zones].reverse().entries())
      expect(result[i]).to.match(
        new RegExp(
          `^https://www.googleapis.com/compute/v1/projects/${project}/zones/${zone}/instanceGroups/gke-[a-z0-9-]+-grp$`,
        ),
      );
  });

  it("does not know the group of a zone that an update adds before it is made, and misses it afterwards", async () => {
    const pool = {
      name: "general",
      managedInstanceGroupUrls: [`https://example/projects/p/zones/${zones[0]}/instanceGroups/g`],
    } as unknown as gcp.container.NodePool;
    const groups = (preview: boolean) => run(() => known(instanceGroupsOf(pool, zones)), { preview });
    expect((await groups(true)).result).to.equal(false);
    expect(await groups(false).then(String, String)).to.include(`no instance group of node pool "general"`);
  });

  it("serves Kubernetes at the name in its kubeconfig, which takes a token from the plugin", async () => {
    const { resources, result } = await run(async () => {
      const { cluster } = compute();
      new k8s.core.v1.Namespace(
        "one",
        { metadata: { name: "one" } },
        { provider: cluster.provider, parent: cluster },
      );
      return resolved<string>(cluster.kubeconfig);
    });
    const kubeconfig = JSON.parse(result) as unknown;
    expect(at(kubeconfig, "clusters[].cluster.server")[0]).to.match(
      /^https:\/\/gke-[0-9a-f]+-\d+\.europe-west1\.gke\.goog$/,
    );
    expect(at(kubeconfig, "users[].user.exec.command")).to.deep.equal(["gke-gcloud-auth-plugin"]);
    expect(resources.some(({ type }) => type === "kubernetes:core/v1:Namespace")).to.equal(true);
  });

  it("previews with nothing known", async () => {
    const { resources } = await run(() => void compute(), { preview: true });
    expect(resources.map(({ type }) => type)).to.include("gcp:container/nodePool:NodePool");
  });

  it("starts as many nodes in each zone as are wanted together, within the most", () => {
    const of = (desired: number, max: number) => ({ instanceTypes: [], min: 1, max, desired, diskGiB: 1 });
    expect(nodesPerZone(of(4, 8), 3)).to.equal(2);
    expect(nodesPerZone(of(4, 5), 3)).to.equal(1);
    expect(nodesPerZone(of(2, 4), 2)).to.equal(1);
  });

  it("names a pool within 40 characters, apart from what would replace it", () => {
    const long = `javelin-dev-${"a".repeat(60)}`;
    expect(nodePoolName(long, "general", 1)).to.match(/^[a-z][a-z0-9-]{0,38}[a-z0-9]$/);
    expect(nodePoolName("p", "general", 1)).not.to.equal(nodePoolName("p", "general", 2));
  });
});

async function refusal(program: () => void): Promise<string> {
  try {
    await run(program, { preview: true });
  } catch (error) {
    return String(error);
  }
  return "";
}

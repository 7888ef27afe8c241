import { isTrue, number, objects, text, texts } from "../rules.js";
import { machineType } from "../gcp/machineTypes.js";
import { effects } from "./clusterKind.js";
import type { ClusterKind } from "./clusterKind.js";

/** What GKE keeps of a node's memory, by GiB: a share of each slice. Source: GKE, "Plan node sizes". */
const kept: readonly [slice: number, share: number][] = [
  [4, 0.25],
  [4, 0.2],
  [8, 0.1],
  [112, 0.06],
  [Infinity, 0.02],
];

function reservedMemory(gib: number): number {
  let [rest, reserved] = [gib, 0.1]; // 100 MiB more to evict by
  for (const [slice, share] of kept) {
    reserved += Math.min(Math.max(rest, 0), slice) * share;
    rest -= slice;
  }
  return reserved;
}

export const gke: ClusterKind = {
  type: "gcp:container/cluster:Cluster",
  // By its name where that is open, else by its address where that is.
  server: ({ state }) => {
    const open = isTrue(state, "controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic");
    const name = text(state, "controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint");
    if (open && name !== undefined) return `https://${name}`;
    const byAddress = isTrue(state, "controlPlaneEndpointsConfig.ipEndpointsConfig.enabled");
    return byAddress ? `https://${text(state, "endpoint") ?? ""}` : undefined;
  },
  // Whoever may make clusters in a project (roles/container.admin) may administer them.
  admits: () => true,
  serviceRange: ({ state }) => text(state, "servicesIpv4Cidr") ?? "34.118.224.0/20",
  pools: (cluster, world) =>
    world
      .list("gcp:container/nodePool:NodePool")
      .filter(({ id }) => id.startsWith(`${cluster.id}/nodePools/`))
      .map(({ id, inputs, state }) => {
        const name = text(inputs, "nodeConfig.machineType") ?? "e2-medium";
        const machine = machineType(name) ?? { vcpus: 2, memoryGiB: 4 };
        const zones = texts(state, "nodeLocations");
        const gpu = objects(inputs, "nodeConfig.guestAccelerators")[0];
        const [own = {}] = objects(inputs, "nodeConfig.labels") as Record<string, string>[];
        return {
          id,
          labels: {
            ...own,
            "cloud.google.com/gke-nodepool": text(state, "name") ?? "",
            ...(gpu && { "cloud.google.com/gke-accelerator": text(gpu, "type") ?? "" }),
            "kubernetes.io/os": "linux",
            "kubernetes.io/arch": "amd64",
            "node.kubernetes.io/instance-type": name,
          },
          zones,
          taints: objects(inputs, "nodeConfig.taints").map((each) => ({
            key: text(each, "key") ?? "",
            value: text(each, "value") ?? "",
            effect: effects[text(each, "effect") ?? ""] ?? "",
          })),
          // The rest is for the kubelet, the system and GKE's own DaemonSets.
          allocatable: {
            cpu: machine.vcpus * 1000 - 400,
            memory: (machine.memoryGiB - reservedMemory(machine.memoryGiB) - 0.4) * 2 ** 30,
            gpu: number(gpu, "count") ?? 0,
          },
          desired: (number(state, "nodeCount") ?? 0) * zones.length,
          max:
            number(inputs, "autoscaling.totalMaxNodeCount") ??
            (number(inputs, "autoscaling.maxNodeCount") ?? number(state, "nodeCount") ?? 0) * zones.length,
        };
      }),
  // NodeLocal DNSCache, on by default. Source: GKE, "Set up NodeLocal DNSCache".
  dns: "node-local-dns",
  provisioners: ["pd.csi.storage.gke.io", "filestore.csi.storage.gke.io", "kubernetes.io/gce-pd"],
};

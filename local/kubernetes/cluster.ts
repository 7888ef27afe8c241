import { CloudError } from "../behaviour.js";
import type { Context, Props, WorldObject } from "../behaviour.js";
import { isObject, number, objects, text, texts } from "../aws/common.js";
import { instanceType } from "../aws/instanceTypes.js";

type Place = Pick<Context, "world" | "region">;

/**
 * The cluster behind the API server that the provider's kubeconfig names (a context's region is its URL),
 * or what the provider says when nothing answers there.
 */
export function clusterAt({ world, region }: Place): WorldObject {
  const found = world.list("aws:eks/cluster:Cluster").find((each) => each.state.endpoint === region);
  if (!found)
    throw new CloudError(
      "Unreachable",
      `configured Kubernetes cluster is unreachable: unable to load schema information from the API server: Get "${region}/openapi/v2?timeout=32s": dial tcp: lookup ${region.replace(/^https:\/\//, "")}: no such host`,
    );
  // The one who made the cluster administers it, unless the cluster was told otherwise.
  const admitted =
    (found.state.accessConfig as Props | undefined)?.bootstrapClusterCreatorAdminPermissions !== false ||
    world
      .list("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", found.region)
      .some(
        (each) =>
          each.inputs.clusterName === found.id &&
          String(each.inputs.policyArn).endsWith("ClusterAdminPolicy"),
      );
  if (!admitted)
    throw new CloudError("Unauthorized", "the server has asked for the client to provide credentials");
  return found;
}

/** The range that the cluster takes its services' addresses from. */
export function serviceRange(context: Place): string {
  return text(clusterAt(context).state, "kubernetesNetworkConfig.serviceIpv4Cidr") ?? "10.100.0.0/16";
}

/** Nodes of one kind. */
export interface Pool {
  id: string;
  labels: Record<string, string>;
  zones: string[];
  taints: { key: string; value: string; effect: string }[];
  /** What pods may ask for on one node: milli-CPUs, bytes, GPUs. */
  allocatable: { cpu: number; memory: number; gpu: number };
  desired: number;
  max: number;
}

const effects: Record<string, string> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

export function poolsOf(context: Place): Pool[] {
  const cluster = clusterAt(context);
  const { world } = context;
  return world
    .list("aws:eks/nodeGroup:NodeGroup", cluster.region)
    .filter((each) => each.inputs.clusterName === cluster.id)
    .map(({ id, inputs, state }) => {
      const [name = "t3.medium"] = texts(state, "instanceTypes");
      const machine = instanceType(name) ?? { architecture: "x86_64", vcpus: 2, memoryGiB: 4, gpus: 0 };
      const own = isObject(inputs.labels) ? (inputs.labels as Record<string, string>) : {};
      return {
        id,
        labels: {
          ...own,
          "eks.amazonaws.com/nodegroup": String(inputs.nodeGroupName),
          "kubernetes.io/os": "linux",
          "kubernetes.io/arch": machine.architecture === "arm64" ? "arm64" : "amd64",
          "node.kubernetes.io/instance-type": name,
        },
        zones: texts(inputs, "subnetIds").map(
          (subnet) => text(world.find("aws:ec2/subnet:Subnet", subnet)?.state, "availabilityZone") ?? "",
        ),
        taints: objects(inputs, "taints").map((each) => ({
          key: text(each, "key") ?? "",
          value: text(each, "value") ?? "",
          effect: effects[text(each, "effect") ?? ""] ?? "",
        })),
        // EKS keeps some of each node for the kubelet, the system and its own DaemonSets.
        allocatable: {
          cpu: machine.vcpus * 1000 - 270,
          memory: (machine.memoryGiB * 0.93 - 0.6) * 2 ** 30,
          gpu: machine.gpus,
        },
        desired: number(inputs, "scalingConfig.desiredSize") ?? 0,
        max: number(inputs, "scalingConfig.maxSize") ?? 0,
      };
    });
}

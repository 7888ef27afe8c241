import type { Props } from "../behaviour.js";
import { isObject, number, objects, text, texts } from "../rules.js";
import { instanceType } from "../aws/instanceTypes.js";
import { effects } from "./clusterKind.js";
import type { ClusterKind } from "./clusterKind.js";

export const eks: ClusterKind = {
  type: "aws:eks/cluster:Cluster",
  server: ({ state }) => text(state, "endpoint"),
  // The one who made the cluster administers it, unless the cluster was told otherwise.
  admits: ({ id, region, state }, world) =>
    (state.accessConfig as Props | undefined)?.bootstrapClusterCreatorAdminPermissions !== false ||
    world
      .list("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", region)
      .some(
        (each) =>
          each.inputs.clusterName === id && String(each.inputs.policyArn).endsWith("ClusterAdminPolicy"),
      ),
  serviceRange: ({ state }) => text(state, "kubernetesNetworkConfig.serviceIpv4Cidr") ?? "10.100.0.0/16",
  pools: (cluster, world) =>
    world
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
      }),
  provisioners: ["ebs.csi.aws.com", "efs.csi.aws.com", "kubernetes.io/aws-ebs"],
};

import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { gpuLabel, gpuTaint } from "../kubernetes/gpu.js";
import { physicalName } from "../names.js";
import type { KubernetesVersion } from "../kubernetes/versions.js";

/** How large a node group is and may grow. */
export interface NodeGroupSize {
  /** x86-64 instance types, in order of preference. */
  instanceTypes: string[];
  min: number;
  max: number;
  /** Nodes at creation; afterwards the cluster autoscaler decides. */
  desired: number;
  /** Root volume of each node. */
  diskGiB: number;
}

export interface NodeGroupArgs {
  prefix: string;
  /** Tells the groups of a cluster apart, e.g. `general`. */
  group: string;
  clusterName: pulumi.Input<string>;
  version: KubernetesVersion;
  roleArn: pulumi.Input<string>;
  subnetIds: pulumi.Input<string>[];
  securityGroupId: pulumi.Input<string>;
  keyArn: pulumi.Input<string>;
  size: NodeGroupSize;
  /** Nodes with NVIDIA's driver, tainted so that only workloads that ask for a GPU land there. Default false. */
  gpu?: boolean;
}

/**
 * The group's physical name. What replaces a group is hashed into it, so that its successor can be created
 * while it still runs. Source: create-only properties of AWS::EKS::Nodegroup (the role's and the cluster's
 * names are fixed by the prefix; subnets change only in number).
 */
export function nodeGroupName(prefix: string, group: string, ...replacing: unknown[]): string {
  const hash = createHash("sha256").update(JSON.stringify(replacing)).digest("hex").slice(0, 6);
  return physicalName("aws:nodeGroup", prefix, group, hash);
}

/** A managed node group on Amazon Linux 2023 (one OS for CPU and GPU nodes) and its launch template. */
export function createNodeGroup(
  name: string,
  args: NodeGroupArgs,
  opts: pulumi.CustomResourceOptions,
): aws.eks.NodeGroup {
  const { prefix, group, size, gpu = false } = args;
  const amiType = gpu ? "AL2023_x86_64_NVIDIA" : "AL2023_x86_64_STANDARD";
  const tags = { Name: `${prefix}-${group}` };

  const template = new aws.ec2.LaunchTemplate(
    `${name}-template`,
    {
      name: physicalName("aws:launchTemplate", prefix, group),
      updateDefaultVersion: true,
      // Only this group: EKS adds its cluster-wide one just when none is named.
      vpcSecurityGroupIds: [args.securityGroupId],
      // One hop keeps the node's credentials from its pods.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: size.diskGiB,
            encrypted: "true",
            kmsKeyId: args.keyArn,
            deleteOnTermination: "true",
          },
        },
      ],
      monitoring: { enabled: true },
      tagSpecifications: [
        { resourceType: "instance", tags },
        { resourceType: "volume", tags },
      ],
    },
    { parent: opts.parent },
  );

  return new aws.eks.NodeGroup(
    // desiredSize is ignored below, in a replacement too, and EKS refuses a minimum above it: a new minimum is a
    // new resource, created before the old group drains.
    `${name}-min${size.min}`,
    {
      clusterName: args.clusterName,
      nodeGroupName: nodeGroupName(
        prefix,
        group,
        amiType,
        size.instanceTypes,
        args.subnetIds.length,
        size.min,
      ),
      nodeRoleArn: args.roleArn,
      subnetIds: args.subnetIds,
      version: args.version,
      amiType,
      capacityType: "ON_DEMAND",
      instanceTypes: size.instanceTypes,
      launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
      scalingConfig: { minSize: size.min, maxSize: size.max, desiredSize: size.desired },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      labels: gpu ? { ...gpuLabel } : {},
      taints: gpu ? [{ key: gpuTaint.key, value: gpuTaint.value, effect: "NO_SCHEDULE" }] : [],
    },
    // The cluster autoscaler moves it; without this a refresh and an update would undo its work under load.
    { ...opts, ignoreChanges: ["scalingConfig.desiredSize"] },
  );
}

/**
 * The name of the Auto Scaling group behind a node group.
 *
 * @throws when EKS reports none (a group whose creation failed)
 */
export function autoscalingGroupOf(nodeGroup: aws.eks.NodeGroup): pulumi.Output<string> {
  return pulumi.all([nodeGroup.nodeGroupName, nodeGroup.resources]).apply(([group, resources]) => {
    const name = resources[0]?.autoscalingGroups[0]?.name;
    if (!name) throw new Error(`EKS reports no Auto Scaling group for node group "${group}"`);
    return name;
  });
}

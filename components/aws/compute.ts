import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { createDevicePlugin } from "../kubernetes/devicePlugin.js";
import { physicalName } from "../names.js";
import { type AddonsArgs, createClusterAddons, createNodeAddons } from "./addons.js";
import { kubeconfigOf } from "./kubeconfig.js";
import type { KubernetesVersion } from "../kubernetes/versions.js";
import { autoscalingGroupOf, createNodeGroup, type NodeGroupSize } from "./nodeGroup.js";
import { partitionOf } from "./statements.js";

export interface ComputeArgs {
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  region: string;
  /** 12 digits. */
  accountId: pulumi.Input<string>;
  /** Kubernetes minor version; the add-ons' versions follow from it. */
  version: KubernetesVersion;
  /** One a zone, at least two zones: EKS refuses fewer. Add at the end: the first two hold the control plane. */
  nodeSubnetIds: pulumi.Input<string>[];
  controlPlaneSecurityGroupId: pulumi.Input<string>;
  nodeSecurityGroupId: pulumi.Input<string>;
  /** KMS key of Kubernetes secrets, node volumes and logs. */
  keyArn: pulumi.Input<string>;
  /** Who may reach the Kubernetes API from outside the VPC. Empty: nobody. */
  publicAccessCidrs: string[];
  /** IAM roles that administer the cluster besides the identity that creates it, which must not be among them. */
  adminRoleArns: string[];
  nodes: NodeGroupSize;
  /** Private range that the cluster gives its Services; apart from the network's. */
  serviceCidr: string;
  /** A second node group, with NVIDIA GPUs. Default: none. */
  gpu?: NodeGroupSize;
  logRetentionDays: number;
  /** Refuses the cluster's deletion. */
  protect: boolean;
  /** What must exist before a node starts, or it never joins: egress routes and rules. */
  ready: pulumi.Input<pulumi.Input<pulumi.Resource>[]>;
}

/** An EKS cluster with its managed node groups, add-ons and Kubernetes provider. */
export class Compute extends pulumi.ComponentResource {
  readonly clusterName: pulumi.Output<string>;
  readonly clusterArn: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  /** The group that EKS itself makes and attaches to the control plane's interfaces; no node carries it. */
  readonly clusterSecurityGroupId: pulumi.Output<string>;
  /** What identifies the cluster to the Kubernetes provider: as long as it stays, nothing in it is replaced. */
  readonly clusterIdentifier: string;
  /** JSON; authenticates by `aws eks get-token` with the credentials of whoever runs it. Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Resources that use it wait until access, nodes and cluster DNS are there. */
  readonly provider: k8s.Provider;
  readonly nodeGroups: aws.eks.NodeGroup[];
  /** Of the general node group, which the load balancer's target groups are attached to. */
  readonly autoscalingGroupName: pulumi.Output<string>;
  /** Of every node group. */
  readonly autoscalingGroupNames: pulumi.Output<string>[];
  readonly addons: aws.eks.Addon[];

  constructor(name: string, args: ComputeArgs, opts?: pulumi.ComponentResourceOptions) {
    const { ready, ...inputs } = args;
    super("javelin:aws:Compute", name, inputs, opts);
    const { prefix, region, version, keyArn } = args;
    const parent = { parent: this };
    const clusterName = physicalName("aws:cluster", prefix);
    const awsPolicy = (policy: string) => `arn:${partitionOf(region)}:iam::aws:policy/${policy}`;
    const logGroup = (suffix: string, path: string) =>
      new aws.cloudwatch.LogGroup(
        `${name}-${suffix}-logs`,
        { name: path, kmsKeyId: keyArn, retentionInDays: args.logRetentionDays },
        parent,
      );

    const clusterRole = new aws.iam.Role(
      `${name}-cluster-role`,
      {
        name: physicalName("aws:role", prefix, "eks-cluster"),
        assumeRolePolicy: serviceTrust("eks.amazonaws.com", {
          StringEquals: { "aws:SourceAccount": args.accountId },
          ArnLike: {
            "aws:SourceArn": pulumi.interpolate`arn:${partitionOf(region)}:eks:${region}:${args.accountId}:cluster/${clusterName}`,
          },
        }),
      },
      parent,
    );
    const clusterPolicy = new aws.iam.RolePolicyAttachment(
      `${name}-cluster-policy`,
      { role: clusterRole.name, policyArn: awsPolicy("AmazonEKSClusterPolicy") },
      parent,
    );
    // EKS names this group. Were it not there first, EKS would make it, unencrypted and kept for ever.
    const clusterLogs = logGroup("cluster", `/aws/eks/${clusterName}/cluster`);

    const isPublic = args.publicAccessCidrs.length > 0;
    const cluster = new aws.eks.Cluster(
      `${name}-cluster`,
      {
        name: clusterName,
        version,
        roleArn: clusterRole.arn,
        vpcConfig: {
          // EKS holds a cluster to the zones of its first subnets, so a zone more must not show here. Nodes run in
          // any zone: only the control plane's own interfaces stay in these two.
          subnetIds: args.nodeSubnetIds.slice(0, 2),
          securityGroupIds: [args.controlPlaneSecurityGroupId],
          endpointPrivateAccess: true,
          endpointPublicAccess: isPublic,
          ...(isPublic && { publicAccessCidrs: args.publicAccessCidrs }),
        },
        accessConfig: {
          authenticationMode: "API",
          // An access entry needs the creator's IAM role, and a session's ARN has lost its path: only EKS knows it.
          bootstrapClusterCreatorAdminPermissions: true,
        },
        kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: args.serviceCidr },
        encryptionConfig: { provider: { keyArn }, resources: ["secrets"] },
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        upgradePolicy: { supportType: "STANDARD" },
        deletionProtection: args.protect,
        // The pinned add-ons own networking and DNS from the start.
        bootstrapSelfManagedAddons: false,
      },
      // The name is fixed, so a successor cannot stand beside it.
      {
        ...parent,
        protect: args.protect,
        dependsOn: [clusterPolicy, clusterLogs],
        deleteBeforeReplace: true,
      },
    );

    const access = args.adminRoleArns.map((principalArn) => {
      const suffix = principalArn.replace(/^arn:[^:]*:iam::/, "").replace(/[^A-Za-z0-9]+/g, "-");
      const entry = new aws.eks.AccessEntry(
        `${name}-admin-${suffix}`,
        { clusterName: cluster.name, principalArn, type: "STANDARD" },
        parent,
      );
      return new aws.eks.AccessPolicyAssociation(
        `${name}-admin-${suffix}-policy`,
        {
          clusterName: cluster.name,
          principalArn: entry.principalArn,
          policyArn: `arn:${partitionOf(region)}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
          accessScope: { type: "cluster" },
        },
        parent,
      );
    });

    const nodeRole = new aws.iam.Role(
      `${name}-node-role`,
      {
        name: physicalName("aws:role", prefix, "eks-node"),
        assumeRolePolicy: serviceTrust("ec2.amazonaws.com"),
      },
      parent,
    );
    // No CNI policy here: its pods have a role of their own.
    const nodePolicies = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"].map(
      (policy) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-node-${policy}`,
          { role: nodeRole.name, policyArn: awsPolicy(policy) },
          parent,
        ),
    );

    const addonsArgs: AddonsArgs = { prefix, region, version, cluster };
    const nodeAddons = createNodeAddons(name, addonsArgs, this);
    const beforeNodes = pulumi
      .output(ready)
      .apply((resources): pulumi.Resource[] => [...resources, ...nodePolicies, ...nodeAddons]);
    const sizes: [string, NodeGroupSize][] = [
      ["general", args.nodes],
      ...(args.gpu ? ([["gpu", args.gpu]] as [string, NodeGroupSize][]) : []),
    ];
    this.nodeGroups = sizes.map(([group, size]) =>
      createNodeGroup(
        `${name}-${group}`,
        {
          prefix,
          group,
          clusterName: cluster.name,
          version,
          roleArn: nodeRole.arn,
          subnetIds: args.nodeSubnetIds,
          securityGroupId: args.nodeSecurityGroupId,
          keyArn,
          size,
          gpu: group === "gpu",
        },
        { ...parent, dependsOn: beforeNodes },
      ),
    );
    this.autoscalingGroupNames = this.nodeGroups.map(autoscalingGroupOf);
    this.autoscalingGroupName = this.autoscalingGroupNames[0]!;

    // Container Insights names these; application logs can hold prompts.
    const insights = ["application", "dataplane", "host", "performance"].map((kind) =>
      logGroup(kind, `/aws/containerinsights/${clusterName}/${kind}`),
    );
    const clusterAddons = createClusterAddons(name, addonsArgs, [...this.nodeGroups, ...insights], this);

    this.clusterName = cluster.name;
    this.clusterArn = cluster.arn;
    this.endpoint = cluster.endpoint;
    this.clusterSecurityGroupId = cluster.vpcConfig.clusterSecurityGroupId;
    this.clusterIdentifier = `${region}/${clusterName}`;
    this.kubeconfig = kubeconfigOf(cluster, region);
    this.addons = [...nodeAddons, ...clusterAddons.values()];
    this.provider = new k8s.Provider(
      `${name}-kubernetes`,
      { kubeconfig: this.kubeconfig, clusterIdentifier: this.clusterIdentifier, enableServerSideApply: true },
      { ...parent, dependsOn: [...access, ...this.nodeGroups, clusterAddons.get("coredns")!] },
    );
    if (args.gpu) createDevicePlugin(`${name}-device-plugin`, { ...parent, provider: this.provider });

    this.registerOutputs({
      clusterName: this.clusterName,
      clusterArn: this.clusterArn,
      endpoint: this.endpoint,
      clusterSecurityGroupId: this.clusterSecurityGroupId,
      clusterIdentifier: this.clusterIdentifier,
      kubeconfig: this.kubeconfig,
      autoscalingGroupName: this.autoscalingGroupName,
      autoscalingGroupNames: this.autoscalingGroupNames,
    });
  }
}

/** The trust policy of a role that an AWS service takes. */
function serviceTrust(
  service: string,
  conditions?: Record<string, Record<string, pulumi.Input<string>>>,
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        ...(conditions && { Condition: conditions }),
      },
    ],
  });
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { WorkloadIdentity } from "./identity.js";
import { type AddonName, kubernetesReleases } from "./kubernetesReleases.js";
import type { KubernetesVersion } from "../kubernetes/versions.js";
import { partitionOf } from "./statements.js";

export interface AddonsArgs {
  prefix: string;
  region: string;
  version: KubernetesVersion;
  cluster: aws.eks.Cluster;
}

/** The service account of an add-on that calls AWS, and the AWS-managed policy made for it. */
interface AddonIdentity {
  /** Ends the role's name. */
  role: string;
  namespace: string;
  serviceAccount: string;
  /** Path and name below `policy/`. */
  policy: string;
}

interface AddonSpec {
  addon: AddonName;
  identity?: AddonIdentity;
  configuration?: Record<string, unknown>;
}

/** DaemonSets without which no node becomes ready; EKS reports them active on a cluster without nodes. */
const beforeNodes: AddonSpec[] = [
  { addon: "eks-pod-identity-agent" },
  { addon: "kube-proxy" },
  {
    addon: "vpc-cni",
    identity: {
      role: "vpc-cni",
      namespace: "kube-system",
      serviceAccount: "aws-node",
      policy: "AmazonEKS_CNI_Policy",
    },
    // Strings, as the add-on's schema has them. Event logs are what shows a denied connection.
    configuration: { enableNetworkPolicy: "true", nodeAgent: { enablePolicyEventLogs: "true" } },
  },
];

/** Deployments, which stay degraded until there are nodes to run on. */
const afterNodes: AddonSpec[] = [
  { addon: "coredns" },
  { addon: "metrics-server" },
  {
    addon: "aws-ebs-csi-driver",
    identity: {
      role: "ebs-csi",
      namespace: "kube-system",
      serviceAccount: "ebs-csi-controller-sa",
      policy: "service-role/AmazonEBSCSIDriverPolicy",
    },
  },
  {
    addon: "amazon-cloudwatch-observability",
    identity: {
      role: "cloudwatch-agent",
      namespace: "amazon-cloudwatch",
      serviceAccount: "cloudwatch-agent",
      policy: "CloudWatchAgentServerPolicy",
    },
    // On by default since v4: it would inject an agent into the gateway's own pods.
    configuration: { manager: { applicationSignals: { autoMonitor: { monitorAllServices: false } } } },
  },
];

/** The add-ons that nodes wait for. */
export function createNodeAddons(name: string, args: AddonsArgs, parent: pulumi.Resource): aws.eks.Addon[] {
  return beforeNodes.map((spec) => createAddon(name, spec, args, { parent }));
}

/** The add-ons that wait for nodes, by name. `nodes` also holds what they log into. */
export function createClusterAddons(
  name: string,
  args: AddonsArgs,
  nodes: pulumi.Resource[],
  parent: pulumi.Resource,
): Map<AddonName, aws.eks.Addon> {
  return new Map(
    afterNodes.map((spec) => [spec.addon, createAddon(name, spec, args, { parent, dependsOn: nodes })]),
  );
}

function createAddon(
  name: string,
  { addon, identity, configuration }: AddonSpec,
  { prefix, region, version, cluster }: AddonsArgs,
  opts: { parent: pulumi.Resource; dependsOn?: pulumi.Resource[] },
): aws.eks.Addon {
  const workload =
    identity &&
    new WorkloadIdentity(
      `${name}-${identity.role}-identity`,
      {
        roleName: physicalName("aws:role", prefix, identity.role),
        clusterName: cluster.name,
        clusterArn: cluster.arn,
        namespace: identity.namespace,
        serviceAccount: identity.serviceAccount,
        managedPolicyArns: [`arn:${partitionOf(region)}:iam::aws:policy/${identity.policy}`],
      },
      { parent: opts.parent },
    );
  return new aws.eks.Addon(
    `${name}-${addon}`,
    {
      clusterName: cluster.name,
      addonName: addon,
      addonVersion: kubernetesReleases[version].addons[addon],
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
      ...(configuration && { configurationValues: JSON.stringify(configuration) }),
    },
    {
      parent: opts.parent,
      dependsOn: [...(opts.dependsOn ?? []), ...(workload ? [workload.association] : [])],
    },
  );
}

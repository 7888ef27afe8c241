import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { WorkloadIdentity } from "./identity.js";
import { kubernetesReleases } from "./kubernetesReleases.js";
import type { KubernetesVersion } from "../kubernetes/versions.js";
import { partitionOf, type Statement } from "./statements.js";

export interface ClusterAutoscalerArgs {
  prefix: string;
  region: string;
  /** 12 digits. */
  accountId: pulumi.Input<string>;
  clusterName: pulumi.Input<string>;
  clusterArn: pulumi.Input<string>;
  /** The Auto Scaling groups behind the cluster's node groups. */
  autoscalingGroupNames: pulumi.Input<string>[];
  /** The cluster's Kubernetes version, which the autoscaler's has to match. */
  version: KubernetesVersion;
  /** The image, for a mirrored registry. Default: the upstream one for `version`. */
  image?: string;
}

const app = "cluster-autoscaler";
const namespace = "kube-system";
const read = ["get", "list", "watch"];

/**
 * What the autoscaler may do in AWS.
 * Source: "Full Cluster Autoscaler Features Policy", kubernetes/autoscaler, cloudprovider/aws/README.md.
 */
export function autoscalerStatements(
  args: Pick<ClusterAutoscalerArgs, "region" | "accountId" | "clusterName" | "autoscalingGroupNames">,
): Statement[] {
  const { region, accountId, clusterName } = args;
  const arn = (service: string, resource: pulumi.Input<string>) =>
    pulumi.interpolate`arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;
  return [
    {
      sid: "Scale",
      actions: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
      // The * stands for a UUID that only the group's own ARN holds; the name after it is exact.
      resources: args.autoscalingGroupNames.map((group) =>
        arn("autoscaling", pulumi.interpolate`autoScalingGroup:*:autoScalingGroupName/${group}`),
      ),
      // EKS tags the groups of managed node groups with this key and k8s.io/cluster-autoscaler/enabled by itself.
      conditions: pulumi.output(clusterName).apply((cluster) => ({
        StringEquals: { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${cluster}`]: "owned" },
      })),
    },
    {
      sid: "DescribeNodeGroups",
      actions: ["eks:DescribeNodegroup"],
      resources: [arn("eks", pulumi.interpolate`nodegroup/${clusterName}/*`)],
    },
    {
      // None of these knows resource-level permissions: * is all that AWS takes. Source: Service Authorization
      // Reference, "Amazon EC2 Auto Scaling" and "Amazon EC2", actions without a resource type.
      sid: "Describe",
      actions: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeTags",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
      ],
      resources: ["*"],
      conditions: { StringEquals: { "aws:RequestedRegion": region } },
    },
  ];
}

/**
 * Rules for the whole cluster: what a simulation of scheduling reads, and what draining a node writes.
 * Source: charts/cluster-autoscaler in kubernetes/autoscaler.
 */
const clusterRules = [
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
  { apiGroups: [""], resources: ["pods/status"], verbs: ["update"] },
  { apiGroups: [""], resources: ["nodes"], verbs: [...read, "update"] },
  {
    apiGroups: [""],
    resources: [
      "namespaces",
      "pods",
      "services",
      "replicationcontrollers",
      "persistentvolumeclaims",
      "persistentvolumes",
    ],
    verbs: read,
  },
  { apiGroups: ["apps"], resources: ["daemonsets", "replicasets", "statefulsets"], verbs: read },
  { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: read },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: read },
  {
    apiGroups: ["storage.k8s.io"],
    resources: ["storageclasses", "csinodes", "csidrivers", "csistoragecapacities", "volumeattachments"],
    verbs: read,
  },
  {
    // The scheduler of 1.34 and newer reads these (dynamic resource allocation), and so does its simulation.
    apiGroups: ["resource.k8s.io"],
    resources: ["deviceclasses", "resourceclaims", "resourceslices"],
    verbs: read,
  },
];

/** Rules in its own namespace: the leader's lease and its published status. */
const namespaceRules = [
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    resourceNames: [app],
    verbs: ["get", "update"],
  },
  { apiGroups: [""], resources: ["configmaps"], verbs: ["create", "list", "watch"] },
  {
    apiGroups: [""],
    resources: ["configmaps"],
    resourceNames: ["cluster-autoscaler-status"],
    verbs: ["get", "update", "delete"],
  },
];

/** The Kubernetes cluster autoscaler. Its options have to carry the cluster's Kubernetes provider. */
export class ClusterAutoscaler extends pulumi.ComponentResource {
  readonly deployment: k8s.apps.v1.Deployment;

  constructor(name: string, args: ClusterAutoscalerArgs, opts: pulumi.ComponentResourceOptions) {
    super("javelin:aws:ClusterAutoscaler", name, args, opts);
    const { prefix, region, clusterName, clusterArn, version } = args;
    const parent = { parent: this };
    const labels = { "app.kubernetes.io/name": app };
    const metadata = { name: app, namespace, labels };
    const subjects = [{ kind: "ServiceAccount", name: app, namespace }];

    const identity = new WorkloadIdentity(
      `${name}-identity`,
      {
        roleName: physicalName("aws:role", prefix, app),
        clusterName,
        clusterArn,
        namespace,
        serviceAccount: app,
        statements: autoscalerStatements(args),
      },
      parent,
    );
    const account = new k8s.core.v1.ServiceAccount(`${name}-account`, { metadata }, parent);
    const clusterRole = new k8s.rbac.v1.ClusterRole(
      `${name}-cluster-role`,
      { metadata: { name: app, labels }, rules: clusterRules },
      parent,
    );
    const role = new k8s.rbac.v1.Role(`${name}-role`, { metadata, rules: namespaceRules }, parent);
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", name: app };
    const bindings = [
      new k8s.rbac.v1.ClusterRoleBinding(
        `${name}-cluster-binding`,
        { metadata: { name: app, labels }, roleRef: { ...roleRef, kind: "ClusterRole" }, subjects },
        { ...parent, dependsOn: [clusterRole, account] },
      ),
      new k8s.rbac.v1.RoleBinding(
        `${name}-binding`,
        { metadata, roleRef: { ...roleRef, kind: "Role" }, subjects },
        { ...parent, dependsOn: [role, account] },
      ),
    ];

    this.deployment = new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              serviceAccountName: app,
              priorityClassName: "system-cluster-critical",
              securityContext: {
                runAsNonRoot: true,
                runAsUser: 65534,
                runAsGroup: 65534,
                seccompProfile: { type: "RuntimeDefault" },
              },
              containers: [
                {
                  name: app,
                  image: args.image ?? kubernetesReleases[version].autoscalerImage,
                  command: ["./cluster-autoscaler"],
                  args: [
                    "--cloud-provider=aws",
                    pulumi.interpolate`--node-group-auto-discovery=asg:tag=k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/${clusterName}`,
                    "--balance-similar-node-groups",
                    "--expander=least-waste",
                    // The gateway's pods hold nothing but scratch files in theirs.
                    "--skip-nodes-with-local-storage=false",
                    "--v=2",
                  ],
                  // Pods cannot ask the instance metadata for it: one hop.
                  env: [{ name: "AWS_REGION", value: region }],
                  ports: [{ name: "metrics", containerPort: 8085 }],
                  livenessProbe: {
                    httpGet: { path: "/health-check", port: "metrics" },
                    initialDelaySeconds: 30,
                  },
                  resources: {
                    requests: { cpu: "100m", memory: "600Mi" },
                    limits: { cpu: "500m", memory: "600Mi" },
                  },
                  securityContext: {
                    allowPrivilegeEscalation: false,
                    readOnlyRootFilesystem: true,
                    capabilities: { drop: ["ALL"] },
                  },
                },
              ],
            },
          },
        },
      },
      { ...parent, dependsOn: [identity.association, ...bindings] },
    );

    this.registerOutputs({ roleArn: identity.roleArn });
  }
}

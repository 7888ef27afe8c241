import { CloudError } from "../behaviour.js";
import type { Context, Props, WorldObject } from "../behaviour.js";
import { arn, at, lookup, refuseUnless, text, texts } from "./common.js";
import { keyAdmits, keyOf } from "./kms.js";
import { connects, reachesInternet } from "./reachability.js";
import { type } from "./references.js";
import { permits } from "./roles.js";

/**
 * What lets the nodes of a managed node group come up, or not. EKS reports these as issues of the group
 * (`NodeCreationFailure`, `AsgInstanceLaunchFailures`) after some 20 minutes; here they come at once.
 * Source: EKS API reference, Issue; EKS user guide, "Troubleshoot problems with Amazon EKS clusters and
 * nodes" and "Amazon VPC CNI".
 */
export function refuseNodes(
  inputs: Props,
  context: Context,
  cluster: WorldObject,
  role: WorldObject,
  template: WorldObject | undefined,
): void {
  refuseDisks(context, template);
  const joins = (holds: boolean, why: string) =>
    refuseUnless(holds, "NodeCreationFailure", `Instances failed to join the kubernetes cluster (${why})`);
  const healthy = (holds: boolean, why: string) =>
    refuseUnless(holds, "NodeCreationFailure", `Unhealthy nodes in the kubernetes cluster (${why})`);
  const { world, region } = context;

  for (const subnetId of texts(inputs, "subnetIds"))
    joins(reachesInternet(context, subnetId), `subnet ${subnetId} has no route to the internet`);
  joins(
    meetsControlPlane(inputs, context, cluster, template),
    "the security groups of the nodes and of the control plane admit no connection on port 443",
  );
  joins(permits(world, role, "ec2:DescribeInstances"), `${role.id} lacks AmazonEKSWorkerNodePolicy`);
  healthy(
    permits(world, role, "ecr:GetAuthorizationToken"),
    `${role.id} may not pull images: it lacks AmazonEC2ContainerRegistryPullOnly`,
  );
  if (cluster.inputs.bootstrapSelfManagedAddons !== false) return;
  const addons = world
    .list("aws:eks/addon:Addon", region)
    .filter((each) => each.inputs.clusterName === cluster.id);
  const has = (name: string) => addons.find((each) => each.inputs.addonName === name);
  const cni = has("vpc-cni");
  healthy(
    cni !== undefined,
    "container runtime network not ready: cni plugin not initialized, as the cluster has no vpc-cni add-on",
  );
  healthy(
    has("kube-proxy") !== undefined,
    "aws-node cannot reach the API server without the kube-proxy add-on",
  );
  const ownRole =
    cni !== undefined &&
    (text(cni.inputs, "serviceAccountRoleArn") !== undefined ||
      at(cni.inputs, "podIdentityAssociations[]").length > 0);
  const associated = world
    .list("aws:eks/podIdentityAssociation:PodIdentityAssociation", region)
    .some((each) => each.inputs.clusterName === cluster.id && each.inputs.serviceAccount === "aws-node");
  healthy(
    ownRole || associated || permits(world, role, "ec2:AssignPrivateIpAddresses"),
    "neither the vpc-cni add-on nor the nodes have a role with AmazonEKS_CNI_Policy",
  );
}

/** The nodes and the control plane meet by their security groups: without a template of its own the cluster's one. */
function meetsControlPlane(
  inputs: Props,
  context: Context,
  cluster: WorldObject,
  template: WorldObject | undefined,
): boolean {
  const clusterGroup = text(cluster.state, "vpcConfig.clusterSecurityGroupId") ?? "";
  const own = [
    ...texts(template?.inputs, "vpcSecurityGroupIds"),
    ...at(template?.inputs, "networkInterfaces[].securityGroups[]").map(String),
  ];
  const blocks = (ids: string[]) =>
    ids.flatMap((id) => text(lookup(context, type.subnet, id)?.state, "cidrBlock") ?? []);
  const nodes = {
    groups: own.length === 0 ? [clusterGroup] : own,
    cidrs: blocks(texts(inputs, "subnetIds")),
  };
  const controlPlane = {
    groups: [clusterGroup, ...texts(cluster.state, "vpcConfig.securityGroupIds")],
    cidrs: blocks(texts(cluster.state, "vpcConfig.subnetIds")),
  };
  return connects(context, nodes, controlPlane, 443);
}

/**
 * Volumes under a key of the customer's: EC2 Auto Scaling's service-linked role needs the key's own policy,
 * as no other policy can be given to it. Source: EC2 Auto Scaling user guide, "Required AWS KMS key policy
 * for use with encrypted volumes".
 */
function refuseDisks(context: Context, template: WorldObject | undefined): void {
  const launcher = arn(
    context,
    "iam",
    "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
    { region: "" },
  );
  for (const name of at(template?.inputs, "blockDeviceMappings[].ebs.kmsKeyId").map(String)) {
    const key = keyOf(name, context, "AsgInstanceLaunchFailures");
    for (const action of ["kms:GenerateDataKeyWithoutPlaintext", "kms:Decrypt", "kms:CreateGrant"])
      if (!keyAdmits(key, { AWS: launcher }, action))
        throw new CloudError(
          "AsgInstanceLaunchFailures",
          `Could not launch On-Demand Instances. Client.InvalidKMSKey.InvalidState: the policy of ${String(key.state.arn)} does not give ${action} to ${launcher}.`,
        );
  }
}

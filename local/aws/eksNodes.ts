import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props } from "../behaviour.js";
import { arn, inRange, matches, number, objects, oneOf, refuseUnless, text, uuid } from "./common.js";
import { accessEntryType, toCluster } from "./eksAccess.js";
import { refuseNodes } from "./eksNodeHealth.js";
import {
  clusterOf,
  launchTemplateOf,
  refuseLabels,
  refuseLaunchTemplate,
  refuseMachines,
  refuseScaling,
} from "./eksNodeRules.js";
import { once, placed } from "./outputs.js";
import { toSubnet, type } from "./references.js";
import { roleOf, trusts } from "./roles.js";

export const nodeGroupType = "aws:eks/nodeGroup:NodeGroup";
const invalid = "InvalidParameterException";

const groupName = (context: Context, inputs: Props) =>
  `eks-${String(inputs.nodeGroupName)}-${uuid(context, "asg")}`;

export const nodeGroup: Behaviour = {
  source:
    "EKS CreateNodegroup; CloudFormation AWS::EKS::Nodegroup; EKS user guide, managed node groups and their launch templates; provider docs of aws.eks.NodeGroup",
  required: [
    "clusterName",
    "nodeRoleArn",
    "subnetIds",
    "scalingConfig",
    "scalingConfig.minSize",
    "scalingConfig.maxSize",
    "scalingConfig.desiredSize",
  ],
  replaces: [
    "amiType",
    "capacityType",
    "clusterName",
    "diskSize",
    "instanceTypes",
    "launchTemplate.id",
    "launchTemplate.name",
    "nodeGroupName",
    "nodeGroupNamePrefix",
    "nodeRoleArn",
    "remoteAccess",
    "subnetIds",
  ],
  autoName: { property: "nodeGroupName", max: 63 },
  check: (inputs) => [
    ...matches(
      inputs,
      "nodeGroupName",
      /^[0-9A-Za-z][A-Za-z0-9_-]{0,62}$/,
      "1 to 63 letters, digits, hyphens and underscores, beginning with a letter or digit",
    ),
    ...oneOf(inputs, "capacityType", ["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"]),
    ...oneOf(inputs, "taints[].effect", ["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"]),
    ...inRange(inputs, "updateConfig.maxUnavailable", 1, 100),
    ...inRange(inputs, "updateConfig.maxUnavailablePercentage", 1, 100),
    ...matches(
      inputs,
      "amiType",
      /^(AL2|AL2023|BOTTLEROCKET)_(ARM_64|x86_64)(_[A-Z]+)*$|^CUSTOM$/,
      "an AMI type of EKS for Linux",
    ),
    ...(text(inputs, "updateConfig.maxUnavailable") !== undefined &&
    text(inputs, "updateConfig.maxUnavailablePercentage") !== undefined
      ? [
          {
            property: "updateConfig",
            reason: "only one of maxUnavailable, maxUnavailablePercentage can be specified",
          },
        ]
      : []),
  ],
  references: { clusterName: toCluster, "subnetIds[]": toSubnet },
  unique: (inputs) => `${String(inputs.clusterName)}:${String(inputs.nodeGroupName)}`,
  taken: (key) => {
    const [cluster = "", name = ""] = key.split(":");
    return new CloudError(
      "ResourceInUseException",
      `NodeGroup already exists with name ${name} and cluster name ${cluster}`,
    );
  },
  admit: (inputs, context) => {
    refuseScaling(inputs);
    refuseLabels(inputs);
    const roleArn = text(inputs, "nodeRoleArn") ?? "";
    const role = roleOf(context.world, roleArn);
    refuseUnless(
      role !== undefined,
      invalid,
      `The role with name ${roleArn.split("/").at(-1) ?? ""} cannot be found.`,
    );
    refuseUnless(
      role !== undefined && trusts(role, "ec2.amazonaws.com"),
      invalid,
      `Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole ${roleArn}`,
    );
    refuseLaunchTemplate(inputs, context);
    refuseMachines(inputs, context);
    const cluster = clusterOf(inputs, context);
    if (cluster && role) refuseNodes(inputs, context, cluster, role, launchTemplateOf(inputs, context));
  },
  id: (inputs) => `${String(inputs.clusterName)}:${String(inputs.nodeGroupName)}`,
  outputs: (inputs, context) => {
    const version =
      inputs.version ?? context.current?.state.version ?? clusterOf(inputs, context)?.state.version;
    const template = launchTemplateOf(inputs, context);
    return {
      ...placed(inputs, context),
      ...once(context, () => ({
        arn: arn(
          context,
          "eks",
          `nodegroup/${String(inputs.clusterName)}/${String(inputs.nodeGroupName)}/${uuid(context, "group")}`,
        ),
        nodeGroupNamePrefix: "",
        resources: [
          { autoscalingGroups: [{ name: groupName(context, inputs) }], remoteAccessSecurityGroupId: "" },
        ],
        status: "ACTIVE",
      })),
      amiType:
        inputs.amiType ??
        (text(template?.inputs, "imageId") === undefined ? "AL2023_x86_64_STANDARD" : "CUSTOM"),
      capacityType: inputs.capacityType ?? "ON_DEMAND",
      diskSize: inputs.diskSize ?? (template ? 0 : 20),
      instanceTypes:
        inputs.instanceTypes ??
        (template && text(template.inputs, "instanceType") !== undefined ? [] : ["t3.medium"]),
      nodeRepairConfig: inputs.nodeRepairConfig ?? { enabled: false },
      updateConfig: inputs.updateConfig ?? { maxUnavailable: 1 },
      releaseVersion: inputs.releaseVersion ?? `${String(version)}.0-20251112`,
      version,
    };
  },
  volatile: ["releaseVersion"],
  after: ({ id, region, inputs, state }, context) => {
    const { world } = context;
    const [name = ""] = objects(state, "resources")
      .flatMap((each) => objects(each, "autoscalingGroups"))
      .map((each) => text(each, "name") ?? "");
    const sizes = {
      minSize: number(inputs, "scalingConfig.minSize"),
      maxSize: number(inputs, "scalingConfig.maxSize"),
      desiredCapacity: number(inputs, "scalingConfig.desiredSize"),
    };
    if (world.find(type.autoscalingGroup, name)) {
      world.amend(type.autoscalingGroup, name, sizes);
      return;
    }
    const groupArn = arn(
      context,
      "autoscaling",
      `autoScalingGroup:${uuid(context, "asgArn")}:autoScalingGroupName/${name}`,
    );
    const group = {
      name,
      arn: groupArn,
      vpcZoneIdentifiers: inputs.subnetIds,
      healthCheckType: "EC2",
      ...sizes,
    };
    world.add({ type: type.autoscalingGroup, id: name, region, owner: id, inputs: {}, state: group });
    // EKS lets the nodes in by an access entry of their role, unless there is one already.
    const mode = text(clusterOf(inputs, context)?.state, "accessConfig.authenticationMode");
    const entry = { clusterName: inputs.clusterName, principalArn: inputs.nodeRoleArn, type: "EC2_LINUX" };
    const entryId = `${String(entry.clusterName)}:${String(entry.principalArn)}`;
    if (mode !== "CONFIG_MAP" && !world.find(accessEntryType, entryId))
      world.add({
        type: accessEntryType,
        id: entryId,
        region,
        owner: id,
        inputs: entry,
        state: { ...entry },
      });
  },
  minutes: 3,
};

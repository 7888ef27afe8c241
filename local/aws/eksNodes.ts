import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, WorldObject } from "../behaviour.js";
import { arn, inRange, isKnown, isObject, lookup, matches, number, objects, oneOf, refuseUnless, text, texts, uuid } from "./common.js";
import { accessEntryType, toCluster } from "./eksAccess.js";
import { clusterType, minorOf } from "./eksCluster.js";
import { refuseNodes } from "./eksNodeHealth.js";
import { instanceType } from "./instanceTypes.js";
import { once, placed } from "./outputs.js";
import { toSubnet, type } from "./references.js";
import { roleOf, trusts } from "./roles.js";

export const nodeGroupType = "aws:eks/nodeGroup:NodeGroup";
const invalid = "InvalidParameterException";

/** The launch template that the group names, by id or by name. */
export function launchTemplateOf(inputs: Props, context: Context): WorldObject | undefined {
  const [given] = objects(inputs, "launchTemplate");
  if (!given) return undefined;
  const [id, name] = [text(given, "id"), text(given, "name")];
  return context.world
    .list(type.launchTemplate, context.region)
    .find((each) => (id !== undefined ? each.id === id : each.state.name === name));
}

function refuseLaunchTemplate(inputs: Props, context: Context): void {
  const [given] = objects(inputs, "launchTemplate");
  if (!given) return;
  const template = launchTemplateOf(inputs, context);
  if (!template)
    throw new CloudError("InvalidRequestException", `Launch template ${text(given, "id") ?? text(given, "name") ?? ""} could not be found.`);
  const version = number(given, "version");
  const latest = number(template.state, "latestVersion") ?? 1;
  refuseUnless(
    version === undefined || (version >= 1 && version <= latest),
    "InvalidRequestException",
    `Could not find the specified version ${String(version)} for the launch template with ID ${template.id}.`,
  );
  refuseUnless(!isKnown(inputs.diskSize), invalid, "Disk size must be specified within the launch template.");
  refuseUnless(
    !isKnown(inputs.remoteAccess),
    invalid,
    "Remote access configuration cannot be specified with a launch template.",
  );
  refuseUnless(
    text(template.inputs, "instanceType") === undefined || texts(inputs, "instanceTypes").length === 0,
    invalid,
    "Cannot specify instance types in launch template and API request",
  );
  for (const property of ["iamInstanceProfile", "instanceMarketOptions"])
    refuseUnless(
      !isKnown(template.inputs[property]),
      invalid,
      `Launch template should not specify ${property}. The node role and the capacity type are given to the node group.`,
    );
  refuseUnless(
    text(template.inputs, "imageId") === undefined || (text(inputs, "amiType") ?? "CUSTOM") === "CUSTOM",
    invalid,
    "You cannot specify an AMI type other than CUSTOM, when specifying an image id in your launch template.",
  );
}

function refuseMachines(inputs: Props, context: Context): void {
  const amiType = text(inputs, "amiType") ?? "AL2023_x86_64_STANDARD";
  const template = launchTemplateOf(inputs, context);
  const version = text(inputs, "version") ?? text(clusterOf(inputs, context)?.state, "version") ?? "1.33";
  const clusterVersion = text(clusterOf(inputs, context)?.state, "version") ?? version;
  refuseUnless(
    minorOf(version) <= minorOf(clusterVersion),
    invalid,
    `Requested Nodegroup release version is invalid: ${version} is newer than the cluster's ${clusterVersion}.`,
  );
  refuseUnless(
    !amiType.startsWith("AL2_") || minorOf(version) < 33,
    invalid,
    `AMI Type ${amiType} is only supported for kubernetes versions 1.32 or earlier`,
  );
  const given = [...texts(inputs, "instanceTypes"), ...(text(template?.inputs, "instanceType") ?? []).toString().split(",").filter(Boolean)];
  const wanted = amiType.toLowerCase().includes("arm") ? "arm64" : "x86_64";
  for (const name of given) {
    const known = instanceType(name);
    refuseUnless(known !== undefined, invalid, `The following supplied instance types do not exist: [${name}]`);
    const fits = known?.architecture === wanted && (!amiType.includes("NVIDIA") || known.gpus > 0);
    refuseUnless(
      amiType === "CUSTOM" || fits,
      invalid,
      `[${name}] is not a valid instance type for requested amiType ${amiType}`,
    );
  }
}

const clusterOf = (inputs: Props, context: Context) => lookup(context, clusterType, text(inputs, "clusterName"));

function refuseScaling(inputs: Props): void {
  const [min = 0, desired = 0, max = 1] = ["minSize", "desiredSize", "maxSize"].map((each) => number(inputs, `scalingConfig.${each}`));
  refuseUnless(max >= 1, invalid, "maxSize must be at least 1");
  refuseUnless(min <= max, invalid, `Minimum capacity ${min} can't be greater than maximum capacity ${max}`);
  refuseUnless(min <= desired, invalid, `Minimum capacity ${min} can't be greater than desired size ${desired}`);
  refuseUnless(desired <= max, invalid, `desired capacity ${desired} can't be greater than max size ${max}`);
}

function refuseLabels(inputs: Props): void {
  const labels = isObject(inputs.labels) ? Object.entries(inputs.labels) : [];
  for (const [key, value] of labels) {
    refuseUnless(
      !/(^|\.)(kubernetes\.io|k8s\.io|eks\.amazonaws\.com)\//.test(key),
      invalid,
      "Label cannot contain reserved prefixes [kubernetes.io/, k8s.io/, eks.amazonaws.com/]",
    );
    refuseUnless(
      /^([a-z0-9.-]{1,253}\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/.test(key) &&
        /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/.test(String(value)),
      invalid,
      `Invalid label ${key}=${String(value)}`,
    );
  }
}

const groupName = (context: Context, inputs: Props) => `eks-${String(inputs.nodeGroupName)}-${uuid(context, "asg")}`;

export const nodeGroup: Behaviour = {
  source: "EKS CreateNodegroup; CloudFormation AWS::EKS::Nodegroup; EKS user guide, managed node groups and their launch templates; provider docs of aws.eks.NodeGroup",
  required: ["clusterName", "nodeRoleArn", "subnetIds", "scalingConfig", "scalingConfig.minSize", "scalingConfig.maxSize", "scalingConfig.desiredSize"],
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
    ...matches(inputs, "nodeGroupName", /^[0-9A-Za-z][A-Za-z0-9_-]{0,62}$/, "1 to 63 letters, digits, hyphens and underscores, beginning with a letter or digit"),
    ...oneOf(inputs, "capacityType", ["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"]),
    ...oneOf(inputs, "taints[].effect", ["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"]),
    ...inRange(inputs, "updateConfig.maxUnavailable", 1, 100),
    ...inRange(inputs, "updateConfig.maxUnavailablePercentage", 1, 100),
    ...matches(inputs, "amiType", /^(AL2|AL2023|BOTTLEROCKET)_(ARM_64|x86_64)(_[A-Z]+)*$|^CUSTOM$/, "an AMI type of EKS for Linux"),
    ...(text(inputs, "updateConfig.maxUnavailable") !== undefined && text(inputs, "updateConfig.maxUnavailablePercentage") !== undefined
      ? [{ property: "updateConfig", reason: "only one of maxUnavailable, maxUnavailablePercentage can be specified" }]
      : []),
  ],
  references: { clusterName: toCluster, "subnetIds[]": toSubnet },
  unique: (inputs) => `${String(inputs.clusterName)}:${String(inputs.nodeGroupName)}`,
  taken: (key) => {
    const [cluster = "", name = ""] = key.split(":");
    return new CloudError("ResourceInUseException", `NodeGroup already exists with name ${name} and cluster name ${cluster}`);
  },
  admit: (inputs, context) => {
    refuseScaling(inputs);
    refuseLabels(inputs);
    const roleArn = text(inputs, "nodeRoleArn") ?? "";
    const role = roleOf(context.world, roleArn);
    refuseUnless(role !== undefined, invalid, `The role with name ${roleArn.split("/").at(-1) ?? ""} cannot be found.`);
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
    const version = inputs.version ?? context.current?.state.version ?? clusterOf(inputs, context)?.state.version;
    const template = launchTemplateOf(inputs, context);
    return {
      ...placed(inputs, context),
      ...once(context, () => ({
        arn: arn(context, "eks", `nodegroup/${String(inputs.clusterName)}/${String(inputs.nodeGroupName)}/${uuid(context, "group")}`),
        nodeGroupNamePrefix: "",
        resources: [{ autoscalingGroups: [{ name: groupName(context, inputs) }], remoteAccessSecurityGroupId: "" }],
        status: "ACTIVE",
      })),
      amiType: inputs.amiType ?? (text(template?.inputs, "imageId") === undefined ? "AL2023_x86_64_STANDARD" : "CUSTOM"),
      capacityType: inputs.capacityType ?? "ON_DEMAND",
      diskSize: inputs.diskSize ?? (template ? 0 : 20),
      instanceTypes: inputs.instanceTypes ?? (template && text(template.inputs, "instanceType") !== undefined ? [] : ["t3.medium"]),
      nodeRepairConfig: inputs.nodeRepairConfig ?? { enabled: false },
      updateConfig: inputs.updateConfig ?? { maxUnavailable: 1 },
      releaseVersion: inputs.releaseVersion ?? `${String(version)}.0-20251112`,
      version,
    };
  },
  volatile: ["releaseVersion"],
  after: ({ id, region, inputs, state }, context) => {
    const { world } = context;
    const [name = ""] = objects(state, "resources").flatMap((each) => objects(each, "autoscalingGroups")).map((each) => text(each, "name") ?? "");
    const sizes = {
      minSize: number(inputs, "scalingConfig.minSize"),
      maxSize: number(inputs, "scalingConfig.maxSize"),
      desiredCapacity: number(inputs, "scalingConfig.desiredSize"),
    };
    if (world.find(type.autoscalingGroup, name)) {
      world.amend(type.autoscalingGroup, name, sizes);
      return;
    }
    const groupArn = arn(context, "autoscaling", `autoScalingGroup:${uuid(context, "asgArn")}:autoScalingGroupName/${name}`);
    const group = { name, arn: groupArn, vpcZoneIdentifiers: inputs.subnetIds, healthCheckType: "EC2", ...sizes };
    world.add({ type: type.autoscalingGroup, id: name, region, owner: id, inputs: {}, state: group });
    // EKS lets the nodes in by an access entry of their role, unless there is one already.
    const mode = text(clusterOf(inputs, context)?.state, "accessConfig.authenticationMode");
    const entry = { clusterName: inputs.clusterName, principalArn: inputs.nodeRoleArn, type: "EC2_LINUX" };
    const entryId = `${String(entry.clusterName)}:${String(entry.principalArn)}`;
    if (mode !== "CONFIG_MAP" && !world.find(accessEntryType, entryId))
      world.add({ type: accessEntryType, id: entryId, region, owner: id, inputs: entry, state: { ...entry } });
  },
  minutes: 3,
};

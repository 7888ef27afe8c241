import { CloudError } from "../behaviour.js";
import type { Context, Props, WorldObject } from "../behaviour.js";
import { isKnown, isObject, lookup, number, objects, refuseUnless, text, texts } from "./common.js";
import { clusterType } from "./eksCluster.js";
import { minorOf } from "./eksClusterRules.js";
import { instanceType } from "./instanceTypes.js";
import { type } from "./references.js";

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

export function refuseLaunchTemplate(inputs: Props, context: Context): void {
  const [given] = objects(inputs, "launchTemplate");
  if (!given) return;
  const template = launchTemplateOf(inputs, context);
  if (!template)
    throw new CloudError(
      "InvalidRequestException",
      `Launch template ${text(given, "id") ?? text(given, "name") ?? ""} could not be found.`,
    );
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

export function refuseMachines(inputs: Props, context: Context): void {
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
  const given = [
    ...texts(inputs, "instanceTypes"),
    ...(text(template?.inputs, "instanceType") ?? []).toString().split(",").filter(Boolean),
  ];
  const wanted = amiType.toLowerCase().includes("arm") ? "arm64" : "x86_64";
  for (const name of given) {
    const known = instanceType(name);
    refuseUnless(
      known !== undefined,
      invalid,
      `The following supplied instance types do not exist: [${name}]`,
    );
    const fits = known?.architecture === wanted && (!amiType.includes("NVIDIA") || known.gpus > 0);
    refuseUnless(
      amiType === "CUSTOM" || fits,
      invalid,
      `[${name}] is not a valid instance type for requested amiType ${amiType}`,
    );
  }
}

export const clusterOf = (inputs: Props, context: Context) =>
  lookup(context, clusterType, text(inputs, "clusterName"));

export function refuseScaling(inputs: Props): void {
  const [min = 0, desired = 0, max = 1] = ["minSize", "desiredSize", "maxSize"].map((each) =>
    number(inputs, `scalingConfig.${each}`),
  );
  refuseUnless(max >= 1, invalid, "maxSize must be at least 1");
  refuseUnless(min <= max, invalid, `Minimum capacity ${min} can't be greater than maximum capacity ${max}`);
  refuseUnless(
    min <= desired,
    invalid,
    `Minimum capacity ${min} can't be greater than desired size ${desired}`,
  );
  refuseUnless(desired <= max, invalid, `desired capacity ${desired} can't be greater than max size ${max}`);
}

export function refuseLabels(inputs: Props): void {
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

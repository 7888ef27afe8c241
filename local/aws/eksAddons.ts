import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Invoke, Props, WorldObject } from "../behaviour.js";
import { arn, at, isObject, lookup, matches, number, objects, oneOf, refuseUnless, text } from "./common.js";
import { associationType, refusePodRole, toCluster } from "./eksAccess.js";
import { clusterType } from "./eksCluster.js";
import { minorOf, versions } from "./eksClusterRules.js";
import { base32, once, placed } from "./outputs.js";
import { permits, roleOf } from "./roles.js";

export const addonType = "aws:eks/addon:Addon";
const invalid = "InvalidParameterException";

interface Addon {
  /** The version that a cluster of this Kubernetes version gets by default. */
  latest: (kubernetes: string) => string;
  /** Versions that EKS offers for it. */
  offered: (kubernetes: string) => RegExp;
  /** True: its pods come from a Deployment, so that without a node it never becomes active. */
  needsNodes?: boolean;
  /** Its own service account, and an action without which its pods do not start. */
  needs?: { serviceAccount: string; action: string };
  /** Objects of this add-on that a cluster brings with itself unless told not to. */
  bootstrapped?: boolean;
}

/** Source: EKS DescribeAddonVersions and the EKS user guide, "AWS add-ons", by version lines. */
const addons: Record<string, Addon> = {
  "vpc-cni": { latest: () => "v1.20.4-eksbuild.1", offered: () => /^v1\.(18|19|2\d)\./, bootstrapped: true },
  coredns: {
    latest: (kubernetes) => (minorOf(kubernetes) >= 33 ? "v1.12.4-eksbuild.1" : "v1.11.4-eksbuild.24"),
    offered: (kubernetes) => (minorOf(kubernetes) >= 33 ? /^v1\.1[234]\./ : /^v1\.11\./),
    needsNodes: true,
    bootstrapped: true,
  },
  "kube-proxy": {
    latest: (kubernetes) => `v${kubernetes}.0-eksbuild.2`,
    offered: (kubernetes) => new RegExp(`^v${kubernetes.replace(".", "\\.")}\\.`),
    bootstrapped: true,
  },
  "aws-ebs-csi-driver": {
    latest: () => "v1.53.0-eksbuild.1",
    offered: () => /^v1\.([3-9]\d)\./,
    needsNodes: true,
    needs: { serviceAccount: "ebs-csi-controller-sa", action: "ec2:CreateVolume" },
  },
  "aws-efs-csi-driver": { latest: () => "v2.1.13-eksbuild.1", offered: () => /^v[23]\./, needsNodes: true },
  "eks-pod-identity-agent": { latest: () => "v1.3.9-eksbuild.5", offered: () => /^v1\.\d+\./ },
  "eks-node-monitoring-agent": { latest: () => "v1.4.2-eksbuild.1", offered: () => /^v1\.\d+\./ },
  "metrics-server": { latest: () => "v0.8.0-eksbuild.3", offered: () => /^v0\.[789]\./, needsNodes: true },
  "snapshot-controller": { latest: () => "v8.3.0-eksbuild.1", offered: () => /^v8\./, needsNodes: true },
  "amazon-cloudwatch-observability": {
    latest: () => "v4.7.0-eksbuild.1",
    offered: () => /^v[2-6]\./,
    needsNodes: true,
  },
  adot: { latest: () => "v0.131.0-eksbuild.1", offered: () => /^v0\.\d+\./, needsNodes: true },
};

function known(name: string, kubernetes: string): Addon {
  const addon = Object.hasOwn(addons, name) ? addons[name] : undefined;
  if (!addon)
    throw new CloudError(
      invalid,
      `Addon ${name} specified is not supported in ${kubernetes} kubernetes version`,
    );
  return addon;
}

const versionOf = (cluster: WorldObject | undefined) =>
  text(cluster?.state, "version") ?? versions.at(-1) ?? "";

/** Values that the add-ons' schemas want as strings where one would write booleans. */
function refuseConfiguration(inputs: Props): void {
  const given = text(inputs, "configurationValues");
  if (given === undefined) return;
  let values: unknown;
  try {
    values = JSON.parse(given);
  } catch {
    throw new CloudError(invalid, "ConfigurationValue is not in valid JSON or YAML format.");
  }
  const refuse = (path: string) => {
    throw new CloudError(
      invalid,
      `ConfigurationValue provided in request is not supported: Json schema validation failed with error: [$.${path}: boolean found, string expected]`,
    );
  };
  if (inputs.addonName !== "vpc-cni" || !isObject(values)) return;
  if (typeof values.enableNetworkPolicy === "boolean") refuse("enableNetworkPolicy");
  for (const [name, value] of isObject(values.env) ? Object.entries(values.env) : [])
    if (typeof value === "boolean") refuse(`env.${name}`);
}

/** Nodes on which an add-on's Deployment may run: of some group without taints. */
function hasNodes(inputs: Props, { world, region }: Context): boolean {
  return world
    .list("aws:eks/nodeGroup:NodeGroup", region)
    .some(
      (each) =>
        each.inputs.clusterName === inputs.clusterName &&
        (number(each.inputs, "scalingConfig.desiredSize") ?? 0) > 0 &&
        objects(each.inputs, "taints").every((taint) => taint.effect === "PREFER_NO_SCHEDULE"),
    );
}

/** The role that the add-on's pods act with: their own, or else the nodes'. */
function mayAct(
  inputs: Props,
  context: Context,
  { serviceAccount, action }: { serviceAccount: string; action: string },
): boolean {
  const { world, region } = context;
  const own = [
    ...at(inputs, "serviceAccountRoleArn"),
    ...at(inputs, "podIdentityAssociations[].roleArn"),
    ...world
      .list(associationType, region)
      .filter(
        (each) =>
          each.inputs.clusterName === inputs.clusterName && each.inputs.serviceAccount === serviceAccount,
      )
      .map((each) => each.inputs.roleArn),
  ].map(String);
  const nodes = world
    .list("aws:eks/nodeGroup:NodeGroup", region)
    .filter((each) => each.inputs.clusterName === inputs.clusterName)
    .map((each) => String(each.inputs.nodeRoleArn));
  return (own.length > 0 ? own : nodes).some((roleArn) => {
    const role = roleOf(world, roleArn);
    return role !== undefined && permits(world, role, action);
  });
}

export const addon: Behaviour = {
  source:
    "EKS CreateAddon; CloudFormation AWS::EKS::Addon; EKS user guide, add-ons; provider docs of aws.eks.Addon",
  required: ["clusterName", "addonName"],
  replaces: ["clusterName", "addonName", "namespaceConfig"],
  defaults: () => ({ preserve: false }),
  check: (inputs) => [
    ...oneOf(inputs, "resolveConflictsOnCreate", ["NONE", "OVERWRITE"]),
    ...oneOf(inputs, "resolveConflictsOnUpdate", ["NONE", "OVERWRITE", "PRESERVE"]),
    ...matches(
      inputs,
      "addonVersion",
      /^v\d+\.\d+\.\d+-eksbuild\.\d+$/,
      "a version as DescribeAddonVersions lists it",
    ),
  ],
  references: { clusterName: toCluster },
  unique: (inputs) => `${String(inputs.clusterName)}:${String(inputs.addonName)}`,
  taken: () => new CloudError("ResourceInUseException", "Addon already exists."),
  admit: (inputs, context) => {
    const cluster = lookup(context, clusterType, text(inputs, "clusterName"));
    const name = text(inputs, "addonName") ?? "";
    const facts = known(name, versionOf(cluster));
    const version = text(inputs, "addonVersion");
    refuseUnless(
      version === undefined || facts.offered(versionOf(cluster)).test(version),
      invalid,
      "Addon version specified is not supported",
    );
    refuseConfiguration(inputs);
    for (const each of objects(inputs, "podIdentityAssociations"))
      refusePodRole(text(each, "roleArn") ?? "", context);
    refuseUnless(
      context.current !== undefined ||
        facts.bootstrapped !== true ||
        cluster?.inputs.bootstrapSelfManagedAddons === false ||
        inputs.resolveConflictsOnCreate === "OVERWRITE",
      "ConfigurationConflict",
      "Conflicts found when trying to apply. Will not continue due to resolve conflicts mode.",
    );
    const starved = "The add-on is unhealthy because it doesn't have the desired number of replicas.";
    if (facts.needsNodes === true)
      refuseUnless(
        hasNodes(inputs, context),
        "InsufficientNumberOfReplicas",
        `${starved} (No node takes its pods.)`,
      );
    if (facts.needs)
      refuseUnless(
        mayAct(inputs, context, facts.needs),
        "InsufficientNumberOfReplicas",
        `${starved} (${facts.needs.serviceAccount} has no role that allows ${facts.needs.action}.)`,
      );
  },
  id: (inputs) => `${String(inputs.clusterName)}:${String(inputs.addonName)}`,
  outputs: (inputs, context) => {
    const cluster = lookup(context, clusterType, text(inputs, "clusterName"));
    const name = text(inputs, "addonName") ?? "";
    return {
      ...placed(inputs, context),
      ...once(context, () => ({
        arn: arn(context, "eks", `addon/${String(inputs.clusterName)}/${name}/${context.hex(32, "addon")}`),
        createdAt: context.now(),
      })),
      addonVersion:
        inputs.addonVersion ??
        context.current?.state.addonVersion ??
        known(name, versionOf(cluster)).latest(versionOf(cluster)),
      configurationValues: inputs.configurationValues ?? "",
      namespaceConfig: inputs.namespaceConfig ?? {
        namespace: name === "amazon-cloudwatch-observability" ? "amazon-cloudwatch" : "kube-system",
      },
      modifiedAt: context.now(),
    };
  },
  volatile: ["modifiedAt"],
  after: ({ id, region, inputs }, context) => {
    // EKS makes the associations that the add-on lists; they go with it.
    for (const each of objects(inputs, "podIdentityAssociations")) {
      const association = { clusterName: inputs.clusterName, namespace: "kube-system", ...each };
      const taken = context.world
        .list(associationType, region)
        .some(
          (one) =>
            one.inputs.clusterName === inputs.clusterName &&
            one.inputs.serviceAccount === each.serviceAccount,
        );
      if (taken) continue;
      const associationId = `a-${base32(context, 17, String(each.serviceAccount)).toLowerCase()}`;
      context.world.add({
        type: associationType,
        id: associationId,
        region,
        owner: id,
        inputs: association,
        state: { ...association, associationId },
      });
    }
  },
  minutes: 1,
};

export const getAddonVersion: Invoke = (args) => {
  const [name = "", kubernetes = ""] = [text(args, "addonName"), text(args, "kubernetesVersion")];
  return { ...args, id: name, version: known(name, kubernetes).latest(kubernetes) };
};

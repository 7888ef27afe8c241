import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Invoke } from "../behaviour.js";
import {
  arn,
  cidrs,
  ec2Id,
  isKnown,
  isObject,
  lookup,
  matches,
  objects,
  oneOf,
  refuseUnless,
  text,
  texts,
  uuid,
} from "./common.js";
import { refuseNetwork, refuseUpdate, serviceRange, versions } from "./eksClusterRules.js";
import { refuseKey } from "./kms.js";
import { once, placed } from "./outputs.js";
import { toSubnet, toSecurityGroup, type } from "./references.js";
import { roleOf, trusts } from "./roles.js";

export const clusterType = "aws:eks/cluster:Cluster";

const invalid = "InvalidParameterException";
const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"];
const caOf = (context: Context) =>
  Buffer.from(
    `-----BEGIN CERTIFICATE-----\n${Buffer.from(context.hex(96, "ca")).toString("base64")}\n-----END CERTIFICATE-----\n`,
  ).toString("base64");

export const cluster: Behaviour = {
  source:
    "EKS CreateCluster, UpdateClusterVersion, DeleteCluster; CloudFormation AWS::EKS::Cluster; provider docs of aws.eks.Cluster",
  required: ["roleArn", "vpcConfig", "vpcConfig.subnetIds"],
  replaces: [
    "name",
    "roleArn",
    "bootstrapSelfManagedAddons",
    "accessConfig.bootstrapClusterCreatorAdminPermissions",
    "kubernetesNetworkConfig.ipFamily",
    "kubernetesNetworkConfig.serviceIpv4Cidr",
    "outpostConfig",
    "remoteNetworkConfig",
  ],
  // Envelope encryption cannot be taken back.
  replacesWhen: (olds, news) =>
    isObject(olds.encryptionConfig) && !isKnown(news.encryptionConfig) ? ["encryptionConfig"] : [],
  autoName: { property: "name", max: 100 },
  defaults: () => ({ bootstrapSelfManagedAddons: true }),
  check: (inputs) => [
    ...matches(
      inputs,
      "name",
      /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/,
      "1 to 100 alphanumeric characters, hyphens and underscores, beginning with an alphanumeric one",
    ),
    ...oneOf(inputs, "accessConfig.authenticationMode", ["API", "API_AND_CONFIG_MAP", "CONFIG_MAP"]),
    ...oneOf(inputs, "enabledClusterLogTypes[]", logTypes),
    ...oneOf(inputs, "encryptionConfig.resources[]", ["secrets"]),
    ...oneOf(inputs, "upgradePolicy.supportType", ["STANDARD", "EXTENDED"]),
    ...cidrs(inputs, "vpcConfig.publicAccessCidrs[]"),
    ...cidrs(inputs, "kubernetesNetworkConfig.serviceIpv4Cidr"),
    ...["computeConfig", "outpostConfig", "remoteNetworkConfig"].flatMap((property) =>
      isKnown(inputs[property]) ? [{ property, reason: `the local cloud does not know ${property}` }] : [],
    ),
  ],
  references: { "vpcConfig.subnetIds[]": toSubnet, "vpcConfig.securityGroupIds[]": toSecurityGroup },
  unique: (inputs) => text(inputs, "name"),
  taken: (name) => new CloudError("ResourceInUseException", `Cluster already exists with name: ${name}`),
  admit: (inputs, context) => {
    const version = text(inputs, "version");
    refuseUnless(
      version === undefined || versions.includes(version),
      invalid,
      `unsupported Kubernetes version`,
    );
    const roleArn = text(inputs, "roleArn") ?? "";
    const role = roleOf(context.world, roleArn);
    refuseUnless(
      role !== undefined && trusts(role, "eks.amazonaws.com"),
      invalid,
      `Role with arn: ${roleArn}, could not be assumed because it does not exist or the trusted entity is not correct`,
    );
    const key = objects(inputs, "encryptionConfig").flatMap((each) => objects(each, "provider"))[0];
    if (key) refuseKey(key, "keyArn", context, invalid);
    refuseNetwork(inputs, context);
    if (context.current) refuseUpdate(inputs, context.current.state);
  },
  id: (inputs) => text(inputs, "name") ?? "",
  outputs: (inputs, context) => {
    const state = context.current?.state;
    const oidc = context.hex(32, "oidc").toUpperCase();
    const { region } = context;
    const [subnetId] = texts(inputs, "vpcConfig.subnetIds");
    const services = text(state, "kubernetesNetworkConfig.serviceIpv4Cidr") ?? serviceRange(inputs, context);
    return {
      ...placed(inputs, context),
      ...once(context, () => ({
        arn: arn(context, "eks", `cluster/${String(inputs.name)}`),
        endpoint: `https://${oidc}.gr7.${region}.eks.amazonaws.com`,
        identities: [{ oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/${oidc}` }] }],
        certificateAuthority: { data: caOf(context) },
        createdAt: context.now(),
        platformVersion: "eks.4",
        status: "ACTIVE",
        clusterId: "",
      })),
      version: inputs.version ?? state?.version ?? versions.at(-1),
      deletionProtection: inputs.deletionProtection === true,
      accessConfig: {
        authenticationMode: "CONFIG_MAP",
        bootstrapClusterCreatorAdminPermissions: true,
        ...(isObject(inputs.accessConfig) ? inputs.accessConfig : {}),
      },
      upgradePolicy: inputs.upgradePolicy ?? { supportType: "EXTENDED" },
      kubernetesNetworkConfig: {
        ipFamily: "ipv4",
        elasticLoadBalancing: { enabled: false },
        ...(isObject(inputs.kubernetesNetworkConfig) ? inputs.kubernetesNetworkConfig : {}),
        serviceIpv4Cidr: services,
        serviceIpv6Cidr: "",
      },
      vpcConfig: {
        endpointPrivateAccess: false,
        endpointPublicAccess: true,
        publicAccessCidrs: ["0.0.0.0/0"],
        securityGroupIds: [],
        ...(isObject(inputs.vpcConfig) ? inputs.vpcConfig : {}),
        clusterSecurityGroupId:
          text(state, "vpcConfig.clusterSecurityGroupId") ?? ec2Id(context, "sg", "cluster"),
        vpcId: text(lookup(context, type.subnet, subnetId)?.inputs, "vpcId"),
      },
    };
  },
  volatile: ["platformVersion"],
  after: ({ id, region, state }, context) => {
    const groupId = text(state, "vpcConfig.clusterSecurityGroupId") ?? "";
    if (context.world.find(type.securityGroup, groupId)) return;
    const everything = { protocol: "-1", fromPort: 0, toPort: 0 };
    context.world.add({
      type: type.securityGroup,
      id: groupId,
      region,
      owner: id,
      inputs: {},
      state: {
        id: groupId,
        arn: arn(context, "ec2", `security-group/${groupId}`),
        name: `eks-cluster-sg-${id}-${parseInt(context.hex(7, "group"), 16)}`,
        description:
          "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads.",
        vpcId: text(state, "vpcConfig.vpcId"),
        ownerId: context.world.account,
        ingress: [{ ...everything, self: true }],
        egress: [{ ...everything, cidrBlocks: ["0.0.0.0/0"] }],
      },
    });
  },
  release: ({ id, inputs }, { world, region }) => {
    refuseUnless(
      inputs.deletionProtection !== true,
      "InvalidRequestException",
      `Cluster ${id} cannot be deleted because deletion protection is enabled`,
    );
    refuseUnless(
      !world.list("aws:eks/nodeGroup:NodeGroup", region).some((each) => each.inputs.clusterName === id),
      "ResourceInUseException",
      "Cluster has nodegroups attached",
    );
  },
  minutes: 12,
};

const notFound = (name: unknown) =>
  new CloudError("ResourceNotFoundException", `No cluster found for name: ${String(name)}.`);

export const getCluster: Invoke = (args, context) => {
  const found = lookup(context, clusterType, text(args, "name"));
  if (!found) throw notFound(args.name);
  const { state } = found;
  return {
    ...state,
    id: found.id,
    name: found.id,
    accessConfigs: [state.accessConfig],
    certificateAuthorities: [state.certificateAuthority],
    kubernetesNetworkConfigs: [state.kubernetesNetworkConfig],
    upgradePolicies: [state.upgradePolicy],
    tags: state.tags ?? {},
  };
};

export const getClusterAuth: Invoke = (args, context) => {
  if (!lookup(context, clusterType, text(args, "name"))) throw notFound(args.name);
  const url = `https://sts.${context.region}.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Nonce=${uuid(context)}`;
  return { id: args.name, name: args.name, token: `k8s-aws-v1.${Buffer.from(url).toString("base64url")}` };
};

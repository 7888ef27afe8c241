import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Reference } from "../behaviour.js";
import { arn, isTrue, lookup, matches, oneOf, refuseUnless, text, texts } from "./common.js";
import { clusterType } from "./eksCluster.js";
import { base32, once, placed } from "./outputs.js";
import { parsePolicy } from "./policyDocument.js";
import { roleOf, trusts } from "./roles.js";

export const associationType = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
export const accessEntryType = "aws:eks/accessEntry:AccessEntry";
export const accessPolicyType = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";

/** What hangs on a cluster goes with it: deleting the cluster is not refused for these. */
export const toCluster: Reference = {
  types: [clusterType],
  code: "ResourceNotFoundException",
  message: (name) => `No cluster found for name: ${name}.`,
  weak: true,
};

/** Pod Identity needs both actions in the trust policy. Source: EKS user guide, "Assign an IAM role to a Kubernetes service account". */
export function refusePodRole(roleArn: string, { world }: Pick<Context, "world">): void {
  const role = roleOf(world, roleArn);
  refuseUnless(role !== undefined, "InvalidParameterException", `Role ${roleArn} does not exist.`);
  refuseUnless(
    role !== undefined && trusts(role, "pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]),
    "InvalidParameterException",
    `Trust policy of role ${roleArn} does not let pods.eks.amazonaws.com perform sts:AssumeRole and sts:TagSession.`,
  );
}

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

export const podIdentityAssociation: Behaviour = {
  source:
    "EKS CreatePodIdentityAssociation; CloudFormation AWS::EKS::PodIdentityAssociation; EKS user guide, Pod Identity",
  required: ["clusterName", "namespace", "serviceAccount", "roleArn"],
  replaces: ["clusterName", "namespace", "serviceAccount"],
  check: (inputs) => matches(inputs, "namespace", label, "a Kubernetes namespace"),
  references: { clusterName: toCluster },
  unique: (inputs) =>
    `${String(inputs.clusterName)}/${String(inputs.namespace)}/${String(inputs.serviceAccount)}`,
  taken: (key) => new CloudError("ResourceInUseException", `Association already exists: ${key}`),
  admit: (inputs, context) => {
    refusePodRole(text(inputs, "roleArn") ?? "", context);
    if (text(inputs, "policy") === undefined) return;
    parsePolicy(inputs.policy, "identity", "InvalidParameterException");
    refuseUnless(
      isTrue(inputs, "disableSessionTags"),
      "InvalidParameterException",
      "disableSessionTags must be true when policy is specified.",
    );
  },
  id: (_, context) => context.current?.id ?? `a-${base32(context, 17, "association").toLowerCase()}`,
  outputs: (inputs, context) => {
    const id = podIdentityAssociation.id(inputs, context);
    return {
      ...placed(inputs, context),
      associationId: id,
      associationArn: arn(context, "eks", `podidentityassociation/${String(inputs.clusterName)}/${id}`),
      disableSessionTags: isTrue(inputs, "disableSessionTags"),
      externalId: "",
    };
  },
};

/** Access entries work only where the cluster's API decides about access. */
function refuseMode(inputs: Props, context: Context): void {
  const mode = text(
    lookup(context, clusterType, text(inputs, "clusterName"))?.state,
    "accessConfig.authenticationMode",
  );
  refuseUnless(
    mode === "API" || mode === "API_AND_CONFIG_MAP",
    "InvalidRequestException",
    "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
  );
}

const entryId = (inputs: Props) => `${String(inputs.clusterName)}:${String(inputs.principalArn)}`;

export const accessEntry: Behaviour = {
  source: "EKS CreateAccessEntry; CloudFormation AWS::EKS::AccessEntry; EKS user guide, access entries",
  required: ["clusterName", "principalArn"],
  replaces: ["clusterName", "principalArn", "type"],
  defaults: () => ({ type: "STANDARD" }),
  check: (inputs) => [
    ...oneOf(inputs, "type", [
      "STANDARD",
      "EC2",
      "EC2_LINUX",
      "EC2_WINDOWS",
      "FARGATE_LINUX",
      "HYBRID_LINUX",
      "HYPERPOD_LINUX",
    ]),
    ...matches(
      inputs,
      "kubernetesGroups[]",
      /^(?!system:|eks:|aws:|amazon:|iam:)/,
      "must not begin with a reserved prefix",
    ),
  ],
  references: { clusterName: toCluster },
  unique: entryId,
  taken: () =>
    new CloudError(
      "ResourceInUseException",
      "The specified access entry resource is already in use on this cluster.",
    ),
  admit: (inputs, context) => {
    refuseMode(inputs, context);
    const principal = text(inputs, "principalArn") ?? "";
    const own = principal.includes(`::${context.world.account}:role/`);
    refuseUnless(
      /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/.+/.test(principal) &&
        (!own || roleOf(context.world, principal) !== undefined),
      "InvalidParameterException",
      "The specified principalArn is invalid: invalid principal.",
    );
    refuseUnless(
      inputs.type === "STANDARD" || texts(inputs, "kubernetesGroups").length === 0,
      "InvalidParameterException",
      `Groups can only be set for access entries of type STANDARD.`,
    );
  },
  id: entryId,
  outputs: (inputs, context) => {
    const name = (text(inputs, "principalArn") ?? "").split("/").at(-1) ?? "";
    return {
      ...placed(inputs, context),
      ...once(context, () => ({
        accessEntryArn: arn(
          context,
          "eks",
          `access-entry/${String(inputs.clusterName)}/role/${context.world.account}/${name}/${context.hex(8, "entry")}`,
        ),
        createdAt: context.now(),
      })),
      modifiedAt: context.now(),
      kubernetesGroups: inputs.kubernetesGroups ?? [],
      userName:
        inputs.userName ?? arn(context, "sts", `assumed-role/${name}/{{SessionName}}`, { region: "" }),
    };
  },
  volatile: ["modifiedAt"],
};

/** Source: EKS user guide, "Review access policy permissions". */
const accessPolicies =
  /^arn:aws[a-z-]*:eks::aws:cluster-access-policy\/AmazonEKS(AdminPolicy|ClusterAdminPolicy|AdminViewPolicy|EditPolicy|ViewPolicy|SecretReaderPolicy|AutoNodePolicy|BlockStorageClusterPolicy|ComputeClusterPolicy|LoadBalancingClusterPolicy|NetworkingClusterPolicy|HybridPolicy|ClusterInsightsPolicy)$/;

export const accessPolicyAssociation: Behaviour = {
  source: "EKS AssociateAccessPolicy; EKS user guide, access policies",
  required: ["clusterName", "principalArn", "policyArn", "accessScope", "accessScope.type"],
  replaces: ["clusterName", "principalArn", "policyArn", "accessScope"],
  check: (inputs) => oneOf(inputs, "accessScope.type", ["cluster", "namespace"]),
  references: { clusterName: toCluster },
  admit: (inputs, context) => {
    refuseMode(inputs, context);
    refuseUnless(
      lookup(context, accessEntryType, entryId(inputs)) !== undefined,
      "ResourceNotFoundException",
      `The specified principalArn could not be found. You can view your available access entries with 'ListAccessEntries'.`,
    );
    refuseUnless(
      accessPolicies.test(text(inputs, "policyArn") ?? ""),
      "InvalidParameterException",
      "The policyArn parameter format is not valid",
    );
    const scoped = texts(inputs, "accessScope.namespaces").length > 0;
    refuseUnless(
      scoped === (text(inputs, "accessScope.type") === "namespace"),
      "InvalidParameterException",
      "The accessScope parameter must name namespaces for the type namespace, and only then.",
    );
  },
  id: (inputs) => `${String(inputs.clusterName)}#${String(inputs.principalArn)}#${String(inputs.policyArn)}`,
  outputs: (_, context) => ({
    ...placed({}, context),
    ...once(context, () => ({ associatedAt: context.now() })),
    modifiedAt: context.now(),
  }),
  volatile: ["modifiedAt"],
};

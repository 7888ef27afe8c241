import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "./statements.js";

export interface IdentityArgs {
  /** The role's physical name: from `physicalName("aws:role", …)`, so that a key policy can name it beforehand. */
  roleName: string;
  clusterName: pulumi.Input<string>;
  clusterArn: pulumi.Input<string>;
  namespace: string;
  serviceAccount: string;
  /** What the workload may do. Default: nothing of its own. */
  statements?: Statement[];
  /** AWS-managed policies, for AWS's own add-ons. Default: none. */
  managedPolicyArns?: string[];
}

/**
 * The trust policy of a role that one service account takes by EKS Pod Identity.
 *
 * EKS itself sets these session tags, so no other service account, namespace or cluster can take the role.
 * The tag holds the cluster's ARN, so `aws:SourceArn`, whose value for this service AWS doesn't document, would
 * add nothing. Source: "Create IAM role with trust policy required by EKS Pod Identity", EKS User Guide.
 */
export function podTrust(
  clusterArn: pulumi.Input<string>,
  namespace: string,
  serviceAccount: string,
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "PodIdentity",
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: {
            "aws:SourceAccount": pulumi.output(clusterArn).apply((arn) => arn.split(":")[4]),
            "aws:RequestTag/eks-cluster-arn": clusterArn,
            "aws:RequestTag/kubernetes-namespace": namespace,
            "aws:RequestTag/kubernetes-service-account": serviceAccount,
          },
        },
      },
    ],
  });
}

/** The cloud identity of one Kubernetes service account: a role that only its pods can take. */
export class WorkloadIdentity extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;
  /** Pods that start before this exists run without credentials: workloads depend on it. */
  readonly association: aws.eks.PodIdentityAssociation;

  constructor(name: string, args: IdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:WorkloadIdentity", name, args, opts);
    const {
      clusterName,
      clusterArn,
      namespace,
      serviceAccount,
      statements = [],
      managedPolicyArns = [],
    } = args;

    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: args.roleName,
        description: `Pods of ${namespace}/${serviceAccount}`,
        assumeRolePolicy: podTrust(clusterArn, namespace, serviceAccount),
      },
      { parent: this },
    );
    const permissions: pulumi.Resource[] = managedPolicyArns.map(
      (policyArn) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${policyArn.split("/").at(-1)}`,
          { role: role.name, policyArn },
          { parent: this },
        ),
    );
    if (statements.length > 0)
      permissions.push(
        new aws.iam.RolePolicy(
          `${name}-policy`,
          { name: "access", role: role.name, policy: policyDocument(statements) },
          { parent: this },
        ),
      );
    this.association = new aws.eks.PodIdentityAssociation(
      `${name}-association`,
      { clusterName, namespace, serviceAccount, roleArn: role.arn },
      { parent: this, dependsOn: permissions },
    );

    this.roleArn = role.arn;
    this.registerOutputs({ roleArn: this.roleArn, associationId: this.association.associationId });
  }
}

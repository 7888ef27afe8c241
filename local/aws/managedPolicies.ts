/**
 * AWS-managed policies that a gateway's roles may use: their path, and the actions that decide here whether
 * something works. Source: AWS Managed Policy Reference Guide.
 */
const managed: Record<string, { path?: "service-role/"; grants: readonly string[] }> = {
  AmazonEKSClusterPolicy: { grants: ["ec2:CreateNetworkInterface", "elasticloadbalancing:*"] },
  AmazonEKSServicePolicy: { grants: ["ec2:CreateNetworkInterface"] },
  AmazonEKSVPCResourceController: { grants: ["ec2:CreateNetworkInterface"] },
  AmazonEKSWorkerNodePolicy: {
    grants: ["ec2:DescribeInstances", "eks:DescribeCluster", "eks-auth:AssumeRoleForPodIdentity"],
  },
  AmazonEKSWorkerNodeMinimalPolicy: {
    grants: ["ec2:DescribeInstances", "eks-auth:AssumeRoleForPodIdentity"],
  },
  AmazonEKS_CNI_Policy: { grants: ["ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface"] },
  AmazonEC2ContainerRegistryReadOnly: { grants: ["ecr:GetAuthorizationToken", "ecr:BatchGetImage"] },
  AmazonEC2ContainerRegistryPullOnly: { grants: ["ecr:GetAuthorizationToken", "ecr:BatchGetImage"] },
  AmazonEC2ContainerRegistryPowerUser: { grants: ["ecr:GetAuthorizationToken", "ecr:BatchGetImage"] },
  AmazonSSMManagedInstanceCore: { grants: ["ssm:UpdateInstanceInformation"] },
  AmazonEBSCSIDriverPolicy: { path: "service-role/", grants: ["ec2:CreateVolume", "ec2:AttachVolume"] },
  AmazonEFSCSIDriverPolicy: { path: "service-role/", grants: ["elasticfilesystem:CreateAccessPoint"] },
  AmazonRDSEnhancedMonitoringRole: { path: "service-role/", grants: ["logs:PutLogEvents"] },
  CloudWatchAgentServerPolicy: { grants: ["logs:PutLogEvents", "cloudwatch:PutMetricData"] },
  AWSXrayWriteOnlyAccess: { grants: ["xray:PutTraceSegments"] },
  AmazonBedrockFullAccess: { grants: ["bedrock:*"] },
  SecretsManagerReadWrite: { grants: ["secretsmanager:*"] },
  AdministratorAccess: { grants: ["*"] },
  ReadOnlyAccess: { grants: [] },
};

const arnPattern = /^arn:aws(?:-cn|-us-gov)?:iam::aws:policy\/((?:[\w-]+\/)*)([\w+=,.@-]+)$/;

/** Whether AWS has such a policy: a known name must stand at its own path, an unknown one is believed. */
export function isManagedPolicy(arn: string): boolean {
  const [, path, name] = arnPattern.exec(arn) ?? [];
  if (path === undefined || name === undefined) return false;
  const known = Object.hasOwn(managed, name) ? managed[name] : undefined;
  return known === undefined || (known.path ?? "") === path;
}

/** The actions that the policy allows, as far as they matter here. */
export function managedGrants(arn: string): readonly string[] {
  const name = arnPattern.exec(arn)?.[2] ?? "";
  return Object.hasOwn(managed, name) ? (managed[name]?.grants ?? []) : [];
}

import type { Resource } from "../../../policy/policy.js";
import { document, resource } from "./cases.js";

const key = "arn:aws:kms:us-east-1:123456789012:key/k";
const role = "arn:aws:iam::123456789012:role/r";
const customer = { encryptionConfiguration: { type: "CUSTOMER_KMS", keyId: key } };
const mine = { StringEquals: { "aws:PrincipalAccount": "123456789012" } };
const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });
const inline = (port: number) => ({ protocol: "tcp", fromPort: port, toPort: port });

export const denials = [
  {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: "*",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  },
  {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: "*",
    Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
  },
];

/** One resource of every kind that an AWS rule judges, as it should be. */
export const awsStack: readonly Resource[] = [
  resource("aws:ec2/vpc:Vpc", "vpc", { id: "vpc-1", cidrBlock: "10.0.0.0/16" }),
  resource("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default", { vpcId: "vpc-1" }),
  resource("aws:ec2/flowLog:FlowLog", "flow", { vpcId: "vpc-1", trafficType: "ALL" }),
  resource("aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation", "queries", {
    resourceId: "vpc-1",
  }),
  resource("aws:ec2/networkAcl:NetworkAcl", "acl", {
    ingress: [
      { action: "allow", cidrBlock: "0.0.0.0/0", ...inline(443) },
      { action: "allow", cidrBlock: "0.0.0.0/0", protocol: "tcp", fromPort: 1024, toPort: 65535 },
      { action: "allow", cidrBlock: "10.0.0.0/16", protocol: "-1", fromPort: 0, toPort: 0 },
    ],
  }),
  resource("aws:ec2/networkAclRule:NetworkAclRule", "acl-rule", {
    ruleAction: "allow",
    cidrBlock: "0.0.0.0/0",
    ...inline(80),
  }),
  resource("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", {
    serviceName: "com.amazonaws.us-east-1.sts",
    policy: document({ Principal: "*", Action: "*", Resource: "*", Condition: mine }),
  }),

  resource("aws:ec2/securityGroup:SecurityGroup", "alb-group", { id: "sg-alb" }),
  resource("aws:ec2/securityGroup:SecurityGroup", "node-group", {
    id: "sg-node",
    ingress: [{ ...inline(30080), securityGroups: ["sg-alb"] }],
    egress: [{ ...inline(443), cidrBlocks: ["0.0.0.0/0"] }],
  }),
  resource("aws:ec2/securityGroup:SecurityGroup", "store-group", { id: "sg-store" }),
  resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "alb-in", {
    securityGroupId: "sg-alb",
    cidrIpv4: "0.0.0.0/0",
    ...tcp(443),
  }),
  resource("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "node-out", {
    securityGroupId: "sg-node",
    cidrIpv4: "0.0.0.0/0",
    ...tcp(443),
  }),
  resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "store-in", {
    securityGroupId: "sg-store",
    referencedSecurityGroupId: "sg-node",
    ...tcp(5432),
  }),

  resource("aws:lb/loadBalancer:LoadBalancer", "alb", {
    arn: "arn:alb",
    internal: false,
    loadBalancerType: "application",
    securityGroups: ["sg-alb"],
    accessLogs: { enabled: true, bucket: "logs" },
  }),
  resource("aws:wafv2/webAclAssociation:WebAclAssociation", "waf", {
    resourceArn: "arn:alb",
    webAclArn: "arn:acl",
  }),
  resource("aws:wafv2/webAcl:WebAcl", "web-acl", { arn: "arn:acl" }),
  resource("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "waf-logs", {
    resourceArn: "arn:acl",
  }),
  resource("aws:lb/listener:Listener", "https", {
    arn: "arn:https",
    protocol: "HTTPS",
    port: 443,
    sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  }),
  resource("aws:lb/listener:Listener", "http", {
    arn: "arn:http",
    protocol: "HTTP",
    port: 80,
    defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } }],
  }),
  resource("aws:lb/listenerRule:ListenerRule", "rule", {
    listenerArn: "arn:https",
    actions: [{ type: "forward" }],
  }),

  resource("aws:s3/bucket:Bucket", "bucket", { id: "logs", bucket: "logs" }),
  resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block", {
    bucket: "logs",
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  }),
  resource(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "bucket-encryption",
    { bucket: "logs", rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
  ),
  resource("aws:s3/bucketPolicy:BucketPolicy", "bucket-policy", {
    bucket: "logs",
    policy: document(...denials),
  }),

  resource("aws:rds/clusterParameterGroup:ClusterParameterGroup", "parameters", {
    name: "pg",
    parameters: [
      { name: "rds.force_ssl", value: "1" },
      { name: "ssl_min_protocol_version", value: "TLSv1.2" },
    ],
  }),
  resource("aws:rds/cluster:Cluster", "database", {
    id: "db",
    dbClusterParameterGroupName: "pg",
    vpcSecurityGroupIds: ["sg-store"],
    storageEncrypted: true,
    kmsKeyId: key,
    enabledCloudwatchLogsExports: ["postgresql"],
  }),
  resource("aws:rds/clusterInstance:ClusterInstance", "instance", {
    publiclyAccessible: false,
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: key,
  }),
  resource("aws:rds/instance:Instance", "single", {
    parameterGroupName: "pg",
    publiclyAccessible: false,
    vpcSecurityGroupIds: ["sg-store"],
    storageEncrypted: true,
    kmsKeyId: key,
    enabledCloudwatchLogsExports: ["postgresql"],
  }),
  resource("aws:elasticache/replicationGroup:ReplicationGroup", "cache", {
    id: "cache",
    securityGroupIds: ["sg-store"],
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    atRestEncryptionEnabled: true,
    kmsKeyId: key,
    logDeliveryConfigurations: [{ logType: "slow-log" }, { logType: "engine-log" }],
  }),
  resource("aws:elasticache/cluster:Cluster", "cache-node", { replicationGroupId: "cache" }),

  resource("aws:eks/cluster:Cluster", "cluster", {
    version: "1.34",
    vpcConfig: {
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
    },
    encryptionConfig: { provider: { keyArn: key }, resources: ["secrets"] },
    enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
  }),
  resource("aws:eks/addon:Addon", "cni", {
    addonName: "vpc-cni",
    addonVersion: "v1.20.0-eksbuild.1",
    configurationValues: JSON.stringify({ enableNetworkPolicy: "true" }),
  }),
  resource("aws:eks/nodeGroup:NodeGroup", "nodes", { launchTemplate: { id: "lt-1" } }),
  resource("aws:ec2/launchTemplate:LaunchTemplate", "template", {
    metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", kmsKeyId: key } }],
  }),
  resource("aws:ebs/volume:Volume", "volume", { encrypted: true, kmsKeyId: key }),

  resource("aws:networkfirewall/firewall:Firewall", "firewall", { arn: "arn:fw", ...customer }),
  resource("aws:networkfirewall/loggingConfiguration:LoggingConfiguration", "firewall-logs", {
    firewallArn: "arn:fw",
    loggingConfiguration: { logDestinationConfigs: [{ logType: "ALERT" }, { logType: "FLOW" }] },
  }),
  resource("aws:cloudwatch/logGroup:LogGroup", "log-group", { kmsKeyId: key, retentionInDays: 30 }),
  resource("aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "log-policy", {
    policyDocument: document({
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: "arn:aws:logs:us-east-1:123456789012:log-group:g:log-stream:*",
    }),
  }),
  resource("aws:secretsmanager/secret:Secret", "secret", { kmsKeyId: key }),
  resource("aws:kms/key:Key", "key", {
    enableKeyRotation: true,
    policy: document(
      { Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "kms:*", Resource: "*" },
      {
        Principal: { AWS: "*" },
        Action: "kms:Decrypt",
        Resource: "*",
        Condition: { ArnEquals: { "aws:PrincipalArn": role } },
      },
    ),
  }),

  resource("aws:iam/role:Role", "role", {
    assumeRolePolicy: document({
      Sid: "Trust",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Condition: { StringEquals: { "aws:RequestTag/kubernetes-service-account": "core" } },
    }),
  }),
  resource("aws:iam/rolePolicy:RolePolicy", "role-policy", {
    policy: document(
      { Sid: "Read", Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/*" },
      { Sid: "Describe", Action: ["ec2:DescribeImages", "autoscaling:DescribeTags"], Resource: "*" },
    ),
  }),
  resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attachment", {
    policyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
  }),
  resource("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "attachments", {
    policyArns: ["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"],
  }),
];

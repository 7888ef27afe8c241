import type { Reference } from "../behaviour.js";

/** Tokens of the types that others refer to. */
export const type = {
  vpc: "aws:ec2/vpc:Vpc",
  subnet: "aws:ec2/subnet:Subnet",
  routeTable: "aws:ec2/routeTable:RouteTable",
  routeTableAssociation: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  route: "aws:ec2/route:Route",
  internetGateway: "aws:ec2/internetGateway:InternetGateway",
  natGateway: "aws:ec2/natGateway:NatGateway",
  eip: "aws:ec2/eip:Eip",
  networkAcl: "aws:ec2/networkAcl:NetworkAcl",
  vpcEndpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  launchTemplate: "aws:ec2/launchTemplate:LaunchTemplate",
  autoscalingGroup: "aws:autoscaling/group:Group",
  loadBalancer: "aws:lb/loadBalancer:LoadBalancer",
  targetGroup: "aws:lb/targetGroup:TargetGroup",
  listener: "aws:lb/listener:Listener",
  listenerRule: "aws:lb/listenerRule:ListenerRule",
  certificate: "aws:acm/certificate:Certificate",
  zone: "aws:route53/zone:Zone",
  record: "aws:route53/record:Record",
  healthCheck: "aws:route53/healthCheck:HealthCheck",
  bucket: "aws:s3/bucket:Bucket",
  bucketPolicy: "aws:s3/bucketPolicy:BucketPolicy",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  key: "aws:kms/key:Key",
  role: "aws:iam/role:Role",
} as const;

/** Source of the `Invalid….NotFound` codes: EC2 API reference, "Error codes". */
export const toVpc: Reference = {
  types: [type.vpc],
  code: "InvalidVpcID.NotFound",
  message: (id) => `The vpc ID '${id}' does not exist`,
};

export const toSubnet: Reference = {
  types: [type.subnet],
  code: "InvalidSubnetID.NotFound",
  message: (id) => `The subnet ID '${id}' does not exist`,
};

export const toSecurityGroup: Reference = {
  types: [type.securityGroup],
  code: "InvalidGroup.NotFound",
  message: (id) => `The security group '${id}' does not exist`,
};

export const toRouteTable: Reference = {
  types: [type.routeTable],
  code: "InvalidRouteTableID.NotFound",
  message: (id) => `The routeTable ID '${id}' does not exist`,
};

/** A KMS key by ARN. Deleting a key only schedules it, so it is never refused. */
export const toKey: Reference = {
  types: [type.key],
  by: "arn",
  weak: true,
  code: "KMSInvalidStateException",
  message: (arn) => `The specified KMS key does not exist: ${arn}`,
  except: /:alias\/|^alias\//,
};

/** A log group by ARN (without the `:*` that some services append). CloudWatch Logs deletes one in use too. */
export const toLogGroup: Reference = {
  types: [type.logGroup],
  by: "arn",
  weak: true,
  code: "ResourceNotFoundException",
  message: (arn) => `The specified log group does not exist: ${arn}`,
};

export const toRole: Reference = {
  types: [type.role],
  by: "arn",
  code: "InvalidParameter",
  message: (arn) => `Unable to assume given IAM role: ${arn}`,
  weak: true,
  anyRegion: true,
};

export const toBucket: Reference = {
  types: [type.bucket],
  code: "NoSuchBucket",
  message: () => "The specified bucket does not exist",
};

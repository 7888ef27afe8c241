import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { interfaceEndpoints, layerBuckets } from "./endpoints.js";

export interface VpcEndpointsArgs {
  prefix: string;
  region: string;
  vpcId: pulumi.Input<string>;
  /** Node subnets, one a zone: the endpoints' addresses are there. */
  subnetIds: pulumi.Input<string>[];
  /** Route tables of the node subnets, for the S3 gateway endpoint. */
  routeTableIds: pulumi.Input<string>[];
  /** Blocks of the node subnets: who may call. */
  nodeCidrs: string[];
  bedrock: boolean;
  partition: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
}

/**
 * Endpoints of the AWS services that the cell calls, for the node subnets only. They pass no firewall, so their
 * policies say who and what may use them: this account's identities, and of S3 only image layers.
 */
export class VpcEndpoints extends pulumi.ComponentResource {
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: VpcEndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:VpcEndpoints", name, args, opts);
    const parent = { parent: this };
    const physical = physicalName("aws:securityGroup", args.prefix, "endpoints");
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      {
        name: physical,
        description: "VPC endpoints, for the node subnets",
        vpcId: args.vpcId,
        tags: { Name: physical },
      },
      parent,
    );
    // By address and not by group: the nodes' group comes later, with the firewall.
    args.nodeCidrs.forEach(
      (cidrIpv4, i) =>
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-node-${i + 1}`,
          {
            securityGroupId: group.id,
            description: "AWS services, from the nodes",
            ipProtocol: "tcp",
            fromPort: 443,
            toPort: 443,
            cidrIpv4,
          },
          parent,
        ),
    );

    // With another account's credentials an endpoint would be a way out of the cell.
    const ownAccountOnly = allow("OwnAccountOnly", "*", "*", {
      StringEquals: { "aws:PrincipalAccount": args.accountId },
    });
    for (const { service, policy } of interfaceEndpoints(args.region, args.bedrock)) {
      new aws.ec2.VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId: args.vpcId,
          serviceName: `com.amazonaws.${args.region}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: args.subnetIds,
          securityGroupIds: [group.id],
          policy: policy ? ownAccountOnly : undefined,
          tags: { Name: `${args.prefix}-${service}` },
        },
        parent,
      );
    }
    new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: args.vpcId,
        serviceName: `com.amazonaws.${args.region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: args.routeTableIds,
        policy: allow(
          "ImageLayers",
          "s3:GetObject",
          layerBuckets(args.region).map(
            (bucket) => pulumi.interpolate`arn:${args.partition}:s3:::${bucket}/*`,
          ),
        ),
        tags: { Name: `${args.prefix}-s3` },
      },
      parent,
    );
    this.securityGroupId = group.id;
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }
}

/** An endpoint policy of one statement. It narrows what the caller's own permissions allow, and grants nothing. */
function allow(
  sid: string,
  action: string,
  resource: pulumi.Input<pulumi.Input<string>[] | string>,
  condition?: Record<string, Record<string, pulumi.Input<string>>>,
): pulumi.Output<string> {
  const statement = { Sid: sid, Effect: "Allow", Principal: "*", Action: action, Resource: resource };
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [condition ? { ...statement, Condition: condition } : statement],
  });
}

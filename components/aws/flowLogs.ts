import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";

export interface FlowLogsArgs {
  prefix: string;
  region: string;
  vpcId: pulumi.Input<string>;
  partition: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  logKeyArn: pulumi.Input<string>;
  logRetentionDays: number;
}

/** Flow logs of a VPC, accepted and rejected, in records of one minute, with a role that can write these only. */
export class FlowLogs extends pulumi.ComponentResource {
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:FlowLogs", name, args, opts);
    const parent = { parent: this };
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: physicalName("aws:logGroup", args.prefix, "flow"),
        kmsKeyId: args.logKeyArn,
        retentionInDays: args.logRetentionDays,
      },
      parent,
    );
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: physicalName("aws:role", args.prefix, "flow-logs"),
        description: "Writes the VPC flow logs",
        assumeRolePolicy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "FlowLogsOfThisAccount",
              Effect: "Allow",
              Principal: { Service: "vpc-flow-logs.amazonaws.com" },
              Action: "sts:AssumeRole",
              // Or another account's flow logs could have the service use this role (the confused deputy).
              Condition: {
                StringEquals: { "aws:SourceAccount": args.accountId },
                ArnLike: {
                  "aws:SourceArn": pulumi.interpolate`arn:${args.partition}:ec2:${args.region}:${args.accountId}:vpc-flow-log/*`,
                },
              },
            },
          ],
        }),
      },
      parent,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        name: "write-flow-logs",
        role: role.id,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "WriteFlowLogs",
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
              Resource: [logs.arn, pulumi.interpolate`${logs.arn}:*`],
            },
          ],
        }),
      },
      parent,
    );
    new aws.ec2.FlowLog(
      `${name}-log`,
      {
        vpcId: args.vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: logs.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 60,
        tags: { Name: `${args.prefix}-flow` },
      },
      { parent: this, dependsOn: [policy] },
    );
    this.logGroupName = logs.name;
    this.registerOutputs({ logGroupName: this.logGroupName });
  }
}

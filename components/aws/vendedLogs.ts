import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";

export interface VendedLogsArgs {
  prefix: string;
  region: string;
  partition: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  logKeyArn: pulumi.Input<string>;
  logRetentionDays: number;
  /** Logical tail of each log group, to its physical name. */
  groups: Record<string, string>;
}

/**
 * Log groups that AWS services write to by themselves, with one resource policy that lets the delivery service
 * write to these and no others. AWS would make that policy on its own, account-wide and without a condition.
 */
export class VendedLogs extends pulumi.ComponentResource {
  /** The log groups, each known once AWS may write to it. */
  readonly groups: Record<string, { arn: pulumi.Output<string>; name: pulumi.Output<string> }>;

  constructor(name: string, args: VendedLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:VendedLogs", name, args, opts);
    const parent = { parent: this };
    const groups = Object.entries(args.groups).map(([key, physical]) => ({
      key,
      group: new aws.cloudwatch.LogGroup(
        `${name}-${key}`,
        { name: physical, kmsKeyId: args.logKeyArn, retentionInDays: args.logRetentionDays },
        parent,
      ),
    }));
    const policy = new aws.cloudwatch.LogResourcePolicy(
      `${name}-policy`,
      {
        policyName: physicalName("aws:policy", args.prefix, "log-delivery"),
        policyDocument: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "DeliverLogs",
              Effect: "Allow",
              Principal: { Service: "delivery.logs.amazonaws.com" },
              Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
              Resource: groups.map(({ group }) => pulumi.interpolate`${group.arn}:log-stream:*`),
              Condition: {
                StringEquals: { "aws:SourceAccount": args.accountId },
                ArnLike: {
                  "aws:SourceArn": pulumi.interpolate`arn:${args.partition}:logs:${args.region}:${args.accountId}:*`,
                },
              },
            },
          ],
        }),
      },
      parent,
    );
    const once = (value: pulumi.Output<string>) => pulumi.all([value, policy.id]).apply(([known]) => known);
    this.groups = Object.fromEntries(
      groups.map(({ key, group }) => [key, { arn: once(group.arn), name: once(group.name) }]),
    );
    this.registerOutputs({ groups: this.groups });
  }
}

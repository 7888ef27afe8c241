import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Provider } from "../behaviour.js";
import { arn, ec2Id, exactlyOne, oneOf, refuseUnless, text } from "./common.js";
import { placed } from "./outputs.js";
import { toLogGroup, toRole, toSubnet, toVpc } from "./references.js";

const sources = [
  "eniId",
  "regionalNatGatewayId",
  "subnetId",
  "transitGatewayAttachmentId",
  "transitGatewayId",
  "vpcId",
];
const defaultFormat =
  "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}";

const flowLogId = (context: Context) => context.current?.id ?? ec2Id(context, "fl");

const flowLog: Behaviour = {
  source: "EC2 CreateFlowLogs; CloudFormation AWS::EC2::FlowLog (every property but tags is create-only)",
  replaces: [
    ...sources,
    "deliverCrossAccountRole",
    "destinationOptions",
    "iamRoleArn",
    "logDestination",
    "logDestinationType",
    "logFormat",
    "maxAggregationInterval",
    "tagFieldSpecifications",
    "trafficType",
  ],
  defaults: () => ({ logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 }),
  check: (inputs) => [
    ...exactlyOne(inputs, sources),
    ...oneOf(inputs, "logDestinationType", ["cloud-watch-logs", "s3", "kinesis-data-firehose"]),
    ...oneOf(inputs, "trafficType", ["ACCEPT", "ALL", "REJECT"]),
    ...oneOf(inputs, "maxAggregationInterval", ["60", "600"]),
  ],
  references: {
    vpcId: { ...toVpc, weak: true },
    subnetId: { ...toSubnet, weak: true },
    logDestination: { ...toLogGroup, except: /^arn:[^:]+:(s3|firehose):/ },
    iamRoleArn: toRole,
  },
  unique: (inputs) =>
    [...sources.map((each) => text(inputs, each) ?? ""), text(inputs, "logDestination")].join("|"),
  taken: () =>
    new CloudError(
      "FlowLogAlreadyExists",
      "Error. There is an existing Flow Log with the same configuration and log destination.",
    ),
  admit: (inputs) => {
    refuseUnless(
      inputs.logDestinationType !== "cloud-watch-logs" || text(inputs, "iamRoleArn") !== undefined,
      "InvalidParameter",
      "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.",
    );
    const services = { "cloud-watch-logs": "logs", s3: "s3", "kinesis-data-firehose": "firehose" };
    const expected = Object.entries(services).find(([kind]) => kind === inputs.logDestinationType)?.[1];
    refuseUnless(
      text(inputs, "logDestination")?.split(":")[2] === expected,
      "InvalidParameter",
      `LogDestination is not valid for LogDestinationType ${text(inputs, "logDestinationType")}`,
    );
    refuseUnless(
      text(inputs, "trafficType") !== undefined || text(inputs, "transitGatewayId") !== undefined,
      "MissingParameter",
      "The request must contain the parameter TrafficType",
    );
  },
  id: (_, context) => flowLogId(context),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(context, "ec2", `vpc-flow-log/${flowLogId(context)}`),
    logFormat: text(inputs, "logFormat") ?? defaultFormat,
  }),
};

export const ec2FlowLog: Provider = { types: { "aws:ec2/flowLog:FlowLog": flowLog }, invokes: {} };

import { CloudError } from "../behaviour.js";
import type { Behaviour } from "../behaviour.js";
import { arn, refuseUnless, text } from "./common.js";
import { placed } from "./outputs.js";
import { toLogGroup, type } from "./references.js";
import { named, resolverId } from "./route53resolverShared.js";

const configType = "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig";

export const resolverQueryLogConfig: Behaviour = {
  source:
    "Route 53 Resolver CreateResolverQueryLogConfig; CloudFormation AWS::Route53Resolver::ResolverQueryLoggingConfig",
  required: ["destinationArn"],
  autoName: { property: "name", max: 64 },
  replaces: ["destinationArn", "name"],
  check: named,
  references: { destinationArn: { ...toLogGroup, except: /^arn:[^:]+:(s3|firehose):/ } },
  admit: (inputs) =>
    refuseUnless(
      /^arn:[^:]+:(logs|s3|firehose):/.test(text(inputs, "destinationArn") ?? ""),
      "InvalidParameterException",
      `The destination ARN ${text(inputs, "destinationArn")} is not valid`,
    ),
  id: resolverId("rqlc"),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(
      context,
      "route53resolver",
      `resolver-query-log-config/${resolverQueryLogConfig.id(inputs, context)}`,
    ),
    ownerId: context.world.account,
    shareStatus: "NOT_SHARED",
  }),
  inUse: () =>
    new CloudError("ConflictException", "The query logging configuration is associated with a VPC"),
};

export const resolverQueryLogConfigAssociation: Behaviour = {
  source: "Route 53 Resolver AssociateResolverQueryLogConfig",
  required: ["resolverQueryLogConfigId", "resourceId"],
  replaces: ["resolverQueryLogConfigId", "resourceId"],
  references: {
    resolverQueryLogConfigId: {
      types: [configType],
      code: "ResourceNotFoundException",
      message: (id) => `The query logging configuration "${id}" does not exist`,
    },
    resourceId: {
      types: [type.vpc],
      code: "InvalidParameterException",
      message: (id) => `The VPC "${id}" does not exist`,
    },
  },
  unique: (inputs) => `${text(inputs, "resourceId")}|${text(inputs, "resolverQueryLogConfigId")}`,
  taken: () =>
    new CloudError("ResourceExistsException", "The VPC is already associated with the configuration"),
  id: resolverId("rqlca"),
  outputs: (_, { region }) => ({ region }),
};

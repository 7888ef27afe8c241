import { unaccompanied } from "../../links.js";
import type { Finding, Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, lacks, list, missing, show } from "../../values.js";

/** Every log of an EKS control plane. Source: "Send control plane logs to CloudWatch Logs", EKS. */
const controlPlaneLogs = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

function* judgeCluster({ props }: Resource): Iterable<string> {
  const off = controlPlaneLogs.filter((log) => lacks(at(props, "enabledClusterLogTypes"), log));
  if (off.length > 0) yield `enabledClusterLogTypes lacks ${off.join(", ")}; right is all five`;
}

function* judgeLoadBalancer({ props }: Resource): Iterable<string> {
  if (differs(at(props, "accessLogs", "enabled"), true))
    yield "accessLogs are off; right is enabled, with a bucket";
}

function* judgeDatabase({ props }: Resource): Iterable<string> {
  const exports = at(props, "enabledCloudwatchLogsExports");
  if (missing(exports))
    yield "enabledCloudwatchLogsExports is empty; right is the engine's log, e.g. postgresql";
}

function* judgeCache({ props }: Resource): Iterable<string> {
  const types = list(at(props, "logDeliveryConfigurations")).map((one) => at(one, "logType"));
  for (const type of ["slow-log", "engine-log"])
    if (lacks(types, type))
      yield `logDeliveryConfigurations lacks the ${type}; right is slow-log and engine-log`;
}

function* judgeFlowLog({ props }: Resource): Iterable<string> {
  const traffic = at(props, "trafficType");
  if (differs(traffic, "ALL")) yield `trafficType is ${show(traffic)}; right is ALL`;
}

function* judgeFirewallLogs({ props }: Resource): Iterable<string> {
  const configs = list(at(props, "loggingConfiguration", "logDestinationConfigs"));
  const types = configs.map((config) => at(config, "logType"));
  for (const type of ["ALERT", "FLOW"])
    if (lacks(types, type)) yield `the firewall writes no ${type} log; right is ALERT and FLOW`;
}

/** Log groups without an end are kept, and paid, for ever. */
function* judgeLogGroup({ props }: Resource): Iterable<string> {
  const days = at(props, "retentionInDays");
  if (missing(days) || days === 0) yield "retentionInDays is not set; right is the days that logs are kept";
}

function* judgeTogether(resources: Resource[]): Iterable<Finding> {
  const vpc = "aws:ec2/vpc:Vpc";
  yield* unaccompanied(
    resources,
    vpc,
    { type: "aws:ec2/flowLog:FlowLog", property: "vpcId", by: ["id"] },
    "the VPC has no flow log; right is one of ALL traffic",
  );
  yield* unaccompanied(
    resources,
    vpc,
    {
      type: "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation",
      property: "resourceId",
      by: ["id"],
    },
    "the VPC's DNS queries are not logged; right is a resolver query log",
  );
  yield* unaccompanied(
    resources,
    "aws:wafv2/webAcl:WebAcl",
    {
      type: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
      property: "resourceArn",
      by: ["arn"],
    },
    "the web ACL is not logged; right is a WebAclLoggingConfiguration",
  );
  yield* unaccompanied(
    resources,
    "aws:networkfirewall/firewall:Firewall",
    {
      type: "aws:networkfirewall/loggingConfiguration:LoggingConfiguration",
      property: "firewallArn",
      by: ["arn", "id"],
    },
    "the network firewall is not logged; right is a LoggingConfiguration",
  );
}

export const logs: Rule = {
  each: {
    "aws:eks/cluster:Cluster": judgeCluster,
    ...forTypes(["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"], judgeLoadBalancer),
    ...forTypes(["aws:rds/cluster:Cluster", "aws:rds/instance:Instance"], judgeDatabase),
    "aws:elasticache/replicationGroup:ReplicationGroup": judgeCache,
    "aws:ec2/flowLog:FlowLog": judgeFlowLog,
    "aws:networkfirewall/loggingConfiguration:LoggingConfiguration": judgeFirewallLogs,
    "aws:cloudwatch/logGroup:LogGroup": judgeLogGroup,
  },
  together: judgeTogether,
};

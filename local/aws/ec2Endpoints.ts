import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  arn,
  dnsSuffix,
  ec2Id,
  exactlyOne,
  isTrue,
  lookup,
  oneOf,
  partitionOf,
  refuseUnless,
  text,
  texts,
} from "./common.js";
import { once, placed } from "./outputs.js";
import { toRouteTable, toSecurityGroup, toSubnet, toVpc, type } from "./references.js";

/** Services with a gateway endpoint, each with the prefix list of its addresses. */
const gatewayServices = ["s3", "dynamodb"];

/**
 * Services with an interface endpoint. Source: PrivateLink guide, "AWS services that integrate with AWS
 * PrivateLink": those that a gateway of this kind may need.
 */
const interfaceServices = new Set(
  (
    "s3 dynamodb ecr.api ecr.dkr sts ec2 ec2messages ssm ssmmessages eks eks-auth logs monitoring events xray " +
    "secretsmanager kms autoscaling elasticloadbalancing elasticfilesystem elasticache rds rds-data " +
    "bedrock bedrock-runtime bedrock-agent bedrock-agent-runtime sagemaker.api sagemaker.runtime " +
    "lambda sqs sns kinesis-streams kinesis-firehose states comprehend textract guardduty-data aps-workspaces " +
    "acm-pca cloudformation network-firewall config"
  ).split(" "),
);

/** Regions that have no Bedrock. Source: endpoint lists of the AWS SDKs. */
const withoutBedrock = new Set(["ap-east-1", "cn-north-1", "cn-northwest-1"]);

/** The service's short name, when a service of this name exists in the region. */
function serviceIn(region: string, serviceName: string | undefined): string | undefined {
  const prefix = `${partitionOf(region) === "aws-cn" ? "cn.com" : "com"}.amazonaws.${region}.`;
  if (serviceName?.startsWith(prefix) !== true) return undefined;
  const service = serviceName.slice(prefix.length);
  if (service.startsWith("bedrock") && withoutBedrock.has(region)) return undefined;
  return interfaceServices.has(service) ? service : undefined;
}

const endpointId = (context: Context) => context.current?.id ?? ec2Id(context, "vpce");

function admitInterface(inputs: Props, service: string, context: Context): void {
  const network = lookup(context, type.vpc, text(inputs, "vpcId"));
  const zones = new Set<unknown>();
  for (const id of texts(inputs, "subnetIds")) {
    const subnet = lookup(context, type.subnet, id);
    refuseUnless(
      subnet === undefined || subnet.state.vpcId === network?.id,
      "InvalidParameter",
      `The subnet ${id} does not belong to the VPC ${network?.id}`,
    );
    const zone = subnet?.state.availabilityZone;
    refuseUnless(
      !zones.has(zone),
      "DuplicateSubnetsInSameZone",
      `Found another VPC endpoint subnet in the availability zone of ${id}.`,
    );
    zones.add(zone);
  }
  for (const id of texts(inputs, "securityGroupIds")) {
    refuseUnless(
      lookup(context, type.securityGroup, id)?.state.vpcId === network?.id,
      "InvalidParameter",
      `The security group ${id} does not belong to the VPC ${network?.id}`,
    );
  }
  if (!isTrue(inputs, "privateDnsEnabled")) return;
  refuseUnless(
    network === undefined ||
      (isTrue(network.state, "enableDnsSupport") && isTrue(network.state, "enableDnsHostnames")),
    "InvalidParameter",
    `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${network?.id}`,
  );
  const rival = context.world
    .list(type.vpcEndpoint, context.region)
    .find(
      ({ id, inputs: others }) =>
        id !== context.current?.id &&
        others.vpcId === inputs.vpcId &&
        others.serviceName === inputs.serviceName &&
        isTrue(others, "privateDnsEnabled"),
    );
  refuseUnless(
    rival === undefined,
    "InvalidParameter",
    `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ` +
      `${service}.${context.region}.${dnsSuffix(context.region)} in the VPC ${network?.id}`,
  );
}

function admitGateway(inputs: Props, context: Context): void {
  for (const list of ["subnetIds", "securityGroupIds"]) {
    refuseUnless(
      texts(inputs, list).length === 0 && !isTrue(inputs, "privateDnsEnabled"),
      "InvalidParameter",
      "Subnets, security groups and private DNS are not supported for endpoints of type Gateway",
    );
  }
  for (const tableId of texts(inputs, "routeTableIds")) {
    refuseUnless(
      lookup(context, type.routeTable, tableId)?.state.vpcId === inputs.vpcId,
      "InvalidParameter",
      `The route table ${tableId} does not belong to the VPC ${text(inputs, "vpcId")}`,
    );
    const holds = context.world
      .list(type.vpcEndpoint, context.region)
      .some(
        ({ id, inputs: others }) =>
          id !== context.current?.id &&
          others.serviceName === inputs.serviceName &&
          texts(others, "routeTableIds").includes(tableId),
      );
    refuseUnless(
      !holds,
      "RouteAlreadyExists",
      `route table ${tableId} already has a route with the prefix list of ${text(inputs, "serviceName")}`,
    );
  }
}

const vpcEndpoint: Behaviour = {
  source: "EC2 CreateVpcEndpoint; PrivateLink guide; CloudFormation AWS::EC2::VPCEndpoint",
  required: ["vpcId"],
  replaces: [
    "vpcId",
    "serviceName",
    "serviceRegion",
    "vpcEndpointType",
    "serviceNetworkArn",
    "resourceConfigurationArn",
  ],
  replacesWhen: (olds, news) =>
    news.vpcEndpointType !== "Interface" &&
    isTrue(olds, "privateDnsEnabled") !== isTrue(news, "privateDnsEnabled")
      ? ["privateDnsEnabled"]
      : [],
  defaults: () => ({ vpcEndpointType: "Gateway" }),
  check: (inputs) => [
    ...exactlyOne(inputs, ["resourceConfigurationArn", "serviceName", "serviceNetworkArn"]),
    ...oneOf(inputs, "vpcEndpointType", [
      "Gateway",
      "GatewayLoadBalancer",
      "Interface",
      "Resource",
      "ServiceNetwork",
    ]),
    ...oneOf(inputs, "ipAddressType", ["ipv4", "dualstack", "ipv6"]),
    ...oneOf(inputs, "dnsOptions.dnsRecordIpType", ["ipv4", "dualstack", "ipv6", "service-defined"]),
  ],
  references: {
    vpcId: toVpc,
    "subnetIds[]": toSubnet,
    "securityGroupIds[]": toSecurityGroup,
    // EC2 removes the endpoint's route together with its table.
    "routeTableIds[]": { ...toRouteTable, weak: true },
  },
  admit: (inputs, context) => {
    const service = serviceIn(text(inputs, "serviceRegion") ?? context.region, text(inputs, "serviceName"));
    if (service === undefined) {
      throw new CloudError(
        "InvalidServiceName",
        `The Vpc Endpoint Service '${text(inputs, "serviceName")}' does not exist`,
      );
    }
    const available = gatewayServices.includes(service) ? ["Gateway", "Interface"] : ["Interface"];
    refuseUnless(
      available.includes(text(inputs, "vpcEndpointType") ?? ""),
      "InvalidParameter",
      `Endpoint type (${text(inputs, "vpcEndpointType")}) does not match available service types ([${available.join(", ")}]).`,
    );
    if (inputs.vpcEndpointType === "Interface") {
      refuseUnless(
        texts(inputs, "routeTableIds").length === 0,
        "InvalidParameter",
        "Route table IDs are not supported for endpoints of type Interface",
      );
      admitInterface(inputs, service, context);
    } else admitGateway(inputs, context);
  },
  id: (_, context) => endpointId(context),
  outputs: (inputs, context) => {
    const id = endpointId(context);
    const gateway = inputs.vpcEndpointType !== "Interface";
    const service = text(inputs, "serviceName")?.split(".").slice(3).join(".") ?? "";
    const host = `${service.split(".").reverse().join(".")}.${context.region}`;
    const network = lookup(context, type.vpc, text(inputs, "vpcId"));
    const subnetIds = texts(inputs, "subnetIds");
    const groups = texts(inputs, "securityGroupIds");
    return {
      ...placed(inputs, context),
      ...once(context, () => ({
        dnsEntries: gateway
          ? []
          : [
              {
                dnsName: `${id}-${context.hex(8, "dns")}.${host}.vpce.${dnsSuffix(context.region)}`,
                hostedZoneId: `Z${context.hex(20, "zone").toUpperCase()}`,
              },
            ],
        prefixListId: gateway ? `pl-${context.hex(8, "list")}` : "",
      })),
      arn: arn(context, "ec2", `vpc-endpoint/${id}`),
      cidrBlocks: [],
      dnsOptions: inputs.dnsOptions ?? { dnsRecordIpType: "ipv4" },
      ipAddressType: text(inputs, "ipAddressType") ?? "ipv4",
      networkInterfaceIds: subnetIds.map((subnetId) => `eni-0${subnetId.slice(-8)}${id.slice(-8)}`),
      ownerId: context.world.account,
      policy: text(inputs, "policy") ?? fullAccess,
      privateDnsEnabled: isTrue(inputs, "privateDnsEnabled"),
      requesterManaged: false,
      routeTableIds: texts(inputs, "routeTableIds"),
      securityGroupIds: gateway || groups.length > 0 ? groups : [network?.state.defaultSecurityGroupId],
      serviceRegion: text(inputs, "serviceRegion") ?? context.region,
      state: "available",
      subnetIds,
    };
  },
  minutes: 2,
};

const fullAccess = JSON.stringify({
  Version: "2008-10-17",
  Statement: [{ Action: "*", Effect: "Allow", Principal: "*", Resource: "*" }],
});

export const ec2Endpoints: Provider = {
  types: { [type.vpcEndpoint]: vpcEndpoint },
  invokes: {},
};

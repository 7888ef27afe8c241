import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import {
  arn,
  cidrContains,
  cidrs,
  cidrsOverlap,
  ec2Id,
  exactlyOne,
  isTrue,
  lookup,
  oneOf,
  prefixLength,
  refuseUnless,
  text,
  zoneId,
  zonesOf,
} from "./common.js";
import { ownOptions } from "./ec2Dhcp.js";
import { queries } from "./ec2Queries.js";
import { once, placed } from "./outputs.js";
import { toVpc, type } from "./references.js";

const vpcId = (context: Context) => context.current?.id ?? ec2Id(context, "vpc");

const vpc: Behaviour = {
  source: "EC2 CreateVpc; CloudFormation AWS::EC2::VPC (createOnlyProperties); provider docs of aws.ec2.Vpc",
  replaces: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
  // EC2 ModifyVpcTenancy goes from dedicated to default only.
  replacesWhen: (olds, news) =>
    olds.instanceTenancy !== news.instanceTenancy && news.instanceTenancy === "dedicated"
      ? ["instanceTenancy"]
      : [],
  defaults: () => ({ enableDnsSupport: true, instanceTenancy: "default" }),
  check: (inputs) => [
    ...cidrs(inputs, "cidrBlock"),
    ...oneOf(inputs, "instanceTenancy", ["default", "dedicated"]),
    ...exactlyOne(inputs, ["assignGeneratedIpv6CidrBlock", "ipv6IpamPoolId"], false),
  ],
  admit: (inputs) => {
    const cidr = text(inputs, "cidrBlock");
    if (cidr === undefined) {
      throw new CloudError("MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.");
    }
    refuseUnless(
      prefixLength(cidr) >= 16 && prefixLength(cidr) <= 28,
      "InvalidVpc.Range",
      `The CIDR '${cidr}' is invalid.`,
    );
  },
  id: (_, context) => vpcId(context),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    ...once(context, () => {
      const routeTable = ec2Id(context, "rtb", "main");
      return {
        arn: arn(context, "ec2", `vpc/${vpcId(context)}`),
        defaultNetworkAclId: ec2Id(context, "acl"),
        defaultRouteTableId: routeTable,
        mainRouteTableId: routeTable,
        defaultSecurityGroupId: ec2Id(context, "sg"),
        dhcpOptionsId: ownOptions(context),
        ownerId: context.world.account,
        ipv6AssociationId: "",
        ipv6CidrBlock: "",
      };
    }),
    assignGeneratedIpv6CidrBlock: isTrue(inputs, "assignGeneratedIpv6CidrBlock"),
    enableDnsHostnames: isTrue(inputs, "enableDnsHostnames"),
    enableNetworkAddressUsageMetrics: isTrue(inputs, "enableNetworkAddressUsageMetrics"),
  }),
  // EC2 makes these three with every VPC, and they go with it.
  after: ({ id, region, state }, context) => {
    const { world } = context;
    if (world.find(type.routeTable, String(state.defaultRouteTableId)) !== undefined) return;
    const add = (token: string, kind: string, ownId: string, more: Props) => {
      const shared = {
        arn: arn(context, "ec2", `${kind}/${ownId}`),
        vpcId: id,
        ownerId: world.account,
        region,
      };
      world.add({ type: token, id: ownId, region, inputs: {}, state: { ...shared, ...more }, owner: id });
    };
    add(type.routeTable, "route-table", String(state.defaultRouteTableId), {
      routes: [],
      propagatingVgws: [],
    });
    add(type.networkAcl, "network-acl", String(state.defaultNetworkAclId), { subnetIds: [] });
    add(type.securityGroup, "security-group", String(state.defaultSecurityGroupId), {
      name: "default",
      description: "default VPC security group",
      ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }],
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
    });
  },
  inUse: ({ id }) =>
    new CloudError("DependencyViolation", `The vpc '${id}' has dependencies and cannot be deleted.`),
};

const subnetId = (context: Context) => context.current?.id ?? ec2Id(context, "subnet");

const subnet: Behaviour = {
  source: "EC2 CreateSubnet; VPC user guide, subnet CIDR blocks; CloudFormation AWS::EC2::Subnet",
  required: ["vpcId"],
  replaces: [
    "vpcId",
    "cidrBlock",
    "availabilityZone",
    "availabilityZoneId",
    "outpostArn",
    "ipv6Native",
    "ipv4IpamPoolId",
    "ipv4NetmaskLength",
    "ipv6IpamPoolId",
    "ipv6NetmaskLength",
  ],
  defaults: () => ({
    assignIpv6AddressOnCreation: false,
    enableDns64: false,
    enableResourceNameDnsARecordOnLaunch: false,
    enableResourceNameDnsAaaaRecordOnLaunch: false,
    ipv6Native: false,
    mapPublicIpOnLaunch: false,
  }),
  check: (inputs) => [
    ...cidrs(inputs, "cidrBlock"),
    ...exactlyOne(inputs, ["availabilityZone", "availabilityZoneId"], false),
    ...oneOf(inputs, "privateDnsHostnameTypeOnLaunch", ["ip-name", "resource-name"]),
  ],
  references: { vpcId: toVpc },
  admit: (inputs, context) => {
    if (context.current !== undefined) return;
    const cidr = text(inputs, "cidrBlock");
    if (cidr === undefined) {
      throw new CloudError("MissingParameter", "Either 'cidrBlock' or 'ipv6CidrBlock' should be provided.");
    }
    const network = text(lookup(context, type.vpc, text(inputs, "vpcId"))?.state, "cidrBlock");
    const inside = network === undefined || cidrContains(network, cidr);
    const sized = prefixLength(cidr) >= 16 && prefixLength(cidr) <= 28;
    refuseUnless(inside && sized, "InvalidSubnet.Range", `The CIDR '${cidr}' is invalid.`);
    for (const other of context.world.list(type.subnet, context.region)) {
      const taken = text(other.state, "cidrBlock");
      if (other.state.vpcId !== inputs.vpcId || taken === undefined) continue;
      refuseUnless(
        !cidrsOverlap(cidr, taken),
        "InvalidSubnet.Conflict",
        `The CIDR '${cidr}' conflicts with another subnet (${other.id}, ${taken})`,
      );
    }
    const zones = zonesOf(context.region);
    const zone = text(inputs, "availabilityZone") ?? text(inputs, "availabilityZoneId");
    refuseUnless(
      zone === undefined || zones.some((each) => each === zone || zoneId(each) === zone),
      "InvalidParameterValue",
      `Value (${zone}) for parameter availabilityZone is invalid. ` +
        `Subnets can currently only be created in the following availability zones: ${zones.join(", ")}.`,
    );
  },
  id: (_, context) => subnetId(context),
  outputs: (inputs, context) => {
    const zones = zonesOf(context.region);
    const zone =
      text(inputs, "availabilityZone") ??
      zones.find((each) => zoneId(each) === text(inputs, "availabilityZoneId")) ??
      zones[0] ??
      "";
    return {
      ...placed(inputs, context),
      arn: arn(context, "ec2", `subnet/${subnetId(context)}`),
      availabilityZone: zone,
      availabilityZoneId: zoneId(zone),
      ipv6CidrBlock: "",
      ipv6CidrBlockAssociationId: "",
      mapCustomerOwnedIpOnLaunch: false,
      ownerId: context.world.account,
      privateDnsHostnameTypeOnLaunch: text(inputs, "privateDnsHostnameTypeOnLaunch") ?? "ip-name",
    };
  },
  inUse: ({ id }) =>
    new CloudError("DependencyViolation", `The subnet '${id}' has dependencies and cannot be deleted.`),
};

export const ec2Vpc: Provider = { types: { [type.vpc]: vpc, [type.subnet]: subnet }, invokes: queries };

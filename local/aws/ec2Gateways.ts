import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Provider } from "../behaviour.js";
import {
  addressAt,
  arn,
  dnsSuffix,
  ec2Id,
  exactlyOne,
  lookup,
  oneOf,
  pick,
  prefixLength,
  refuseUnless,
  text,
} from "./common.js";
import type { Failure, Place } from "./common.js";
import { once, placed } from "./outputs.js";
import { toSubnet, toVpc, type } from "./references.js";

/** Whether an internet gateway is attached to the VPC. */
export function hasInternetGateway(context: Place, vpcId: string | undefined): boolean {
  return context.world.list(type.internetGateway, context.region).some(({ state }) => state.vpcId === vpcId);
}

const internetGatewayId = (context: Context) => context.current?.id ?? ec2Id(context, "igw");

const internetGateway: Behaviour = {
  source: "EC2 CreateInternetGateway, AttachInternetGateway",
  references: { vpcId: toVpc },
  unique: (inputs) => text(inputs, "vpcId"),
  taken: (vpcId) =>
    new CloudError("InvalidParameterValue", `Network ${vpcId} already has an internet gateway attached`),
  id: (_, context) => internetGatewayId(context),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(context, "ec2", `internet-gateway/${internetGatewayId(context)}`),
    ownerId: context.world.account,
    vpcId: text(inputs, "vpcId") ?? "",
  }),
};

const allocationId = (context: Context) => context.current?.id ?? ec2Id(context, "eipalloc");

const eip: Behaviour = {
  source: "EC2 AllocateAddress, ReleaseAddress; CloudFormation AWS::EC2::EIP",
  replaces: [
    "address",
    "customerOwnedIpv4Pool",
    "domain",
    "ipamPoolId",
    "networkBorderGroup",
    "publicIpv4Pool",
  ],
  check: (inputs) => [
    ...oneOf(inputs, "domain", ["vpc"]),
    ...exactlyOne(inputs, ["instance", "networkInterface"], false),
  ],
  id: (_, context) => allocationId(context),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    ...once(context, () => {
      const octets = [52, pick(context, 256, "b"), pick(context, 256, "c"), 1 + pick(context, 254, "d")];
      const domain = context.region === "us-east-1" ? "compute-1" : `${context.region}.compute`;
      return {
        publicIp: octets.join("."),
        publicDns: `ec2-${octets.join("-")}.${domain}.${dnsSuffix(context.region)}`,
        associationId: "",
        carrierIp: "",
        customerOwnedIp: "",
        privateIp: "",
        ptrRecord: "",
      };
    }),
    allocationId: allocationId(context),
    arn: arn(context, "ec2", `elastic-ip/${allocationId(context)}`),
    domain: "vpc",
    instance: text(inputs, "instance") ?? "",
    networkBorderGroup: text(inputs, "networkBorderGroup") ?? context.region,
    networkInterface: text(inputs, "networkInterface") ?? "",
    publicIpv4Pool: text(inputs, "publicIpv4Pool") ?? "amazon",
  }),
  inUse: ({ state }) =>
    new CloudError("InvalidIPAddress.InUse", `Address ${text(state, "publicIp")} is in use.`),
};

const natGateway: Behaviour = {
  source:
    "EC2 CreateNatGateway; VPC user guide, NAT gateways (failure codes); CloudFormation AWS::EC2::NatGateway",
  replaces: ["allocationId", "availabilityMode", "connectivityType", "privateIp", "subnetId", "vpcId"],
  defaults: () => ({ connectivityType: "public" }),
  check: (inputs) => {
    const failures: Failure[] = [
      ...oneOf(inputs, "connectivityType", ["private", "public"]),
      ...oneOf(inputs, "availabilityMode", ["zonal", "regional"]),
      ...exactlyOne(inputs, ["secondaryPrivateIpAddressCount", "secondaryPrivateIpAddresses"], false),
    ];
    const regional = inputs.availabilityMode === "regional";
    const given = (property: string) => inputs[property] !== undefined;
    const must = (property: string, holds: boolean, reason: string) => {
      if (!holds) failures.push({ property, reason });
    };
    must(
      "allocationId",
      inputs.connectivityType !== "private" || !given("allocationId"),
      'allocation_id is not supported with connectivity_type = "private"',
    );
    must(
      "allocationId",
      regional || inputs.connectivityType === "private" || given("allocationId"),
      "allocation_id is required for a zonal public NAT gateway",
    );
    must(
      "allocationId",
      !regional || !given("allocationId"),
      'allocation_id is not supported with availability_mode = "regional"',
    );
    must(
      "subnetId",
      given("subnetId") !== regional,
      `subnet_id ${regional ? "is not supported" : "is required"} with availability_mode = "${regional ? "regional" : "zonal"}"`,
    );
    must("vpcId", !regional || given("vpcId"), 'vpc_id is required with availability_mode = "regional"');
    return failures;
  },
  references: {
    subnetId: toSubnet,
    vpcId: toVpc,
    allocationId: {
      types: [type.eip],
      code: "InvalidAllocationID.NotFound",
      message: (id) => `The allocation ID '${id}' does not exist`,
    },
  },
  unique: (inputs) => text(inputs, "allocationId"),
  taken: (key) =>
    new CloudError("Resource.AlreadyAssociated", `Elastic IP address [${key}] is already associated`),
  admit: (inputs, context) => {
    const network =
      text(lookup(context, type.subnet, text(inputs, "subnetId"))?.state, "vpcId") ?? text(inputs, "vpcId");
    refuseUnless(
      inputs.connectivityType === "private" || hasInternetGateway(context, network),
      "Gateway.NotAttached",
      `Network ${network} has no Internet gateway attached`,
    );
  },
  id: (_, context) => context.current?.id ?? ec2Id(context, "nat"),
  outputs: (inputs, context) => {
    const subnet = lookup(context, type.subnet, text(inputs, "subnetId"));
    const cidr = text(subnet?.state, "cidrBlock") ?? "10.0.0.0/24";
    // EC2 keeps the first four addresses and the last of every subnet.
    const room = 2 ** (32 - prefixLength(cidr)) - 5;
    return {
      ...placed(inputs, context),
      ...once(context, () => ({
        associationId: text(inputs, "allocationId") === undefined ? "" : ec2Id(context, "eipassoc"),
        networkInterfaceId: ec2Id(context, "eni"),
        privateIp: text(inputs, "privateIp") ?? addressAt(cidr, 4 + pick(context, room, "address")),
      })),
      availabilityMode: text(inputs, "availabilityMode") ?? "zonal",
      publicIp: text(lookup(context, type.eip, text(inputs, "allocationId"))?.state, "publicIp") ?? "",
      secondaryAllocationIds: inputs.secondaryAllocationIds ?? [],
      secondaryPrivateIpAddressCount: 0,
      secondaryPrivateIpAddresses: inputs.secondaryPrivateIpAddresses ?? [],
      vpcId: text(subnet?.state, "vpcId") ?? text(inputs, "vpcId") ?? "",
    };
  },
  minutes: 2,
};

export const ec2Gateways: Provider = {
  types: { [type.internetGateway]: internetGateway, [type.eip]: eip, [type.natGateway]: natGateway },
  invokes: {},
};

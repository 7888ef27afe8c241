import { crc32 } from "node:zlib";
import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props, Provider, Reference } from "../behaviour.js";
import {
  arn,
  at,
  cidrContains,
  cidrs,
  ec2Id,
  exactlyOne,
  isKnown,
  lookup,
  objects,
  refuseUnless,
  text,
} from "./common.js";
import type { Place } from "./common.js";
import { getRouteTable, getRouteTables } from "./getRouteTable.js";
import { placed } from "./outputs.js";
import { toRouteTable, toSubnet, toVpc, type } from "./references.js";

const destinations = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"];
const targets = [
  "carrierGatewayId",
  "coreNetworkArn",
  "egressOnlyGatewayId",
  "gatewayId",
  "localGatewayId",
  "natGatewayId",
  "networkInterfaceId",
  "odbNetworkArn",
  "transitGatewayId",
  "vpcEndpointId",
  "vpcPeeringConnectionId",
];

/** The targets a route may have, all of them; a kind without a description here is always refused as absent. */
const toTarget = (token: string, code: string, kind: string, weak = true): Reference => ({
  types: [token],
  code,
  message: (id) => `The ${kind} ID '${id}' does not exist`,
  weak,
});
const targetReferences = {
  // A deleted gateway leaves a black hole behind: EC2 does not refuse that.
  gatewayId: {
    ...toTarget(type.internetGateway, "InvalidGatewayID.NotFound", "gateway"),
    except: /^(local|vgw-)/,
  },
  natGatewayId: toTarget(type.natGateway, "InvalidNatGatewayID.NotFound", "natGateway"),
  vpcEndpointId: toTarget(type.vpcEndpoint, "InvalidVpcEndpointId.NotFound", "vpcEndpoint", false),
  networkInterfaceId: toTarget(
    "aws:ec2/networkInterface:NetworkInterface",
    "InvalidNetworkInterfaceID.NotFound",
    "networkInterface",
  ),
  transitGatewayId: toTarget(
    "aws:ec2transitgateway/transitGateway:TransitGateway",
    "InvalidTransitGatewayID.NotFound",
    "transitGateway",
  ),
  vpcPeeringConnectionId: toTarget(
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
    "InvalidVpcPeeringConnectionID.NotFound",
    "vpcPeeringConnection",
  ),
  egressOnlyGatewayId: toTarget(
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
    "InvalidGatewayID.NotFound",
    "egressOnlyInternetGateway",
  ),
};

/** What CreateRoute refuses once table and target exist. Inline routes of a table follow the same rules. */
function admitRoute(
  route: Props,
  destination: string,
  tableId: string,
  vpcId: string | undefined,
  context: Place,
): void {
  const target =
    lookup(context, type.internetGateway, text(route, "gatewayId")) ??
    lookup(context, type.natGateway, text(route, "natGatewayId")) ??
    lookup(context, type.vpcEndpoint, text(route, "vpcEndpointId"));
  if (target !== undefined) {
    const place =
      text(target.state, "vpcId") ??
      text(lookup(context, type.subnet, text(target.state, "subnetId"))?.state, "vpcId");
    refuseUnless(
      place === undefined || place === vpcId,
      "InvalidParameterValue",
      `route table ${tableId} and network gateway ${target.id} belong to different networks`,
    );
  }
  if (target?.type === type.vpcEndpoint) {
    refuseUnless(
      target.state.vpcEndpointType === "GatewayLoadBalancer",
      "InvalidParameterValue",
      `Endpoint ${target.id} is not a Gateway Load Balancer endpoint and cannot be the target of a route`,
    );
  }
  // Source: VPC user guide, "Route tables" (routes more specific than the local route).
  const network = text(lookup(context, type.vpc, vpcId)?.state, "cidrBlock");
  if (
    network === undefined ||
    destination.includes(":") ||
    !destination.includes("/") ||
    !cidrContains(network, destination)
  )
    return;
  refuseUnless(
    destination !== network || route.gatewayId === "local",
    "RouteAlreadyExists",
    `The route identified by ${destination} already exists.`,
  );
  const whole = context.world
    .list(type.subnet, context.region)
    .some(({ state }) => state.vpcId === vpcId && state.cidrBlock === destination);
  refuseUnless(
    destination === network || whole,
    "InvalidParameterValue",
    `The destination CIDR block ${destination} is more specific than the VPC's CIDR block ${network} and does not match a subnet's CIDR block`,
  );
  refuseUnless(
    ["natGatewayId", "networkInterfaceId", "vpcEndpointId"].some((each) => isKnown(route[each])) ||
      destination === network,
    "InvalidParameterValue",
    `The destination CIDR block ${destination} is equal to or more specific than one of this VPC's CIDR blocks. ` +
      "This route can target only a NAT gateway, an interface or a Gateway Load Balancer endpoint.",
  );
}

const tableId = (context: Context) => context.current?.id ?? ec2Id(context, "rtb");

const routeTable: Behaviour = {
  source: "EC2 CreateRouteTable; CloudFormation AWS::EC2::RouteTable",
  required: ["vpcId"],
  replaces: ["vpcId"],
  check: (inputs) => [
    ...cidrs(inputs, "routes[].cidrBlock"),
    ...objects(inputs, "routes").flatMap((route) => exactlyOne(route, targets)),
  ],
  references: {
    vpcId: toVpc,
    ...Object.fromEntries(
      Object.entries(targetReferences).map(([name, reference]) => [`routes[].${name}`, reference]),
    ),
  },
  admit: (inputs, context) => {
    for (const route of objects(inputs, "routes")) {
      const destination =
        text(route, "cidrBlock") ??
        text(route, "ipv6CidrBlock") ??
        text(route, "destinationPrefixListId") ??
        "";
      admitRoute(route, destination, tableId(context), text(inputs, "vpcId"), context);
    }
  },
  id: (_, context) => tableId(context),
  outputs: (inputs, context) => ({
    ...placed(inputs, context),
    arn: arn(context, "ec2", `route-table/${tableId(context)}`),
    ownerId: context.world.account,
    propagatingVgws: inputs.propagatingVgws ?? [],
    routes: inputs.routes ?? [],
  }),
  inUse: ({ id }) =>
    new CloudError("DependencyViolation", `The routeTable '${id}' has dependencies and cannot be deleted.`),
};

const routeTableAssociation: Behaviour = {
  source:
    "EC2 AssociateRouteTable, ReplaceRouteTableAssociation; provider docs of aws.ec2.RouteTableAssociation",
  required: ["routeTableId"],
  replaces: ["subnetId", "gatewayId"],
  check: (inputs) => exactlyOne(inputs, ["gatewayId", "subnetId"]),
  references: { routeTableId: toRouteTable, subnetId: toSubnet, gatewayId: targetReferences.gatewayId },
  unique: (inputs) => text(inputs, "subnetId") ?? text(inputs, "gatewayId"),
  taken: (key) =>
    new CloudError(
      "Resource.AlreadyAssociated",
      `the specified association for ${key} conflicts with an existing association`,
    ),
  admit: (inputs, context) => {
    const table = lookup(context, type.routeTable, text(inputs, "routeTableId"));
    const subnet = lookup(context, type.subnet, text(inputs, "subnetId"));
    refuseUnless(
      subnet === undefined || subnet.state.vpcId === table?.state.vpcId,
      "InvalidParameterValue",
      `route table ${table?.id} and subnet ${subnet?.id} belong to different networks`,
    );
  },
  id: (_, context) => ec2Id(context, "rtbassoc"),
  outputs: (_, { region }) => ({ region }),
};

function destinationOf(inputs: Props): string {
  return destinations.flatMap((each) => at(inputs, each)).map(String)[0] ?? "";
}

const route: Behaviour = {
  source: "EC2 CreateRoute, ReplaceRoute; VPC user guide, route tables; CloudFormation AWS::EC2::Route",
  required: ["routeTableId"],
  replaces: ["routeTableId", ...destinations],
  check: (inputs) => [
    ...exactlyOne(inputs, destinations),
    ...exactlyOne(inputs, targets),
    ...cidrs(inputs, "destinationCidrBlock"),
    ...cidrs(inputs, "destinationIpv6CidrBlock"),
  ],
  references: { routeTableId: toRouteTable, ...targetReferences },
  unique: (inputs) =>
    `Route in Route Table (${text(inputs, "routeTableId")}) with destination (${destinationOf(inputs)})`,
  taken: (key) => new CloudError("RouteAlreadyExists", `${key} already exists`),
  admit: (inputs, context) => {
    const table = lookup(context, type.routeTable, text(inputs, "routeTableId"));
    refuseUnless(
      !objects(table?.state, "routes").some((each) => Object.values(each).includes(destinationOf(inputs))),
      "RouteAlreadyExists",
      `The route identified by ${destinationOf(inputs)} already exists.`,
    );
    admitRoute(inputs, destinationOf(inputs), table?.id ?? "", text(table?.state, "vpcId"), context);
  },
  // The provider's own form: table and a checksum of the destination.
  id: (inputs) => `r-${text(inputs, "routeTableId")}${crc32(destinationOf(inputs))}`,
  outputs: (_, { region }) => ({
    region,
    origin: "CreateRoute",
    state: "active",
    instanceId: "",
    instanceOwnerId: "",
  }),
};

export const ec2Routes: Provider = {
  types: {
    [type.routeTable]: routeTable,
    [type.routeTableAssociation]: routeTableAssociation,
    [type.route]: route,
  },
  invokes: {
    "aws:ec2/getRouteTable:getRouteTable": getRouteTable,
    "aws:ec2/getRouteTables:getRouteTables": getRouteTables,
  },
};

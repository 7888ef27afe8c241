import type { Invoke, Props, WorldObject } from "../behaviour.js";
import { objects, text } from "./common.js";
import type { Place } from "./common.js";
import { idsOf, theOnly } from "./ec2Queries.js";
import type { Kind } from "./ec2Queries.js";
import { type } from "./references.js";

/** The associations that somebody made of a table; the main table has one more, of EC2's own. */
const associationsOf = ({ id }: WorldObject, { world, region }: Place) =>
  world.list(type.routeTableAssociation, region).filter(({ inputs }) => inputs.routeTableId === id);
const isMain = ({ id }: WorldObject, { world, region }: Place) =>
  world.list(type.vpc, region).some(({ state }) => state.mainRouteTableId === id);

const routeTable: Kind = {
  name: "EC2 Route Table",
  type: type.routeTable,
  args: {
    routeTableId: "route-table-id",
    vpcId: "vpc-id",
    subnetId: "association.subnet-id",
    gatewayId: "association.gateway-id",
  },
  filters: {
    "route-table-id": ({ id }) => [id],
    "vpc-id": ({ state }) => [state.vpcId],
    "association.main": (table, context) => [isMain(table, context)],
    // Only what is associated by hand: a subnet of the main table has no association of its own.
    "association.subnet-id": (table, context) =>
      associationsOf(table, context).map(({ inputs }) => inputs.subnetId),
    "association.gateway-id": (table, context) =>
      associationsOf(table, context).map(({ inputs }) => inputs.gatewayId),
    "owner-id": ({ state }) => [state.ownerId],
  },
};

/** Destinations and targets of a route as the data source names them: what a route has not is empty. */
const routeFields = [
  ...["carrierGatewayId", "cidrBlock", "coreNetworkArn", "destinationPrefixListId", "egressOnlyGatewayId"],
  ...["gatewayId", "instanceId", "ipv6CidrBlock", "localGatewayId", "natGatewayId", "networkInterfaceId"],
  ...["odbNetworkArn", "transitGatewayId", "vpcEndpointId", "vpcPeeringConnectionId"],
];

/** The route table of a subnet, by its id, or a VPC's main one; exactly one must match. */
export const getRouteTable: Invoke = (args, context) => {
  const { world, region } = context;
  const table = theOnly(routeTable, args, context);
  const associationOf = (id: string, tail: Props) => ({
    routeTableAssociationId: id,
    routeTableId: table.id,
    gatewayId: "",
    subnetId: "",
    main: false,
    ...tail,
  });
  const routes = [
    ...objects(table.state, "routes"),
    ...world
      .list(type.route, region)
      .filter(({ inputs }) => inputs.routeTableId === table.id)
      .map(({ inputs }) => ({
        ...inputs,
        cidrBlock: inputs.destinationCidrBlock,
        ipv6CidrBlock: inputs.destinationIpv6CidrBlock,
      })),
  ];
  return {
    id: table.id,
    routeTableId: table.id,
    arn: table.state.arn,
    vpcId: table.state.vpcId,
    ownerId: world.account,
    region,
    gatewayId: text(args, "gatewayId") ?? "",
    subnetId: text(args, "subnetId") ?? "",
    tags: table.state.tags ?? {},
    associations: [
      ...associationsOf(table, context).map(({ id, inputs }) =>
        associationOf(id, { subnetId: inputs.subnetId ?? "", gatewayId: inputs.gatewayId ?? "" }),
      ),
      ...(isMain(table, context) ? [associationOf(`rtbassoc-${table.id.slice(4)}`, { main: true })] : []),
    ],
    routes: routes.map((route: Props) =>
      Object.fromEntries(routeFields.map((field) => [field, text(route, field) ?? ""])),
    ),
  };
};

export const getRouteTables = idsOf(routeTable);

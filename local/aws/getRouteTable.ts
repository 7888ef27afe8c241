import { CloudError } from "../behaviour.js";
import type { Invoke, Props } from "../behaviour.js";
import { at, objects, refuseUnless, text } from "./common.js";
import { type } from "./references.js";

/** The route table of a subnet, by its id, or a VPC's main one; exactly one must match. */
export const getRouteTable: Invoke = (args, context) => {
  const { world, region } = context;
  const associations = world.list(type.routeTableAssociation, region);
  const subnetId = text(args, "subnetId");
  const main = (id: string) =>
    world.list(type.vpc, region).some(({ state }) => state.mainRouteTableId === id);
  const found = world.list(type.routeTable, region).filter(({ id, state }) => {
    if (text(args, "routeTableId") !== undefined && id !== text(args, "routeTableId")) return false;
    if (text(args, "vpcId") !== undefined && state.vpcId !== text(args, "vpcId")) return false;
    for (const [key, value] of objects(args, "tags").flatMap(Object.entries)) {
      if (text(state, `tags.${key}`) !== value) return false;
    }
    const own = associations.filter(({ inputs }) => inputs.routeTableId === id);
    if (subnetId !== undefined && !own.some(({ inputs }) => inputs.subnetId === subnetId)) return false;
    return objects(args, "filters").every((filter) => {
      refuseUnless(
        filter.name === "association.main",
        "InvalidParameterValue",
        `The filter '${text(filter, "name")}' is not known here`,
      );
      return at(filter, "values[]").includes(String(main(id)));
    });
  });
  const [table] = found;
  if (table === undefined) throw new CloudError("NotFound", "no matching EC2 Route Table found");
  refuseUnless(
    found.length === 1,
    "TooManyResults",
    "multiple EC2 Route Tables matched; use additional constraints to reduce matches to a single EC2 Route Table",
  );
  const associationOf = (id: string, tail: Props) => ({
    routeTableAssociationId: id,
    routeTableId: table.id,
    gatewayId: "",
    subnetId: "",
    main: false,
    ...tail,
  });
  return {
    id: table.id,
    routeTableId: table.id,
    arn: table.state.arn,
    vpcId: table.state.vpcId,
    ownerId: world.account,
    region,
    gatewayId: text(args, "gatewayId") ?? "",
    subnetId: subnetId ?? "",
    tags: table.state.tags ?? {},
    associations: [
      ...associations
        .filter(({ inputs }) => inputs.routeTableId === table.id)
        .map(({ id, inputs }) =>
          associationOf(id, { subnetId: inputs.subnetId ?? "", gatewayId: inputs.gatewayId ?? "" }),
        ),
      ...(main(table.id) ? [associationOf(`rtbassoc-${table.id.slice(4)}`, { main: true })] : []),
    ],
    routes: [
      ...objects(table.state, "routes"),
      ...world
        .list(type.route, region)
        .filter(({ inputs }) => inputs.routeTableId === table.id)
        .map(({ inputs }) => ({
          ...inputs,
          cidrBlock: inputs.destinationCidrBlock ?? "",
          ipv6CidrBlock: inputs.destinationIpv6CidrBlock ?? "",
        })),
    ],
  };
};

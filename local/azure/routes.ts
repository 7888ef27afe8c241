import type { Behaviour, Invoke, Props, Provider } from "../behaviour.js";
import { arm, isCidr, isIpv4, objects, oneOf, parentOf, refuseUnless, text } from "./common.js";
import type { Failure, Place } from "./common.js";
import { inUse, net, networkName } from "./networkTypes.js";
import { lookUpInGroup } from "./queries.js";
import { isServiceTag } from "./securityRules.js";

const hops = ["VirtualNetworkGateway", "VnetLocal", "Internet", "VirtualAppliance", "None"];

function routeFailures(route: Props): Failure[] {
  const prefix = text(route, "addressPrefix");
  const wrong = prefix !== undefined && !isCidr(prefix) && !isServiceTag(prefix);
  return [
    ...oneOf(route, "nextHopType", hops),
    ...(wrong
      ? [{ property: "addressPrefix", reason: `"${prefix}" is neither a CIDR block nor a service tag` }]
      : []),
  ];
}

/** What every route has to keep, alone or in its table. */
function admitRoute(route: Props, name: string, others: Props[]): void {
  const appliance = text(route, "nextHopType") === "VirtualAppliance";
  const hop = text(route, "nextHopIpAddress");
  refuseUnless(
    !appliance || hop !== undefined,
    "NextHopIpAddressRequired",
    `Route ${name}: a next hop of type VirtualAppliance needs an IP address.`,
  );
  refuseUnless(
    appliance || hop === undefined,
    "NextHopIpAddressNotAllowed",
    `Route ${name}: next hop IP addresses are only allowed where the next hop type is VirtualAppliance.`,
  );
  refuseUnless(
    hop === undefined || isIpv4(hop),
    "InvalidIpAddress",
    `Route ${name}: ${hop} is not an IPv4 address.`,
  );
  const prefix = text(route, "addressPrefix");
  refuseUnless(
    prefix === undefined || others.every((other) => text(other, "addressPrefix") !== prefix),
    "RouteConflict",
    `Route ${name} conflicts with another route. Routes cannot have the same AddressPrefix (${prefix}).`,
  );
}

const routeTable: Behaviour = arm({
  source: 'Microsoft.Network/routeTables; "Virtual network traffic routing"',
  type: "Microsoft.Network/routeTables",
  names: ["routeTableName"],
  check: (inputs) => [
    ...networkName(inputs, "routeTableName"),
    ...objects(inputs, "routes").flatMap(routeFailures),
  ],
  admit: (inputs) => {
    const routes = objects(inputs, "routes");
    routes.forEach((route, i) => admitRoute(route, text(route, "name") ?? "", routes.slice(0, i)));
  },
  outputs: (inputs) => ({
    routes: inputs.routes ?? [],
    disableBgpRoutePropagation: inputs.disableBgpRoutePropagation ?? false,
  }),
  inUse: inUse("Route table", "InUseRouteTableCannotBeDeleted"),
});

const route: Behaviour = arm({
  source: "Microsoft.Network/routeTables/routes",
  type: "Microsoft.Network/routeTables/routes",
  names: ["routeTableName", "routeName"],
  parent: net.routeTable,
  required: ["addressPrefix", "nextHopType"],
  check: (inputs) => [...networkName(inputs, "routeName"), ...routeFailures(inputs)],
  admit: (inputs, context) => {
    const id = route.id(inputs, context);
    const table = context.world.find(net.routeTable, parentOf(id));
    const others = context.world
      .list(net.route)
      .filter((each) => parentOf(each.id) === parentOf(id) && each.id !== id)
      .map((each) => each.inputs);
    admitRoute(inputs, text(inputs, "routeName") ?? "", [...others, ...objects(table?.inputs, "routes")]);
  },
});

/** A table's routes: inline and standalone ones. */
export function routesOf({ world }: Pick<Place, "world">, tableId: string | undefined): Props[] {
  const standalone = world.list(net.route).filter(({ id }) => parentOf(id) === tableId);
  const inline = objects(world.find(net.routeTable, tableId ?? "")?.state, "routes");
  return [...inline, ...standalone.map(({ state }) => state)];
}

/** A table as Azure reads it: with the routes that were made by themselves. */
const getRouteTable: Invoke = (args, context) => {
  const table = lookUpInGroup(net.routeTable, "Microsoft.Network/routeTables", ["routeTableName"])(
    args,
    context,
  );
  return { ...table, routes: routesOf(context, text(table, "id")) };
};

export const routes: Provider = {
  types: { [net.routeTable]: routeTable, [net.route]: route },
  invokes: { "azure-native:network:getRouteTable": getRouteTable },
};

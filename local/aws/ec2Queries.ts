import { CloudError } from "../behaviour.js";
import type { Invoke, Props, WorldObject } from "../behaviour.js";
import { isKnown, isObject, isTrue, objects, prefixLength, refuseUnless, text, texts } from "./common.js";
import type { Place } from "./common.js";
import { type } from "./references.js";

/**
 * What EC2's Describe calls and the data sources over them find.
 * Sources: EC2 API reference (filters: exact, `*` and `?` are wildcards, values are alternatives, filters add
 * up); provider docs of the data sources (an argument is a filter by another name).
 */
export interface Kind {
  /** As the provider names it in its messages. */
  name: string;
  type: string;
  /** Filters by argument. */
  args: Record<string, string>;
  /** What an object has for a filter. */
  filters: Record<string, (object: WorldObject, context: Place) => unknown[]>;
}

/** The objects that all arguments of the data source admit, in the order of their creation. */
export function described(kind: Kind, args: Props, context: Place): WorldObject[] {
  const given = objects(args, "filters").map((filter) => ({
    name: text(filter, "name") ?? "",
    values: texts(filter, "values"),
  }));
  for (const [key, value] of Object.entries(args)) {
    if (["filters", "tags", "region"].includes(key) || value === undefined) continue;
    const name = kind.args[key];
    if (name === undefined)
      throw new CloudError(
        "UnknownOption",
        `${kind.name}: the local cloud does not know the argument ${key}`,
      );
    given.push({ name, values: [text(args, key) ?? String(isTrue(args, key))] });
  }
  for (const [key, value] of objects(args, "tags").flatMap(Object.entries))
    given.push({ name: `tag:${key}`, values: [String(value)] });
  return given.reduce(
    (found, { name, values }) => {
      const has = name.startsWith("tag:")
        ? ({ state }: WorldObject) => (isObject(state.tags) ? [state.tags[name.slice(4)]] : [])
        : kind.filters[name];
      if (has === undefined) throw new CloudError("InvalidParameterValue", `The filter '${name}' is invalid`);
      const patterns = values.map(wildcard);
      return found.filter((object) =>
        has(object, context).some(
          (each) => isKnown(each) && patterns.some((pattern) => pattern.test(String(each))),
        ),
      );
    },
    context.world.list(kind.type, context.region),
  );
}

/** The one object, as a data source that wants exactly one. */
export function theOnly(kind: Kind, args: Props, context: Place): WorldObject {
  const [found, ...more] = described(kind, args, context);
  if (found === undefined) throw new CloudError("NotFound", `no matching ${kind.name} found`);
  refuseUnless(
    more.length === 0,
    "TooManyResults",
    `multiple ${kind.name}s matched; use additional constraints to reduce matches to a single ${kind.name}`,
  );
  return found;
}

/** The data source that lists ids, of which there may be none. */
export const idsOf =
  (kind: Kind): Invoke =>
  (args, context) => ({
    ...args,
    id: context.region,
    region: context.region,
    ids: described(kind, args, context).map(({ id }) => id),
    tags: args.tags ?? {},
  });

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

const vpc: Kind = {
  name: "EC2 VPC",
  type: type.vpc,
  args: {
    id: "vpc-id",
    cidrBlock: "cidr",
    dhcpOptionsId: "dhcp-options-id",
    default: "is-default",
    state: "state",
  },
  filters: {
    "vpc-id": ({ id }) => [id],
    cidr: ({ state }) => [state.cidrBlock],
    "cidr-block-association.cidr-block": ({ state }) => [state.cidrBlock],
    "dhcp-options-id": ({ state }) => [state.dhcpOptionsId],
    "is-default": () => [false],
    "owner-id": ({ state }) => [state.ownerId],
    state: () => ["available"],
  },
};

const getVpc: Invoke = (args, context) => {
  const { id, state } = theOnly(vpc, args, context);
  const cidr = text(state, "cidrBlock") ?? "";
  return {
    ...state,
    id,
    default: false,
    state: "available",
    cidrBlockAssociations: [
      { associationId: id.replace(/^vpc-/, "vpc-cidr-assoc-"), cidrBlock: cidr, state: "associated" },
    ],
    ipv6CidrBlockAssociations: [],
    tags: state.tags ?? {},
  };
};

const subnet: Kind = {
  name: "EC2 Subnet",
  type: type.subnet,
  args: {
    id: "subnet-id",
    vpcId: "vpc-id",
    availabilityZone: "availability-zone",
    availabilityZoneId: "availability-zone-id",
    cidrBlock: "cidr-block",
    defaultForAz: "default-for-az",
    state: "state",
  },
  filters: {
    "subnet-id": ({ id }) => [id],
    "vpc-id": ({ state }) => [state.vpcId],
    "availability-zone": ({ state }) => [state.availabilityZone],
    "availability-zone-id": ({ state }) => [state.availabilityZoneId],
    "cidr-block": ({ state }) => [state.cidrBlock],
    "default-for-az": () => [false],
    "map-public-ip-on-launch": ({ state }) => [state.mapPublicIpOnLaunch],
    "owner-id": ({ state }) => [state.ownerId],
    state: () => ["available"],
  },
};

const getSubnet: Invoke = (args, context) => {
  const { id, state } = theOnly(subnet, args, context);
  return {
    ...state,
    id,
    // EC2 keeps five of each subnet; what interfaces hold of the rest is not counted here.
    availableIpAddressCount: 2 ** (32 - prefixLength(text(state, "cidrBlock") ?? "")) - 5,
    customerOwnedIpv4Pool: "",
    defaultForAz: false,
    enableLniAtDeviceIndex: 0,
    outpostArn: text(state, "outpostArn") ?? "",
    state: "available",
    tags: state.tags ?? {},
  };
};

export const queries: Record<string, Invoke> = {
  "aws:ec2/getVpc:getVpc": getVpc,
  "aws:ec2/getVpcs:getVpcs": idsOf(vpc),
  "aws:ec2/getSubnet:getSubnet": getSubnet,
  "aws:ec2/getSubnets:getSubnets": idsOf(subnet),
};

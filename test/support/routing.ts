import { Address4 } from "ip-address";
import type { Props, WorldObject } from "../../local/behaviour.js";
import type { StoredWorld } from "../../local/world.js";

/** What decides where a packet goes in one VPC. */
export interface Plan {
  cidr: string;
  subnets: { id: string; cidr: string; zone: string; tableId: string }[];
  routes: { tableId: string; destination: string; target: string }[];
  /** What takes a packet and sends it on from the subnet that it stands in. */
  relays: { id: string; kind: "nat" | "firewall"; subnetId: string }[];
}

/** A step of a packet: through a relay, out of the VPC, or to an address in one of its subnets. */
export interface Hop {
  kind: "nat" | "firewall" | "internet" | "elsewhere" | "delivered";
  /** Of the relay, the gateway, or the subnet. */
  id: string;
  /** Of the relay or the subnet. */
  zone?: string;
}

/** The plan that a world's one VPC follows. @throws when it holds a gateway's own route table: none is known here */
export function planOf(world: StoredWorld): Plan {
  const [vpc] = world.list("aws:ec2/vpc:Vpc");
  if (!vpc) throw new Error("there is no VPC");
  const associations = world.list("aws:ec2/routeTableAssociation:RouteTableAssociation");
  const ofGateway = associations.find(({ inputs }) => inputs["subnetId"] === undefined);
  if (ofGateway) throw new Error(`${ofGateway.id} routes what enters by a gateway`);
  return {
    cidr: text(vpc.state, "cidrBlock"),
    subnets: world.list("aws:ec2/subnet:Subnet").map(({ id, state }) => {
      const own = associations.find(({ inputs }) => inputs["subnetId"] === id);
      return {
        id,
        cidr: text(state, "cidrBlock"),
        zone: text(state, "availabilityZone"),
        tableId: own ? text(own.inputs, "routeTableId") : text(vpc.state, "mainRouteTableId"),
      };
    }),
    routes: [
      ...world
        .list("aws:ec2/route:Route")
        .map(({ inputs }) => ({ tableId: text(inputs, "routeTableId"), ...ends(inputs) })),
      ...world
        .list("aws:ec2/routeTable:RouteTable")
        .flatMap(({ id, inputs }) =>
          ((inputs["routes"] ?? []) as Props[]).map((route) => ({ tableId: id, ...ends(route) })),
        ),
    ],
    relays: [
      ...world
        .list("aws:ec2/natGateway:NatGateway")
        .map(({ id, inputs }) => ({ id, kind: "nat" as const, subnetId: text(inputs, "subnetId") })),
      ...world.list("aws:networkfirewall/firewall:Firewall").flatMap(endpoints),
    ],
  };
}

function endpoints({ state }: WorldObject): Plan["relays"] {
  const statuses = state["firewallStatuses"] as {
    syncStates: { attachments: { endpointId: string; subnetId: string }[] }[];
  }[];
  return statuses
    .flatMap(({ syncStates }) => syncStates)
    .flatMap(({ attachments }) => attachments)
    .map(({ endpointId, subnetId }) => ({ id: endpointId, kind: "firewall", subnetId }));
}

/** A route's destination and target, whatever kind they are of. */
function ends(route: Props): { destination: string; target: string } {
  let destination = "";
  let target = "";
  for (const [key, value] of Object.entries(route)) {
    if (typeof value !== "string" || value === "" || key === "routeTableId" || key === "region") continue;
    if (/cidrblock|prefixlist/i.test(key)) destination = value;
    else target = value;
  }
  return { destination, target };
}

function text(props: Props, key: string): string {
  const value = props[key];
  if (typeof value !== "string") throw new Error(`${key} is no text`);
  return value;
}

/**
 * Every way from a subnet out of the VPC. Each route of a table counts, also one for a few addresses only, so a
 * way that exists for one address is among them; a way that comes back to a subnet leads nowhere.
 */
export function paths(plan: Plan, from: string, before: string[] = []): Hop[][] {
  if (before.includes(from)) return [];
  const tableId = subnetOf(plan, from).tableId;
  const leaving = plan.routes.filter(
    (route) =>
      route.tableId === tableId && route.target !== "local" && !contains(plan.cidr, route.destination),
  );
  return leaving.flatMap(({ target }) => {
    const relay = plan.relays.find(({ id }) => id === target);
    if (!relay) return [[{ kind: target.startsWith("igw-") ? "internet" : "elsewhere", id: target }]];
    return paths(plan, relay.subnetId, [...before, from]).map((rest) => [hop(plan, relay), ...rest]);
  });
}

/** The one way of a packet from a subnet to an address in the VPC: at each table the narrowest route wins. */
export function way(plan: Plan, from: string, address: string, before: string[] = []): Hop[] {
  if (before.includes(from)) throw new Error(`a packet to ${address} goes round in circles at ${from}`);
  const tableId = subnetOf(plan, from).tableId;
  const [best] = [{ tableId, destination: plan.cidr, target: "local" }, ...plan.routes]
    .filter((route) => route.tableId === tableId && contains(route.destination, address))
    .sort((a, b) => length(b.destination) - length(a.destination));
  const relay = plan.relays.find(({ id }) => id === best?.target);
  if (relay) return [hop(plan, relay), ...way(plan, relay.subnetId, address, [...before, from])];
  if (best?.target !== "local") return [{ kind: "elsewhere", id: best?.target ?? "" }];
  const subnet = plan.subnets.find(({ cidr }) => contains(cidr, address));
  return subnet ? [{ kind: "delivered", id: subnet.id, zone: subnet.zone }] : [];
}

/**
 * What is wrong with the ways between nodes and the internet where a firewall has to inspect them: out by the
 * firewall endpoint of the node's own zone, then a NAT gateway; and back by the same endpoint.
 */
export function uninspected(plan: Plan, nodeSubnets: readonly string[]): string[] {
  return nodeSubnets.flatMap((id) => {
    const { zone, cidr } = subnetOf(plan, id);
    const ways = paths(plan, id);
    if (ways.length === 0) return [`${zone}: no way out`];
    return ways.flatMap((hops) => {
      const [guard, nat, end] = hops;
      if (guard?.kind !== "firewall") return [`${zone}: out by ${show(hops)}, past the firewall`];
      if (guard.zone !== zone) return [`${zone}: out by the firewall of ${guard.zone}`];
      if (nat?.kind !== "nat" || end?.kind !== "internet" || hops.length > 3)
        return [`${zone}: out by ${show(hops)}`];
      if (nat.zone !== zone) return [`${zone}: out by the NAT gateway of ${nat.zone}`];
      const from = plan.relays.find((relay) => relay.id === nat.id)?.subnetId ?? "";
      return firstAndLast(cidr).flatMap((address) => {
        const back = way(plan, from, address);
        const [entry, arrival] = back;
        const same = entry?.id === guard.id && arrival?.kind === "delivered" && back.length === 2;
        return same ? [] : [`${zone}: back to ${address} by ${show(back)}, not as it went out`];
      });
    });
  });
}

function firstAndLast(cidr: string): string[] {
  const block = new Address4(cidr);
  return [block.startAddress().correctForm(), block.endAddress().correctForm()];
}

function show(hops: Hop[]): string {
  return hops.map(({ kind, zone }) => (zone ? `${kind} (${zone})` : kind)).join(", ");
}

function hop(plan: Plan, { id, kind, subnetId }: Plan["relays"][number]): Hop {
  return { kind, id, zone: subnetOf(plan, subnetId).zone };
}

function subnetOf(plan: Plan, id: string): Plan["subnets"][number] {
  const subnet = plan.subnets.find((each) => each.id === id);
  if (!subnet) throw new Error(`there is no subnet ${id}`);
  return subnet;
}

/** Whether an IPv4 block holds all of another, or an address; false for any other kind of destination. */
function contains(block: string, inner: string): boolean {
  return (
    Address4.isValid(block) && Address4.isValid(inner) && new Address4(inner).isInSubnet(new Address4(block))
  );
}

function length(destination: string): number {
  return new Address4(destination).subnetMask;
}

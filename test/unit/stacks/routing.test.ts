import { expect } from "chai";
import { planSubnets, tiers } from "../../../components/aws/subnets.js";
import type { Tier } from "../../../components/aws/subnets.js";
import type { Plan } from "../../support/routing.js";
import { paths, planOf, uninspected, way } from "../../support/routing.js";
import type { Variant } from "../../support/runs.js";
import { stackRun } from "../../support/runs.js";

const cidr = "10.10.0.0/16";

/** The plan of a run, and its subnets by tier in the order of the zones. */
async function laidOut(variant: Variant): Promise<{ plan: Plan; of: Record<Tier, string[]> }> {
  const { world } = await stackRun(variant);
  const plan = planOf(world);
  const blocks = planSubnets(cidr, 3);
  const ids = (tier: Tier) =>
    blocks[tier].flatMap((block) => plan.subnets.filter((each) => each.cidr === block).map(({ id }) => id));
  return { plan, of: Object.fromEntries(tiers.map((tier) => [tier, ids(tier)])) as Record<Tier, string[]> };
}

const kinds = (plan: Plan, from: string) => paths(plan, from).map((hops) => hops.map(({ kind }) => kind));

/** The subnet's first address for a machine: the four before it are the VPC's own. */
const machineIn = (plan: Plan, id: string): string => {
  const block = plan.subnets.find((each) => each.id === id)?.cidr ?? "";
  return block.replace(/\d+\/\d+$/, (end) => String(Number(end.split("/")[0]) + 4));
};

describe("the routes at standard", () => {
  let plan: Plan;
  let of: Record<Tier, string[]>;
  before(async () => ({ plan, of } = await laidOut("standard")));

  it("lead every packet between a node and the internet through its own zone's firewall, both ways", () => {
    expect(of.node).to.have.length(3);
    expect(uninspected(plan, of.node)).to.deep.equal([]);
  });

  it("know one way out of a node subnet: firewall, NAT gateway and internet gateway", () => {
    for (const id of of.node) expect(kinds(plan, id)).to.deep.equal([["firewall", "nat", "internet"]]);
    const endpoints = of.node.map((id) => paths(plan, id)[0]?.[0]?.id);
    expect(new Set(endpoints).size).to.equal(3);
  });

  it("give every subnet a table of its own, and each tier its ways out", () => {
    expect(new Set(plan.subnets.map(({ tableId }) => tableId)).size).to.equal(plan.subnets.length);
    const out = { alb: [["internet"]], nat: [["internet"]], firewall: [["nat", "internet"]], data: [] };
    for (const [tier, expected] of Object.entries(out))
      for (const id of of[tier as Tier]) expect(kinds(plan, id), tier).to.deep.equal(expected);
    expect(tiers.flatMap((tier) => of[tier])).to.have.members(plan.subnets.map(({ id }) => id));
  });

  it("let the load balancer and the nodes talk without the firewall, both ways", () => {
    for (const alb of of.alb)
      for (const node of of.node) {
        expect(way(plan, alb, machineIn(plan, node)).map(({ kind }) => kind)).to.deep.equal(["delivered"]);
        expect(way(plan, node, machineIn(plan, alb)).map(({ kind }) => kind)).to.deep.equal(["delivered"]);
      }
  });

  it("hold nothing beside these ways", () => {
    // alb, nat and firewall to the internet, replies on the NAT subnets, and the nodes' own.
    expect(plan.routes).to.have.length(3 * 5);
  });
});

describe("the routes at small", () => {
  it("lead from every node subnet to the one NAT gateway, and straight back", async () => {
    const { plan, of } = await laidOut("small");
    expect(of.firewall).to.deep.equal([]);
    expect(of.node).to.have.length(2);
    expect(plan.relays.map(({ kind }) => kind)).to.deep.equal(["nat"]);
    for (const id of of.node) {
      expect(kinds(plan, id)).to.deep.equal([["nat", "internet"]]);
      const back = way(plan, plan.relays[0]?.subnetId ?? "", machineIn(plan, id));
      expect(back).to.deep.equal([
        { kind: "delivered", id, zone: plan.subnets.find((each) => each.id === id)?.zone },
      ]);
    }
    for (const id of of.data) expect(paths(plan, id)).to.deep.equal([]);
  });
});

describe("a broken plan is told from a sound one", () => {
  /** Two zones, laid out as the cell is. */
  const sound = (): Plan => ({
    cidr: "10.0.0.0/16",
    subnets: ["a", "b"].flatMap((zone, i) =>
      ["node", "firewall", "nat"].map((tier, j) => ({
        id: `${tier}-${zone}`,
        cidr: `10.0.${i * 10 + j}.0/24`,
        zone,
        tableId: `table-${tier}-${zone}`,
      })),
    ),
    routes: ["a", "b"].flatMap((zone, i) => [
      { tableId: `table-node-${zone}`, destination: "0.0.0.0/0", target: `vpce-${zone}` },
      { tableId: `table-firewall-${zone}`, destination: "0.0.0.0/0", target: `nat-gw-${zone}` },
      { tableId: `table-nat-${zone}`, destination: "0.0.0.0/0", target: "igw-1" },
      { tableId: `table-nat-${zone}`, destination: `10.0.${i * 10}.0/24`, target: `vpce-${zone}` },
    ]),
    relays: ["a", "b"].flatMap((zone) => [
      { id: `vpce-${zone}`, kind: "firewall" as const, subnetId: `firewall-${zone}` },
      { id: `nat-gw-${zone}`, kind: "nat" as const, subnetId: `nat-${zone}` },
    ]),
  });
  const nodes = ["node-a", "node-b"];
  const add = (tableId: string, destination: string, target: string) => (plan: Plan) =>
    plan.routes.push({ tableId, destination, target });
  const retarget = (tableId: string, destination: string, target: string) => (plan: Plan) => {
    for (const route of plan.routes)
      if (route.tableId === tableId && route.destination === destination) route.target = target;
  };

  it("finds nothing in a sound one", () => expect(uninspected(sound(), nodes)).to.deep.equal([]));

  const cases: [what: string, change: (plan: Plan) => unknown, found: string][] = [
    [
      "nodes that go straight to the NAT gateway",
      retarget("table-node-a", "0.0.0.0/0", "nat-gw-a"),
      "a: out by nat (a), internet, past the firewall",
    ],
    [
      "a way past the firewall for some addresses",
      add("table-node-b", "8.8.0.0/16", "igw-1"),
      "b: out by internet, past the firewall",
    ],
    [
      "a peering for a block around the VPC's",
      add("table-node-a", "10.0.0.0/8", "pcx-1"),
      "a: out by elsewhere, past the firewall",
    ],
    ["an IPv6 way out", add("table-node-a", "::/0", "eigw-1"), "a: out by elsewhere, past the firewall"],
    [
      "another zone's firewall",
      retarget("table-node-a", "0.0.0.0/0", "vpce-b"),
      "a: out by the firewall of b",
    ],
    [
      "another zone's NAT gateway",
      retarget("table-firewall-a", "0.0.0.0/0", "nat-gw-b"),
      "a: out by the NAT gateway of b",
    ],
    [
      "a firewall that sends on by two ways",
      add("table-firewall-b", "8.8.0.0/16", "igw-1"),
      "b: out by firewall (b), internet",
    ],
    [
      "replies that pass the firewall by",
      (plan) => (plan.routes = plan.routes.filter(({ destination }) => destination !== "10.0.0.0/24")),
      "a: back to 10.0.0.0 by delivered (a), not as it went out",
    ],
    [
      "replies for half of the nodes",
      (plan) => {
        for (const route of plan.routes)
          route.destination = route.destination.replace("10.0.10.0/24", "10.0.10.0/25");
      },
      "b: back to 10.0.10.255 by delivered (b), not as it went out",
    ],
    [
      "replies by another zone's firewall",
      retarget("table-nat-a", "10.0.0.0/24", "vpce-b"),
      "a: back to 10.0.0.0 by firewall (b), delivered (a), not as it went out",
    ],
    ["nodes without a way out", retarget("table-node-a", "0.0.0.0/0", "local"), "a: no way out"],
    [
      "a firewall that sends back to the nodes",
      (plan) => {
        plan.relays[0]!.subnetId = "node-a";
      },
      "a: no way out",
    ],
  ];
  for (const [what, change, found] of cases)
    it(`finds ${what}`, () => {
      const plan = sound();
      change(plan);
      expect(uninspected(plan, nodes)).to.include(found);
    });
});

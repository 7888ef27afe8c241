import { expect } from "chai";
import { net } from "../../../../local/azure/networkTypes.js";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { AzureGround } from "../../../support/azureGround.js";
import { refuses } from "../../../support/refusals.js";

const location = "westeurope";
const start = () => new AzureGround(location);

const routeTable = (ground: AzureGround) => ground.put(net.routeTable, { routeTableName: "rt", location });
const route = (ground: AzureGround, more: Props = {}) =>
  ground.put(net.route, {
    routeTableName: "rt",
    routeName: "out",
    addressPrefix: "0.0.0.0/0",
    nextHopType: "VirtualAppliance",
    nextHopIpAddress: "10.20.0.4",
    ...more,
  });
const nat = (ground: AzureGround, more: Props = {}) =>
  ground.put(net.natGateway, {
    natGatewayName: "nat",
    location,
    sku: { name: "Standard" },
    publicIpAddresses: [{ id: ground.publicIp().id }],
    ...more,
  });

describe("local Azure: routes, public addresses, NAT", () => {
  const withTable = () => {
    const ground = start();
    routeTable(ground);
    return ground;
  };
  refuses(withTable, [
    [
      "an appliance without an address",
      /^NextHopIpAddressRequired/,
      (g) => route(g, { nextHopIpAddress: undefined }),
    ],
    [
      "an address for the internet",
      /^NextHopIpAddressNotAllowed/,
      (g) => route(g, { nextHopType: "Internet" }),
    ],
    ["an address that is none", /^InvalidIpAddress/, (g) => route(g, { nextHopIpAddress: "10.20.0" })],
    ["a route to no service", /nor a service tag/, (g) => route(g, { addressPrefix: "Nowhere" })],
    ["an unknown hop", /one of/, (g) => route(g, { nextHopType: "NatGateway" })],
    ["two routes of one block", /^RouteConflict/, (g) => [route(g), route(g, { routeName: "again" })]],
    [
      "deleting a route table in use",
      /^InUseRouteTableCannotBeDeleted/,
      (g) => {
        const [table] = g.world.list(net.routeTable) as [WorldObject];
        g.subnet("a", "10.20.0.0/24", { routeTable: { id: table.id } });
        g.delete(table);
      },
    ],
    [
      "an address of SKU Basic",
      /^BasicSkuPublicIpAddressesNotAllowed/,
      (g) => g.publicIp({ sku: { name: "Basic" }, zones: [] }),
    ],
    ["zones without SKU Standard", /^ZonesNotAllowed/, (g) => g.publicIp({ sku: undefined })],
    [
      "a dynamic address of SKU Standard",
      /AllocationMethod set to Static/,
      (g) => g.publicIp({ publicIPAllocationMethod: "Dynamic" }),
    ],
    ["a zone that is none", /supported zones/, (g) => g.publicIp({ zones: ["4"] })],
    ["a NAT gateway in two zones", /^NatGatewayWithMultipleZones/, (g) => nat(g, { zones: ["1", "2"] })],
    [
      "a NAT gateway in another zone than its address",
      /ZonesMismatch/,
      (g) => [g.publicIp({ zones: ["2"] }), nat(g, { zones: ["1"] })],
    ],
    [
      "a NAT gateway in a zone by an address in none",
      /ZonesMismatch.* is in none/,
      (g) => [g.publicIp({ zones: [] }), nat(g, { zones: ["1"] })],
    ],
    ["an address twice", /^PublicIPAddressInUse/, (g) => [nat(g), nat(g, { natGatewayName: "other" })]],
    [
      "deleting an address in use",
      /^PublicIPAddressCannotBeDeleted/,
      (g) => {
        nat(g);
        g.delete(g.publicIp());
      },
    ],
    [
      "deleting a NAT gateway in use",
      /^InUseNatGatewayCannotBeDeleted/,
      (g) => {
        const gateway = nat(g);
        g.subnet("a", "10.20.0.0/24", { natGateway: { id: gateway.id } });
        g.delete(gateway);
      },
    ],
  ]);

  it("an address is there at once and stays", () => {
    const ground = start();
    const address = ground.publicIp();
    expect(address.state["ipAddress"]).to.match(/^20(\.\d+){3}$/);
    const updated = ground.update(address, { ...address.inputs, tags: { a: "b" } });
    expect(updated.state["ipAddress"]).to.equal(address.state["ipAddress"]);
    expect(ground.replaces(address, { ...address.inputs, zones: ["1"] })).to.deep.equal([
      "zones[1]",
      "zones[2]",
    ]);
  });
});

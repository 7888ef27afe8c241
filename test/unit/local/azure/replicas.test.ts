import { expect } from "chai";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { promoteServer } from "../../../../local/azure/postgresReplicas.js";
import { FakeWorld } from "../../../support/fakeWorld.js";

const server = "azure-native:dbforpostgresql:Server";
const database = "azure-native:dbforpostgresql:Database";
const endpoint = "azure-native:dbforpostgresql:VirtualEndpoint";
const peering = "azure-native:network:VirtualNetworkPeering";
const resourceGroupName = "rg";

const refused = (attempt: () => unknown, wording: RegExp) => expect(attempt).to.throw(wording);

/** Servers with private access in two regions, each in a network of its own. */
class Servers extends FakeWorld {
  private readonly places: Record<string, { network: WorldObject; place: Props }>;

  constructor(size: Props = {}) {
    super("eastus2");
    this.make("azure-native:resources:ResourceGroup", { resourceGroupName, location: "eastus2" });
    this.places = { eastus2: this.place("eastus2", 20), westus3: this.place("westus3", 30) };
    this.make(server, {
      ...this.args("eastus2"),
      administratorLogin: "javelin",
      administratorLoginPassword: "A-good-secret-1",
      ...size,
    });
  }

  network(virtualNetworkName: string, location: string, block: string): WorldObject {
    return this.make("azure-native:network:VirtualNetwork", {
      resourceGroupName,
      virtualNetworkName,
      location,
      addressSpace: { addressPrefixes: [block] },
    });
  }

  private place(location: string, second: number) {
    const network = this.network(location, location, `10.${second}.0.0/16`);
    const subnet = this.make("azure-native:network:Subnet", {
      resourceGroupName,
      virtualNetworkName: location,
      subnetName: "data",
      addressPrefix: `10.${second}.1.0/26`,
      delegations: [{ name: "postgres", serviceName: "Microsoft.DBforPostgreSQL/flexibleServers" }],
    });
    const privateZoneName = `${location}.private.postgres.database.azure.com`;
    const zone = this.make("azure-native:privatedns:PrivateZone", {
      resourceGroupName,
      privateZoneName,
      location: "global",
    });
    this.make("azure-native:privatedns:VirtualNetworkLink", {
      resourceGroupName,
      privateZoneName,
      virtualNetworkLinkName: "net",
      location: "global",
      virtualNetwork: { id: network.id },
      registrationEnabled: false,
    });
    const place = { delegatedSubnetResourceId: subnet.id, privateDnsZoneArmResourceId: zone.id };
    return { network, place };
  }

  args(location: string): Props {
    return {
      resourceGroupName,
      serverName: `db-${location}`,
      location,
      version: "16",
      sku: { name: "Standard_D4ds_v5", tier: "GeneralPurpose" },
      storage: { storageSizeGB: 128 },
      network: this.places[location]!.place,
    };
  }

  get east(): WorldObject {
    return this.world.list(server).find(({ inputs }) => inputs["serverName"] === "db-eastus2")!;
  }

  get west(): WorldObject {
    return this.world.list(server).find(({ inputs }) => inputs["serverName"] === "db-westus3")!;
  }

  /** One of the two directions. */
  peer(from: string, to: string, remote = this.places[to]?.network): WorldObject {
    return this.make(peering, {
      resourceGroupName,
      virtualNetworkName: from,
      virtualNetworkPeeringName: to,
      remoteVirtualNetwork: { id: remote?.id },
    });
  }

  follow(change: Props = {}): WorldObject {
    return this.make(server, {
      ...this.args("westus3"),
      createMode: "Replica",
      sourceServerResourceId: this.east.id,
      ...change,
    });
  }

  pair(change: Props = {}): WorldObject {
    return this.make(endpoint, {
      resourceGroupName,
      serverName: "db-eastus2",
      virtualEndpointName: "javelin-pair",
      endpointType: "ReadWrite",
      members: ["db-westus3"],
      ...change,
    });
  }
}

function peered(size: Props = {}): Servers {
  const d = new Servers(size);
  d.peer("eastus2", "westus3");
  d.peer("westus3", "eastus2");
  return d;
}

function paired(): Servers {
  const d = peered();
  d.follow();
  d.pair();
  return d;
}

describe("local cloud: read replicas of PostgreSQL flexible server", () => {
  it("follow a server of another region, with its users", () => {
    expect(peered().follow().state).to.include({
      replicationRole: "GeoAsyncReplica",
      administratorLogin: "javelin",
    });
  });

  it("replicate over networks that are peered in both directions", () => {
    const d = new Servers();
    refused(() => d.follow(), /peer the two, in both directions/);
    expect(d.peer("eastus2", "westus3").state["peeringState"]).to.equal("Initiated");
    refused(() => d.follow(), /peer the two, in both directions/);
    expect(d.peer("westus3", "eastus2").state["peeringState"]).to.equal("Connected");
    d.follow();
  });

  it("stand in networks that are peered with each other, whose blocks are apart", () => {
    const d = new Servers();
    const third = d.network("third", "westus3", "10.40.0.0/16");
    d.peer("third", "westus3");
    expect(d.peer("eastus2", "third", third).state["peeringState"]).to.equal("Initiated");
    const near = d.network("near", "westus3", "10.20.128.0/17");
    refused(() => d.peer("eastus2", "near", near), /VnetAddressSpacesOverlap/);
  });

  for (const [what, change, wording] of [
    ["a source that is not there", { sourceServerResourceId: "/none" }, /source server \/none could not/],
    ["no source", { sourceServerResourceId: undefined }, /sourceServerResourceId must be given/],
    ["another version", { version: "17" }, /version 17 of a read replica/],
    ["less storage", { storage: { storageSizeGB: 64 } }, /must not be smaller than the 128 GB/],
    ["a standby", { highAvailability: { mode: "SameZone" } }, /High availability can't be enabled/],
    ["a burstable size", { sku: { name: "Standard_B2ms", tier: "Burstable" } }, /Burstable tier/],
    ["a login", { administratorLogin: "javelin" }, /administratorLogin can't be given/],
  ] as [string, Props, RegExp][])
    it(`refuses ${what}`, () => {
      refused(() => peered().follow(change), wording);
    });

  it("refuses a burstable source", () => {
    const d = peered({ sku: { name: "Standard_B2ms", tier: "Burstable" } });
    refused(() => d.follow(), /Burstable tier/);
  });

  it("take no database, no other password and no pair of endpoints", () => {
    const d = paired();
    refused(
      () => d.make(database, { resourceGroupName, serverName: "db-westus3", databaseName: "data" }),
      /read replica, which takes no writes/,
    );
    const { inputs } = d.west;
    refused(
      () => d.update(d.west, { ...inputs, administratorLoginPassword: "Another-1" }),
      /source server's/,
    );
    refused(() => d.pair({ serverName: "db-westus3", virtualEndpointName: "other" }), /at the primary/);
  });

  it("go before their primary", () => {
    const d = paired();
    refused(() => d.delete(d.east), /can't be deleted while db-westus3 replicates it/);
    d.delete(d.west);
    d.delete(d.east);
    expect(d.world.list(endpoint)).to.deep.equal([]);
  });

  it("swap their parts with the primary, and hand the pair of endpoints over", () => {
    const d = paired();
    promoteServer(d.world, d.west.id);
    expect(d.west.state).to.include({ replicationRole: "Primary", sourceServerResourceId: "" });
    expect(d.east.state).to.include({
      replicationRole: "GeoAsyncReplica",
      sourceServerResourceId: d.west.id,
    });
    const [pair] = d.world.list(endpoint);
    expect(pair?.id).to.contain("/db-westus3/");
    expect(pair?.state["members"]).to.deep.equal(["db-eastus2"]);
    refused(() => promoteServer(d.world, d.west.id), /no read replica/);
  });

  it("swap nothing without a pair that names them", () => {
    const d = peered();
    d.follow();
    refused(() => promoteServer(d.world, d.west.id), /must be the reader/);
  });

  it("have a pair of one primary and its replicas", () => {
    const d = paired();
    refused(() => d.pair({ virtualEndpointName: "another" }), /has a pair/);
    const other = peered();
    refused(() => other.pair({ members: ["db-elsewhere"] }), /not a replica/);
  });
});

import { expect } from "chai";
import type { StackRun } from "../../support/runs.js";
import { freshRun, ofType, stackRun, theOne } from "../../support/runs.js";

const prefix = "azure-native:";
const waitsOf = (run: StackRun, type: string, name: string): string[] =>
  run.dependencies.get(`${type} ${name}`) ?? [];

/** What Azure takes only one after another, or not at once. */
describe("the order of things on Azure", () => {
  let run: StackRun;
  before(async () => {
    run = await stackRun("standard", false, "dev-azure");
  });

  it("leaves a new database alone before the first parameter, and then sets one at a time", () => {
    const type = `${prefix}dbforpostgresql:Configuration`;
    const names = ofType(run.resources, type).map(({ name }) => name);
    expect(names).to.have.length.above(3);
    const chain = ["eastus2-database-settling", ...names];
    for (const [i, name] of names.entries()) expect(waitsOf(run, type, name), name).to.include(chain[i]);
    const pause = theOne(run.resources, "time:index/sleep:Sleep");
    expect(pause.inputs).to.include({ createDuration: "2m" });
    const server = theOne(run.resources, `${prefix}dbforpostgresql:Server`);
    expect(pause.inputs["triggers"]).to.deep.equal({ id: server.id });
    expect(waitsOf(run, `${prefix}dbforpostgresql:Database`, "eastus2-database-database")).to.include(
      chain.at(-1),
    );
  });

  it("lets nothing into the network before its last subnet stands", () => {
    const subnets = ofType(run.resources, `${prefix}network:Subnet`).map(({ name }) => name);
    expect(subnets).to.have.length(5);
    const last = subnets.at(-1);
    const guests = [
      "network:ApplicationGateway",
      "network:AzureFirewall",
      "network:FlowLog",
      "network:PrivateEndpoint",
      "privatedns:VirtualNetworkLink",
      "containerservice:ManagedCluster",
      "dbforpostgresql:Server",
    ].flatMap((type) => ofType(run.resources, `${prefix}${type}`));
    expect(guests).to.have.length.above(8);
    const early = guests.filter(({ type, name }) => !waitsOf(run, type, name).includes(last ?? ""));
    expect(early.map(({ type, name }) => `${type} ${name}`)).to.deep.equal([]);
  });

  it("changes a security group by one rule after another", () => {
    const rules = ofType(run.resources, `${prefix}network:SecurityRule`);
    const last = new Map<unknown, string>();
    for (const { type, name, inputs } of rules) {
      const group = inputs["networkSecurityGroupName"];
      const before = last.get(group);
      if (before !== undefined) expect(waitsOf(run, type, name), name).to.include(before);
      last.set(group, name);
    }
    expect(last.size).to.be.above(2);
    expect(rules.length).to.be.above(2 * last.size);
  });

  it("waits for a key's right to count before anything is encrypted by it", async () => {
    const large = await freshRun({ "javelin:size": "large" }, false, "dev-azure");
    const pause = theOne(large.resources, "time:index/sleep:Sleep", "-key-settling");
    expect(pause.inputs).to.include({ createDuration: "5m" });
    const [server] = ofType(large.resources, `${prefix}dbforpostgresql:Server`);
    const [disks] = ofType(large.resources, `${prefix}compute:DiskEncryptionSet`);
    for (const each of [server, disks])
      expect(waitsOf(large, each?.type ?? "", each?.name ?? "")).to.include(pause.name);
  });

  it("makes one copy of a database after another", async () => {
    const cells = ["eastus2", "centralus", "westus3"].map((region, i) => ({
      ...{ cloud: "azure", region, cidr: `10.${10 * (i + 1)}.0.0/16` },
    }));
    const changes = { "javelin:cells": cells, "javelin:database": { replication: "global" } };
    const three = await freshRun({ ...changes, "javelin:routes": {} }, false, "prod-azure");
    const type = `${prefix}dbforpostgresql:Server`;
    expect(waitsOf(three, type, "centralus-database-server")).not.to.include("westus3-database-server");
    expect(waitsOf(three, type, "westus3-database-server")).to.include("centralus-database-server");
    // A child waits for its component.
    expect(
      waitsOf(three, "javelin:azure:VirtualEndpoint", "database-endpoint").filter((name) =>
        /^westus3-/.test(name),
      ),
    ).not.to.deep.equal([]);
  });
});

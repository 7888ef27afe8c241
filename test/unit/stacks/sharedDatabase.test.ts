import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { fenceOf, isFence } from "../../support/fences.js";
import type { Recorded } from "../../support/mocks.js";
import type { StackRun } from "../../support/runs.js";
import type { Sharing } from "../../support/sharedDatabase.js";
import { sharedDatabase, sharing } from "../../support/sharedDatabase.js";

const expectOutput = async (found: unknown, wanted: unknown): Promise<void> => {
  const output = found as pulumi.Output<unknown>;
  const value = await new Promise((resolve) => output.apply(resolve));
  expect(value).to.equal(wanted);
};

const named = ({ resources }: StackRun, name: string): Recorded => {
  const found = resources.find((each) => each.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

const passwordOf = (made: StackRun) => named(made, "database-password").state["result"] as string;

/** What is so on every cloud. */
function alike({ cloud, regions }: Sharing, made: () => StackRun): void {
  const [first, second] = regions;

  it("has one password, which every cell keeps, and which is secret wherever it goes", () => {
    const password = passwordOf(made());
    const stored = made().resources.filter(
      ({ type, inputs }) =>
        /kubernetes:core\/v1:Secret$/.test(type) &&
        JSON.stringify(inputs).includes(Buffer.from(password).toString("base64")),
    );
    expect(stored.map(({ name }) => name)).to.include.members([
      `${first}-gateway-secrets-database`,
      `${second}-gateway-secrets-database`,
    ]);
    for (const { raw, name } of made().resources.filter(({ custom }) => custom)) {
      const plain = JSON.stringify(raw, (_, value: unknown) =>
        typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value
          ? ""
          : value,
      );
      expect(plain, name).not.to.contain(password);
    }
  });

  it("tells the second cell's gateway, and no other, that its database takes no writes", () => {
    const readOnly = made()
      .resources.filter(
        ({ type, inputs }) => /:Deployment$/.test(type) && /DB_READ_ONLY/.test(JSON.stringify(inputs)),
      )
      .map(({ name }) => name);
    expect(readOnly).to.deep.equal([`${second}-gateway-admin-deployment`]);
    const cells = made().result.cells as { name: string; databaseWritable: boolean }[];
    expect(cells.map(({ name, databaseWritable }) => [name, databaseWritable])).to.deep.equal([
      [first, true],
      [second, false],
    ]);
  });

  it("puts the routes in from the first cell alone", () => {
    const jobs = made().resources.filter(({ type }) => type === "kubernetes:batch/v1:Job");
    expect(jobs.map(({ name }) => name)).to.deep.equal([`${first}-routes-job`]);
  });

  it("leads nobody to the first cell before that cell takes changes", () => {
    const waits = awaited(made(), leaders[cloud]);
    const fence = (cell: string) => made().resources.find(isFence(cloud, cell))!.name;
    expect(waits).to.include(fence(first)).and.not.to.include(fence(second));
  });

  const requests: [method: string, path: string, changes: boolean][] = [
    ...["POST", "PUT", "PATCH", "DELETE"].map((method): [string, string, boolean] => [
      method,
      "/v1/admin/routes/chat",
      true,
    ]),
    ["DELETE", "/v1/admin", true],
    ["GET", "/v1/admin/routes", false],
    ["HEAD", "/v1/admin/routes", false],
    ["OPTIONS", "/v1/admin/routes", false],
    ["POST", "/v1/query/chat", false],
    ["POST", "/v1/routes/chat/reload", false],
    ["POST", "/v1/administrators", false],
  ];
  it("turns changes away at the second cell's edge, and nothing else, and nothing at the first's", () => {
    const [writer, copy] = [first, second].map((cell) => fenceOf(cloud, made().resources, cell));
    for (const [method, path, changes] of requests) {
      expect(copy!(method, path), `${method} ${path}`).to.equal(changes);
      expect(writer!(method, path), `${method} ${path} at the writer`).to.equal(false);
    }
  });
}

/** What leads callers to the cells, by the cloud of the zone. */
const leaders = {
  aws: "aws:route53/record:Record dns-failover-active-1-primary",
  azure: "azure-native:trafficmanager:Profile dns-failover-profile",
  gcp: "gcp:dns/recordSet:RecordSet dns-failover-record",
};

/** The names of what a resource waits for, however long the way. */
function awaited({ dependencies }: StackRun, leader: string): Set<string> {
  // Keys are type and name, and names are those of several types.
  const named = new Map<string, string[]>();
  for (const [key, names] of dependencies) {
    const name = key.slice(key.indexOf(" ") + 1);
    named.set(name, [...(named.get(name) ?? []), ...names]);
  }
  const found = new Set<string>();
  const add = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    named.get(name)?.forEach(add);
  };
  dependencies.get(leader)!.forEach(add);
  return found;
}

describe("a database that two AWS regions share", function () {
  this.timeout(60_000);
  let made: StackRun;
  before(async () => (made = await sharedDatabase(sharing.aws)));
  alike(sharing.aws, () => made);

  it("is made of the first cell's cluster, which stays what it would be alone", () => {
    const { inputs, state } = named(made, "us-east-1-database-cluster");
    expect(inputs).to.include({ databaseName: "javelin_data", masterUsername: "javelin" });
    expect(inputs).not.to.have.property("globalClusterIdentifier");
    expect(named(made, "database-cluster").inputs).to.include({
      sourceDbClusterIdentifier: state["arn"],
      forceDestroy: true,
    });
  });

  it("is followed by the second cell's, without a user of its own, under a key of its region", () => {
    const { inputs } = named(made, "us-west-2-database-cluster");
    expect(inputs).to.include({ globalClusterIdentifier: "javelin-dev", storageEncrypted: true });
    expect(inputs).not.to.have.any.keys("databaseName", "masterUsername", "masterPassword");
    expect(inputs["kmsKeyId"]).to.match(/^arn:aws:kms:us-west-2:/);
  });

  it("is read where its copy's readers answer", () => {
    const cells = made.result.cells as { databaseEndpoint: unknown }[];
    const { state } = named(made, "us-west-2-database-cluster");
    return expectOutput(cells[1]!.databaseEndpoint, state["readerEndpoint"]);
  });
});

describe("a database that two Azure regions share", function () {
  this.timeout(60_000);
  let made: StackRun;
  before(async () => (made = await sharedDatabase(sharing.azure)));
  alike(sharing.azure, () => made);

  it("is followed by the second cell's server, in its own network and without a user of its own", () => {
    const { inputs } = named(made, "westus3-database-server");
    expect(inputs).to.include({
      createMode: "Replica",
      sourceServerResourceId: named(made, "eastus2-database-server").id,
    });
    expect(inputs).not.to.have.any.keys("administratorLogin", "administratorLoginPassword");
    expect(JSON.stringify(inputs["network"])).to.contain("westus3").and.not.to.contain("eastus2");
  });

  it("has a pair of endpoints, by which Azure swaps the two", () => {
    expect(named(made, "database-endpoint-pair").inputs["members"]).to.deep.equal([
      named(made, "westus3-database-server").inputs["serverName"],
    ]);
  });

  it("opens the way between the two data subnets, and no other", () => {
    const rules = made.resources.filter(({ name }) => /-data-(in|out)-regions$/.test(name));
    expect(
      rules.map(({ inputs }) => [inputs["sourceAddressPrefix"], inputs["destinationAddressPrefix"]]),
    ).to.have.deep.members([
      ["10.30.65.0/26", "10.20.65.0/26"],
      ["10.20.65.0/26", "10.30.65.0/26"],
      ["10.20.65.0/26", "10.30.65.0/26"],
      ["10.30.65.0/26", "10.20.65.0/26"],
    ]);
    expect(rules.map(({ inputs }) => inputs["destinationPortRange"])).to.deep.equal(Array(4).fill("5432"));
  });
});

describe("a database that two Google Cloud regions share", function () {
  this.timeout(60_000);
  let made: StackRun;
  before(async () => (made = await sharedDatabase(sharing.gcp)));
  alike(sharing.gcp, () => made);

  it("is followed by the second cell's instance, reached at an address of its own region", () => {
    const { inputs } = named(made, "us-east4-database-instance");
    expect(inputs["masterInstanceName"]).to.equal(
      named(made, "us-central1-database-instance").inputs["name"],
    );
    expect(inputs["settings"]).not.to.have.any.keys("backupConfiguration", "maintenanceWindow");
    expect(named(made, "us-east4-database-connection").inputs).to.include({ region: "us-east4" });
  });

  it("has its user and its content once", () => {
    expect(made.resources.filter(({ type }) => /^gcp:sql\/(user|database):/.test(type))).to.have.length(2);
  });
});

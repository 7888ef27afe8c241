import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Cache, type CacheArgs } from "../../../components/gcp/cache.js";
import { Database, type DatabaseArgs } from "../../../components/gcp/database.js";
import { at, objects, text } from "../../../local/rules.js";
import { run, type Recorded } from "../../support/mocks.js";
import { enable, network, place, prefix, project, region, secrets, zones } from "./ground.js";

/** What both stand on: the network with a subnet for endpoints, and their APIs. */
function ground(opts = place()) {
  const parent = new pulumi.ComponentResource("test:Ground", "stores", {}, opts);
  const apis = [
    ...enable(opts),
    ...["redis", "servicedirectory", "sqladmin"].map(
      (api) => new gcp.projects.Service(api, { service: `${api}.googleapis.com` }, { parent }),
    ),
  ];
  const { networkId } = network(opts, apis);
  const subnet = new gcp.compute.Subnetwork(
    "endpoints",
    { name: "endpoints", network: networkId, region, ipCidrRange: "10.10.224.0/24" },
    { parent },
  );
  return { opts, apis, networkId, endpointSubnetId: subnet.id };
}

function database(more: Partial<DatabaseArgs> = {}, on = ground()) {
  const { opts, ...rest } = on;
  const args = {
    ...{
      prefix,
      region,
      project,
      zones,
      version: "16.11",
      tier: "db-custom-4-16384",
      reader: true,
      backupDays: 14,
    },
    ...{
      protect: false,
      databaseName: "javelin_data",
      username: "javelin",
      password: pulumi.secret("a password"),
    },
  };
  return new Database("db", { ...args, ...rest, ...more }, opts);
}

function cache(more: Partial<CacheArgs> = {}, on = ground()) {
  const { opts, networkId, apis } = on;
  const args = {
    prefix,
    region,
    networkId,
    reservedRange: "10.10.240.0/29",
    version: "7.2",
    memoryGiB: 5,
    apis,
  };
  return new Cache("cache", { ...args, protect: false, ...more }, opts);
}

const only = (resources: Recorded[], type: string): Recorded => {
  const found = resources.filter((each) => each.type === type);
  expect(found, type).to.have.length(1);
  return found[0]!;
};
const instanceType = "gcp:sql/databaseInstance:DatabaseInstance";
const redisType = "gcp:redis/instance:Instance";
/** An output's value, or its refusal: the SDK has this method without declaring it. */
const known = <T>(output: pulumi.Output<T>) => (output as unknown as { promise(): Promise<T> }).promise();

describe("GCP database", () => {
  it("is private, encrypted, backed up, and stands by in another zone", async () => {
    const { resources } = await run(() => void database());
    const { inputs } = only(resources, instanceType);
    expect(inputs["databaseVersion"]).to.equal("POSTGRES_16");
    expect(inputs["settings"]).to.deep.include({
      edition: "ENTERPRISE",
      availabilityType: "REGIONAL",
      locationPreference: { zone: zones[0], secondaryZone: zones[1] },
      ipConfiguration: {
        ipv4Enabled: false,
        sslMode: "ENCRYPTED_ONLY",
        pscConfigs: [{ pscEnabled: true, allowedConsumerProjects: [project] }],
      },
    });
    expect(text(inputs, "settings.backupConfiguration.backupRetentionSettings.retainedBackups")).to.equal(
      "14",
    );
    expect(inputs).to.have.nested.property("settings.backupConfiguration.location", region);
    expect(at(inputs, "settings.backupConfiguration.pointInTimeRecoveryEnabled")).to.deep.equal([true]);
    const flags = objects(inputs, "settings.databaseFlags").map((flag) => flag["name"]);
    expect(flags).to.include("log_connections").and.not.include("log_statement");
  });

  it("keeps logs for a week, and for no longer than backups", async () => {
    for (const [backupDays, days] of [
      [1, 1],
      [6, 6],
      [7, 7],
      [35, 7],
    ] as const) {
      const { resources } = await run(() => void database({ backupDays }));
      const kept = at(
        only(resources, instanceType).inputs,
        "settings.backupConfiguration.transactionLogRetentionDays",
      );
      expect(kept).to.deep.equal([days]);
    }
  });

  it("answers at an address of the endpoint subnet, by an accepted connection", async () => {
    const { resources, result } = await run(() => ({ endpoint: known(database().endpoint) }));
    expect(await result.endpoint).to.equal("10.10.224.2");
    const connection = only(resources, "gcp:compute/forwardingRule:ForwardingRule");
    expect(connection.state).to.include({ pscConnectionStatus: "ACCEPTED", ipAddress: "10.10.224.2" });
    expect(connection.inputs).to.include({ allowPscGlobalAccess: false });
  });

  it("says so when Cloud SQL refuses the connection", async () => {
    const refused = run(() => {
      const { endpoint } = database({ project: "other-project" });
      // What fails within an output shows in its promise alone.
      return (endpoint as unknown as { promise: () => Promise<string> }).promise();
    });
    expect(await refused.catch(String)).to.match(/does not accept the connection of .*: found REJECTED/);
  });

  it("protects itself and what it leaves behind only when told to", async () => {
    for (const protect of [true, false]) {
      const { resources } = await run(() => void database({ protect }));
      const { inputs } = only(resources, instanceType);
      expect(inputs["deletionProtection"]).to.equal(protect);
      expect(inputs["settings"]).to.include({
        deletionProtectionEnabled: protect,
        retainBackupsOnDelete: protect,
      });
      expect(at(inputs, "settings.finalBackupConfig.enabled")).to.deep.equal([protect]);
    }
  });

  it("is one instance in one zone when small", async () => {
    const { resources } = await run(() => void database({ reader: false, tier: "db-custom-2-7680" }));
    expect(only(resources, instanceType).inputs["settings"]).to.deep.include({
      availabilityType: "ZONAL",
      locationPreference: { zone: zones[0] },
    });
  });

  it("takes a key that Cloud SQL may use, and keeps its name, and so its data, when it gets one", async () => {
    const { resources } = await run(() => {
      const on = ground();
      const kept = secrets(on.opts, on.apis, { users: ["sqladmin", "redis"] });
      database({ keyId: kept.keyFor("sqladmin") }, on);
      cache({ keyId: kept.keyFor("redis") }, on);
    });
    expect(text(only(resources, instanceType).inputs, "encryptionKeyName")).to.match(/cryptoKeys\/cell$/);
    expect(text(only(resources, redisType).inputs, "customerManagedKey")).to.match(/cryptoKeys\/cell$/);
    const { inputs } = only(
      resources.filter(({ name }) => name === "db-generation"),
      "random:index/randomId:RandomId",
    );
    expect(inputs["keepers"]).to.deep.equal({ region });
  });

  it("keeps its password secret, and user and database for the instance to take along", async () => {
    const { resources } = await run(() => void database());
    const user = only(resources, "gcp:sql/user:User");
    expect(JSON.stringify(user.raw["password"])).to.include("1b47061264138c4ac30d75fd1eb44270");
    for (const type of ["gcp:sql/user:User", "gcp:sql/database:Database"])
      expect(only(resources, type).inputs["deletionPolicy"]).to.equal("ABANDON");
    const component = resources.find(({ type }) => type === "javelin:gcp:Database");
    expect(JSON.stringify(component?.raw["password"])).to.include("1b47061264138c4ac30d75fd1eb44270");
  });

  it("can be previewed while nothing is known", async () => {
    const { resources } = await run(() => void database(), { preview: true });
    only(resources, instanceType);
  });
});

describe("GCP cache", () => {
  it("takes TLS and a password, and nothing else, in a block of its own", async () => {
    const { resources, result } = await run(() => {
      const made = cache();
      return { made, endpoint: known(made.endpoint), secret: pulumi.isSecret(made.password) };
    });
    const { inputs, state } = only(resources, redisType);
    expect(inputs).to.include({ authEnabled: true, transitEncryptionMode: "SERVER_AUTHENTICATION" });
    expect(inputs["redisConfigs"]).to.deep.equal({ "maxmemory-policy": "volatile-lru" });
    expect(await result.endpoint).to.equal("10.10.240.3");
    expect(result.made.port).to.equal(state["port"]);
    expect(await result.secret).to.equal(true);
    expect(await known(result.made.caCertificate)).to.match(/^-----BEGIN CERTIFICATE-----/);
  });

  it("has a replica at every size, so that growing replaces nothing", async () => {
    const { resources } = await run(() => void cache());
    expect(only(resources, redisType).inputs["tier"]).to.equal("STANDARD_HA");
  });

  it("is protected only when told to", async () => {
    const { resources } = await run(() => void cache({ protect: true }));
    expect(only(resources, redisType).inputs["deletionProtection"]).to.equal(true);
  });

  it("keeps what it holds when the cell grows to a size with a key of its own", async () => {
    const ignored: string[] = [];
    await run(() => {
      const on = ground();
      const watched: pulumi.ResourceTransformation = ({ type, opts }) => {
        if (type === "gcp:redis/instance:Instance") ignored.push(...(opts.ignoreChanges ?? []));
        return undefined;
      };
      cache({}, { ...on, opts: { ...on.opts, transformations: [watched] } });
    });
    expect(ignored).to.deep.equal(["customerManagedKey"]);
  });

  it("can be previewed while nothing is known", async () => {
    const { resources } = await run(() => void cache(), { preview: true });
    only(resources, redisType);
  });
});

import { expect } from "chai";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { GcpNetwork, token } from "../../../support/gcpNetwork.js";
import { refuses } from "../../../support/refusals.js";

const instance = "gcp:sql/databaseInstance:DatabaseInstance";
const database = "gcp:sql/database:Database";
const user = "gcp:sql/user:User";
const address = "gcp:compute/address:Address";
const rule = "gcp:compute/forwardingRule:ForwardingRule";
const redis = "gcp:redis/instance:Instance";

const settings: Props = {
  edition: "ENTERPRISE",
  tier: "db-custom-4-16384",
  availabilityType: "REGIONAL",
  ipConfiguration: {
    ipv4Enabled: false,
    sslMode: "ENCRYPTED_ONLY",
    pscConfigs: [{ pscEnabled: true, allowedConsumerProjects: ["proj-1"] }],
  },
  backupConfiguration: { enabled: true, pointInTimeRecoveryEnabled: true },
};

/** A network with an endpoint subnet, and the stores' APIs. */
class Stores extends GcpNetwork {
  readonly endpoints: WorldObject;

  constructor() {
    super();
    for (const api of ["redis", "servicedirectory", "sqladmin"])
      this.cloud.make(token.service, { service: `${api}.googleapis.com` });
    this.endpoints = this.subnet("10.10.224.0/29", { name: "endpoints" });
  }

  sql(change: Props = {}, more: Props = {}): WorldObject {
    return this.cloud.make(instance, {
      name: "javelin-db",
      databaseVersion: "POSTGRES_16",
      deletionProtection: false,
      settings: { ...settings, ...change },
      ...more,
    });
  }

  address(more: Props = {}): WorldObject {
    return this.cloud.make(address, {
      name: "db",
      addressType: "INTERNAL",
      subnetwork: this.endpoints.id,
      ...more,
    });
  }

  connect(more: Props = {}, target = this.sql(), at = this.address()): WorldObject {
    return this.cloud.make(rule, {
      name: "db",
      loadBalancingScheme: "",
      network: this.network.id,
      ipAddress: at.id,
      target: target.state["pscServiceAttachmentLink"],
      ...more,
    });
  }

  redis(more: Props = {}): WorldObject {
    return this.cloud.make(redis, {
      name: "javelin-cache",
      tier: "STANDARD_HA",
      memorySizeGb: 5,
      redisVersion: "REDIS_7_2",
      authorizedNetwork: this.network.id,
      reservedIpRange: "10.10.240.0/29",
      deletionProtection: false,
      ...more,
    });
  }
}
const fresh = () => new Stores();

describe("local GCP: Cloud SQL", () => {
  it("publishes a service attachment, and no address", () => {
    const { state } = fresh().sql();
    expect(state["connectionName"]).to.equal("proj-1:europe-west1:javelin-db");
    expect(state["pscServiceAttachmentLink"]).to.match(
      /^projects\/[a-z0-9]+-tp\/regions\/europe-west1\/serviceAttachments\/a-[0-9a-f]{12}-psc-service-attachment-[0-9a-f]{16}$/,
    );
    expect(state["dnsName"]).to.match(/\.europe-west1\.sql\.goog\.$/);
    expect(state["ipAddresses"]).to.deep.equal([]);
  });

  it("says whether it accepts the project that connects", () => {
    const stores = fresh();
    expect(stores.connect().state).to.include({ pscConnectionStatus: "ACCEPTED", ipAddress: "10.10.224.2" });
    const other = {
      ipv4Enabled: false,
      pscConfigs: [{ pscEnabled: true, allowedConsumerProjects: ["proj-2"] }],
    };
    const closed = stores.sql({ ipConfiguration: other }, { name: "closed" });
    const rejected = stores.connect({ name: "closed" }, closed, stores.address({ name: "closed" }));
    expect(rejected.state["pscConnectionStatus"]).to.equal("REJECTED");
  });

  it("keeps what it was told at its creation, and can be unprotected by a change", () => {
    const stores = fresh();
    const made = stores.sql({}, { deletionProtection: true });
    const changed = stores.cloud.update(made, { ...made.inputs, deletionProtection: false });
    expect(changed.state).to.include({ deletionProtection: false, dnsName: made.state["dnsName"] });
  });

  it("upgrades in place, and is made anew for another key or region", () => {
    const cloud = fresh();
    const made = cloud.sql();
    expect(cloud.cloud.replaces(made, { ...made.inputs, databaseVersion: "POSTGRES_17" })).to.deep.equal([]);
    expect(cloud.cloud.replaces(made, { ...made.inputs, encryptionKeyName: "k" })).to.deep.equal([
      "encryptionKeyName",
    ]);
    expect(cloud.cloud.replaces(made, { ...made.inputs, region: "us-east1" })).to.deep.equal(["region"]);
  });

  const ip = settings["ipConfiguration"] as Props;
  refuses<Stores>(fresh, [
    [
      "db-custom on PostgreSQL 16 without an edition",
      /Invalid Tier .* for \(ENTERPRISE_PLUS\) Edition/,
      (s) => s.sql({ edition: undefined }),
    ],
    ["three vCPU", /Invalid Tier \(db-custom-3-12288\)/, (s) => s.sql({ tier: "db-custom-3-12288" })],
    ["7 GiB a vCPU", /Invalid Tier/, (s) => s.sql({ tier: "db-custom-2-14336" })],
    ["memory that is no multiple of 256 MiB", /Invalid Tier/, (s) => s.sql({ tier: "db-custom-4-16000" })],
    [
      "high availability without recovery",
      /regional instance needs/,
      (s) => s.sql({ backupConfiguration: { enabled: true } }),
    ],
    [
      "recovery without backups",
      /needs automated backups/,
      (s) => s.sql({ backupConfiguration: { pointInTimeRecoveryEnabled: true } }),
    ],
    [
      "a zone of another region",
      /not in the region europe-west1/,
      (s) => s.sql({ locationPreference: { zone: "us-east1-b" } }),
    ],
    [
      "the same zone twice",
      /differs from the zone/,
      (s) => s.sql({ locationPreference: { zone: "europe-west1-b", secondaryZone: "europe-west1-b" } }),
    ],
    [
      "an instance that nobody can reach",
      /At least one of/,
      (s) => s.sql({ ipConfiguration: { ipv4Enabled: false } }),
    ],
    [
      "a public address beside PSC",
      /Public IP cannot be enabled/,
      (s) => s.sql({ ipConfiguration: { ...ip, ipv4Enabled: true } }),
    ],
    [
      "a flag that Cloud SQL doesn't set",
      /Flag 'shared_preload' is not supported/,
      (s) => s.sql({ databaseFlags: [{ name: "shared_preload", value: "on" }] }),
    ],
    [
      "a flag's value of the wrong form",
      /Invalid value 'yes'/,
      (s) => s.sql({ databaseFlags: [{ name: "log_connections", value: "yes" }] }),
    ],
    [
      "eight days of transaction logs",
      /range \(1 - 7\)/,
      (s) => s.sql({ backupConfiguration: { transactionLogRetentionDays: 8 } }),
    ],
    [
      "logs that are kept for longer than backups",
      /Invalid request: backup retention should be > transaction log retention\., invalid/,
      (s) =>
        s.sql({
          backupConfiguration: {
            ...{ enabled: true, pointInTimeRecoveryEnabled: true },
            backupRetentionSettings: { retainedBackups: 6 },
          },
        }),
    ],
    [
      "366 backups",
      /range \(1 - 365\)/,
      (s) => s.sql({ backupConfiguration: { backupRetentionSettings: { retainedBackups: 366 } } }),
    ],
    ["an unknown TLS mode", /sslMode/, (s) => s.sql({ ipConfiguration: { ...ip, sslMode: "REQUIRED" } })],
    ["MySQL", /a version of PostgreSQL/, (s) => s.sql({}, { databaseVersion: "MYSQL_8_0" })],
    ["a name of capitals", /must match/, (s) => s.sql({}, { name: "Javelin" })],
    [
      "a name that is too long with its project",
      /longer than 98 characters/,
      (s) => s.sql({}, { name: "a".repeat(92) }),
    ],
    ["a name that is taken", /instanceAlreadyExists/, (s) => [s.sql(), s.sql()]],
    [
      "a name within a week of its deletion",
      /can't reuse the name/,
      (s) => (s.cloud.delete(s.sql()), s.sql()),
    ],
    [
      "a key that isn't there",
      /Cloud KMS key .* was not found/,
      (s) => s.sql({}, { encryptionKeyName: "projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k" }),
    ],
    [
      "a downgrade",
      /Downgrade/,
      (s) => {
        const made = s.sql();
        s.cloud.update(made, { ...made.inputs, databaseVersion: "POSTGRES_15" });
      },
    ],
    [
      "to delete it by default",
      /deletion_protection/,
      (s) => s.cloud.delete(s.sql({}, { deletionProtection: undefined })),
    ],
    [
      "to delete what the API protects",
      /is protected/,
      (s) => s.cloud.delete(s.sql({ deletionProtectionEnabled: true })),
    ],
    [
      "a database of no instance",
      /instance does not exist: none/,
      (s) => s.cloud.make(database, { instance: "none", name: "d" }),
    ],
    [
      "a user without a password",
      /password is required/,
      (s) => s.cloud.make(user, { instance: s.sql().state["name"], name: "u" }),
    ],
    [
      "to drop a user who may own tables",
      /role cannot be dropped/,
      (s) => {
        const name = s.sql().state["name"];
        s.cloud.make(database, { instance: name, name: "d" });
        s.cloud.delete(s.cloud.make(user, { instance: name, name: "u", password: "p" }));
      },
    ],
    [
      "a connection to nothing",
      /service attachment does not exist/,
      (s) => s.connect({ target: "projects/x-tp/regions/europe-west1/serviceAttachments/a" }),
    ],
    [
      "a connection from another network",
      /not in the rule's network/,
      (s) => s.connect({ network: s.addNetwork("other").id }),
    ],
    [
      "a connection at an address that isn't reserved",
      /reserved regional internal address/,
      (s) => s.connect({ ipAddress: "10.10.224.5" }),
    ],
    [
      "two connections at one address",
      /in-use/,
      (s) => {
        const at = s.address();
        s.connect({}, s.sql(), at);
        s.connect({ name: "two" }, s.sql({}, { name: "two" }), at);
      },
    ],
    [
      "a connection with ports",
      /cannot be specified for Private Service Connect/,
      (s) => s.connect({ ports: ["5432"] }),
    ],
    ["an address outside its subnet", /must be inside/, (s) => s.address({ address: "10.10.1.1" })],
    [
      "a network tier inside",
      /cannot be specified for internal/,
      (s) => s.address({ networkTier: "PREMIUM" }),
    ],
    [
      "the fifth address of a /29",
      /IP space .* is exhausted/,
      (s) => [..."abcde"].map((name) => s.address({ name })),
    ],
    [
      "to give back an address in use",
      /resourceInUse/,
      (s) => {
        const at = s.address();
        s.connect({}, s.sql(), at);
        s.cloud.delete(at);
      },
    ],
  ]);

  it("drops user and database with the instance when they are abandoned", () => {
    const stores = fresh();
    const { state } = stores.sql();
    const abandoned = { instance: state["name"], deletionPolicy: "ABANDON" };
    stores.cloud.make(database, { name: "d", ...abandoned });
    stores.cloud.delete(stores.cloud.make(user, { name: "u", password: "p", ...abandoned }));
    expect(stores.cloud.world.list(user)).to.deep.equal([]);
  });
});

describe("local GCP: Memorystore for Redis", () => {
  it("answers in its block, on the port of its encryption, with a password of its own", () => {
    const stores = fresh();
    const plain = stores.redis();
    expect(plain.state).to.include({ host: "10.10.240.3", port: 6379, authString: "", replicaCount: 1 });
    const more = { name: "two", reservedIpRange: "10.10.241.0/29", authEnabled: true };
    const { state } = stores.redis({ ...more, transitEncryptionMode: "SERVER_AUTHENTICATION" });
    expect(state["port"]).to.equal(6378);
    expect(state["authString"]).to.match(/^[0-9a-f]{8}-/);
    expect(state["serverCaCerts"]).to.have.length(1);
  });

  it("grows in place; another tier, block or downgrade makes it anew", () => {
    const stores = fresh();
    const made = stores.redis();
    const replaced = (change: Props) => stores.cloud.replaces(made, { ...made.inputs, ...change });
    expect(replaced({ memorySizeGb: 10, redisConfigs: {} })).to.deep.equal([]);
    expect(replaced({ tier: "BASIC" })).to.deep.equal(["tier"]);
    expect(replaced({ reservedIpRange: "10.10.250.0/29" })).to.deep.equal(["reservedIpRange"]);
    expect(replaced({ redisVersion: "REDIS_6_X" })).to.deep.equal(["redisVersion"]);
  });

  refuses<Stores>(fresh, [
    [
      "a block that a subnet has",
      /overlaps with the subnetwork .*endpoints/,
      (s) => s.redis({ reservedIpRange: "10.10.224.0/29" }),
    ],
    ["a block that another instance has", /already in use by/, (s) => [s.redis(), s.redis({ name: "two" })]],
    ["a block of another size", /size \/29/, (s) => s.redis({ reservedIpRange: "10.10.240.0/28" })],
    ["a /29 for read replicas", /size \/28/, (s) => s.redis({ readReplicasMode: "READ_REPLICAS_ENABLED" })],
    ["a public block", /private range/, (s) => s.redis({ reservedIpRange: "8.8.8.0/29" })],
    ["replicas in the basic tier", /STANDARD_HA/, (s) => s.redis({ tier: "BASIC", replicaCount: 1 })],
    [
      "no network where none is the default",
      /no network named "default"/,
      (s) => s.redis({ authorizedNetwork: undefined }),
    ],
    ["two replicas without read replicas", /replica_count must be 1/, (s) => s.redis({ replicaCount: 2 })],
    [
      "read replicas of 4 GiB",
      /at least 5 GiB/,
      (s) =>
        s.redis({
          memorySizeGb: 4,
          readReplicasMode: "READ_REPLICAS_ENABLED",
          reservedIpRange: "10.10.240.0/28",
        }),
    ],
    ["301 GiB", /range \(1 - 300\)/, (s) => s.redis({ memorySizeGb: 301 })],
    ["a version that isn't offered", /REDIS_8_0/, (s) => s.redis({ redisVersion: "REDIS_8_0" })],
    [
      "a setting that isn't one",
      /appendonly cannot be configured/,
      (s) => s.redis({ redisConfigs: { appendonly: "yes" } }),
    ],
    ["41 characters", /must match/, (s) => s.redis({ name: "a".repeat(41) })],
    [
      "a network that isn't there",
      /not found/,
      (s) => s.redis({ authorizedNetwork: "projects/proj-1/global/networks/none" }),
    ],
    [
      "a network of another project",
      /must exist in the same project as redis instance/,
      (s) => {
        s.cloud.make(token.service, { service: "compute.googleapis.com", project: "host" });
        const shared = s.cloud.make(token.network, {
          ...{ name: "shared", project: "host", autoCreateSubnetworks: false },
        });
        return s.redis({ authorizedNetwork: shared.id });
      },
    ],
    [
      "to delete it by default",
      /deletion_protection/,
      (s) => s.cloud.delete(s.redis({ deletionProtection: undefined })),
    ],
  ]);
});

import { expect } from "chai";
import type { Props, WorldObject } from "../../../../local/behaviour.js";
import { promote } from "../../../../local/promotion.js";
import { FakeWorld } from "../../../support/fakeWorld.js";

const instance = "gcp:sql/databaseInstance:DatabaseInstance";

const refused = (attempt: () => unknown, wording: RegExp) => expect(attempt).to.throw(wording);

const plain: Props = {
  edition: "ENTERPRISE",
  tier: "db-custom-4-16384",
  availabilityType: "ZONAL",
  ipConfiguration: {
    ipv4Enabled: false,
    pscConfigs: [{ pscEnabled: true, allowedConsumerProjects: ["p-1"] }],
  },
};
const backups: Props = { backupConfiguration: { enabled: true, pointInTimeRecoveryEnabled: true } };

class Instances extends FakeWorld {
  readonly primary: WorldObject;

  constructor(change: Props = backups) {
    super("us-central1", "p-1");
    this.make("gcp:projects/service:Service", { service: "sqladmin.googleapis.com" });
    this.primary = this.make(instance, {
      name: "central",
      databaseVersion: "POSTGRES_16",
      deletionProtection: false,
      settings: { ...plain, ...change },
    });
  }

  follow(change: Props = {}, settings: Props = {}): WorldObject {
    return this.make(instance, {
      name: "east",
      region: "us-east4",
      databaseVersion: "POSTGRES_16",
      deletionProtection: false,
      masterInstanceName: "central",
      settings: { ...plain, ...settings },
      ...change,
    });
  }
}

describe("local cloud: read replicas of Cloud SQL", () => {
  it("follow an instance of another region, and are published there", () => {
    const { state } = new Instances().follow();
    expect(state).to.include({ instanceType: "READ_REPLICA_INSTANCE", masterInstanceName: "central" });
    expect(state["pscServiceAttachmentLink"]).to.contain("/regions/us-east4/");
  });

  for (const [what, change, settings, wording] of [
    ["a primary that is not there", { masterInstanceName: "none" }, {}, /does not exist: none/],
    ["another version", { databaseVersion: "POSTGRES_17" }, {}, /version of a read replica/],
    ["a smaller tier", {}, { tier: "db-custom-2-7680" }, /must not be smaller/],
    [
      "another edition",
      {},
      { edition: "ENTERPRISE_PLUS", tier: "db-perf-optimized-N-4" },
      /edition of a read replica/,
    ],
    ["backups of its own", {}, backups, /Backups can't be enabled/],
    ["a maintenance window", {}, { maintenanceWindow: { day: 7, hour: 5 } }, /maintenance window/],
  ] as [string, Props, Props, RegExp][])
    it(`refuses ${what}`, () => {
      refused(() => new Instances().follow(change, settings), wording);
    });

  it("refuses a primary without backups", () => {
    refused(() => new Instances({}).follow(), /needs automated backups and point-in-time recovery/);
  });

  it("refuses a smaller tier of Enterprise Plus", () => {
    const plus = (cores: number) => ({ edition: "ENTERPRISE_PLUS", tier: `db-perf-optimized-N-${cores}` });
    const d = new Instances({ ...backups, ...plus(4) });
    d.follow({}, plus(4));
    refused(() => d.follow({ name: "small" }, plus(2)), /must not be smaller/);
  });

  it("refuses a copy in another region without a key, of what has one", () => {
    const d = new Instances();
    d.make("gcp:projects/service:Service", { service: "cloudkms.googleapis.com" });
    const agent = d.make("gcp:projects/serviceIdentity:ServiceIdentity", {
      service: "sqladmin.googleapis.com",
    });
    const keyRing = d.make("gcp:kms/keyRing:KeyRing", { name: "ring", location: "us-central1" }).id;
    const key = d.make("gcp:kms/cryptoKey:CryptoKey", { name: "key", keyRing });
    d.make("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", {
      cryptoKeyId: key.id,
      role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      member: agent.state["member"],
    });
    const { inputs } = d.primary;
    d.make(instance, { ...inputs, name: "keyed", encryptionKeyName: key.id });
    refused(() => d.follow({ masterInstanceName: "keyed" }), /needs a key of its own region/);
    d.follow({ masterInstanceName: "keyed", region: "us-central1" });
  });

  it("refuses the eleventh copy of an instance", () => {
    const d = new Instances();
    for (let i = 0; i < 10; i++) d.follow({ name: `east-${i}` });
    refused(() => d.follow(), /most read replicas that are allowed, 10/);
  });

  it("refuses a copy's configuration of what follows nothing", () => {
    const alone = { masterInstanceName: undefined, replicaConfiguration: { failoverTarget: false } };
    refused(() => new Instances().follow(alone), /needs masterInstanceName/);
  });

  it("refuses a replica of a replica", () => {
    const d = new Instances();
    d.follow();
    refused(() => d.follow({ name: "west", masterInstanceName: "east" }), /read replica itself/);
  });

  it("takes no user and no database before it is promoted", () => {
    const d = new Instances();
    d.follow();
    const user = () =>
      d.make("gcp:sql/user:User", { instance: "east", name: "javelin", password: "A-good-secret-1" });
    refused(user, /not allowed on a read replica/);
    refused(
      () => d.make("gcp:sql/database:Database", { instance: "east", name: "data" }),
      /not allowed on a read replica/,
    );
    promote(d.world, instance, "east");
    user();
  });

  it("leaves two instances that stand alone when it is promoted", () => {
    const d = new Instances();
    const east = d.follow();
    refused(() => d.delete(d.primary), /has the read replica east: delete it first/);
    promote(d.world, instance, east.id);
    expect(d.read(east)).to.include({ instanceType: "CLOUD_SQL_INSTANCE", masterInstanceName: "" });
    d.delete(d.primary);
    refused(() => promote(d.world, instance, east.id), /no read replica/);
  });
});

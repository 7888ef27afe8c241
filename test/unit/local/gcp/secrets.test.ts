import { expect } from "chai";
import type { Props } from "../../../../local/behaviour.js";
import { UNKNOWN } from "../../../../local/behaviour.js";
import { GcpCluster, gke } from "../../../support/gcpCluster.js";
import { refuses } from "../../../support/refusals.js";

const start = () => new GcpCluster();
const key = (cloud: GcpCluster, more: Props = {}) =>
  cloud.make(gke.key, { name: "other", keyRing: cloud.ring.id, ...more });
const replica = (location: string, kmsKeyName?: string) => ({
  location,
  ...(kmsKeyName && { customerManagedEncryption: { kmsKeyName } }),
});
const secret = (cloud: GcpCluster, replicas: object[] = [replica("europe-west1")], more: Props = {}) =>
  cloud.make(gke.secret, { secretId: "license", replication: { userManaged: { replicas } }, ...more });

describe("local GCP: keys", () => {
  refuses(start, [
    ["a ring in no region", /no such location/, (c) => c.make(gke.keyRing, { name: "r", location: "mars" })],
    [
      "a ring's name with a period",
      /invalid value for name/,
      (c) => c.make(gke.keyRing, { name: "a.b", location: "us" }),
    ],
    [
      "a ring's name for ever",
      /Error 409: KeyRing .* already exists/,
      (c) => {
        const ring = c.make(gke.keyRing, { name: "r", location: "europe-west1" });
        c.delete(ring);
        c.make(gke.keyRing, { name: "r", location: "europe-west1" });
      },
    ],
    [
      "a key's name for ever",
      /Error 409: CryptoKey .* already exists/,
      (c) => {
        c.delete(key(c));
        key(c);
      },
    ],
    ["rotation within a day", /greater than or equal to 1 day/, (c) => key(c, { rotationPeriod: "3600s" })],
    [
      "rotation of a signing key",
      /rotation_period/,
      (c) => key(c, { purpose: "MAC", rotationPeriod: "86400s" }),
    ],
    [
      "destruction within a day",
      /between 24 hours and 120 days/,
      (c) => key(c, { destroyScheduledDuration: "60s" }),
    ],
    [
      "a ring that is not there",
      /^notFound/,
      (c) => key(c, { keyRing: "projects/p/locations/us/keyRings/no" }),
    ],
  ]);

  it("is replaced for how long its versions are kept", () => {
    const cloud = start();
    const made = key(cloud);
    const news = { ...made.inputs, destroyScheduledDuration: "86400s" };
    expect(cloud.replaces(made, news)).to.deep.equal(["destroyScheduledDuration"]);
  });

  it("leaves the world empty but for its name", () => {
    const cloud = start();
    const before = cloud.world.size;
    cloud.delete(key(cloud));
    expect(cloud.world.size).to.equal(before);
  });
});

describe("local GCP: secrets", () => {
  refuses(start, [
    ["an id with a slash", /secretId/, (c) => secret(c, undefined, { secretId: "a/b" })],
    [
      "no replication",
      /Missing required argument "replication"/,
      (c) => c.make(gke.secret, { secretId: "s" }),
    ],
    [
      "two replications",
      /exactly one of/,
      (c) =>
        secret(c, undefined, { replication: { auto: {}, userManaged: { replicas: [replica("us-east1")] } } }),
    ],
    ["a replica in no region", /\[europe\] is not a valid location/, (c) => secret(c, [replica("europe")])],
    ["a region twice", /must be distinct/, (c) => secret(c, [replica("us-east1"), replica("us-east1")])],
    [
      "a key on some replicas only",
      /for every replica or for none/,
      (c) => secret(c, [replica("europe-west1", c.key.id), replica("us-east1")]),
    ],
    [
      "a key of another region",
      /must be in location us-east1, not in europe-west1/,
      (c) => secret(c, [replica("us-east1", c.key.id)]),
    ],
    [
      "a key that its agent may not use",
      /useToEncrypt' denied.*gcp-sa-secretmanager/,
      (c) => secret(c, [replica("europe-west1", c.key.id)]),
    ],
    [
      "versions destroyed within a day",
      /at least 24 hours/,
      (c) => secret(c, undefined, { versionDestroyTtl: "60s" }),
    ],
    ["an id that is taken", /already exists/, (c) => [secret(c), secret(c)]],
    [
      "its deletion while protected",
      /deletion_protection=false/,
      (c) => c.delete(secret(c, undefined, { deletionProtection: true })),
    ],
    [
      "a version of no secret",
      /^notFound/,
      (c) => c.make(gke.secretVersion, { secret: "projects/p/secrets/none", secretData: "x" }),
    ],
    [
      "a version without a value",
      /must be specified/,
      (c) => c.make(gke.secretVersion, { secret: secret(c).id }),
    ],
    [
      "a value over 64 KiB",
      /64 KiB/,
      (c) => c.make(gke.secretVersion, { secret: secret(c).id, secretData: "x".repeat(65_537) }),
    ],
  ]);

  it("takes a key that its agent may use, and its name again at once", () => {
    const cloud = start();
    cloud.make(gke.serviceIdentity, { service: "secretmanager.googleapis.com" });
    cloud.mayEncrypt("gcp-sa-secretmanager");
    const keyed = [replica("europe-west1", cloud.key.id)];
    cloud.delete(secret(cloud, keyed));
    expect(secret(cloud, keyed).state["name"]).to.match(/^projects\/\d+\/secrets\/license$/);
  });

  it("counts its versions, and a new value is a new one", () => {
    const cloud = start();
    const { id } = secret(cloud);
    const first = cloud.make(gke.secretVersion, { secret: id, secretData: "one" });
    expect(cloud.replaces(first, { secret: id, secretData: "two" })).to.deep.equal(["secretData"]);
    const second = cloud.make(gke.secretVersion, { secret: id, secretData: "two" });
    expect([first, second].map((each) => each.state["version"])).to.deep.equal(["1", "2"]);
    expect(second.id).to.match(/^projects\/\d+\/secrets\/license\/versions\/2$/);
  });

  it("takes its versions along", () => {
    const cloud = start();
    const made = secret(cloud);
    cloud.make(gke.secretVersion, { secret: made.id, secretData: "one" });
    cloud.delete(made);
    expect(cloud.world.list(gke.secretVersion)).to.deep.equal([]);
  });

  it("passes in a preview with an unknown key", () => {
    expect(() => secret(start(), [replica("europe-west1", UNKNOWN)])).not.to.throw();
  });
});

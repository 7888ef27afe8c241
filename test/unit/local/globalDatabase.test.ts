import { expect } from "chai";
import type { Props, WorldObject } from "../../../local/behaviour.js";
import { promote } from "../../../local/promotion.js";
import { FakeWorld } from "../../support/fakeWorld.js";

const cluster = "aws:rds/cluster:Cluster";
const instance = "aws:rds/clusterInstance:ClusterInstance";
const globalCluster = "aws:rds/globalCluster:GlobalCluster";
const engine = { engine: "aurora-postgresql", engineVersion: "16.11" };

/** A global database in us-east-1, with what others may join it from. */
class Regions extends FakeWorld {
  alone(change: Props = {}): WorldObject {
    return this.make(cluster, {
      clusterIdentifier: "east",
      ...engine,
      masterUsername: "javelin",
      masterPassword: "a-good-password",
      databaseName: "javelin_data",
      storageEncrypted: true,
      skipFinalSnapshot: true,
      ...change,
    });
  }

  member(owner: WorldObject, instanceClass = "db.r7g.large"): WorldObject {
    return this.make(instance, {
      identifier: `${owner.id}-0`,
      clusterIdentifier: owner.id,
      engine: "aurora-postgresql",
      instanceClass,
      region: owner.region,
    });
  }

  tie(source: WorldObject, change: Props = {}): WorldObject {
    return this.make(globalCluster, {
      globalClusterIdentifier: "world",
      sourceDbClusterIdentifier: source.state["arn"],
      forceDestroy: true,
      ...change,
    });
  }

  /** A cluster with an instance, and the global database that is made of it. */
  begin(): { east: WorldObject; tied: WorldObject } {
    const east = this.alone();
    this.member(east);
    return { east, tied: this.tie(east) };
  }

  join(change: Props = {}, region = "us-west-2"): WorldObject {
    const key = this.make("aws:kms/key:Key", { region });
    return this.make(cluster, {
      clusterIdentifier: "west",
      ...engine,
      globalClusterIdentifier: "world",
      storageEncrypted: true,
      kmsKeyId: key.state["arn"],
      skipFinalSnapshot: true,
      region,
      ...change,
    });
  }

  roles(): Record<string, boolean> {
    const [tied] = this.world.list(globalCluster);
    const members = tied?.state["globalClusterMembers"] as { dbClusterArn: string; isWriter: boolean }[];
    return Object.fromEntries(members.map((each) => [each.dbClusterArn.split(":").at(-1)!, each.isWriter]));
  }
}

const refused = (attempt: () => unknown, wording: RegExp) => expect(attempt).to.throw(wording);

/** Begun, and joined by the west. */
function whole(): { d: Regions; east: WorldObject; west: WorldObject; tied: WorldObject } {
  const d = new Regions();
  const { east, tied } = d.begin();
  const west = d.join();
  d.member(west);
  return { d, east, west, tied };
}

describe("local cloud: Aurora global database", () => {
  it("is made of a cluster, which then writes, and is joined by one that follows it", () => {
    const { d, east, west, tied } = whole();
    expect(tied.state).to.include({
      engineVersion: "16.11",
      storageEncrypted: true,
      databaseName: "javelin_data",
    });
    expect(d.roles()).to.deep.equal({ east: true, west: false });
    expect(d.read(east)["globalClusterIdentifier"]).to.equal("world");
    expect(d.read(west)).to.include({
      replicationSourceIdentifier: east.state["arn"],
      masterUsername: "javelin",
    });
  });

  it("has one cluster in a region, of its own version, with a key of that region and no user", () => {
    for (const [spoilt, message] of [
      [{ region: "us-east-1" }, /already has a cluster in region us-east-1/],
      [{ engineVersion: "16.9" }, /don't match/],
      [{ kmsKeyId: undefined }, /KmsKeyId must be specified/],
      [{ masterUsername: "javelin" }, /Cannot specify user name/],
      [{ databaseName: "javelin_data" }, /Cannot specify database name/],
      [{ globalClusterIdentifier: "other" }, /GlobalClusterNotFoundFault/],
    ] as [Props, RegExp][]) {
      const d = new Regions();
      d.begin();
      refused(() => d.join(spoilt), message);
    }
  });

  it("is not followed before its writer has an instance", () => {
    const d = new Regions();
    d.tie(d.alone());
    refused(() => d.join(), /not valid for physical replication/);
  });

  it("takes no burstable class, from the beginning or later", () => {
    const d = new Regions();
    const east = d.alone();
    d.member(east, "db.t4g.medium");
    refused(() => d.tie(east), /Burstable/);
    const { d: other } = whole();
    const south = other.join({ clusterIdentifier: "south" }, "eu-west-1");
    refused(() => other.member(south, "db.t4g.large"), /global cluster/);
  });

  it("takes no version beside a source, and no source without forceDestroy", () => {
    const d = new Regions();
    const east = d.alone();
    refused(() => d.tie(east, { engineVersion: "16.11" }), /engineVersion can't be specified/);
    refused(() => d.tie(east, { forceDestroy: undefined }), /force_destroy/);
  });

  it("is joined at a cluster's creation only", () => {
    const d = new Regions();
    d.begin();
    const apart = d.alone({ clusterIdentifier: "apart" });
    refused(
      () => d.update(apart, { ...apart.inputs, globalClusterIdentifier: "world" }),
      /existing RDS Clusters cannot be added/,
    );
  });

  it("swaps who writes, and keeps the names", () => {
    const { d, east, west } = whole();
    promote(d.world, cluster, "west");
    expect(d.roles()).to.deep.equal({ east: false, west: true });
    expect(d.read(east)).to.include({
      endpoint: east.state["endpoint"],
      replicationSourceIdentifier: west.state["arn"],
    });
    expect(d.read(west)["replicationSourceIdentifier"]).to.equal("");
    refused(() => promote(d.world, cluster, "west"), /primary cluster .* already/);
  });

  it("lets the password be changed where the writes are, and nowhere else", () => {
    const { d, east, west } = whole();
    const fresh = { masterPassword: "another-password" };
    refused(() => d.update(west, { ...west.inputs, ...fresh }), /secondary cluster/);
    d.update(east, { ...east.inputs, ...fresh });
    promote(d.world, cluster, "west");
    d.update(west, { ...west.inputs, ...fresh });
  });

  it("is upgraded from its copies to its writer", () => {
    const { d, east, west } = whole();
    const later = { engineVersion: "16.13" };
    refused(() => d.update(east, { ...east.inputs, ...later }), /secondary clusters .* before/);
    d.update(west, { ...west.inputs, ...later });
    d.update(east, { ...east.inputs, ...later });
    refused(
      () => d.update(west, { ...west.inputs, engineVersion: "17.7", allowMajorVersionUpgrade: true }),
      /ModifyGlobalCluster/,
    );
  });

  it("loses its writer last, and its end leaves the clusters", () => {
    const { d, east, west, tied } = whole();
    d.delete(d.world.find(instance, "east-0")!);
    refused(() => d.delete(east), /primary member/);
    d.delete(d.world.find(instance, "west-0")!);
    d.delete(west);
    expect(d.roles()).to.deep.equal({ east: true });
    d.delete(tied);
    expect(d.read(east)["globalClusterIdentifier"]).to.equal("");
    d.delete(east);
  });

  it("is protected from deletion", () => {
    const d = new Regions();
    const east = d.alone();
    refused(() => d.delete(d.tie(east, { deletionProtection: true })), /protected Global Cluster/);
  });
});

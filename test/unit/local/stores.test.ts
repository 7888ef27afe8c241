import { expect } from "chai";
import type { Props, WorldObject } from "../../../local/behaviour.js";
import { Ground } from "../../support/ground.js";
import { refuses } from "../../support/refusals.js";

const cluster = "aws:rds/cluster:Cluster";
const instance = "aws:rds/clusterInstance:ClusterInstance";
const parameters = "aws:rds/clusterParameterGroup:ClusterParameterGroup";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";

/** A database and a cache, with what they stand on. */
class Stores extends Ground {
  subnetGroup(service: "rds" | "elasticache", subnetIds = this.nodeSubnets()): WorldObject {
    return this.make(`aws:${service}/subnetGroup:SubnetGroup`, { name: `${service}-group`, subnetIds });
  }

  database(change: Props = {}): WorldObject {
    return this.make(cluster, {
      clusterIdentifier: "javelin-db",
      engine: "aurora-postgresql",
      engineVersion: "16.6",
      masterUsername: "javelin",
      masterPassword: "a-good-password",
      databaseName: "javelin_data",
      dbSubnetGroupName: this.subnetGroup("rds").id,
      vpcSecurityGroupIds: [this.securityGroup().id],
      storageEncrypted: true,
      skipFinalSnapshot: true,
      ...change,
    });
  }

  member(change: Props = {}, owner?: WorldObject): WorldObject {
    return this.make(instance, {
      identifier: "javelin-db-1",
      clusterIdentifier: (owner ?? this.database()).id,
      engine: "aurora-postgresql",
      instanceClass: "db.r6g.xlarge",
      ...change,
    });
  }

  cache(change: Props = {}): WorldObject {
    return this.make(cache, {
      replicationGroupId: "javelin-cache",
      description: "test",
      engine: "valkey",
      engineVersion: "8.0",
      nodeType: "cache.r7g.large",
      numCacheClusters: 2,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      transitEncryptionEnabled: true,
      atRestEncryptionEnabled: true,
      authToken: "a-token-of-enough-length",
      subnetGroupName: this.subnetGroup("elasticache").id,
      ...change,
    });
  }
}
const fresh = () => new Stores();

describe("local cloud: RDS", () => {
  it("gives endpoints of Aurora's form, a writer first and readers in other zones", () => {
    const stores = fresh();
    const database = stores.database();
    expect(database.state["endpoint"]).to.match(
      /^javelin-db\.cluster-c\w{11}\.us-east-1\.rds\.amazonaws\.com$/,
    );
    expect(database.state["readerEndpoint"]).to.match(/^javelin-db\.cluster-ro-/);
    expect(database.state["port"]).to.equal(5432);
    const [writer, reader] = ["one", "two"].map((identifier) => stores.member({ identifier }, database));
    expect(writer?.state).to.include({ writer: true, availabilityZone: "us-east-1a" });
    expect(reader?.state).to.include({ writer: false, availabilityZone: "us-east-1b" });
  });

  it("leaves a final snapshot behind, and its name with it", () => {
    const stores = fresh();
    const database = stores.database({ skipFinalSnapshot: false, finalSnapshotIdentifier: "last" });
    stores.delete(database);
    expect(stores.world.find("aws:rds/clusterSnapshot:ClusterSnapshot", "last")).to.not.equal(undefined);
    const again = stores.make(cluster, { ...database.inputs });
    expect(() => stores.delete(again)).to.throw(/DBClusterSnapshotAlreadyExistsFault/);
  });

  it("replaces for another engine or name, updates for a minor version", () => {
    const stores = fresh();
    const database = stores.database();
    expect(stores.replaces(database, { ...database.inputs, masterUsername: "other" })).to.deep.equal([
      "masterUsername",
    ]);
    expect(stores.replaces(database, { ...database.inputs, engineVersion: "16.8" })).to.deep.equal([]);
  });

  const group = (given: Props) => (s: Stores) =>
    s.make(parameters, { family: "aurora-postgresql16", parameters: [given] });
  refuses(fresh, [
    [
      "a subnet group in one zone",
      /DBSubnetGroupDoesNotCoverEnoughAZs.*us-east-1a/,
      (s) => s.subnetGroup("rds", [s.subnet("node", "a").id]),
    ],
    [
      "an identifier with two hyphens in a row",
      /invalid value for clusterIdentifier/,
      (s) => s.database({ clusterIdentifier: "a--b" }),
    ],
    [
      "an identifier that ends in a hyphen",
      /invalid value for clusterIdentifier/,
      (s) => s.database({ clusterIdentifier: "a-" }),
    ],
    [
      "an identifier of 64 characters",
      /invalid value for clusterIdentifier/,
      (s) => s.database({ clusterIdentifier: "a".repeat(64) }),
    ],
    [
      "a password of seven characters",
      /shorter than 8 characters/,
      (s) => s.database({ masterPassword: "1234567" }),
    ],
    [
      "a password of a hundred",
      /longer than 99 characters/,
      (s) => s.database({ masterPassword: "p".repeat(100) }),
    ],
    ...["/", "@", '"', " "].map((bad): [string, RegExp, (s: Stores) => unknown] => [
      `a password with ${JSON.stringify(bad)}`,
      /besides '\/', '@', '"', ' ' may be used/,
      (s) => s.database({ masterPassword: `pass${bad}word` }),
    ]),
    ["a reserved user name", /reserved word/, (s) => s.database({ masterUsername: "admin" })],
    [
      "a version that Aurora does not have",
      /Cannot find version 16\.99 for aurora-postgresql/,
      (s) => s.database({ engineVersion: "16.99" }),
    ],
    [
      "a parameter group of another version",
      /DBParameterGroupFamily aurora-postgresql15 can't be used/,
      (s) =>
        s.database({
          dbClusterParameterGroupName: s.make(parameters, { name: "old", family: "aurora-postgresql15" }).id,
        }),
    ],
    [
      "MySQL's logs",
      /cannot use the log types 'slowquery'/,
      (s) => s.database({ enabledCloudwatchLogsExports: ["slowquery"] }),
    ],
    [
      "a key without encryption",
      /storage is not encrypted/,
      (s) => s.database({ storageEncrypted: false, kmsKeyId: s.make("aws:kms/key:Key", {}).state["arn"] }),
    ],
    [
      "a security group of another VPC",
      /are in different VPCs/,
      (s) => {
        const vpcId = s.make("aws:ec2/vpc:Vpc", { cidrBlock: "10.99.0.0/16" }).id;
        const other = s.make("aws:ec2/securityGroup:SecurityGroup", { vpcId, description: "x" }).id;
        return s.database({ vpcSecurityGroupIds: [other] });
      },
    ],
    [
      "a second database of the name",
      /DBClusterAlreadyExistsFault/,
      (s) => s.make(cluster, { ...s.database().inputs }),
    ],
    [
      "a downgrade",
      /Cannot upgrade aurora-postgresql from 16\.6 to 16\.4/,
      (s) => {
        const d = s.database();
        s.update(d, { ...d.inputs, engineVersion: "16.4" });
      },
    ],
    [
      "a major upgrade that is not announced",
      /AllowMajorVersionUpgrade flag must be present/,
      (s) => {
        const d = s.database();
        s.update(d, { ...d.inputs, engineVersion: "17.4" });
      },
    ],
    [
      "deleting a protected database",
      /Cannot delete protected Cluster/,
      (s) => s.delete(s.database({ deletionProtection: true })),
    ],
    [
      "deleting one that has instances",
      /InvalidDBClusterStateFault: .*still contains DB instances/,
      (s) => {
        const d = s.database();
        s.member({}, d);
        s.delete(d);
      },
    ],
    [
      "deleting one without naming the final snapshot",
      /FinalSnapshotIdentifier is required/,
      (s) => s.delete(s.database({ skipFinalSnapshot: false })),
    ],
    [
      "deleting a subnet group in use",
      /InvalidDBSubnetGroupStateFault/,
      (s) => {
        const d = s.database();
        s.delete(s.world.find("aws:rds/subnetGroup:SubnetGroup", String(d.inputs["dbSubnetGroupName"]))!);
      },
    ],
    [
      "an instance class that Aurora does not have",
      /does not support creating a DB instance.*db\.t3\.micro/,
      (s) => s.member({ instanceClass: "db.t3.micro" }),
    ],
    [
      "an instance of another engine",
      /doesn't match the engine name of your DB Cluster/,
      (s) => s.member({ engine: "aurora-mysql" }),
    ],
    [
      "a serverless instance that the cluster has no range for",
      /Set the Serverless v2 scaling configuration/,
      (s) => s.member({ instanceClass: "db.serverless" }),
    ],
    [
      "monitoring without a role",
      /MonitoringRoleARN value is required/,
      (s) => s.member({ monitoringInterval: 60 }),
    ],
    [
      "an instance in a zone without a subnet",
      /not covered by the DB subnet group/,
      (s) => s.member({ availabilityZone: "us-east-1f" }),
    ],
    [
      "a parameter that does not exist",
      /Could not find parameter with name: rds\.ssl/,
      group({ name: "rds.ssl", value: "1" }),
    ],
    [
      "a parameter's bad value",
      /Invalid parameter value: yes for: rds\.force_ssl/,
      group({ name: "rds.force_ssl", value: "yes" }),
    ],
    [
      "a static parameter at once",
      /cannot use immediate apply method for static parameter/,
      group({ name: "shared_preload_libraries", value: "pgaudit", applyMethod: "immediate" }),
    ],
  ]);
});

describe("local cloud: ElastiCache", () => {
  it("gives endpoints of ElastiCache's form with and without encryption", () => {
    expect(fresh().cache().state["primaryEndpointAddress"]).to.match(
      /^master\.javelin-cache\.\w{6}\.use1\.cache\.amazonaws\.com$/,
    );
    expect(
      fresh().cache({ transitEncryptionEnabled: false, authToken: undefined }).state[
        "primaryEndpointAddress"
      ],
    ).to.match(/^javelin-cache\.\w{6}\.ng\.0001\.use1\.cache\.amazonaws\.com$/);
  });

  it("lists its members as they grow", () => {
    const stores = fresh();
    const made = stores.cache();
    expect(made.state["memberClusters"]).to.deep.equal(["javelin-cache-001", "javelin-cache-002"]);
    expect(
      stores.update(made, { ...made.inputs, numCacheClusters: 3 }).state["memberClusters"],
    ).to.have.length(3);
  });

  refuses(fresh, [
    ["an id of 41 characters", /replicationGroupId/, (s) => s.cache({ replicationGroupId: "c".repeat(41) })],
    ["an id with two hyphens in a row", /replicationGroupId/, (s) => s.cache({ replicationGroupId: "c--d" })],
    ["a token of 15 characters", /from 16 to 128/, (s) => s.cache({ authToken: "t".repeat(15) })],
    ["a token of 129 characters", /from 16 to 128/, (s) => s.cache({ authToken: "t".repeat(129) })],
    ["a token with an asterisk", /symbols !, &, #/, (s) => s.cache({ authToken: "t".repeat(16) + "*" })],
    [
      "a token without encryption",
      /only be enabled with encryption-in-transit/,
      (s) => s.cache({ transitEncryptionEnabled: false }),
    ],
    [
      "several zones without failover",
      /automatic_failover_enabled must be true/,
      (s) => s.cache({ automaticFailoverEnabled: false }),
    ],
    ["failover without a replica", /must be at least 2/, (s) => s.cache({ numCacheClusters: 1 })],
    [
      "a version that Valkey does not have",
      /Cannot find version 6\.2 for valkey/,
      (s) => s.cache({ engineVersion: "6.2" }),
    ],
    [
      "a node type that does not exist",
      /CacheNodeType is not valid/,
      (s) => s.cache({ nodeType: "cache.t4g.large" }),
    ],
    [
      "a parameter group of Redis",
      /Expected a parameter group of family valkey8 but found one of family redis7/,
      (s) => s.cache({ parameterGroupName: "default.redis7" }),
    ],
    [
      "a subnet group that is not there",
      /CacheSubnetGroupNotFoundFault/,
      (s) => s.cache({ subnetGroupName: "none" }),
    ],
    [
      "a log group that is not there",
      /Log group none does not exist/,
      (s) =>
        s.cache({
          logDeliveryConfigurations: [
            {
              destination: "none",
              destinationType: "cloudwatch-logs",
              logFormat: "json",
              logType: "slow-log",
            },
          ],
        }),
    ],
    [
      "deleting a subnet group in use",
      /CacheSubnetGroupInUse/,
      (s) => {
        const c = s.cache();
        s.delete(
          s.world.find("aws:elasticache/subnetGroup:SubnetGroup", String(c.inputs["subnetGroupName"]))!,
        );
      },
    ],
    [
      "a parameter that does not exist",
      /Could not find parameter with name: maxmemory/,
      (s) =>
        s.make("aws:elasticache/parameterGroup:ParameterGroup", {
          name: "p",
          family: "valkey8",
          parameters: [{ name: "maxmemory", value: "1" }],
        }),
    ],
  ]);
});

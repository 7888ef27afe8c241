import { expect } from "chai";
import type { ExportedState } from "../../automation/pending.js";
import { planPromotion } from "../../automation/promotion.js";

type Outputs = Record<string, unknown>;
type Made = [type: string, name: string, id: string, outputs: Outputs];

const state = (cloud: string, ...made: Made[]): ExportedState => ({
  version: 3,
  deployment: {
    resources: [
      ...["east", "west"].map((cell) => ({
        urn: `urn:pulumi:prod::javelin::javelin:${cloud}:Cell::${cell}`,
        type: `javelin:${cloud}:Cell`,
        custom: false,
      })),
      ...made.map(([type, name, id, outputs]) => ({
        ...{ urn: `urn:pulumi:prod::javelin::${type}::${name}`, type, id, outputs, custom: true },
      })),
    ],
  },
});

const arn = (region: string, name: string) => `arn:aws:rds:${region}:123456789012:cluster:${name}`;
const cluster = (cell: string, region: string): Made => [
  "aws:rds/cluster:Cluster",
  `${cell}-database-cluster`,
  `db-${cell}`,
  { arn: arn(region, `db-${cell}`) },
];
const aws = state("aws", cluster("east", "us-east-1"), cluster("west", "us-west-2"), [
  "aws:rds/globalCluster:GlobalCluster",
  "database-cluster",
  "javelin-prod",
  {
    globalClusterIdentifier: "javelin-prod",
    globalClusterMembers: [{ dbClusterArn: arn("us-east-1", "db-east"), isWriter: true }],
  },
]);

const server = (cell: string, source: string): Made => [
  "azure-native:dbforpostgresql:Server",
  `${cell}-database-server`,
  `/subscriptions/s-1/resourceGroups/rg-${cell}/providers/Microsoft.DBforPostgreSQL/flexibleServers/db-${cell}`,
  { sourceServerResourceId: source },
];
const azure = state("azure", server("east", ""), server("west", "/east"), [
  "azure-native:dbforpostgresql:VirtualEndpoint",
  "database-endpoint-pair",
  "/pair",
  { name: "pair" },
]);

const instance = (cell: string, masterInstanceName: string): Made => [
  "gcp:sql/databaseInstance:DatabaseInstance",
  `${cell}-database-instance`,
  `projects/p-1/instances/db-${cell}`,
  { name: `db-${cell}`, masterInstanceName },
];
const gcp = state("gcp", instance("east", ""), instance("west", "db-east"));

const calls = (...plan: Parameters<typeof planPromotion>) =>
  planPromotion(...plan).calls.map((words) => words.join(" "));

describe("how a database is promoted", () => {
  it("on AWS: planned from the region that writes, a failover from the one that takes over", () => {
    const target = `--global-cluster-identifier javelin-prod --target-db-cluster-identifier ${arn("us-west-2", "db-west")}`;
    expect(calls(aws, "west", "switchover")).to.deep.equal([
      `aws rds switchover-global-cluster --region us-east-1 ${target}`,
    ]);
    expect(calls(aws, "west", "failover")).to.deep.equal([
      `aws rds failover-global-cluster --region us-west-2 ${target} --allow-data-loss`,
    ]);
  });

  it("on Azure: a switchover, and the end of the pair that went with it", () => {
    const at = "--yes --subscription s-1 --resource-group rg-west";
    expect(calls(azure, "west", "switchover")).to.deep.equal([
      `az postgres flexible-server replica promote ${at} --name db-west --promote-mode switchover --promote-option planned`,
      `az postgres flexible-server virtual-endpoint delete ${at} --server-name db-west --name pair`,
    ]);
    expect(calls(azure, "west", "failover")[0]).to.contain("--promote-option forced");
  });

  it("on Google Cloud: a failover and nothing else", () => {
    expect(calls(gcp, "west", "failover")).to.deep.equal([
      "gcloud sql instances promote-replica db-west --project p-1 --quiet",
    ]);
    expect(() => calls(gcp, "west", "switchover")).to.throw(/--failover/);
  });

  it("says what a failover loses", () => {
    expect(planPromotion(aws, "west", "switchover").warnings).to.deep.equal([]);
    for (const stack of [aws, azure, gcp])
      expect(planPromotion(stack, "west", "failover").warnings.join()).not.to.equal("");
  });

  it("is refused for what writes already, and for what is not there", () => {
    for (const stack of [aws, azure, gcp])
      expect(() => planPromotion(stack, "east", "failover")).to.throw(/takes writes already/);
    expect(() => planPromotion(aws, "south", "failover")).to.throw(/no cell south. It has east, west/);
    const alone = state("aws", cluster("east", "us-east-1"));
    expect(() => planPromotion(alone, "east", "switchover")).to.throw(/replication global/);
    expect(() => planPromotion(state("aws"), "east", "switchover")).to.throw(/no database/);
  });
});

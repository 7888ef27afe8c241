import type { ExportedState } from "../../automation/pending.js";

/** Exported states of stacks whose cells east and west share a database: east writes. */

type Outputs = Record<string, unknown>;
type Made = [type: string, name: string, id: string, outputs: Outputs];

/** A stack with the cells east and west, and these databases. */
export const stateOf = (cloud: string, ...made: Made[]): ExportedState => ({
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

/** A cluster's ARN. */
export const clusterArn = (region: string, name: string) =>
  `arn:aws:rds:${region}:123456789012:cluster:${name}`;
export const cluster = (cell: string, region: string): Made => [
  "aws:rds/cluster:Cluster",
  `${cell}-database-cluster`,
  `db-${cell}`,
  { arn: clusterArn(region, `db-${cell}`) },
];
export const aws = stateOf("aws", cluster("east", "us-east-1"), cluster("west", "us-west-2"), [
  "aws:rds/globalCluster:GlobalCluster",
  "database-cluster",
  "javelin-prod",
  {
    globalClusterIdentifier: "javelin-prod",
    globalClusterMembers: [{ dbClusterArn: clusterArn("us-east-1", "db-east"), isWriter: true }],
  },
]);

const server = (cell: string, source: string): Made => [
  "azure-native:dbforpostgresql:Server",
  `${cell}-database-server`,
  `/subscriptions/s-1/resourceGroups/rg-${cell}/providers/Microsoft.DBforPostgreSQL/flexibleServers/db-${cell}`,
  { sourceServerResourceId: source },
];
export const azure = stateOf("azure", server("east", ""), server("west", "/east"), [
  "azure-native:dbforpostgresql:VirtualEndpoint",
  "database-endpoint-pair",
  "/pair",
  { name: "pair" },
]);

const instance = (cell: string, masterInstanceName: string): Made => [
  "gcp:sql/databaseInstance:DatabaseInstance",
  `${cell}-database-instance`,
  `db-${cell}`,
  { name: `db-${cell}`, project: "p-1", masterInstanceName },
];
export const gcp = stateOf("gcp", instance("east", ""), instance("west", "db-east"));

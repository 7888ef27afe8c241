import { expect } from "chai";
import type { Recorded, Run } from "../../support/mocks.js";
import { runStack } from "../../support/stacks.js";
import type { Outputs } from "../../../stacks/outputs.js";

const cells = [
  { cloud: "aws", region: "us-east-1", cidr: "10.20.0.0/16" },
  { cloud: "aws", region: "us-west-2", cidr: "10.30.0.0/16" },
];

/** The production stack, over two regions that share a database. */
export const sharedConfig = (order = cells): Record<string, unknown> => ({
  "javelin:topology": "cross-region",
  "javelin:cells": order,
  "javelin:database": { replication: "global" },
  "javelin:routes": {},
});

const named = ({ resources }: Run<Outputs>, name: string): Recorded => {
  const found = resources.find((each) => each.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

describe("a database that two AWS regions share", function () {
  this.timeout(60_000);
  let made: Run<Outputs>;
  before(async () => {
    made = await runStack("prod", sharedConfig());
  });

  it("is made of the first cell's cluster, which stays what it would be alone", () => {
    const { inputs } = named(made, "us-east-1-database-cluster");
    expect(inputs).to.include({ databaseName: "javelin_data", masterUsername: "javelin" });
    expect(inputs).not.to.have.property("globalClusterIdentifier");
    const global = named(made, "database-cluster");
    expect(global.inputs).to.include({
      sourceDbClusterIdentifier: named(made, "us-east-1-database-cluster").state["arn"],
      deletionProtection: true,
    });
  });

  it("is followed by the second cell's, without a user of its own, under a key of its region", () => {
    const { inputs } = named(made, "us-west-2-database-cluster");
    expect(inputs).to.include({ globalClusterIdentifier: "javelin-prod", storageEncrypted: true });
    expect(inputs).not.to.have.any.keys("databaseName", "masterUsername", "masterPassword");
    expect(inputs["kmsKeyId"]).to.match(/^arn:aws:kms:us-west-2:/);
  });
});

import { expect } from "chai";
import { planPromotion } from "../../automation/promotion.js";
import { aws, azure, cluster, clusterArn, gcp, stateOf } from "../support/databases.js";

const calls = (...plan: Parameters<typeof planPromotion>) =>
  [planPromotion(...plan)].flatMap(({ calls: own, tidying }) =>
    [...own, ...tidying].map((words) => words.join(" ")),
  );

describe("how a database is promoted", () => {
  it("on AWS: planned from the region that writes, a failover from the one that takes over", () => {
    const target = `--global-cluster-identifier javelin-prod --target-db-cluster-identifier ${clusterArn("us-west-2", "db-west")}`;
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
    const alone = stateOf("aws", cluster("east", "us-east-1"));
    expect(() => planPromotion(alone, "east", "switchover")).to.throw(/replication global/);
    expect(() => planPromotion(stateOf("aws"), "east", "switchover")).to.throw(/no database/);
  });
});

import { expect } from "chai";
import { Refusal } from "../../automation/errors.js";
import type { Call } from "../../automation/promoting.js";
import { carryOut } from "../../automation/promoting.js";
import { planPromotion } from "../../automation/promotion.js";
import { aws, azure, clusterArn } from "../support/databases.js";

const target = clusterArn("us-west-2", "db-west");

/** What AWS says of the global cluster. */
const cluster = (writer: string, status = ""): string =>
  JSON.stringify({
    GlobalClusters: [
      {
        GlobalClusterMembers: [{ DBClusterArn: target, IsWriter: writer === "west" }],
        ...(status !== "" && { FailoverState: { Status: status } }),
      },
    ],
  });

/** A cloud that answers each look in turn, the last for ever; `made` are its calls. */
function cloud(...answers: (string | Error)[]): { call: Call; made: string[]; waited: number[] } {
  const made: string[] = [];
  let look = 0;
  const call: Call = (words) => {
    made.push(words.slice(0, 3).join(" "));
    if (!words.includes("describe-global-clusters")) return Promise.resolve("");
    const answer = answers[Math.min(look++, answers.length - 1)] ?? "";
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { call, made, waited: [] };
}

const promote = (way: "switchover" | "failover", { call, waited }: ReturnType<typeof cloud>) =>
  carryOut(planPromotion(aws, "west", way), call, (seconds) => {
    waited.push(seconds);
    return Promise.resolve();
  });

describe("a promotion on a real cloud", () => {
  it("is over once the database writes, not when the call returns", async () => {
    const rds = cloud(
      cluster("east"),
      cluster("east", "switching-over"),
      new Error("throttled"),
      cluster("west", "switching-over"),
      cluster("west"),
    );
    expect(await promote("switchover", rds)).to.deep.equal([]);
    expect(rds.made).to.have.length(6);
    expect(rds.waited).to.have.length(4);
  });

  it("does not wait for a lost region once the other writes", async () => {
    const rds = cloud(cluster("west", "failing-over"));
    expect(await promote("failover", rds)).to.deep.equal([]);
    expect(rds.waited).to.deep.equal([]);
  });

  it("is refused when the cloud has given it up, or takes for ever", async () => {
    const given = cloud(cluster("east", "cancelling"), cluster("east"));
    expect(await promote("switchover", given).catch((error: unknown) => error))
      .to.be.instanceOf(Refusal)
      .with.property("message")
      .that.matches(/given up/);
    const slow = cloud(cluster("east", "switching-over"));
    expect(await promote("switchover", slow).catch(String)).to.match(/half an hour.*javelin refresh/);
    expect(slow.waited.reduce((sum, each) => sum + each, 0)).to.equal(1800);
  });

  it("says what failed, and what is not there", async () => {
    const missing = Object.assign(new Error("spawn aws ENOENT"), { code: "ENOENT" });
    const plan = planPromotion(aws, "west", "switchover");
    expect(await carryOut(plan, () => Promise.reject(missing)).catch(String)).to.match(
      /failed at aws rds switchover-global-cluster.*no aws on this machine/,
    );
  });

  it("has happened on Azure though the pair's end has not: that is left to be done", async () => {
    const plan = planPromotion(azure, "west", "switchover");
    const left = await carryOut(plan, (words) =>
      words.includes("delete") ? Promise.reject(new Error("ServerIsBusy")) : Promise.resolve(""),
    );
    expect(left).to.have.length(1);
    expect(left[0]).to.match(/ServerIsBusy.*az postgres flexible-server virtual-endpoint delete/);
    const failing = carryOut(plan, () => Promise.reject(new Error("no")));
    expect(await failing.catch(String)).to.match(/The promotion failed at az postgres/);
  });
});

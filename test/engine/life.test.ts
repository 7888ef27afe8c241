import { expect } from "chai";
import type { WorldObject } from "../../local/behaviour.js";
import { exported, violations } from "../../policy/evaluate.js";
import type { Outcome } from "../support/life.js";
import { Life } from "../support/life.js";
import { customerSecrets } from "../support/stacks.js";

const none = { create: 0, update: 0, replace: 0, delete: 0 };

/** One whole life of the stack dev: each step goes on where the one before ended. */
describe("the stack dev on the real engine", function () {
  this.timeout(180_000);
  const life = Life.begin("dev");
  after(() => life.end());

  let made: Outcome;
  const only = (type: string): WorldObject => {
    const [object, more] = life.world.list(type);
    if (!object || more) throw new Error(`not exactly one ${type}`);
    return object;
  };

  it("previews every resource that up then creates", async () => {
    const planned = await life.run("preview");
    expect(life.world.size).to.equal(0, "a preview made something");
    made = await life.run("up");
    expect(made.changes.create).to.be.greaterThan(120);
    expect(made.changes).to.deep.include({ update: 0, replace: 0, delete: 0 });
    expect([...made.seen].sort()).to.deep.equal([...planned.seen].sort());
  });

  it("leaves a world that agrees with the state, and a state that breaks no policy", async () => {
    expect(await life.disagreements()).to.deep.equal([]);
    expect(violations(exported((await life.export()).deployment))).to.deep.equal([]);
  });

  it("keeps every secret out of the exported state and the engine's messages", async () => {
    const state = JSON.stringify(await life.export());
    const messages = JSON.stringify(made.log.diagnostics);
    const generated = [
      only("aws:rds/cluster:Cluster").inputs["masterPassword"],
      only("aws:elasticache/replicationGroup:ReplicationGroup").inputs["authToken"],
    ];
    const given = Object.values(customerSecrets).flatMap((value) => Object.values(value));
    // JSON inside JSON escapes line ends: of a text of several lines, the one with the key in it is looked for.
    const secrets = [...generated, ...given].map((text) => String(text).split("\n").at(-2) ?? String(text));
    for (const secret of secrets) {
      // The world holds them, as a cloud does: were they not there, this test could not fail.
      expect(JSON.stringify([...life.world.all()])).to.contain(secret);
      expect(state).not.to.contain(secret);
      expect(messages).not.to.contain(secret);
    }
  });

  it("changes nothing the second time", async () => {
    const { changes } = await life.run("up");
    expect(changes).to.deep.equal({ ...none, same: made.changes.create });
  });

  it("sees drift at refresh, and up repairs it", async () => {
    const cluster = only("aws:rds/cluster:Cluster");
    const changed = { backupRetentionPeriod: 1 };
    life.world.put({
      ...cluster,
      inputs: { ...cluster.inputs, ...changed },
      state: { ...cluster.state, ...changed },
    });
    life.world.remove(only("aws:wafv2/webAclAssociation:WebAclAssociation"));
    const refreshed = await life.run("refresh");
    expect(refreshed.changes).to.deep.include({ update: 1, delete: 1 });
    const repaired = await life.run("up");
    expect(repaired.changes).to.deep.include({ create: 1, update: 1, replace: 0, delete: 0 });
    expect(only("aws:rds/cluster:Cluster").inputs["backupRetentionPeriod"]).not.to.equal(1);
    expect(await life.disagreements()).to.deep.equal([]);
  });

  it("grows to standard without replacing what holds data or carries traffic", async () => {
    const grown = await life.run("up", ["javelin:size=standard"]);
    expect(grown.seen.join("\n")).to.match(/networkfirewall\/firewall:Firewall/);
    const replaced = grown.log.steps.filter((s) => /replace/.test(s.operation)).map((s) => s.type);
    const lasting =
      /:(Vpc|Subnet|Cluster|ReplicationGroup|LoadBalancer|Key|Secret|Record|Listener|Namespace|Deployment)$/;
    expect(replaced.filter((type) => lasting.test(type))).to.deep.equal([]);
    expect(await life.disagreements()).to.deep.equal([]);
    expect(violations(exported((await life.export()).deployment))).to.deep.equal([]);
    expect((await life.run("preview", ["javelin:size=standard"])).changes).to.deep.include(none);
  });

  it("is destroyed to an empty world", async () => {
    await life.run("destroy");
    expect(life.world.size).to.equal(0, [...life.world.all()].map((o) => o.type).join(" "));
  });
});

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { Life } from "../support/life.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What `protect` promises, over a whole life of the stack prod. */
describe("the stack prod, which is protected", function () {
  this.timeout(480_000);
  const life = Life.begin("prod");
  after(() => life.end());

  const kept = [
    "aws:rds/cluster:Cluster",
    "aws:eks/cluster:Cluster",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:networkfirewall/firewall:Firewall",
  ];

  it("comes up, and agrees with the world", async () => {
    await life.run("up");
    expect(await life.disagreements()).to.deep.equal([]);
  });

  it("is refused by the command before anything is deleted", async () => {
    const before = [...life.world.all()].length;
    await life.stop();
    const { status, stderr } = spawnSync(
      process.execPath,
      ["automation/javelin.mjs", "destroy", "prod", "--local", "--yes"],
      { cwd: root, env: { ...process.env, JAVELIN_LOCAL_DIR: life.directory }, encoding: "utf8" },
    );
    expect(status, stderr).to.equal(1);
    expect(stderr).to.contain("us-east-1-database-cluster").and.to.contain('"javelin:protect" to false');
    await life.restart();
    expect([...life.world.all()].length).to.equal(before);
  });

  it("keeps what holds data or carries traffic when the engine is told to destroy all the same", async () => {
    let refused = false;
    await life.run("destroy").catch(() => (refused = true));
    expect(refused).to.equal(true);
    // One in each of the two regions.
    expect(kept.filter((type) => life.world.list(type).length !== 2)).to.deep.equal([]);
  });

  it("is mended by the next up", async () => {
    await life.run("up");
    expect(await life.disagreements()).to.deep.equal([]);
    expect((await life.run("preview")).changes).to.deep.include({
      create: 0,
      update: 0,
      replace: 0,
      delete: 0,
    });
  });

  it("can be destroyed once the protection is taken back", async () => {
    await life.run("up", ["javelin:protect=false"]);
    await life.run("destroy");
    expect(life.world.size).to.equal(0);
  });
});

import { expect } from "chai";
import { refuseProtected } from "../../../automation/protection.js";
import { Refusal } from "../../../automation/errors.js";
import { crossStacks, freshRun, stackRun, stacks } from "../../support/runs.js";

const inOneCell: Record<(typeof stacks)[number], string[]> = {
  dev: [
    "aws:eks/cluster:Cluster us-east-1-compute-cluster",
    "aws:elasticache/replicationGroup:ReplicationGroup us-east-1-cache-group",
    "aws:lb/loadBalancer:LoadBalancer us-east-1-loadBalancer-alb",
    "aws:rds/cluster:Cluster us-east-1-database-cluster",
  ],
  "dev-azure": [
    "azure-native:containerservice:ManagedCluster eastus2-compute-cluster",
    "azure-native:dbforpostgresql:Server eastus2-database-server",
    "azure-native:network:ApplicationGateway eastus2-loadBalancer-gateway",
    "azure-native:network:PublicIPAddress eastus2-loadBalancer-address",
    "azure-native:redisenterprise:Database eastus2-cache-database",
    "azure-native:redisenterprise:RedisEnterprise eastus2-cache-cluster",
  ],
  "dev-gcp": [
    "gcp:compute/globalAddress:GlobalAddress us-central1-loadBalancer-address",
    "gcp:container/cluster:Cluster us-central1-compute-cluster",
    "gcp:redis/instance:Instance us-central1-cache-instance",
    "gcp:sql/databaseInstance:DatabaseInstance us-central1-database-instance",
  ],
};

/** What Pulumi refuses to delete in its preview already, when nothing is gone yet. */
describe("protection by Pulumi", () => {
  for (const stack of stacks)
    it(`is on what holds data or an address of ${stack}, with javelin:protect and not without`, async () => {
      expect([...(await stackRun("protected", false, stack)).guarded].sort()).to.deep.equal(inOneCell[stack]);
      expect([...(await stackRun("small", false, stack)).guarded]).to.deep.equal([]);
    });

  it("is on every cell alike, and on addresses that stand before them", async () => {
    for (const stack of crossStacks) {
      const { guarded } = await stackRun("small", false, stack);
      const types = [...guarded].map((key) => key.split(" ")[0]);
      const before = stack === "prod-accelerator" ? ["aws:globalaccelerator/accelerator:Accelerator"] : [];
      expect(types.filter((type) => before.includes(type ?? ""))).to.deep.equal(before);
      const inCells = types.filter((type) => !before.includes(type ?? "")).sort();
      const clouds = stack === "prod-multicloud" ? (["dev", "dev-azure"] as const) : undefined;
      const one = stack === "prod-azure" ? "dev-azure" : stack === "prod-gcp" ? "dev-gcp" : "dev";
      const expected = (clouds ?? ([one, one] as const)).flatMap((each) => inOneCell[each]);
      expect(inCells, stack).to.deep.equal(expected.map((key) => key.split(" ")[0]).sort());
    }
  });

  it("is on what ties a shared database together", async () => {
    const { guarded } = await freshRun({ "javelin:database": { replication: "global" } }, false, "prod");
    expect([...guarded]).to.include("aws:rds/globalCluster:GlobalCluster database-cluster");
  });

  it("makes the command refuse to destroy, with the names and what to do", () => {
    const urn = (name: string) => `urn:pulumi:prod::javelin::a:b:C$d:e:F::${name}`;
    const resource = (name: string, protect?: boolean) => ({
      ...{ urn: urn(name), type: "d:e:F", custom: true },
      ...(protect !== undefined && { protect }),
    });
    const state = (...resources: ReturnType<typeof resource>[]) => ({
      version: 3,
      deployment: { resources },
    });
    const refusing = () =>
      refuseProtected("prod", state(resource("b", true), resource("c"), resource("a", true)));
    expect(refusing).to.throw(Refusal, /^prod is protected.*\n {2}a\n {2}b\nSet "javelin:protect" to false/);
    expect(() => refuseProtected("prod", state(resource("b", false), resource("c")))).not.to.throw();
    expect(() => refuseProtected("prod", { version: 3, deployment: {} })).not.to.throw();
  });
});

import { expect } from "chai";
import { exported, violations } from "../../policy/evaluate.js";
import { promote } from "../../local/promotion.js";
import { planPromotion } from "../../automation/promotion.js";
import { Life } from "../support/life.js";

interface SharedStack {
  cloud: string;
  stack: string;
  machine: string;
  cells: [Record<string, string>, Record<string, string>];
}

const stacks: SharedStack[] = [
  {
    cloud: "AWS",
    stack: "dev",
    // Burstable machines take no part in a shared database.
    machine: "db.r7g.large",
    cells: [
      { cloud: "aws", region: "us-east-1", cidr: "10.20.0.0/16" },
      { cloud: "aws", region: "us-west-2", cidr: "10.30.0.0/16" },
    ],
  },
  {
    cloud: "Azure",
    stack: "dev-azure",
    machine: "Standard_D2ds_v5",
    cells: [
      { cloud: "azure", region: "eastus2", cidr: "10.20.0.0/16" },
      { cloud: "azure", region: "westus3", cidr: "10.30.0.0/16" },
    ],
  },
  {
    cloud: "GCP",
    stack: "dev-gcp",
    machine: "db-custom-2-7680",
    cells: [
      { cloud: "gcp", region: "us-central1", cidr: "10.20.0.0/16", project: "example-project" },
      { cloud: "gcp", region: "us-east4", cidr: "10.30.0.0/16", project: "example-project" },
    ],
  },
];

const none = { create: 0, update: 0, replace: 0, delete: 0 };

for (const { cloud, stack, machine, cells } of stacks)
  describe(`promotion on ${cloud}, on the real engine`, function () {
    this.timeout(240_000);
    const life = Life.begin(stack);
    after(() => life.end());
    const shared = (order: Record<string, string>[]) => [
      "javelin:topology=cross-region",
      `javelin:cells=${JSON.stringify(order)}`,
      `javelin:database=${JSON.stringify({ replication: "global", instanceClass: machine })}`,
      `javelin:routes={}`,
    ];
    const [first, second] = cells;
    const target = second["name"] ?? second["region"]!;

    it("comes up", async () => {
      await life.run("up", shared(cells));
      expect(await life.disagreements()).to.deep.equal([]);
      expect(violations(exported((await life.export()).deployment))).to.deep.equal([]);
    });

    it("says that nobody could change anything, were a copy put first without a promotion", async () => {
      const { log } = await life.run("preview", shared([second, first]));
      const warned = log.diagnostics.filter(({ message }) => /nobody can change anything/.test(message));
      expect(warned.map(({ severity }) => severity)).to.deep.equal(["warning"]);
      expect(warned[0]?.message).to.contain(`javelin promote has run for ${target}`);
    });

    it("changes nothing once a copy has been promoted", async () => {
      const plan = planPromotion(await life.export(), target, cloud === "GCP" ? "failover" : "switchover");
      promote(life.world, plan.target.type, plan.target.id);
      expect((await life.run("preview", shared(cells))).changes).to.include(none);
    });

    it("swaps the cells' order after a refresh without replacing or deleting anything", async () => {
      await life.run("refresh", shared(cells));
      const { changes, log } = await life.run("up", shared([second, first]));
      expect(log.diagnostics.filter(({ message }) => /nobody can change/.test(message))).to.deep.equal([]);
      const two = log.diagnostics.filter(({ message }) => /both take writes/.test(message));
      expect(two, "Cloud SQL leaves two that stand alone").to.have.length(cloud === "GCP" ? 1 : 0);
      // What puts the routes in moves to the cell that writes; on Azure, the pair of virtual endpoints went before.
      const moved = log.steps
        .filter(
          ({ operation, name }) => !/^(same|update|refresh)$/.test(operation) && !/-routes(-|$)/.test(name),
        )
        .map(({ operation, type }) => `${operation} ${type}`);
      const pair = "create azure-native:dbforpostgresql:VirtualEndpoint";
      expect(moved).to.deep.equal(cloud === "Azure" ? [pair] : []);
      expect(changes.replace).to.equal(0);
      const updated = log.steps.filter(({ operation }) => operation === "update").map(({ type }) => type);
      // The gateways are told which of them may write.
      expect(updated).to.include("kubernetes:apps/v1:Deployment");
      expect((await life.run("preview", shared([second, first]))).changes).to.include(none);
    });

    it("is destroyed to an empty world, in the order of the new parts", async () => {
      await life.run("destroy", shared([second, first]));
      expect(life.world.size).to.equal(0, [...life.world.all()].map((o) => o.type).join(" "));
    });
  });

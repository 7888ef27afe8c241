import { expect } from "chai";
import { promote } from "../../local/promotion.js";
import { planPromotion } from "../../automation/promotion.js";
import type { Outcome } from "../support/life.js";
import { Life } from "../support/life.js";

interface SharedStack {
  cloud: string;
  stack: string;
  /** `-c` values besides the shared database and the cells. */
  config: string[];
  cells: [Record<string, string>, Record<string, string>];
}

const stacks: SharedStack[] = [
  {
    cloud: "AWS",
    stack: "dev",
    config: ["javelin:size=standard"],
    cells: [
      { cloud: "aws", region: "us-east-1", cidr: "10.20.0.0/16" },
      { cloud: "aws", region: "us-west-2", cidr: "10.30.0.0/16" },
    ],
  },
];

const harmless = ({ changes }: Outcome) => expect(changes).to.include({ replace: 0, delete: 0 });

for (const { cloud, stack, config, cells } of stacks)
  describe(`promotion on ${cloud}, on the real engine`, function () {
    this.timeout(240_000);
    const life = Life.begin(stack);
    after(() => life.end());
    const shared = (order: Record<string, string>[]) => [
      ...config,
      "javelin:topology=cross-region",
      `javelin:cells=${JSON.stringify(order)}`,
      `javelin:database=${JSON.stringify({ replication: "global" })}`,
      `javelin:routes={}`,
    ];
    const [first, second] = cells;
    const target = second["name"] ?? second["region"]!;

    it("comes up, and changes nothing the second time", async () => {
      const made = await life.run("up", shared(cells));
      expect(await life.disagreements()).to.deep.equal([]);
      const { changes } = await life.run("preview", shared(cells));
      expect(changes).to.deep.equal({ create: 0, update: 0, replace: 0, delete: 0, same: made.changes.create });
    });

    it("leaves nothing to replace or to delete, before and after a refresh", async () => {
      const plan = planPromotion(await life.export(), target, cloud === "GCP" ? "failover" : "switchover");
      promote(life.world, plan.target.type, plan.target.id);
      expect((await life.run("preview", shared(cells))).changes).to.include({
        ...{ create: 0, update: 0, replace: 0, delete: 0 },
      });
      await life.run("refresh", shared(cells));
      harmless(await life.run("preview", shared(cells)));
    });

    it("swaps the cells' order without replacing or deleting anything", async () => {
      const swapped = await life.run("up", shared([second, first]));
      harmless(swapped);
      expect(swapped.changes.create).to.equal(0);
      expect(swapped.log.steps.filter(({ operation }) => operation === "update").map(({ type }) => type)).to.satisfy(
        (types: string[]) => types.includes("kubernetes:apps/v1:Deployment"),
      );
      expect(await life.disagreements()).to.deep.equal([]);
      expect((await life.run("preview", shared([second, first]))).changes).to.include({
        ...{ create: 0, update: 0, replace: 0, delete: 0 },
      });
    });

    it("is destroyed to an empty world, in the order of the new parts", async () => {
      await life.run("destroy", shared([second, first]));
      expect(life.world.size).to.equal(0, [...life.world.all()].map((o) => o.type).join(" "));
    });
  });

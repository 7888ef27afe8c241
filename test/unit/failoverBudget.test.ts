import { expect } from "chai";
import fc from "fast-check";
import type { Cloud } from "../../stacks/clouds.js";
import { clouds } from "../../stacks/clouds.js";
import { explain, failoverBudget } from "../../stacks/failoverBudget.js";
import type { BudgetArgs } from "../../stacks/failoverBudget.js";

/** What a config has that says no more than its DNS cloud. */
const defaults: Record<Cloud, BudgetArgs["dns"]> = {
  aws: { cloud: "aws", interval: 10, threshold: 2, ttl: 30, accelerator: false },
  azure: { cloud: "azure", interval: 10, threshold: 3, ttl: 30, accelerator: false },
  gcp: { cloud: "gcp", interval: 30, threshold: 3, ttl: 30, accelerator: false },
};
const accelerated = { ...defaults.aws, accelerator: true };
const global = { ...defaults.gcp, accelerator: true };

const budget = (
  dns: BudgetArgs["dns"],
  cells: Cloud[],
  replication: BudgetArgs["replication"] = "independent",
) => failoverBudget({ dns, cells, replication });

/** DNS service, clouds of the cells, and detection and propagation in seconds, worked out by hand. */
const table: [
  what: string,
  dns: BudgetArgs["dns"],
  cells: Cloud[],
  detection: number,
  propagation: number,
][] = [
  ["Route 53 with a load balancer's alias", defaults.aws, ["aws", "aws"], 26, 60],
  ["Route 53 with one alias", defaults.aws, ["azure", "aws"], 26, 60],
  ["Route 53 with addresses alone", defaults.aws, ["azure", "gcp"], 26, 30],
  ["Route 53 with a TTL beyond the alias's", { ...defaults.aws, ttl: 120 }, ["aws", "aws"], 26, 120],
  ["Route 53 with slow checks", { ...defaults.aws, interval: 30, threshold: 2 }, ["gcp", "gcp"], 66, 30],
  ["Global Accelerator", accelerated, ["aws", "aws"], 35, 0],
  ["Traffic Manager", defaults.azure, ["azure", "azure"], 35, 30],
  ["Traffic Manager before AWS, by its own TTL", defaults.azure, ["aws", "azure"], 35, 30],
  [
    "Traffic Manager at the first failure",
    { ...defaults.azure, threshold: 1, ttl: 10 },
    ["gcp", "gcp"],
    15,
    10,
  ],
  ["Cloud DNS", defaults.gcp, ["gcp", "gcp"], 95, 30],
  [
    "Cloud DNS with AWS behind an accelerator",
    { ...defaults.gcp, accelerator: true },
    ["aws", "gcp"],
    95,
    30,
  ],
  ["one load balancer before cells on gcp", global, ["gcp", "gcp"], 15, 0],
  [
    "one load balancer, whatever DNS would wait",
    { ...global, interval: 60, threshold: 10, ttl: 300 },
    ["gcp", "gcp"],
    15,
    0,
  ],
];

/** The most that each service may take by default. */
const limits: [what: string, dns: BudgetArgs["dns"], limit: number][] = [
  ["Route 53", defaults.aws, 90],
  ["Global Accelerator", accelerated, 45],
  ["Traffic Manager", defaults.azure, 90],
  ["Cloud DNS", defaults.gcp, 150],
];

const args = fc.record({
  dns: fc.record({
    cloud: fc.constantFrom(...clouds),
    interval: fc.integer({ min: 10, max: 300 }),
    threshold: fc.integer({ min: 1, max: 10 }),
    ttl: fc.integer({ min: 1, max: 86_400 }),
    accelerator: fc.boolean(),
  }),
  cells: fc.array(fc.constantFrom(...clouds), { minLength: 2, maxLength: 5 }),
  replication: fc.constantFrom("independent" as const, "global" as const),
});

describe("the failover budget", () => {
  for (const [what, dns, cells, detectionSeconds, propagationSeconds] of table)
    it(`${what}: ${detectionSeconds} s and ${propagationSeconds} s`, () => {
      expect(budget(dns, cells)).to.deep.include({
        detectionSeconds,
        propagationSeconds,
        promotionSeconds: 0,
        totalSeconds: detectionSeconds + propagationSeconds,
      });
    });

  for (const [what, dns, limit] of limits)
    it(`keeps to ${limit} s by default: ${what}`, () => {
      for (const cells of clouds.map((cloud): Cloud[] => ["aws", cloud]))
        expect(budget(dns, cells).totalSeconds).to.be.at.most(limit);
    });

  for (const knob of ["interval", "threshold", "ttl"] as const)
    it(`never falls when the ${knob} grows`, () => {
      fc.assert(
        fc.property(args, fc.integer({ min: 1, max: 300 }), (given, more) => {
          const grown = { ...given, dns: { ...given.dns, [knob]: given.dns[knob] + more } };
          expect(failoverBudget(grown).totalSeconds).to.be.at.least(failoverBudget(given).totalSeconds);
        }),
      );
    });

  it("is the sum of its parts, whoever promotes the database", () => {
    fc.assert(
      fc.property(args, (given) => {
        const { detectionSeconds, propagationSeconds, promotionSeconds, totalSeconds } =
          failoverBudget(given);
        expect(totalSeconds).to.equal(detectionSeconds + propagationSeconds);
        expect(detectionSeconds).to.be.above(0);
        expect(promotionSeconds).to.equal(given.replication === "global" ? null : 0);
      }),
    );
  });

  it("is not changed by the order of the cells", () => {
    fc.assert(
      fc.property(args, (given) => {
        const swapped = { ...given, cells: [...given.cells].reverse() };
        expect(failoverBudget(swapped)).to.deep.equal(failoverBudget(given));
      }),
    );
  });

  it("says in a line what each part is made of", () => {
    expect(explain(budget(defaults.azure, ["azure", "azure"], "global"))).to.match(
      /at most 65 s \(detection 35 s: 3 checks.*propagation 30 s.*promote/,
    );
  });
});

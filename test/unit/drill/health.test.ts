import { expect } from "chai";
import fc from "fast-check";
import { Health } from "../../../automation/drill/health.js";
import type { Rules } from "../../../automation/drill/health.js";

const rules = (more: Partial<Rules> = {}): Rules => ({
  interval: 10,
  timeout: 4,
  failures: 3,
  successes: 2,
  checkers: 1,
  quorum: 1,
  ...more,
});

/** Reports of one checker: `x` failed, `.` passed. @returns the verdict after each, as the same signs */
const verdicts = (health: Health, reports: string, checker = 0): string =>
  [...reports].map((each) => (health.report(checker, each === "."), health.healthy ? "." : "x")).join("");

describe("health checks", () => {
  for (const [reports, right, more] of [
    ["xxx", "..x", {}],
    ["xx.xx.xx", "........", {}],
    ["xxx.x..", "..xxxx.", {}],
    ["x", "x", { failures: 1 }],
    ["xxx...", "..xxx.", { successes: 3 }],
  ] as const)
    it(`come to ${right} by ${reports}${JSON.stringify(more)}`, () => {
      expect(verdicts(new Health(rules(more)), reports)).to.equal(right);
    });

  it("count checkers: more than 18 % of Route 53's, two of three elsewhere", () => {
    const majority = new Health(rules({ failures: 1, checkers: 3, quorum: 2 }));
    expect(verdicts(majority, "x", 0) + verdicts(majority, "x", 1)).to.equal(".x");
    const route53 = new Health(rules({ failures: 1, checkers: 8, quorum: 2 }));
    const after = Array.from({ length: 8 }, (_, checker) => verdicts(route53, "x", checker)).join("");
    expect(after).to.equal("......xx");
  });

  it("change their mind no sooner than the thresholds say", () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        (reports, failures, successes) => {
          const health = new Health(rules({ failures, successes }));
          reports.forEach((passed, i) => {
            const before = health.healthy;
            const changed = health.report(0, passed);
            const needed = before ? failures : successes;
            const recent = reports.slice(Math.max(0, i + 1 - needed), i + 1);
            if (changed) expect(recent).to.deep.equal(Array(needed).fill(!before));
          });
        },
      ),
    );
  });
});

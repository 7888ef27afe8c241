import type { EngineEvent, Stack, UpOptions } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { bringUp } from "../../automation/engine.js";
import { Log } from "../../automation/events.js";

const urn = (type: string, name: string) => `urn:pulumi:prod::javelin::${type}::${name}`;
const event = (of: Record<string, unknown>): EngineEvent => of as unknown as EngineEvent;
const cells = ["one", "two", "three"];
const failing = (cell: string) => urn("x:y:Z", `${cell}-thing`);

const begun = cells.flatMap((cell) => [
  event({
    resourcePreEvent: {
      metadata: { urn: urn("javelin:aws:Cell", cell), type: "javelin:aws:Cell", op: "create" },
    },
  }),
  event({
    resourcePreEvent: {
      metadata: {
        urn: failing(cell),
        type: "x:y:Z",
        op: "create",
        new: { parent: urn("javelin:aws:Cell", cell), custom: true },
      },
    },
  }),
]);

/** @param failures what fails in each run: names of cells, or "" for what is no cell's */
async function run(
  failures: string[][],
  count = cells.length,
  { signal, cancelled = false }: { signal?: AbortSignal; cancelled?: boolean } = {},
) {
  const log = new Log();
  const runs: UpOptions[] = [];
  const stack = {
    getAllConfig: () =>
      Promise.resolve({ "javelin:cells": { value: JSON.stringify(cells.slice(0, count)) } }),
    up(options: UpOptions) {
      const failed = failures[runs.length] ?? [];
      const root = { type: "pulumi:pulumi:Stack", op: runs.length === 0 ? "create" : "same" };
      log.handle(event({ resourcePreEvent: { metadata: { urn: urn(root.type, "prod"), ...root } } }));
      runs.push(options);
      log.handle(event({ preludeEvent: { config: {} } }));
      for (const each of begun) log.handle(each);
      for (const cell of failed) {
        const metadata = {
          urn: cell === "" ? urn("x:y:Z", "dns") : failing(cell),
          type: "x:y:Z",
          op: "create",
        };
        log.handle(event({ resOpFailedEvent: { metadata } }));
      }
      log.handle(event({ summaryEvent: { resourceChanges: { create: 10, same: 5 } } }));
      return failed.length > 0
        ? Promise.reject(new Error(`failed: ${failed.join()}`))
        : Promise.resolve(undefined);
    },
  } as unknown as Stack;
  const error = await bringUp(stack, log, { refresh: true, ...(signal && { signal }) }, () => cancelled).then(
    () => undefined,
    (reason: unknown) => String(reason),
  );
  return { runs, error, log };
}

describe("bringing a stack up", () => {
  it("is one run when nothing fails", async () => {
    const { runs, error } = await run([]);
    expect(runs).to.deep.equal([{ refresh: true }]);
    expect(error).to.equal(undefined);
  });

  it("gives the other cells a run without the one that failed, and then says what failed", async () => {
    const { runs, error, log } = await run([["two"]]);
    expect(runs).to.have.length(2);
    expect(runs[1]).to.deep.equal({
      exclude: ["**::two", "**::two-*"],
      excludeDependents: true,
      refresh: false,
    });
    expect(error).to.contain("failed: two");
    // Made in both runs; unchanged as the last one found it. The stack itself was made in the first.
    expect(log.changes).to.include({ create: 19, same: 4 });
  });

  it("leaves out one cell more each time, as long as one is left", async () => {
    const { runs, error } = await run([["two"], ["one"], ["three"]]);
    expect(runs.map(({ exclude = [] }) => exclude.length)).to.deep.equal([0, 2, 4]);
    expect(error).to.contain("failed: two");
  });

  for (const [when, failures, count] of [
    ["what failed is no cell's", [[""]], 3],
    ["every cell failed", [cells], 3],
    ["there is one cell", [["one"]], 1],
  ] as const)
    it(`ends after one run when ${when}`, async () => {
      const { runs, error } = await run(
        failures.map((each) => [...each]),
        count,
      );
      expect(runs).to.have.length(1);
      expect(error).to.contain("failed: ");
    });

  it("ends after one run when it was cancelled", async () => {
    const signal = AbortSignal.abort();
    expect((await run([["two"]], 3, { signal })).runs).to.have.length(1);
    expect((await run([["two"]], 3, { cancelled: true })).runs).to.have.length(1);
  });
});

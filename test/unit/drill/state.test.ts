import { expect } from "chai";
import { exitCodeOf } from "../../../automation/errors.js";
import { readState } from "../../../automation/drill/state.js";
import { Stub } from "../../../automation/drill/stub.js";
import { FakeClock } from "../../support/drillWorld.js";

const cell = (name: string) => ({ name, cloud: "aws", origin: `${name}.gw.example.com` });

function exported(outputs: object): string {
  const urn = "urn:pulumi:prod::javelin::pulumi:pulumi:Stack::javelin-prod";
  return JSON.stringify({ deployment: { resources: [{ type: "pulumi:pulumi:Stack", urn, outputs }] } });
}

function refusal(outputs: object): { message: string; code: number } {
  try {
    readState(exported(outputs), "prod", "javelin up prod --local");
  } catch (error) {
    return { message: (error as Error).message, code: exitCodeOf(error) };
  }
  return { message: "", code: 0 };
}

describe("the state that a drill reads", () => {
  it("names the cells, the names and the budget", () => {
    const outputs = {
      url: "https://api.gw.example.com",
      appUrl: "https://app.gw.example.com",
      cells: [cell("one"), cell("two")],
      failover: { totalSeconds: 90 },
    };
    const { cells, hosts, budgetSeconds } = readState(exported(outputs), "prod", "");
    expect({ cells: cells.map(({ name }) => name), hosts, budgetSeconds }).to.deep.equal({
      cells: ["one", "two"],
      hosts: ["api.gw.example.com", "app.gw.example.com"],
      budgetSeconds: 90,
    });
  });

  it("has what is replaced once, as it is now", () => {
    const outputs = { cells: [cell("one"), cell("two")], failover: { totalSeconds: 90 } };
    const { deployment } = JSON.parse(exported(outputs)) as { deployment: { resources: object[] } };
    const record = {
      urn: "urn:pulumi:prod::javelin::aws:route53/record:Record::api",
      type: "aws:route53/record:Record",
    };
    const resources = [
      { ...record, id: "new" },
      { ...record, id: "old", delete: true },
    ];
    const state = JSON.stringify({ deployment: { resources: [...deployment.resources, ...resources] } });
    const { resources: read } = readState(state, "prod", "");
    expect(read.filter(({ name }) => name === "api").map(({ id }) => id)).to.deep.equal(["new"]);
  });

  it("is refused with a remedy when there is one cell, as wrong use", () => {
    const { message, code } = refusal({ url: "https://api.gw.example.com", cells: [cell("one")] });
    expect(message).to.match(/one cell.*javelin:topology to cross-region.*"javelin up prod --local"/);
    expect(code).to.equal(2);
  });

  it("is refused with a remedy when nothing is up", () => {
    expect(refusal({})).to.deep.equal({
      message: 'The stack prod is not up: "javelin up prod --local" brings it up.',
      code: 1,
    });
  });
});

describe("a caller's resolver", () => {
  const answers = [{ name: "api", type: "A" as const, ttl: 30, data: "203.0.113.1" }];

  it("asks again when the TTL is over, and not before", async () => {
    const clock = new FakeClock();
    const asked: number[] = [];
    const query = () => (asked.push(clock.now()), Promise.resolve(answers));
    const stub = new Stub(clock, query, 0.5);
    await clock.run(
      (async () => {
        for (let second = 0; second < 80; second++) {
          expect(await stub.resolve("api", () => 0)).to.equal("203.0.113.1");
          await clock.sleep(1);
        }
      })(),
    );
    // Half of the first answer's time was over when it came.
    expect(asked).to.deep.equal([0, 15, 45, 75]);
  });

  it("keeps nothing of a question that failed", async () => {
    const replies = [undefined, [], answers];
    const stub = new Stub(new FakeClock(), () => Promise.resolve(replies.shift()), 0);
    const resolved = [];
    for (let time = 0; time < 3; time++) resolved.push(await stub.resolve("api", () => 0));
    expect(resolved).to.deep.equal([undefined, undefined, "203.0.113.1"]);
  });
});

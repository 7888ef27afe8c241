import { expect } from "chai";
import { violations } from "../../../policy/evaluate.js";
import type { Budget } from "../../../stacks/failoverBudget.js";
import { disruptions } from "../../support/failover.js";
import { fenceOf } from "../../support/fences.js";
import type { CrossStackName, StackName, StackRun } from "../../support/runs.js";
import { crossStacks, freshRun, identity, ofType, stackRun, stacks, theOne } from "../../support/runs.js";
import { configOf } from "../../support/stacks.js";

type Changes = Record<string, unknown>;

/** The config's own value of a key, to change a part of it. */
function valueOf<T>(stack: CrossStackName, key: string): T {
  return JSON.parse(configOf(stack)[key] ?? "null") as T;
}

const cellsOf = (stack: CrossStackName) => valueOf<Changes[]>(stack, "javelin:cells");
const dnsOf = (stack: CrossStackName) => valueOf<Changes>(stack, "javelin:dns");

/** An AWS cell before one of Google's, with Google's zone: the AWS one needs fixed addresses. */
const awsBehindCloudDns = (): Changes => ({
  "javelin:dns": { ...dnsOf("prod-gcp"), accelerator: true },
  "javelin:cells": [{ cloud: "aws", region: "us-east-1", cidr: "10.70.0.0/16" }, cellsOf("prod-gcp")[0]],
  "javelin:egress": valueOf("prod-multicloud", "javelin:egress"),
  "javelin:routes": valueOf("prod-multicloud", "javelin:routes"),
});

/** Stacks whose cells differ: those of prod-accelerator are made like those of prod. */
const cellStacks = crossStacks.filter((stack) => stack !== "prod-accelerator");

/** Each prod stack, and what else the DNS clouds can do. */
const cases: [what: string, stack: CrossStackName, changes: () => Changes, limit: number][] = [
  ...crossStacks.map((stack): [string, CrossStackName, () => Changes, number] => [
    stack,
    stack,
    () => ({}),
    valueOf<{ failoverSeconds: number }>(stack, "javelin:objectives").failoverSeconds,
  ]),
  ["prod-gcp with a cell on AWS", "prod-gcp", awsBehindCloudDns, 150],
];

const made = new Map<string, Promise<StackRun>>();

/** The one run of a case, made when it is first asked for; a stack as it stands shares its run with other tests. */
function ran(what: string, preview = false): Promise<StackRun> {
  const [, stack, changes] = cases.find(([name]) => name === what)!;
  const own = crossStacks.find((each) => each === what);
  if (own) return stackRun("small", preview, own);
  const key = `${what} ${preview}`;
  let found = made.get(key);
  if (!found) made.set(key, (found = freshRun(changes(), preview, stack)));
  return found;
}

/** What a name of the gateway leads to in its zone, step by step. */
function leads(resources: StackRun["resources"]): unknown {
  const [record] = resources.filter(
    ({ type, name }) => /:Record(Set)?$/.test(type) && /^dns-api\./.test(name),
  );
  const { aliases, cnameRecord, rrdatas } = record!.inputs;
  return aliases ?? cnameRecord ?? rrdatas;
}

describe("stacks with several cells", () => {
  for (const [what, , , limit] of cases) {
    it(`${what}: comes up, keeps every policy and its budget`, async () => {
      const { resources, result } = await ran(what);
      const found = violations(
        resources.map((each) => ({
          type: each.type,
          name: each.name,
          urn: identity(each),
          props: { ...each.inputs, ...each.state, ...(each.id && { id: each.id }) },
        })),
      );
      expect(found).to.deep.equal([]);
      expect((result.failover as Budget).totalSeconds).to.be.at.most(limit);
      expect(result.cells).to.have.length(2);
      expect(JSON.stringify(leads(resources))).to.match(/active\.|awsglobalaccelerator|trafficmanager/);
    });
  }

  for (const stack of crossStacks)
    it(`${stack}: is planned alike`, async () => {
      const [plan, up] = [await ran(stack, true), await ran(stack)];
      const names = ({ resources }: StackRun) => resources.map(identity).sort();
      expect(names(plan)).to.deep.equal(names(up));
    });

  for (const stack of cellStacks)
    it(`${stack}: no cell waits for another, save a database that follows and certificates of one zone`, async () => {
      const { resources, dependencies } = await ran(stack);
      const cells = resources.filter(({ type }) => type.endsWith(":Cell")).map(({ name }) => name);
      expect(cells).to.have.length(2);
      const cellOf = (name: string) => cells.find((cell) => name === cell || name.startsWith(`${cell}-`));
      const waits = [...dependencies].flatMap(([key, names]) => {
        const own = cellOf(key.split(" ")[1] ?? "");
        return names.flatMap((name) => {
          const other = cellOf(name);
          return own && other && own !== other ? [`${key} waits for ${name}`] : [];
        });
      });
      expect([...dependencies.values()].flat().length).to.be.above(500);
      expect(
        waits.filter((each) => !/^\S+ \S+-database-|^acme:index\/certificate:/.test(each)),
      ).to.deep.equal([]);
    });

  it("a cell behind Route 53 is judged by its health check, not by every service of its load balancer", async () => {
    for (const stack of ["prod", "prod-multicloud"] as const) {
      const { resources } = await ran(stack);
      const evaluated = ofType(resources, "aws:route53/record:Record").flatMap(({ inputs }) =>
        ((inputs["aliases"] ?? []) as { evaluateTargetHealth: boolean }[]).map((alias) => ({
          checked: inputs["healthCheckId"] !== undefined,
          evaluated: alias.evaluateTargetHealth,
        })),
      );
      expect(evaluated.filter(({ checked }) => checked)).to.have.length.above(0);
      for (const each of evaluated) expect(each.evaluated).to.equal(!each.checked);
    }
  });

  it("the health checks are what the budget counts with, in the cells' order, of names that lead to them", async () => {
    const { resources } = await ran("prod-azure");
    const { inputs } = theOne(resources, "azure-native:trafficmanager:Profile");
    // Three checks, one every ten seconds; the budget's test works the sum out.
    expect(inputs["monitorConfig"]).to.include({ toleratedNumberOfFailures: 2, intervalInSeconds: 10 });
    expect(inputs["dnsConfig"]).to.include({ ttl: 30 });
    const endpoints = inputs["endpoints"] as { name: string; target: string }[];
    const regions = cellsOf("prod-azure").map(({ region }) => region);
    expect(endpoints.map(({ name }) => name)).to.deep.equal(regions);
    for (const { target } of endpoints)
      expect(ofType(resources, "azure-native:dns:RecordSet").map(({ name }) => name)).to.include(
        `dns-${target}`,
      );
  });

  it("an AWS cell behind Cloud DNS is checked at its accelerator's address", async () => {
    const { resources } = await ran("prod-gcp with a cell on AWS");
    const { ipSets } = theOne(resources, "aws:globalaccelerator/accelerator:Accelerator").state;
    const [first] = (ipSets as { ipAddresses: string[] }[])[0]!.ipAddresses;
    const record = theOne(resources, "gcp:dns/recordSet:RecordSet", "failover-record");
    expect(record.inputs["routingPolicy"]).to.have.nested.property(
      "primaryBackup.primary.externalEndpoints[0]",
      first,
    );
  });

  it("the accelerator takes the place of health checks in DNS", async () => {
    const { resources } = await ran("prod-accelerator");
    expect(ofType(resources, "aws:route53/healthCheck:HealthCheck")).to.deep.equal([]);
    const groups = ofType(resources, "aws:globalaccelerator/endpointGroup:EndpointGroup");
    expect(groups.map(({ inputs }) => inputs["trafficDialPercentage"])).to.deep.equal([100, 0]);
  });

  it("turn no change away while every cell has a database of its own", async () => {
    for (const stack of ["prod", "prod-azure", "prod-gcp"] as const)
      for (const { cloud, region } of cellsOf(stack)) {
        const fenced = fenceOf(String(cloud), (await ran(stack)).resources, String(region));
        expect(fenced("POST", "/v1/admin/routes/chat"), `${stack} ${String(region)}`).to.equal(false);
      }
  });

  it("raise an alarm for each cell, or one for all of them on Traffic Manager", async () => {
    const alarms = async (stack: StackName) =>
      (await stackRun("small", false, stack)).resources
        .filter(({ type }) => /:(MetricAlarm|MetricAlert|AlertPolicy)$/.test(type))
        .map(({ name }) => name);
    expect(await alarms("prod")).to.deep.equal([
      "dns-failover-alarm-us-east-1",
      "dns-failover-alarm-us-west-2",
    ]);
    expect(await alarms("prod-azure")).to.deep.equal(["dns-failover-alert"]);
    expect(await alarms("prod-gcp")).to.deep.equal([
      "dns-failover-alert-us-central1",
      "dns-failover-alert-us-east4",
    ]);
    // One cell moves nothing, and an accelerator judges by what the load balancers find: docs/topologies.md.
    for (const stack of [...stacks, "prod-accelerator"] as const)
      expect(await alarms(stack), stack).to.deep.equal([]);
  });

  for (const stack of ["prod", "prod-multicloud"] as const)
    it(`${stack}: a swap of roles replaces nothing`, async () => {
      const before = await ran(stack);
      const after = await freshRun({ "javelin:cells": cellsOf(stack).reverse() }, true, stack);
      const failover = (resources: StackRun["resources"]) =>
        resources.filter(({ name }) => name.startsWith("dns-failover"));
      expect(disruptions(failover(before.resources), failover(after.resources))).to.deep.equal([]);
      const all = (resources: StackRun["resources"]) => resources.map(identity).sort();
      expect(all(after.resources)).to.deep.equal(all(before.resources));
    });
});

import { expect } from "chai";
import { violations } from "../../../policy/evaluate.js";
import { disruptions } from "../../support/failover.js";
import { globally, withAccelerator } from "../../support/globalLoadBalancer.js";
import type { Recorded } from "../../support/mocks.js";
import type { StackRun } from "../../support/runs.js";
import { freshRun, identity, ofType, stackRun, theOne } from "../../support/runs.js";
import { configOf } from "../../support/stacks.js";

const type = {
  service: "gcp:compute/backendService:BackendService",
  port: "gcp:compute/instanceGroupNamedPort:InstanceGroupNamedPort",
  record: "gcp:dns/recordSet:RecordSet",
  armor: "gcp:compute/securityPolicy:SecurityPolicy",
};
type Backend = Record<"group" | "preference", string> & Record<"maxUtilization", number>;

const names = ["us-central1", "us-east4"];
const cellsOf = () => JSON.parse(configOf("prod-gcp")["javelin:cells"] ?? "[]") as Record<string, unknown>[];

/** What belongs to a cell: its component and all below it, with inputs. */
const ofCell = ({ resources }: StackRun, cell: string): [name: string, inputs: object][] =>
  resources
    .filter(({ name }) => name === cell || name.startsWith(`${cell}-`))
    .map((each): [string, object] => [identity(each), each.inputs])
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** What an `up` from one plan to another would make, delete and replace. What is planned alike stays. */
function disturbed(before: StackRun, after: StackRun): string[] {
  const texts = ({ resources }: StackRun) =>
    new Map(resources.map((each) => [identity(each), JSON.stringify(each.inputs)]));
  const [old, now] = [texts(before), texts(after)];
  const differs = (each: Recorded) => old.get(identity(each)) !== now.get(identity(each));
  return disruptions(before.resources.filter(differs), after.resources.filter(differs));
}

const service = ({ resources }: StackRun, name = "core") =>
  theOne(resources, type.service, `dns-loadBalancer-${name}`);
const backendsOf = (run: StackRun, name?: string) =>
  (service(run, name).inputs["backends"] as Backend[]).map((each) => ({
    cell: names.find((cell) => each.group.includes(`/zones/${cell}-`)),
    ...each,
  }));

describe("cells on Google Cloud behind one load balancer", () => {
  let fronted: StackRun;
  /** Plans, in which no value is a cloud's own choice, so that two can be compared. */
  let plain: StackRun;
  let planned: StackRun;
  before(async () => {
    fronted = await globally();
    plain = await stackRun("small", true, "prod-gcp");
    planned = await globally({}, true);
  });

  it("keep every policy, and a budget that no resolver adds to", () => {
    const found = violations(
      fronted.resources.map((each) => ({
        type: each.type,
        name: each.name,
        urn: identity(each),
        props: { ...each.inputs, ...each.state, ...(each.id && { id: each.id }) },
      })),
    );
    expect(found).to.deep.equal([]);
    expect(fronted.result.failover).to.include({ totalSeconds: 15, propagationSeconds: 0 });
  });

  it("are the same cells as without it", () => {
    for (const cell of names) {
      expect(ofCell(plain, cell).length).to.be.above(100);
      expect(ofCell(planned, cell)).to.deep.equal(ofCell(plain, cell));
    }
  });

  it("can get it and lose it again: nothing but itself and the health checks of DNS comes and goes", () => {
    const own = /^(create|delete) \S+ (dns-(loadBalancer|failover|global|proofs)|load-balancer)/;
    for (const [from, to] of [
      [plain, planned],
      [planned, plain],
    ] as const) {
      const changes = disturbed(from, to);
      expect(changes).not.to.have.length(0);
      expect(changes.filter((each) => !own.test(each))).to.deep.equal([]);
    }
  });

  it("are reached at one address by every public name; their own names lead to themselves", () => {
    const { resources } = fronted;
    const { address } = theOne(
      resources,
      "gcp:compute/globalAddress:GlobalAddress",
      "dns-loadBalancer-address",
    ).state;
    const leads = (name: string) => theOne(resources, type.record, `dns-${name}.gcp.ai.example.com`).inputs;
    expect(theOne(resources, type.record, "dns-global-global.gcp.ai.example.com").inputs).to.deep.include({
      type: "A",
      rrdatas: [address],
    });
    for (const name of ["api", "app"])
      expect(leads(name)).to.deep.include({ type: "CNAME", rrdatas: ["global.gcp.ai.example.com."] });
    for (const cell of names) expect(leads(cell)["rrdatas"]).not.to.include(address);
    expect(resources.filter(({ inputs }) => inputs["routingPolicy"] !== undefined)).to.deep.equal([]);
    expect(resources.filter(({ inputs }) => inputs["sourceRegions"] !== undefined)).to.deep.equal([]);
  });

  it("are all in each service, the first preferred up to its last CPU", () => {
    for (const name of ["core", "admin", "webapp"])
      expect(
        backendsOf(fronted, name).map(({ cell, preference, maxUtilization }) => [
          cell,
          preference,
          maxUtilization,
        ]),
      ).to.deep.equal([
        ...Array.from({ length: 3 }, () => ["us-central1", "PREFERRED", 1]),
        ...Array.from({ length: 3 }, () => ["us-east4", "DEFAULT", undefined]),
      ]);
  });

  it("lose no request to a node without a pod: other regions get some only when no node is left", () => {
    const policy = theOne(fronted.resources, "gcp:networkservices/serviceLbPolicies:ServiceLbPolicies");
    expect(policy.inputs["failoverConfig"]).to.deep.equal({ failoverHealthThreshold: 1 });
    for (const name of ["core", "admin", "webapp"])
      expect(service(fronted, name).inputs["serviceLbPolicy"]).to.equal(
        `//networkservices.googleapis.com/${policy.id}`,
      );
  });

  it("are guarded as by themselves, by a policy that is no cell's", () => {
    const armors = ofType(fronted.resources, type.armor);
    expect(armors).to.have.length(3);
    const own = theOne(fronted.resources, type.armor, "dns-loadBalancer-armor-policy");
    for (const armor of armors) expect(armor.inputs["rules"]).to.deep.equal(own.inputs["rules"]);
    for (const each of ofType(fronted.resources, type.service))
      if (each.name.startsWith("dns-loadBalancer")) expect(each.inputs["securityPolicy"]).to.equal(own.id);
  });

  it("have their ports named before a service looks for them, and can serve before a name leads there", () => {
    const { dependencies, resources } = fronted;
    const waits = (key: string) => dependencies.get(key) ?? [];
    const ports = ofType(resources, type.port)
      .filter(({ name }) => name.includes("-core-"))
      .map(({ name }) => name);
    expect(ports).to.have.length(6);
    expect(waits(`${type.service} dns-loadBalancer-core`)).to.include.members(ports);
    const record = waits(`${type.record} dns-global-global.gcp.ai.example.com`);
    expect(record).to.include("dns-loadBalancer-https");
    expect(record.some((name) => name.startsWith("us-central1-gateway"))).to.equal(true);
    // A standby that is late holds nobody up.
    expect(record.filter((name) => name.startsWith("us-east4-gateway"))).to.deep.equal([]);
  });

  it("are planned alike", () => {
    expect(planned.resources.map(identity).sort()).to.deep.equal(fronted.resources.map(identity).sort());
  });

  it("swap their roles, and one more joins them, with nothing replaced", async () => {
    const cells = cellsOf();
    const more = { cloud: "gcp", region: "europe-west1", cidr: "10.62.0.0/16", project: "example-project" };
    const own = /^create \S+ (europe-west1|dns-(proofs-\S+-)?europe-west1)/;
    for (const after of [[...cells].reverse(), [...cells, more], [more, ...cells]]) {
      const run = await freshRun({ ...withAccelerator(), "javelin:cells": after }, true, "prod-gcp");
      expect(disturbed(planned, run).filter((each) => !own.test(each))).to.deep.equal([]);
      for (const cell of names)
        expect(ofCell(run, cell).map(([name]) => name)).to.deep.equal(
          ofCell(planned, cell).map(([name]) => name),
        );
    }
    const swapped = await freshRun(
      { ...withAccelerator(), "javelin:cells": [...cells].reverse() },
      false,
      "prod-gcp",
    );
    const preferred = backendsOf(swapped).filter(({ preference }) => preference === "PREFERRED");
    expect(new Set(preferred.map(({ cell }) => cell))).to.deep.equal(new Set(["us-east4"]));
  });

  it("are alike where all serve, and a service is sought where it runs", async () => {
    const cells = cellsOf().map((cell, at) =>
      at === 0 ? { ...cell, services: ["core", "admin", "flag"] } : cell,
    );
    const run = await freshRun(
      { ...withAccelerator({ mode: "active-active" }), "javelin:cells": cells },
      false,
      "prod-gcp",
    );
    for (const { preference, maxUtilization } of backendsOf(run))
      expect({ preference, maxUtilization }).to.deep.equal({
        preference: undefined,
        maxUtilization: undefined,
      });
    expect(new Set(backendsOf(run, "core").map(({ cell }) => cell))).to.deep.equal(new Set(names));
    expect(new Set(backendsOf(run, "webapp").map(({ cell }) => cell))).to.deep.equal(new Set(["us-east4"]));
  });

  it("need not let in Cloud DNS's checks", async () => {
    const ingress = { allow: ["198.51.100.0/24"], admin: [], requestsPerMinute: 3000 };
    const run = await freshRun({ ...withAccelerator(), "javelin:ingress": ingress }, true, "prod-gcp");
    expect(JSON.stringify(theOne(run.resources, type.armor, "dns-loadBalancer-armor-policy").inputs["rules"]))
      .to.include("198.51.100.0/24")
      .and.not.include("0.0.0.0/0");
  });
});

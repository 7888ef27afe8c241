import { expect } from "chai";
import type { EngineEvent, OpType } from "@pulumi/pulumi/automation/index.js";
import { Log, shortType } from "../../automation/events.js";
import { cellOf, describe as explanation, essence, explain } from "../../automation/failure.js";
import { jsonDocument, masking } from "../../automation/json.js";
import { planLines } from "../../automation/plan.js";
import { headline, underWay } from "../../automation/progress.js";
import { retry } from "../../automation/remedies.js";
import { cellTable, changesLine, summary } from "../../automation/summary.js";

const stackUrn = "urn:pulumi:dev::javelin::pulumi:pulumi:Stack::javelin-dev";
const cellUrn = "urn:pulumi:dev::javelin::javelin:aws:Cell::use1";
const networkUrn = "urn:pulumi:dev::javelin::javelin:aws:Cell$javelin:aws:Network::use1-network";
const subnetUrn = `urn:pulumi:dev::javelin::javelin:aws:Cell$javelin:aws:Network$aws:ec2/subnet:Subnet::use1-network-node-0`;

const parents: Record<string, string> = {
  [cellUrn]: stackUrn,
  [networkUrn]: cellUrn,
  [subnetUrn]: networkUrn,
};

function event(
  kind: "resourcePreEvent" | "resOutputsEvent" | "resOpFailedEvent",
  urn: string,
  op: OpType,
): EngineEvent {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const state = {
    type,
    urn,
    custom: !type.startsWith("javelin:"),
    id: "",
    parent: parents[urn] ?? "",
    inputs: {},
    outputs: {},
    provider: "",
  };
  const metadata = { op, urn, type, new: state, provider: "" };
  return { sequence: 0, timestamp: 0, [kind]: { metadata, status: 0, steps: 0 } };
}

function diagnostic(message: string, urn?: string, severity: "error" | "warning" = "error"): EngineEvent {
  const body = { message, severity, color: "raw", ...(urn === undefined ? {} : { urn }) };
  return { sequence: 0, timestamp: 0, diagnosticEvent: body };
}

function logOf(...events: EngineEvent[]): Log {
  const log = new Log();
  for (const each of events) log.handle(each);
  return log;
}

const same = (text: string): string => text;
const none = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
describe("the javelin command", () => {
  describe("events", () => {
    it("counts what is done and lists what is under way", () => {
      const log = logOf(
        event("resourcePreEvent", cellUrn, "create"),
        event("resOutputsEvent", cellUrn, "create"),
        event("resourcePreEvent", subnetUrn, "create"),
      );
      expect(log.changes).to.deep.equal({ ...none, create: 1 });
      expect(headline(log)).to.equal("1 created, 1 under way");
      expect(underWay(log, Date.now() + 5000, 80)).to.deep.equal([
        "  aws:ec2:Subnet use1-network-node-0 5 s",
      ]);
    });

    it("counts a component once, and a replacement as one change", () => {
      const log = logOf(event("resOutputsEvent", cellUrn, "same"), event("resOutputsEvent", cellUrn, "same"));
      expect(log.changes).to.deep.equal({ ...none, same: 1 });
      const resourceChanges = { "create-replacement": 2, replace: 2, "delete-replaced": 2, same: 3 };
      const summaryEvent = { maybeCorrupt: false, durationSeconds: 1, resourceChanges, policyPacks: {} };
      log.handle({ sequence: 0, timestamp: 0, summaryEvent });
      expect(log.changes).to.deep.equal({ ...none, replace: 2, same: 3 });
    });

    it("lists no more of a plan than a person reads, losses first", () => {
      const many = Array.from({ length: 30 }, (_, i) =>
        event("resourcePreEvent", `${subnetUrn}${i}`, "create"),
      );
      const lines = planLines(logOf(...many, event("resourcePreEvent", subnetUrn, "delete")));
      expect(lines).to.have.length(27);
      expect(lines[0]).to.equal("- aws:ec2:Subnet use1-network-node-0");
      expect(lines.at(-1)).to.equal("+ … and 5 more");
    });

    it("writes types as people do", () => {
      expect(shortType("aws:ec2/subnet:Subnet")).to.equal("aws:ec2:Subnet");
      expect(shortType("kubernetes:apps/v1:Deployment")).to.equal("kubernetes:apps/v1:Deployment");
      expect(shortType("javelin:aws:Network")).to.equal("javelin:aws:Network");
    });
  });

  describe("failure", () => {
    const failing = logOf(
      event("resOutputsEvent", cellUrn, "create"),
      event("resOutputsEvent", networkUrn, "create"),
      event("resourcePreEvent", subnetUrn, "create"),
      diagnostic(
        "<{%fg 1%}>error: <{%reset%}>InvalidSubnet.Range: The CIDR 's3cret-value' is invalid.\n",
        subnetUrn,
      ),
      event("resOpFailedEvent", subnetUrn, "create"),
      diagnostic("update failed"),
      diagnostic("resource registration failed", stackUrn),
    );

    it("names the resource, its cell, the cloud's words and what to do", () => {
      const failure = explain(failing, new Error("code: 255"), masking(["s3cret-value"]));
      expect(failure.resources).to.deep.equal([
        {
          urn: subnetUrn,
          type: "aws:ec2/subnet:Subnet",
          name: "use1-network-node-0",
          cell: "use1",
          operation: "create",
          message: "InvalidSubnet.Range: The CIDR '[secret]' is invalid.",
          remedy: "Put right what the message names.",
        },
      ]);
      const text = explanation(failure);
      expect(text).to.include(
        "✗ create aws:ec2:Subnet use1-network-node-0 in cell use1\n    InvalidSubnet.Range",
      );
      expect(text).to.include(retry);
      expect(text).not.to.include("update failed");
    });

    it("shows a program's refusal without a stack trace", () => {
      const thrown =
        "Unhandled exception: Error: 2 errors:\n  javelin:size: x\n  javelin:dns: y\n    at f (/a/b.ts:1:2)";
      const failure = explain(logOf(diagnostic(thrown, stackUrn)), new Error(""), same);
      expect(failure.problems).to.deep.equal(["2 errors:\n  javelin:size: x\n  javelin:dns: y"]);
      expect(failure.message).to.equal("2 errors:");
    });

    it("ends without a blank line where there is nothing to advise", () => {
      const failure = { message: "m", resources: [], problems: ["only this"], remedy: "" };
      expect(explanation(failure)).to.equal("✗ only this");
    });

    it("falls back on the CLI's own words", () => {
      const stderr =
        "code: -2\n stdout: \n stderr: Command failed with exit code 255: pulumi up\nerror: no such stack\n";
      expect(explain(logOf(), new Error(stderr), same).problems).to.deep.equal(["no such stack"]);
      const killed = explain(
        logOf(),
        new Error("Command was killed with SIGKILL (Forced termination): pulumi up"),
        same,
      );
      expect(killed.problems).to.deep.equal(["The Pulumi engine was killed (SIGKILL)."]);
      expect(killed.remedy).to.include("same command again");
    });

    it("knows a cell by its component only", () => {
      expect(cellOf([subnetUrn, networkUrn, cellUrn, stackUrn])).to.equal("use1");
      expect(cellOf([networkUrn, stackUrn])).to.equal(undefined);
      expect(cellOf([cellUrn.replace("aws:Cell", "kubernetes:SparePartOfCell")])).to.equal(undefined);
    });

    it("leaves out what the engine says of a second run, and hears it of the first", () => {
      const twice = diagnostic("Duplicate resource URN 'urn:pulumi:prod::javelin::x:y:Z::database'; try …");
      const prelude: EngineEvent = { sequence: 0, timestamp: 0, preludeEvent: { config: {} } };
      expect(logOf(prelude, twice).diagnostics).to.have.length(1);
      expect(
        logOf(prelude, diagnostic("first"), prelude, twice, diagnostic("later")).diagnostics,
      ).to.deep.equal([
        { urn: undefined, severity: "error", message: "first" },
        { urn: undefined, severity: "error", message: "later" },
      ]);
    });

    it("unwraps what bridges and the engine put around a message", () => {
      expect(essence("1 error occurred:\n\t* creating EC2 VPC: boom")).to.equal("creating EC2 VPC: boom");
      expect(essence(`creating ${subnetUrn}: boom`)).to.equal("boom");
    });
  });

  describe("summary", () => {
    const outputs = {
      url: "https://api.gw.example.com",
      appUrl: "https://app.gw.example.com",
      cells: [{ name: "use1", cloud: "aws", databaseEndpoint: "db.example", kubeconfig: "[secret]" }],
    };

    it("ends with the addresses, the cells and what to try next", () => {
      const result = {
        stack: "dev",
        operation: "up",
        changes: { ...none, create: 187 },
        outputs,
        seconds: 12.34,
      };
      const text = summary(result, true);
      expect(text.split("\n", 1)[0]).to.equal("dev is up on the local cloud: 187 created in 12.3 s.");
      expect(text).to.match(/API +https:\/\/api\.gw\.example\.com/);
      expect(text).to.match(/name +cloud +database endpoint/);
      expect(text).to.include("npx javelin destroy dev --local");
      expect(text).not.to.include("[secret]");
    });

    it("carries the run's own values over to the command that carries a preview out", () => {
      const previewed = { stack: "dev", operation: "preview", changes: none, outputs: {}, seconds: 1 };
      expect(summary(previewed, true, " -c size=standard")).to.include(
        "npx javelin up dev --local -c size=standard",
      );
    });

    it("takes cells as a record too, and does without", () => {
      expect(cellTable({ use1: { cloud: "aws" } })).to.deep.equal(["  cell  cloud", "  use1  aws"]);
      expect(cellTable(undefined)).to.deep.equal([]);
      expect(cellTable([])).to.deep.equal([]);
    });

    it("says so when there is nothing to do", () => {
      expect(changesLine(none, false)).to.equal("nothing to change");
      expect(changesLine({ ...none, replace: 1, delete: 2 }, true)).to.equal("1 to replace, 2 to delete");
    });

    it("is one JSON document on request", () => {
      const result = { stack: "dev", operation: "up", changes: none, outputs, seconds: 1.26 };
      expect(JSON.parse(jsonDocument(result))).to.deep.equal({ ...result, seconds: 1.3 });
      const error = { message: "m", resources: [], problems: ["m"], remedy: "r" };
      expect(JSON.parse(jsonDocument(result, error)))
        .to.have.property("error")
        .that.deep.equals(error);
    });
  });
});

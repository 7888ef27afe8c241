import { availableParallelism } from "node:os";
import { graphOf } from "./graph.js";
import type { Node } from "./graph.js";
import type { Row } from "./rows.js";
import { rowOf, say } from "./rows.js";
import { lastChain, minutesOf, simulate } from "./simulate.js";
import { parallel } from "../automation/workspace.js";
import { crossStacks } from "../test/support/runs.js";
import { configOf } from "../test/support/stacks.js";

/** How many resources Pulumi makes at once unless it is told (pkg/cmd/pulumi/operations, `defaultParallel`). */
const enginesOwn = 4 * availableParallelism();

/**
 * Minutes until everything of a stack is there, by the creation times that the clouds publish. What the program
 * registers is played through, as many at once as the command allows. The floor is the longest chain of what the
 * program states that it needs: inputs, providers, `dependsOn`; without limit, and without the waiting that
 * Pulumi adds, whose components wait for all of their inputs.
 */
export async function readyRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const stack of crossStacks) {
    const cells = JSON.parse(configOf(stack)["javelin:cells"] ?? "[]") as Cell[];
    const all = await graphed(stack, stack);
    const alone: Graphed[] = [];
    for (const cell of cells)
      alone.push(await graphed(stack, `${stack}, ${cell.region} alone`, single(stack, cell)));
    const [first] = alone;
    const name = `time to ready of ${stack}`;
    rows.push(
      rowOf(`${name}'s first cell alone, over its longest chain`, first!.minutes, first!.chain, "min"),
      rowOf(`${name}, over its longest chain`, all.minutes, all.chain, "min"),
      rowOf(
        `${name}, over its slowest cell alone`,
        all.minutes,
        Math.max(...alone.map((each) => each.minutes)),
        "min",
      ),
    );
    // What is known of the vendor's way is for AWS.
    if (stack !== "prod") continue;
    const applies = vendorApplies(first!.nodes);
    say(`ready   the vendor's three applies for one region, by the same times: ${applies.join(" + ")} min`);
    const vendor = applies.reduce((sum, each) => sum + each, 0);
    rows.push(
      rowOf(`${name}'s first cell alone, over the vendor's three applies`, first!.minutes, vendor, "min"),
      rowOf(
        `${name}, over the vendor's three applies in each region`,
        all.minutes,
        cells.length * vendor,
        "min",
      ),
    );
  }
  return rows;
}

interface Graphed {
  nodes: Node[];
  minutes: number;
  chain: number;
}

async function graphed(
  stack: string,
  title: string,
  changes: Record<string, unknown> = {},
): Promise<Graphed> {
  const { nodes } = await graphOf(stack, changes);
  const minutes = minutesOf(simulate(nodes, parallel));
  const byDefault = minutesOf(simulate(nodes, enginesOwn));
  const chain = lastChain(nodes, ({ stated }) => stated);
  const steps = chain.map((node) => `${node.name} ${node.minutes}`).join(", ");
  say(
    `ready   ${title}: ${minutes} min (with Pulumi's default of ${enginesOwn} at once: ${byDefault}); chain: ${steps}`,
  );
  return { nodes, minutes, chain: chain.reduce((sum, node) => sum + node.minutes, 0) };
}

interface Cell {
  cloud: string;
  region: string;
}

/** A stack of several cells with one of them alone, and what it cannot have: an accelerator, others' administrators. */
function single(stack: string, cell: Cell): Record<string, unknown> {
  const config = configOf(stack);
  const kubernetes = JSON.parse(config["javelin:kubernetes"] ?? "{}") as { admins: string[] };
  const dns = JSON.parse(config["javelin:dns"] ?? "{}") as object;
  const admins = kubernetes.admins.filter((admin) => admin.startsWith("arn:") === (cell.cloud === "aws"));
  return {
    "javelin:topology": "single-region",
    "javelin:cells": [cell],
    "javelin:objectives": {},
    "javelin:dns": { ...dns, accelerator: false },
    "javelin:kubernetes": { ...kubernetes, admins },
  };
}

/** What of a cell is made in the cluster, and what leads callers to it; the rest comes first. */
const inCluster = /^kubernetes:/;
const entrance =
  /^aws:((acm|lb|alb|globalaccelerator)\/|route53\/(record|zone|healthCheck)|wafv2\/webAclAssociation)/;

/**
 * Minutes of three applies one after the other: cloud, cluster, entrance. The vendor has three (javelin-iac); what
 * is in each is not published in this detail, so the split is by kind. Each apply makes what this program makes,
 * with nothing waited for that is not stated, and no limit; Helm's 15 upgrades count as if they ran at once.
 */
function vendorApplies(nodes: readonly Node[]): number[] {
  const byUrn = new Map(nodes.map((node) => [node.urn, node]));
  const phases = new Map<string, number>();
  const phaseOf = (node: Node): number => {
    const own = inCluster.test(node.type) ? 1 : entrance.test(node.type) ? 2 : 0;
    const known = phases.get(node.urn);
    if (known !== undefined) return known;
    // Nothing comes before what it needs.
    const before = node.stated.flatMap((urn) => byUrn.get(urn) ?? []);
    const phase = Math.max(own, ...before.map(phaseOf));
    phases.set(node.urn, phase);
    return phase;
  };
  return [0, 1, 2].map((phase) =>
    minutesOf(
      simulate(
        nodes.filter((node) => phaseOf(node) === phase),
        Infinity,
        ({ stated }) => stated,
      ),
    ),
  );
}

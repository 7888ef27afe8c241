import { isIPv4 } from "node:net";
import { plain } from "../../local/publicDns.js";
import { Refusal, WrongUse } from "../errors.js";
import type { ExportedState } from "../pending.js";
import { deployed, listOf, objectOf, ofType, textOf } from "../state.js";
import type { Deployed } from "../state.js";
import type { Check } from "./health.js";
import type { Names, Situation } from "./dns.js";

/** What a drill takes from the state of a stack: what was deployed, never what was configured. */

/** One resource of the state. */
export type Resource = Pick<Deployed, "type" | "id" | "name" | "outputs">;

/** A cell as callers and checkers see it. */
export interface DrillCell {
  name: string;
  /** Its own hostname. */
  origin: string;
}

/** What a DNS service was made to do. */
export interface DnsService {
  /** Its name, for people. */
  title: string;
  names: Names;
  checks: Check[];
}

/** Addresses that stay the same, behind which each connection goes to a cell that can serve. */
export interface Fronts {
  /** Their name, for people. */
  title: string;
  checks: Check[];
  /** The cell that gets a connection to an address; undefined when none does. */
  fronts: Map<string, (now: Situation) => string | undefined>;
}

/** Names that clouds own, such as a load balancer's, to which records point: a drill gives each an address. */
export class Elsewhere {
  private readonly known = new Map<string, string[]>();

  /** Makes names known, unless they are addresses. */
  note(names: readonly string[]): void {
    for (const name of names) if (!isIPv4(name)) this.addresses(name);
  }

  /** Names whose addresses the state holds. */
  place(name: string, addresses: string[]): void {
    this.known.set(plain(name), addresses);
  }

  /** Addresses for documentation, which are nobody's. Source: RFC 5737. */
  addresses(name: string): string[] {
    let found = this.known.get(name);
    if (!found) this.known.set(name, (found = [`198.51.100.${this.known.size + 1}`]));
    return found;
  }

  /** Load balancers' names are kept for a minute. */
  readonly names: Names = (name) =>
    this.known.get(name)?.map((data) => ({ name, type: "A" as const, ttl: 60, data }));
}

/** The parts of a stack that are no DNS service's. */
export interface Stack {
  cells: DrillCell[];
  /** Names that callers use. */
  hosts: string[];
  budgetSeconds: number;
  resources: Resource[];
}

/** Reads the outputs and resources from `pulumi stack export`. */
export function readState(exported: string, stack: string, up: string): Stack {
  const resources = deployed(JSON.parse(exported) as ExportedState);
  const outputs = ofType(resources, "pulumi:pulumi:Stack")[0]?.outputs ?? {};
  const cells = listOf(outputs["cells"]).map((cell) => ({
    name: textOf(cell["name"]),
    origin: textOf(cell["origin"]),
  }));
  if (cells.length === 0) throw new Refusal(`The stack ${stack} is not up: "${up}" brings it up.`);
  const budget = objectOf(outputs["failover"])["totalSeconds"];
  if (cells.length === 1 || typeof budget !== "number")
    throw new WrongUse(
      `The stack ${stack} has one cell, so there is nowhere to fail over to: set javelin:topology to cross-region, name a second cell in javelin:cells, and "${up}".`,
    );
  const hosts = ["url", "appUrl"].flatMap((key) =>
    typeof outputs[key] === "string" ? [new URL(outputs[key]).hostname] : [],
  );
  return { cells, hosts, budgetSeconds: budget, resources };
}

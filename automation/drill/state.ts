import { Refusal, WrongUse } from "../errors.js";
import type { Check } from "./health.js";
import { plain } from "./dns.js";
import type { Names } from "./dns.js";

/** What a drill takes from the state of a stack: what was deployed, never what was configured. */

/** One resource of the state; what is secret stays encrypted, and is not looked at. */
export interface Resource {
  type: string;
  id: string;
  name: string;
  outputs: Record<string, unknown>;
}

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

/** Names that clouds own, such as a load balancer's, to which records point: a drill gives each an address. */
export class Elsewhere {
  private readonly known = new Map<string, string[]>();

  /** Makes names known, unless they are addresses. */
  note(names: readonly string[]): void {
    for (const name of names) if (!/^[\d.]+$/.test(name)) this.addresses(name);
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

type Props = Record<string, unknown>;

/** Reads the outputs and resources from `pulumi stack export`. */
export function readState(exported: string, stack: string, up: string): Stack {
  const { deployment } = JSON.parse(exported) as { deployment?: { resources?: Props[] } };
  const resources = (deployment?.resources ?? []).map((each) => ({
    type: textOf(each["type"]),
    id: textOf(each["id"]),
    name: textOf(each["urn"]).split("::").at(-1) ?? "",
    outputs: (each["outputs"] ?? {}) as Props,
  }));
  const outputs = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  const cells = listOf(outputs["cells"]).map((cell) => ({
    name: textOf(cell["name"]),
    origin: textOf(cell["origin"]),
  }));
  if (cells.length === 0) throw new Refusal(`The stack ${stack} is not up: "${up}" brings it up.`);
  const budget = (outputs["failover"] as Props | undefined)?.["totalSeconds"];
  if (cells.length === 1 || typeof budget !== "number")
    throw new WrongUse(
      `The stack ${stack} has one cell, so there is nowhere to fail over to: set javelin:topology to cross-region, name a second cell in javelin:cells, and "${up}".`,
    );
  const hosts = ["url", "appUrl"].flatMap((key) =>
    typeof outputs[key] === "string" ? [new URL(outputs[key]).hostname] : [],
  );
  return { cells, hosts, budgetSeconds: budget, resources };
}

/** A value of the state as text; empty when there is none, or it is secret. */
export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** A value of the state as a number; the service's default when there is none. */
export function numberOf(value: unknown, otherwise: number): number {
  const text = textOf(value);
  return text === "" ? otherwise : Number(text);
}

/** A value of the state as a list of objects. */
export function listOf(value: unknown): Props[] {
  return Array.isArray(value) ? (value as Props[]) : [];
}

/** A value of the state as a list of texts. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textOf) : [];
}

/** A value of the state as an object; empty when there is none. */
export function objectOf(value: unknown): Props {
  return typeof value === "object" && value !== null ? (value as Props) : {};
}

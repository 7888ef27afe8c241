import type { DnsTarget, Failover, FailoverCell } from "../../components/dns.js";
import { providers } from "../../local/cloud.js";
import { Operations } from "../../local/operations.js";
import { StoredWorld } from "../../local/world.js";
import type { Recorded } from "./mocks.js";

/** What every failover of the tests is like. */
export const common = {
  prefix: "javelin-test",
  domain: "gw.example.com",
  interval: 10,
  threshold: 3,
  ttl: 30,
  mode: "active-passive",
} as const satisfies Omit<Failover, "cells"> & { prefix: string };

/** Cells of these names, each with an address of its own unless told otherwise. */
export function cellsOf(
  names: readonly string[],
  target = (name: string): DnsTarget => ({ address: addressOf(name) }),
): FailoverCell[] {
  return names.map((name) => ({
    name,
    origin: `${name}.gw.example.com`,
    target: target(name),
    healthPath: "/healthz",
    ready: [],
  }));
}

export const addressOf = (name: string): string => `203.0.113.${name.charCodeAt(0)}`;

/** Two, three and four cells, each in its first order, swapped, rotated and reversed. */
export const orders: [before: string[], after: string[]][] = [2, 3, 4].flatMap((count) => {
  const names = ["a", "b", "c", "d"].slice(0, count);
  const [first, second, ...rest] = names;
  const changed = [[second!, first!, ...rest], [...names.slice(1), first!], [...names].reverse()];
  return changed.map((after): [string[], string[]] => [names, after]);
});

/** What an `up` from one run to another would make, delete and replace; what it would update is none of these. */
export function disruptions(before: readonly Recorded[], after: readonly Recorded[]): string[] {
  const operations = new Operations(providers, StoredWorld.inMemory());
  const key = ({ type, name }: Recorded) => `${type} ${name}`;
  const own = ({ custom, type }: Recorded) => custom && !type.startsWith("pulumi:");
  const olds = new Map(before.filter(own).map((each) => [key(each), each]));
  const news = new Map(after.filter(own).map((each) => [key(each), each]));
  return [
    ...[...olds.keys()].filter((each) => !news.has(each)).map((each) => `delete ${each}`),
    ...[...news].flatMap(([each, { type, name, inputs }]) => {
      const old = olds.get(each);
      if (!old) return [`create ${each}`];
      return operations
        .diff(type, name, old.inputs, inputs)
        .replaces.map((path) => `replace ${each}: ${path}`);
    }),
  ];
}

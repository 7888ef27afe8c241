import { isIPv4 } from "node:net";
import { Refusal } from "../errors.js";
import { accelerators } from "./accelerator.js";
import { cloudDns } from "./cloudDns.js";
import { addressesOf, follow } from "./dns.js";
import type { Answer, Situation } from "./dns.js";
import { globalLoadBalancers } from "./globalLoadBalancer.js";
import type { Check } from "./health.js";
import { route53 } from "./route53.js";
import { Elsewhere } from "./state.js";
import type { DrillCell, Stack } from "./state.js";
import { trafficManager } from "./trafficManager.js";

/** Everything of a stack that decides where a caller ends up. */
export interface Deployment {
  /** What answers and checks, for people. */
  title: string;
  cells: DrillCell[];
  /** The name that is called. */
  host: string;
  /** All names that a cell serves, besides its own. */
  hosts: string[];
  budgetSeconds: number;
  /** Whether several cells are answered while all are well. */
  shared: boolean;
  /** Seconds that a resolver keeps the answer to `host`; 0 where the addresses stay the same whatever happens. */
  ttl: number;
  checks: Check[];
  /** The whole answer to a question; undefined when there is no such name. */
  answer: (name: string, now: Situation) => Answer[] | undefined;
  /** The cell whose endpoint stands at an address. */
  reach: (address: string, now: Situation) => string | undefined;
  /** Whether what stands at an address is no cell's: it answers 503 itself when it reaches none. */
  fronted: (address: string) => boolean;
  /** The checks that watch a cell. */
  watching: (cell: string) => Check[];
}

const allWell: Situation = { healthy: () => true, random: () => 0 };
/** Finer than any weights that were meant to share traffic. */
const samples = Array.from({ length: 100 }, (_, i) => i / 100);

/** @throws {Refusal} when the state holds no DNS that a drill could follow, or a name in it leads nowhere */
export function deploymentOf(stack: Stack): Deployment {
  const { cells, hosts, resources, budgetSeconds } = stack;
  const elsewhere = new Elsewhere();
  const before = [accelerators(stack, elsewhere), globalLoadBalancers(stack)];
  const inner = before.flatMap((each) => each.checks);
  const fronts = new Map(before.flatMap((each) => [...each.fronts]));
  const services = [route53, trafficManager, cloudDns].flatMap((read) => read(resources, elsewhere) ?? []);
  const all = [...services.map(({ names }) => names), elsewhere.names];
  const answer: Deployment["answer"] = (name, now) =>
    follow(
      (each) => {
        for (const names of all) {
          const found = names(each, now);
          if (found) return found;
        }
        return undefined;
      },
      name,
      now,
    );

  const atAddress = new Map<string, string>();
  for (const { name, origin } of cells)
    for (const address of addressesOf(answer(origin, allWell) ?? []).addresses)
      if (!fronts.has(address)) atAddress.set(address, name);
  const reach: Deployment["reach"] = (address, now) => fronts.get(address)?.(now) ?? atAddress.get(address);

  const checks = [...services.flatMap((service) => service.checks), ...inner];
  const cellOf = ({ target }: Check): string | undefined => {
    const [address] = isIPv4(target) ? [target] : addressesOf(answer(target, allWell) ?? []).addresses;
    return address === undefined ? undefined : reach(address, allWell);
  };
  const [host = ""] = hosts;
  const { addresses, ttl } = addressesOf(answer(host, allWell) ?? []);
  if (addresses.length === 0)
    throw new Refusal(`No DNS record of the state leads from ${host || "a public name"} to an address.`);
  const reached = samples.map((random) => {
    const now = { ...allWell, random: () => random };
    return reach(addressesOf(answer(host, now) ?? []).addresses[0] ?? "", now);
  });
  const [service] = services.filter((each) => each.checks.length > 0);
  const title = [
    service?.title ?? services[0]?.title ?? "DNS",
    ...before.filter((each) => each.checks.length > 0).map((each) => each.title),
  ];
  return {
    title: title.join(" and "),
    cells,
    host,
    hosts,
    budgetSeconds,
    shared: new Set(reached).size > 1,
    ttl: inner.length > 0 && addresses.every((each) => fronts.has(each)) ? 0 : ttl,
    checks,
    answer,
    reach,
    fronted: (address) => fronts.has(address),
    watching: (cell) => checks.filter((check) => cellOf(check) === cell),
  };
}

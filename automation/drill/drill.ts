import { isIPv4 } from "node:net";
import { addressesOf } from "./dns.js";
import type { Situation } from "./dns.js";
import type { Deployment } from "./deployment.js";
import { Health, slowestVerdict } from "./health.js";
import type { Check } from "./health.js";
import { Stub } from "./stub.js";
import type { Condition, World } from "./world.js";

export const modes = ["region-down", "slow", "flapping", "health-path", "all-down"] as const;
export type Mode = (typeof modes)[number];

/** What a drill saw. Times are in seconds since it began. */
export interface Observations {
  /** How cells behaved, in order. */
  conditions: { at: number; cell: string; condition: Condition }[];
  /** Verdicts of the health checks, as they changed. */
  verdicts: { at: number; cell: string; healthy: boolean }[];
  /** Where the DNS service led whoever asked it, every second. */
  answers: { at: number; cell: string | undefined }[];
  calls: Call[];
  downAt: number;
  backAt: number;
  endAt: number;
}

export interface Call {
  caller: number;
  start: number;
  end: number;
  /** The cell that served it; undefined: lost. */
  cell: string | undefined;
}

export interface DrillRequest {
  cell: string;
  mode: Mode;
  random?: () => number;
  /** Gets a line for people at each turn. */
  tell?: (line: string) => void;
}

/** Six callers, whose resolvers ask at times spread over the TTL: one of them is near the worst case. */
const callers = 6;
/**
 * A caller waits two seconds between the starts of calls, and three for an answer: so exact is the downtime. Where
 * checks come faster than every ten seconds, it is in as much more of a hurry.
 */
const callEvery = 2;
const callTimeout = 3;
const hurryOf = ({ checks }: Deployment): number =>
  Math.min(1, ...checks.map(({ interval }) => interval / 10));
/** Seconds of calm before, between and after. */
const calm = 10;
/** A flap lasts one and a half checks, down and up. */
const flapChecks = 1.5;
const flaps = 4;
/** More than anything that is waited for takes. */
const slack = 30;

const conditionOf: Record<Mode, Condition> = {
  "region-down": "dark",
  "all-down": "dark",
  flapping: "dark",
  slow: "slow",
  "health-path": "unwell",
};

/** How long a slow endpoint takes: longer than any check and any caller waits. */
export function slownessOf({ checks }: Deployment): number {
  return Math.max(callTimeout, ...checks.map(({ timeout }) => timeout)) + 3;
}

const recovery = ({ interval, timeout, successes }: Check): number => interval * successes + timeout;
const longest = (checks: Check[], of: (check: Check) => number): number => Math.max(0, ...checks.map(of));
const flapSeconds = (checks: Check[]): number => flapChecks * longest(checks, ({ interval }) => interval);

/** Seconds that a drill takes at most, as a rule. */
export function expectedSeconds({ checks, ttl }: Deployment, mode: Mode): number {
  const away = mode === "flapping" ? 2 * flaps * flapSeconds(checks) : longest(checks, slowestVerdict) + ttl;
  return 3 * calm + away + longest(checks, recovery) + ttl;
}

/**
 * Takes a cell down and back up, and watches.
 *
 * @param open makes the world, whose DNS answers by what the health checks of this drill find
 */
export async function drill(
  deployment: Deployment,
  open: (now: Situation) => World | Promise<World>,
  { cell, mode, random = Math.random, tell = () => undefined }: DrillRequest,
): Promise<Observations> {
  const health = new Map(deployment.checks.map((check) => [check.id, new Health(check)]));
  const now: Situation = { healthy: (id) => health.get(id)?.healthy ?? true, random };
  const world = await open(now);
  const { clock } = world;
  const seen: Observations = {
    conditions: [],
    verdicts: [],
    answers: [],
    calls: [],
    downAt: 0,
    backAt: 0,
    endAt: 0,
  };
  const affected = mode === "all-down" ? deployment.cells.map(({ name }) => name) : [cell];
  const watching = affected.flatMap((each) => deployment.watching(each));
  const last: (Call | undefined)[] = Array.from({ length: callers }, () => undefined);

  const note = (line: string): void => {
    tell(`${clock.now().toFixed(1).padStart(6)} s  ${line}`);
  };
  const set = (condition: Condition): void => {
    note(`${affected.join(", ")}: ${condition}`);
    for (const each of affected) {
      world.set(each, condition);
      seen.conditions.push({ at: clock.now(), cell: each, condition });
    }
  };
  /** Waits until something holds, looking every second, but not for ever. */
  const until = async (holds: () => boolean, atMost: number): Promise<void> => {
    for (const end = clock.now() + atMost; clock.now() < end && !holds();)
      if (!(await clock.sleep(1))) return;
  };

  const check = async (each: Check, owner: string, checker: number): Promise<void> => {
    let next = clock.now() + (each.interval * (checker + 0.5)) / each.checkers;
    while (await clock.sleep(next - clock.now())) {
      const passed = await probe(world, each);
      const verdict = health.get(each.id);
      if (verdict?.report(checker, passed)) {
        seen.verdicts.push({ at: clock.now(), cell: owner, healthy: verdict.healthy });
        note(`${owner}: health checks of ${each.path} ${verdict.healthy ? "pass" : "fail"}`);
      }
      next = Math.max(next + each.interval, clock.now());
    }
  };
  const hurry = hurryOf(deployment);
  const call = async (caller: number): Promise<void> => {
    const stub = new Stub(clock, world.query, 1 - (caller + 0.5) / callers);
    let next = clock.now() + (hurry * callEvery * caller) / callers;
    while (await clock.sleep(next - clock.now())) {
      const start = clock.now();
      const address = await stub.resolve(deployment.host, random);
      const { host } = deployment;
      const reply = await (address === undefined
        ? undefined
        : world.request({ address, sni: host, host, path: "/", timeout: hurry * callTimeout }));
      // Cut off by the end of the drill.
      if (seen.endAt > 0) return;
      const made = { caller, start, end: clock.now(), cell: reply?.status === 200 ? reply.cell : undefined };
      seen.calls.push(made);
      last[caller] = made;
      next = start + hurry * callEvery;
    }
  };
  const watch = async (): Promise<void> => {
    do {
      const answers = await world.query(deployment.host);
      // Cut off by the end of the drill, or lost on the way: no news of where the service leads.
      if (seen.endAt > 0 || !answers) continue;
      const [address] = addressesOf(answers).addresses;
      const reached = address === undefined ? undefined : deployment.reach(address, now);
      seen.answers.push({ at: clock.now(), cell: reached });
    } while (await clock.sleep(1));
  };

  const direct = async (): Promise<void> => {
    await clock.sleep(calm);
    const before = last.map((each) => each?.cell);
    seen.downAt = clock.now();
    if (mode === "flapping") {
      for (let flap = 0; flap < flaps; flap++) {
        for (const condition of [conditionOf[mode], "up"] as const) {
          if (condition === "up") seen.backAt = clock.now();
          set(condition);
          await clock.sleep(flapSeconds(watching));
        }
      }
    } else {
      set(conditionOf[mode]);
      const condemned = () => watching.every(({ id }) => !now.healthy(id));
      const left = (each: Call | undefined) => each?.cell !== undefined && !affected.includes(each.cell);
      const settled = () => condemned() && (mode === "all-down" || last.every(left));
      await until(settled, longest(watching, slowestVerdict) + deployment.ttl + slack);
      await clock.sleep(calm);
      seen.backAt = clock.now();
      set("up");
    }
    const well = () => watching.every(({ id }) => now.healthy(id));
    const away = last.map((each, caller) => each?.cell !== before[caller]);
    const returned = () =>
      last.filter((each, i) => each?.cell !== undefined && (!away[i] || each.cell === before[i]));
    const enough = deployment.shared ? 1 : callers;
    await until(
      () => well() && returned().length >= enough && last.every((each) => each?.cell !== undefined),
      longest(watching, recovery) + deployment.ttl + slack,
    );
    await clock.sleep(calm);
    seen.endAt = clock.now();
    clock.stop();
  };

  const owners = deployment.cells.flatMap(({ name }) =>
    deployment.watching(name).map((each) => ({ each, name })),
  );
  const loops = [
    ...owners.flatMap(({ each, name }) =>
      Array.from({ length: each.checkers }, (_, checker) => check(each, name, checker)),
    ),
    ...last.map((_, caller) => call(caller)),
    watch(),
    direct(),
  ];
  try {
    await Promise.all(loops);
  } finally {
    clock.stop();
    await Promise.allSettled(loops);
  }
  return seen;
}

/** One check of an endpoint, by the name or address that was deployed. */
async function probe(world: World, { target, sni, host, path, timeout, passes }: Check): Promise<boolean> {
  const answers = isIPv4(target) ? undefined : await world.query(target);
  const address = answers ? addressesOf(answers).addresses[0] : target;
  if (address === undefined) return false;
  const reply = await world.request({ address, ...(sni !== undefined && { sni }), host, path, timeout });
  return reply !== undefined && passes(reply.status);
}

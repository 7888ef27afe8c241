import type { Deployment } from "./deployment.js";
import type { Call, Mode, Observations } from "./drill.js";

/** What a drill comes to, in seconds as the deployment knows them; null: it did not happen. */
export interface Measures {
  budgetSeconds: number;
  /** Until the health checks called the cell down. */
  detectionSeconds: number | null;
  /** Until the DNS service led elsewhere. */
  switchSeconds: number | null;
  /** The longest time for which one caller was not served. */
  downtimeSeconds: number;
  requests: number;
  lost: number;
  /** From the cell's return until its callers were back on it; where cells share the traffic, until one was. */
  backSeconds: number | null;
  /** How often the DNS service led elsewhere than before; null where cells share the traffic. */
  moves: number | null;
}

export function measure(seen: Observations, { budgetSeconds, shared }: Deployment): Measures {
  const { downAt, calls, verdicts, answers } = seen;
  const affected = new Set(seen.conditions.map(({ cell }) => cell));
  const is = (cell: string | undefined) => cell !== undefined && affected.has(cell);
  const condemned = verdicts.find(({ at, cell, healthy }) => at >= downAt && is(cell) && !healthy);
  const before = answers.filter(({ at }) => at < downAt);
  const switched = answers.find(({ at, cell }) => at >= downAt && cell !== undefined && !is(cell));
  const byCaller = [...new Set(calls.map(({ caller }) => caller))].map((caller) =>
    calls.filter((call) => call.caller === caller),
  );
  return {
    budgetSeconds,
    detectionSeconds: condemned ? condemned.at - downAt : null,
    switchSeconds: before.some(({ cell }) => is(cell)) && switched && !shared ? switched.at - downAt : null,
    downtimeSeconds: Math.max(0, ...byCaller.map(longestOutage)),
    requests: calls.length,
    lost: calls.filter(({ cell }) => cell === undefined).length,
    backSeconds: backSeconds(seen, byCaller, is, shared),
    moves: shared ? null : answers.filter(({ cell }, i) => i > 0 && cell !== answers[i - 1]?.cell).length,
  };
}

/** From the start of a lost call to the start of the next that was served. */
function longestOutage(calls: Call[]): number {
  let longest = 0;
  let since: number | undefined;
  for (const { start, end, cell } of calls) {
    if (cell === undefined) since ??= start;
    if (since !== undefined) longest = Math.max(longest, (cell === undefined ? end : start) - since);
    if (cell !== undefined) since = undefined;
  }
  return longest;
}

function backSeconds(
  { downAt, backAt, verdicts }: Observations,
  byCaller: Call[][],
  is: (cell: string | undefined) => boolean,
  shared: boolean,
): number | null {
  const returns = byCaller.flatMap((calls) => {
    const before = calls.filter(({ start }) => start < downAt).at(-1)?.cell;
    const away = calls.filter(({ end }) => end >= downAt && end < backAt).at(-1)?.cell;
    if (!is(before) || away === before) return [];
    const back = calls.find(({ start, cell }) => start >= backAt && cell === before);
    return [back ? back.start - backAt : null];
  });
  const known = returns.filter((each) => each !== null);
  if (returns.length === 0) {
    // No caller was on the cell, or all stayed: it is back when the checks say so.
    const condemned = verdicts.some(({ at, cell, healthy }) => at >= downAt && is(cell) && !healthy);
    const well = verdicts.find(({ at, cell, healthy }) => at >= backAt && is(cell) && healthy);
    return well ? well.at - backAt : condemned ? null : 0;
  }
  if (shared) return known.length > 0 ? Math.min(...known) : null;
  return known.length === returns.length ? Math.max(...known) : null;
}

/** Whether callers waited no longer than was promised. With every cell down, no promise holds. */
export function inBudget({ downtimeSeconds, budgetSeconds }: Measures, mode: Mode): boolean {
  return mode === "all-down" || downtimeSeconds <= budgetSeconds;
}

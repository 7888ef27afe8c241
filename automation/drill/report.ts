import { table } from "../summary.js";
import type { Mode } from "./drill.js";
import { inBudget } from "./measure.js";
import type { Picture } from "./timeline.js";

/** What happens in each mode, for people. */
export const describeMode: Record<Mode, string> = {
  "region-down": "nothing of the cell answers, then all of it again",
  slow: "the cell answers later than anybody waits, then in time again",
  flapping: "the cell goes down and up, each for one and a half health checks, four times",
  "health-path": "the cell's health path fails while its pages work, then passes again",
  "all-down": "no cell answers, then all of them again",
};

const rounded = (seconds: number): number => Number(seconds.toFixed(1));
export const inSeconds = (seconds: number): string => `${rounded(seconds)} s`;
const orNever = (seconds: number | null): string => (seconds === null ? "never" : inSeconds(seconds));

/** One line that says how it went. */
export function headline({ stack, cell, mode, measures }: Omit<Picture, "deployment" | "seen">): string {
  const who = mode === "all-down" ? `every cell of ${stack}` : `${cell} of ${stack}`;
  return `${who}: ${mode}, ${inSeconds(measures.downtimeSeconds)} of downtime`;
}

/** The one JSON document that `--json` prints. */
export function drillDocument({ stack, cell, mode, measures }: Omit<Picture, "deployment" | "seen">): string {
  const { budgetSeconds, detectionSeconds, downtimeSeconds, requests, lost, backSeconds } = measures;
  const orNull = (seconds: number | null): number | null => (seconds === null ? null : rounded(seconds));
  const document = {
    stack,
    cell,
    mode,
    budgetSeconds,
    detectionSeconds: orNull(detectionSeconds),
    downtimeSeconds: rounded(downtimeSeconds),
    requests,
    lost,
    backSeconds: orNull(backSeconds),
  };
  return JSON.stringify(document, null, 2);
}

/** A drill for people. */
export function drillSummary(picture: Picture, scale: number, file: string): string {
  const { measures, mode, deployment } = picture;
  const kept = inBudget(measures, mode);
  const verdict =
    mode === "all-down"
      ? "a budget needs a cell that is up"
      : `${kept ? "within" : "OVER"} the budget of ${inSeconds(measures.budgetSeconds)}`;
  const rows = [
    ["detection", orNever(measures.detectionSeconds), "until the health checks called the cell down"],
    ["switch", orNever(measures.switchSeconds), "until DNS led elsewhere"],
    ["downtime", inSeconds(measures.downtimeSeconds), `the longest that a caller was without: ${verdict}`],
    ["requests", String(measures.requests), `of which ${measures.lost} were lost`],
    ["back", orNever(measures.backSeconds), backMeans(deployment.shared)],
    ...(measures.moves === null
      ? []
      : [["moves", String(measures.moves), "times that DNS led elsewhere than before"]]),
  ];
  return [
    `${headline(picture)}, ${verdict}.`,
    `${deployment.title} as deployed; ${describeMode[mode]}. Time ran ${scale} times as fast; all figures are unscaled.`,
    "",
    ...table(rows),
    "",
    `Timeline: ${file}`,
  ].join("\n");
}

const backMeans = (shared: boolean): string =>
  shared
    ? "from its return until a caller was on it again"
    : "from its return until its callers were on it again";

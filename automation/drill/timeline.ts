import { escape, round } from "../markup.js";
import type { Deployment } from "./deployment.js";
import type { Call, Mode, Observations } from "./drill.js";
import type { Measures } from "./measure.js";
import { describeMode, headline, inSeconds } from "./report.js";

/** What the picture shows. */
export interface Picture {
  stack: string;
  cell: string;
  mode: Mode;
  deployment: Deployment;
  seen: Observations;
  measures: Measures;
}

const width = 960;
const left = 148;
const right = 24;
const lane = 44;
const callerRow = 8;

/** They stand out on white and on near-black, and white words on them. */
const tones = ["#2563eb", "#0f766e", "#9333ea", "#b45309", "#be185d", "#475569"];
const lost = "#dc2626";

const style = `
  .paper { fill: #ffffff; } .halo { stroke: #ffffff; } .ink { fill: #1e293b; } .soft { fill: #64748b; }
  .line { stroke: #cbd5e1; } .mark { stroke: #475569; } .track { fill: #e2e8f0; } .budget { stroke: #475569; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0f172a; } .halo { stroke: #0f172a; } .ink { fill: #e2e8f0; } .soft { fill: #94a3b8; }
    .line { stroke: #334155; } .mark { stroke: #cbd5e1; } .track { fill: #334155; } .budget { stroke: #cbd5e1; }
  }
  .halo { paint-order: stroke; stroke-width: 5px; stroke-linejoin: round; }
  text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; } .title { font-size: 17px; font-weight: 600; }
  .small { font-size: 11px; } .on { fill: #ffffff; font-size: 11px; }`;

/** A picture of a drill over time, as an SVG document that stands alone. */
export function timeline(picture: Picture): string {
  const { deployment, seen, measures, cell, mode, stack } = picture;
  const end = Math.max(1, seen.endAt);
  const x = (seconds: number): number => left + (Math.min(seconds, end) / end) * (width - left - right);
  const names = deployment.cells.map(({ name }) => name);
  const tone = (name: string | undefined): string =>
    name === undefined ? lost : (tones[names.indexOf(name) % tones.length] ?? lost);

  const marks = markers(seen, measures);
  const { drawn, rows } = labels(marks, x);
  const top = 66 + rows * 15;
  const dnsTop = top + names.length * lane;
  const callsTop = dnsTop + lane;
  const callers = new Set(seen.calls.map(({ caller }) => caller)).size;
  const budgetTop = callsTop + Math.max(lane, callers * callerRow + 18);
  const axisTop = budgetTop + lane;
  const height = axisTop + 44;

  const body = [
    text(left, 30, headline(picture), "title ink"),
    text(left, 49, `${deployment.title}; ${describeMode[mode]}`, "soft"),
    ...axis(end, x, top - 6, axisTop),
    ...names.flatMap((name, i) => cellLane(name, seen, top + i * lane, x, tone(name))),
    text(12, dnsTop + 17, "DNS answer", "ink"),
    ...answerLane(seen, dnsTop, x, tone),
    text(12, callsTop + 14, "Callers", "ink"),
    text(12, callsTop + 29, "red: lost", "soft small"),
    ...seen.calls.map((call) => callMark(call, callsTop + 2, x, tone)),
    ...marks.map(({ at }) => line(x(at), top - 6, x(at), axisTop, 'class="mark" stroke-dasharray="3 3"')),
    ...budgetBar(picture, budgetTop, x),
    ...drawn,
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">${escape(`Failover drill of ${stack}: ${cell}, ${mode}`)}</title>
<desc id="desc">${escape(marks.map(({ at, label }) => `${label} at ${inSeconds(at)}`).join(", "))}. The longest downtime of a caller was ${inSeconds(measures.downtimeSeconds)} of a budget of ${inSeconds(measures.budgetSeconds)}; ${measures.lost} of ${measures.requests} requests were lost.</desc>
<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" fill="${lost}"/><rect width="2.5" height="7" fill="#7f1d1d"/></pattern></defs>
<style>${style}
</style>
<rect class="paper" width="${width}" height="${height}" rx="10"/>
${body.join("\n")}
</svg>
`;
}

interface Mark {
  at: number;
  label: string;
}

function markers({ downAt, backAt }: Observations, measures: Measures): Mark[] {
  const after = (label: string, since: number, seconds: number | null): Mark[] =>
    seconds === null ? [] : [{ at: since + seconds, label }];
  return [
    { at: downAt, label: "down" },
    ...after("detected", downAt, measures.detectionSeconds),
    ...after("switched", downAt, measures.switchSeconds),
    { at: backAt, label: "back up" },
    ...after("returned", backAt, measures.backSeconds),
  ];
}

/** Labels of marks that are close to each other go into rows of their own. */
function labels(marks: Mark[], x: (seconds: number) => number): { drawn: string[]; rows: number } {
  const ends: number[] = [];
  const drawn = marks.map(({ at, label }) => {
    const from = x(at);
    const words = `${label} ${inSeconds(at)}`;
    const found = ends.findIndex((end) => end < from);
    const row = found < 0 ? ends.length : found;
    const size = words.length * 6.4 + 10;
    // What would stick out on the right stands on the left of its mark.
    const flipped = from + size > width - 4;
    ends[row] = flipped ? from : from + size;
    const anchor = flipped ? 'text-anchor="end"' : "";
    return text(from + (flipped ? -3 : 3), 70 + row * 15, words, "ink small", anchor);
  });
  return { drawn, rows: ends.length };
}

function cellLane(
  name: string,
  seen: Observations,
  top: number,
  x: (seconds: number) => number,
  tone: string,
): string[] {
  const own = seen.conditions.filter(({ cell }) => cell === name);
  const states = [{ at: 0, condition: "up" as const }, ...own];
  const bars = states.flatMap(({ at, condition }, i) => {
    const until = states[i + 1]?.at ?? seen.endAt;
    const words = { up: "", dark: "down", slow: "slow", unwell: "health path fails" }[condition];
    const bar = rect(x(at), top, x(until) - x(at), 18, `fill="${condition === "up" ? tone : "url(#hatch)"}"`);
    return [
      bar,
      ...(x(until) - x(at) > words.length * 7 + 8 ? [text(x(at) + 6, top + 13, words, "on")] : []),
    ];
  });
  const verdicts = [{ at: 0, healthy: true }, ...seen.verdicts.filter(({ cell }) => cell === name)];
  const strip = verdicts.flatMap(({ at, healthy }, i) => {
    const until = verdicts[i + 1]?.at ?? seen.endAt;
    return [
      rect(x(at), top + 21, x(until) - x(at), 5, healthy ? `fill="${tone}" opacity="0.55"` : 'class="track"'),
    ];
  });
  return [
    text(12, top + 13, name, "ink"),
    text(12, top + 27, "health checks", "soft small"),
    ...bars,
    ...strip,
  ];
}

function answerLane(
  { answers, endAt }: Observations,
  top: number,
  x: (seconds: number) => number,
  tone: (name: string | undefined) => string,
): string[] {
  const changes = answers.filter(({ cell }, i) => i === 0 || cell !== answers[i - 1]?.cell);
  return changes.flatMap(({ at, cell }, i) => {
    const until = changes[i + 1]?.at ?? endAt;
    const size = x(until) - x(at);
    const words = cell ?? "no answer";
    return [
      rect(x(at), top, size, 24, `fill="${tone(cell)}"`),
      ...(size > words.length * 7 + 8 ? [text(x(at) + 6, top + 16, words, "on")] : []),
    ];
  });
}

function callMark(
  { caller, start, end, cell }: Call,
  top: number,
  x: (seconds: number) => number,
  tone: (name: string | undefined) => string,
): string {
  return rect(
    x(start),
    top + caller * callerRow,
    Math.max(2, x(end) - x(start) - 1),
    callerRow - 2,
    `fill="${tone(cell)}"`,
  );
}

function budgetBar({ seen, measures, mode }: Picture, top: number, x: (seconds: number) => number): string[] {
  const { budgetSeconds, downtimeSeconds } = measures;
  const from = x(seen.downAt);
  const over = mode !== "all-down" && downtimeSeconds > budgetSeconds;
  const words = `${inSeconds(downtimeSeconds)} of ${inSeconds(budgetSeconds)}${over ? ": over the budget" : ""}`;
  const used = x(seen.downAt + downtimeSeconds) - from;
  const whole = x(seen.downAt + budgetSeconds) - from;
  return [
    text(12, top + 17, "Downtime, budget", "ink"),
    rect(from, top, used, 24, `fill="${over ? lost : "#16a34a"}"`),
    rect(from, top, whole, 24, 'fill="none" class="budget" stroke-width="1.5"'),
    text(Math.max(from + used, from + whole) + 8, top + 16, words, "ink halo"),
  ];
}

function axis(end: number, x: (seconds: number) => number, top: number, bottom: number): string[] {
  const step = [5, 10, 15, 30, 60, 120, 300].find((each) => end / each <= 14) ?? 600;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step).flatMap((at) => [
    line(x(at), top, x(at), bottom, 'class="line"'),
    text(x(at), bottom + 18, inSeconds(at), "soft small", 'text-anchor="middle"'),
  ]);
}

const text = (x: number, y: number, words: string, classes: string, more = ""): string =>
  `<text x="${round(x)}" y="${round(y)}" class="${classes}" ${more}>${escape(words)}</text>`;

const rect = (x: number, y: number, w: number, h: number, more: string): string =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(0, w))}" height="${h}" rx="2" ${more}/>`;

const line = (x1: number, y1: number, x2: number, y2: number, more: string): string =>
  `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" ${more}/>`;

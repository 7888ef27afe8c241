import type { Cloud } from "../../stacks/clouds.js";
import { escape, round } from "../markup.js";
import type { Layout } from "./layout.js";
import { lineHeight, padding } from "./layout.js";
import type { Arrow, Diagram, Tier } from "./model.js";

const cloudNames: Record<Cloud, string> = { aws: "AWS", azure: "Azure", gcp: "Google Cloud" };

/** Boxes of one colour belong together; every colour is readable on light and on dark. */
const groupOf: Record<Tier, string> = {
  consumers: "out",
  outside: "out",
  dns: "dns",
  ingress: "guard",
  egress: "guard",
  loadBalancer: "run",
  service: "run",
  nodes: "run",
  controlPlane: "run",
  identity: "data",
  database: "data",
  cache: "data",
  endpoints: "data",
};

const style = `
  svg { --back: #ffffff; --text: #1b1f24; --soft: #57606a; --line: #6e7781; --frame: #f6f8fa; --edge: #afb8c1;
    --out: #ffffff; --dns: #efe6fd; --guard: #ffe9d6; --run: #dcebfd; --data: #ddf4e0; }
  @media (prefers-color-scheme: dark) {
    svg { --back: #0d1117; --text: #e6edf3; --soft: #9da7b3; --line: #8b949e; --frame: #161b22; --edge: #484f58;
      --out: #0d1117; --dns: #322550; --guard: #4a2f17; --run: #14304f; --data: #153a21; }
  }
  text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-size: 12px; fill: var(--text); }
  .label { font-size: 14px; font-weight: 600; }
  .frame { fill: var(--frame); stroke: var(--edge); }
  .soft { fill: var(--soft); }
  .box { stroke: var(--edge); }
  .out { fill: var(--out); stroke-dasharray: 4 3; } .dns { fill: var(--dns); } .guard { fill: var(--guard); }
  .run { fill: var(--run); } .data { fill: var(--data); }
  .path { fill: none; stroke: var(--line); stroke-width: 1.2; }
  .tip { fill: var(--line); }
  .port { paint-order: stroke; stroke: var(--back); stroke-width: 4px; stroke-linejoin: round; }
`;

/** The picture as text: no dates, no random ids, so that the same state gives the same bytes. */
export function svgOf(diagram: Diagram, layout: Layout): string {
  const { width, height } = layout;
  const cells = diagram.cells.map(({ name, cloud, region }) => `${name} (${cloudNames[cloud]}, ${region})`);
  const about = `${diagram.cells.length === 1 ? "One cell" : `${diagram.cells.length} cells`}: ${cells.join(", ")}. ${
    diagram.arrows.length
  } paths, each from a resource of the stack's state; what no arrow reaches is closed.`;
  const label = new Map(diagram.boxes.map((box) => [box.id, box.label]));
  const parts = [
    ...layout.frames.map(({ frame, ...place }) => {
      const title =
        frame === "dns"
          ? "DNS"
          : `${frame.name} · ${cloudNames[frame.cloud] ?? frame.cloud} · ${frame.region}`;
      return rect(place, "frame", 10) + text(place.x + 20, place.y + 24, title, "label");
    }),
    ...layout.arrows.map(({ arrow, points }) => {
      const d = points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join(" ");
      return `<g><title>${escape(sentence(arrow, label))}</title><path class="path" d="${d}" marker-end="url(#tip)"/></g>`;
    }),
    ...layout.boxes.map(({ box, lines, ...place }) => {
      const rows = lines.map((line, i) =>
        text(place.x + padding, place.y + padding + 12 + (i + 1) * lineHeight, line, "soft"),
      );
      const all = [box.label, ...box.details].join("\n");
      return `<g><title>${escape(all)}</title>${rect(place, `box ${groupOf[box.tier]}`, 6)}${text(
        place.x + padding,
        place.y + padding + 12,
        box.label,
        "label",
      )}${rows.join("")}</g>`;
    }),
    // Over everything, so that no line runs through a number.
    ...layout.arrows.flatMap(({ label }) =>
      label ? [text(label.x + 2, label.y + 11, label.text, "port")] : [],
    ),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escape(`Stack ${diagram.stack} of the Javelin AI Gateway, as deployed`)}</title>`,
    `<desc id="desc">${escape(about)}</desc>`,
    `<style>${style}</style>`,
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>`,
    `<rect width="100%" height="100%" fill="var(--back)"/>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

function sentence({ from, to, labels, sources }: Arrow, label: ReadonlyMap<string, string>): string {
  const what = labels.length > 0 ? `: ${labels.join(", ")}` : "";
  const by = sources.map((urn) => urn.split("::").slice(2).join(" ").replace(/^.*\$/, ""));
  return `${label.get(from) ?? from} → ${label.get(to) ?? to}${what}\n${by.join("\n")}`;
}

function rect(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  kind: string,
  r: number,
): string {
  return `<rect class="${kind}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${r}"/>`;
}

function text(x: number, y: number, content: string, kind: string): string {
  return `<text class="${kind}" x="${round(x)}" y="${round(y)}">${escape(content)}</text>`;
}

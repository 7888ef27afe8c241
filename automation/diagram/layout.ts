import elk from "elkjs/lib/elk.bundled.js";
import type { ElkExtendedEdge, ElkNode, ElkPoint } from "elkjs/lib/elk-api.js";
import type { Arrow, Box, CellFrame, Diagram, Tier } from "./model.js";

/** Where everything stands, in pixels from the upper left corner. */
export interface Layout {
  width: number;
  height: number;
  frames: (Place & { frame: CellFrame | "dns" })[];
  boxes: (Place & { box: Box; lines: string[] })[];
  arrows: { arrow: Arrow; points: ElkPoint[]; label?: Place & { text: string } }[];
}

export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const lineHeight = 15;
export const padding = 10;
/** Lines of a box; the rest is counted. */
const mostLines = 7;
const widest = 46;

/** An arrow from a box to itself is a line in it. */
const isLoop = ({ from, to }: Arrow): boolean => from === to;
/** Fonts differ: generous for the widest that browsers fall back to. */
const textWidth = (text: string, size: number): number => Math.ceil(text.length * size * 0.6);
const dnsFrame = "frame dns";
const cellFrame = (cell: string): string => `frame cell ${cell}`;

/** Puts what callers meet first on top. */
const layerOf: Partial<Record<Tier, string>> = { consumers: "FIRST", outside: "LAST" };

const options = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.spacing.nodeNodeBetweenLayers": "44",
  "elk.layered.spacing.edgeNodeBetweenLayers": "18",
  "elk.spacing.nodeNode": "28",
  "elk.spacing.edgeNode": "16",
  "elk.spacing.edgeLabel": "4",
  "elk.padding": "[top=16,left=16,bottom=16,right=16]",
};
const frameOptions = { "elk.padding": "[top=40,left=20,bottom=20,right=20]" };

/** Boxes into layers, arrows around them: the same diagram gives the same places. */
export async function layOut(diagram: Diagram): Promise<Layout> {
  const linesOf = new Map(diagram.boxes.map((box) => [box.id, lines(box, diagram.arrows)]));
  const nodes = (boxes: Box[]): ElkNode[] =>
    boxes.map((box) => {
      const own = linesOf.get(box.id) ?? [];
      const width =
        Math.max(textWidth(box.label, 15), ...own.map((line) => textWidth(line, 12))) + 2 * padding;
      const layer = layerOf[box.tier];
      return {
        id: box.id,
        width: Math.max(width, 90),
        height: (own.length + 1) * lineHeight + 2 * padding,
        ...(layer !== undefined && {
          layoutOptions: { "elk.layered.layering.layerConstraint": layer },
        }),
      };
    });
  const within = (frame?: string) =>
    diagram.boxes.filter(({ tier, cell }) =>
      tier === "dns" ? frame === "" : cell === frame && frame !== "",
    );
  const names = within("");
  const edges = diagram.arrows.filter((arrow) => !isLoop(arrow));
  const graph: ElkNode = {
    id: "stack",
    layoutOptions: options,
    children: [
      ...nodes(within()),
      ...(names.length > 0 ? [{ id: dnsFrame, layoutOptions: frameOptions, children: nodes(names) }] : []),
      ...diagram.cells.map(({ name }) => ({
        id: cellFrame(name),
        layoutOptions: frameOptions,
        children: nodes(within(name)),
      })),
    ],
    edges: edges.map(({ from, to, labels }, index): ElkExtendedEdge => ({
      id: `arrow ${index}`,
      sources: [from],
      targets: [to],
      labels: labels.length > 0 ? [labelOf(labels)] : [],
    })),
  };
  const laid = await new elk.default().layout(graph);

  const origins = new Map<string, ElkPoint>();
  const frames: Layout["frames"] = [];
  const boxes: Layout["boxes"] = [];
  const visit = (node: ElkNode, at: ElkPoint) => {
    origins.set(node.id, at);
    const place = { x: at.x, y: at.y, width: node.width ?? 0, height: node.height ?? 0 };
    const box = diagram.boxes.find(({ id }) => id === node.id);
    const frame = diagram.cells.find(({ name }) => cellFrame(name) === node.id);
    if (box) boxes.push({ ...place, box, lines: linesOf.get(box.id) ?? [] });
    if (frame || node.id === dnsFrame) frames.push({ ...place, frame: frame ?? "dns" });
    for (const child of node.children ?? [])
      visit(child, { x: at.x + (child.x ?? 0), y: at.y + (child.y ?? 0) });
  };
  visit(laid, { x: 0, y: 0 });
  const arrows = (laid.edges ?? []).flatMap((edge): Layout["arrows"] => {
    const arrow = edges[Number(edge.id.split(" ")[1])];
    const section = edge.sections?.[0];
    if (!arrow || !section) return [];
    // ELK gives an edge's points from the corner of the frame that holds both its ends.
    const origin = origins.get((edge as { container?: string }).container ?? "stack") ?? { x: 0, y: 0 };
    const move = ({ x, y }: ElkPoint): ElkPoint => ({ x: x + origin.x, y: y + origin.y });
    const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map(move);
    const [label] = edge.labels ?? [];
    if (!label) return [{ arrow, points }];
    const corner = move({ x: label.x ?? 0, y: label.y ?? 0 });
    const size = { width: label.width ?? 0, height: label.height ?? 0 };
    return [{ arrow, points, label: { ...corner, ...size, text: label.text ?? "" } }];
  });
  return { width: laid.width ?? 0, height: laid.height ?? 0, frames, boxes, arrows };
}

/** What stands in a box below its label. */
function lines({ id, details }: Box, arrows: readonly Arrow[]): string[] {
  const loop = arrows.find((arrow) => isLoop(arrow) && arrow.from === id);
  const all = [...details, ...(loop ? [`among themselves: ${loop.labels.join(", ")}`] : [])].map(shorten);
  if (all.length <= mostLines) return all;
  return [...all.slice(0, mostLines - 1), `… and ${all.length - mostLines + 1} more`];
}

function labelOf(labels: string[]) {
  const text = shorten(labels.join(", "));
  return { text, width: textWidth(text, 12) + 4, height: lineHeight };
}

const shorten = (text: string): string => (text.length > widest ? `${text.slice(0, widest - 1)}…` : text);

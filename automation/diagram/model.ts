import type { Cloud } from "../../stacks/clouds.js";

/** A picture of a stack, before anybody decided where its parts stand. */
export interface Diagram {
  stack: string;
  cells: CellFrame[];
  boxes: Box[];
  arrows: Arrow[];
}

/** A frame around the boxes of one cell. */
export interface CellFrame {
  name: string;
  cloud: Cloud;
  region: string;
}

export type Tier =
  | "consumers"
  | "dns"
  | "ingress"
  | "loadBalancer"
  | "service"
  | "nodes"
  | "controlPlane"
  | "identity"
  | "database"
  | "cache"
  | "endpoints"
  | "egress"
  | "outside";

export interface Box {
  id: string;
  tier: Tier;
  label: string;
  /** Further lines, in reading order. */
  details: string[];
  /** The cell whose frame it is in; outside and DNS have none. */
  cell?: string;
  /** URNs of the resources that it stands for; none for what is outside. */
  sources: string[];
}

/** A path that is open, or a name that leads somewhere. */
export interface Arrow {
  from: string;
  to: string;
  /** Ports, or what DNS says of the target. */
  labels: string[];
  /** URNs of the resources that open it: never empty. */
  sources: string[];
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** Order of labels: numbers as numbers. */
export const inOrder: (one: string, other: string) => number = compare;

/** Each once, in order. */
export function distinct(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort(inOrder);
}

/** Everybody: the one range in which no cell's addresses are looked for. */
export const anywhere = "0.0.0.0/0";

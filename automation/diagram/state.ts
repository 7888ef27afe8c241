import { objectOf, textOf } from "../drill/state.js";
import { inOrder } from "./model.js";

/** A resource of the state. What is secret stays sealed, and reads as if it were not there. */
export interface Deployed {
  urn: string;
  type: string;
  name: string;
  id: string;
  parent: string;
  /** Inputs, and over them the outputs. */
  props: Record<string, unknown>;
}

/** One cell of a deployment: what its component is the parent of. */
export interface CellState {
  name: string;
  cloud: Cloud;
  region: string;
  resources: Deployed[];
}

export type Cloud = "aws" | "azure" | "gcp";

/** What a picture is made from. */
export interface StackState {
  cells: CellState[];
  /** What belongs to no cell: DNS. */
  shared: Deployed[];
}

const cellType = /^javelin:(aws|azure|gcp):Cell$/;

/**
 * Reads `pulumi stack export`. In which order the engine made things does not matter: resources come by URN, cells as
 * the stack's outputs list them.
 */
export function readDeployment(exported: string): StackState {
  const { deployment } = JSON.parse(exported) as { deployment?: { resources?: Record<string, unknown>[] } };
  const resources = (deployment?.resources ?? [])
    // What is being replaced is in the state twice.
    .filter((each) => each["delete"] !== true)
    .map((each): Deployed => {
      const urn = textOf(each["urn"]);
      return {
        urn,
        type: textOf(each["type"]),
        name: urn.split("::").slice(3).join("::"),
        id: textOf(each["id"]),
        parent: textOf(each["parent"]),
        props: { ...objectOf(each["inputs"]), ...objectOf(each["outputs"]) },
      };
    })
    .sort((one, other) => inOrder(one.urn, other.urn));
  const parents = new Map(resources.map(({ urn, parent }) => [urn, parent]));
  const cellOf = (urn: string): string => {
    for (let at = urn; at !== ""; at = parents.get(at) ?? "") if (cellType.test(typeOf(at))) return at;
    return "";
  };
  const byCell = new Map<string, Deployed[]>();
  for (const resource of resources) {
    const cell = cellOf(resource.urn);
    byCell.set(cell, [...(byCell.get(cell) ?? []), resource]);
  }
  const cells = [...byCell].flatMap(([urn, own]): CellState[] => {
    const cloud = cellType.exec(typeOf(urn))?.[1] as Cloud | undefined;
    return cloud
      ? [{ name: urn.split("::").at(-1) ?? "", cloud, region: regionOf(own), resources: own }]
      : [];
  });
  const shared = byCell.get("") ?? [];
  const listed = texts(ofType(shared, "pulumi:pulumi:Stack")[0]?.props["cells"], "name");
  const place = ({ name }: CellState) => (listed.includes(name) ? listed.indexOf(name) : listed.length);
  return { cells: cells.sort((one, other) => place(one) - place(other)), shared };
}

/** The region of the cell's own provider. */
function regionOf(resources: readonly Deployed[]): string {
  const provider = resources.find(({ type }) => /^pulumi:providers:(aws|azure-native|gcp)$/.test(type));
  return textOf(provider?.props["region"] ?? provider?.props["location"]);
}

/** `urn:pulumi:<stack>::<project>::<parent type>$<type>::<name>` */
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

/** The resources of a type. */
export function ofType(resources: readonly Deployed[], type: string): Deployed[] {
  return resources.filter((each) => each.type === type);
}

/** What stands at a path, through every element of the lists on the way. */
export function every(value: unknown, ...path: string[]): unknown[] {
  const spread = (one: unknown): unknown[] =>
    Array.isArray(one) ? one : one === undefined || one === null ? [] : [one];
  return path.reduce<unknown[]>(
    (values, key) => values.flatMap((one) => spread(objectOf(one)[key])),
    spread(value),
  );
}

/** The texts at a path. */
export function texts(value: unknown, ...path: string[]): string[] {
  return every(value, ...path)
    .map(textOf)
    .filter((text) => text !== "");
}

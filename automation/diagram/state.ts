import type { Cloud } from "../../stacks/clouds.js";
import { cellType, nameOf, typeOf } from "../events.js";
import type { ExportedState } from "../pending.js";
import { deployed, ofType, textOf, texts } from "../state.js";
import type { Deployed } from "../state.js";
import { inOrder } from "./model.js";

/** One cell of a deployment: what its component is the parent of. */
export interface CellState {
  name: string;
  cloud: Cloud;
  region: string;
  resources: Deployed[];
}

/** What a picture is made from. */
export interface StackState {
  cells: CellState[];
  /** What belongs to no cell: DNS. */
  shared: Deployed[];
}

/**
 * Reads `pulumi stack export`. In which order the engine made things does not matter: resources come by URN, cells as
 * the stack's outputs list them.
 */
export function readDeployment(exported: string): StackState {
  const resources = deployed(JSON.parse(exported) as ExportedState).sort((one, other) =>
    inOrder(one.urn, other.urn),
  );
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
    return cloud ? [{ name: nameOf(urn), cloud, region: regionOf(own), resources: own }] : [];
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

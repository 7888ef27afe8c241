import { cellName } from "./cellDefaults.js";
import { didYouMean } from "./problems.js";
import type { Parsed, Refuse } from "./rules.js";
import type { Values } from "./schema.js";

/** Every value belongs to something that is declared, and every key that a model uses is the key of its provider. */
export function keyRules({ values, cells, cellCount }: Parsed, refuse: Refuse): void {
  const { routes, keys, adminKeys } = values;
  const declared = routes?.keys.map(({ name }) => name);
  for (const name of declared ? Object.keys(keys ?? {}) : []) {
    if (declared!.includes(name)) continue;
    const remedy = `javelin:routes.keys declares no key of this name${didYouMean(name, declared!)}: declare it, or remove its value`;
    refuse(["keys", name], "a value", remedy);
  }
  // A cell in the wrong form may be the one that is meant.
  const names = cells.size === cellCount ? [...cells.values()].map(cellName) : undefined;
  for (const name of names ? Object.keys(adminKeys ?? {}) : []) {
    if (names!.includes(name)) continue;
    const remedy = `no cell has this name${didYouMean(name, names!)}: known are ${names!.join(", ")}`;
    refuse(["adminKeys", name], "a value", remedy);
  }
}

/** What of the routes will not be there after `up`. */
export function routeWarnings({ cells, routes, keys, adminKeys, database }: Values): string[] {
  const { gateways, providers, templates } = routes;
  if ([gateways, providers, templates, routes.keys, routes.routes].every(({ length }) => length === 0))
    return [];
  // With one database for all, what the first cell is given reaches the others.
  const filled = database.replication === "global" ? cells.slice(0, 1) : cells;
  const closed = filled.map(cellName).filter((name) => adminKeys[name] === undefined);
  const empty = routes.keys.map(({ name }) => name).filter((name) => keys[name] === undefined);
  return [
    ...closed.map(
      (name) => `javelin:adminKeys.${name} is not set: javelin:routes is not put into the cell ${name}`,
    ),
    ...empty.map(
      (name) =>
        `javelin:keys.${name} is not set: the key ${name} must be in every cell already, or be made by hand`,
    ),
  ];
}

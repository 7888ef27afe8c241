import { elsewhere } from "../components/egress.js";
import { didYouMean } from "./problems.js";
import { modelRemedy } from "./models.js";
import { keyRules } from "./routeKeys.js";
import type { Parsed, Refuse } from "./rules.js";
import type { Cell } from "./cellSchema.js";
import type { Routes } from "./routeSchema.js";

const listNames = ["gateways", "providers", "routes", "keys", "templates"] as const;

/** What a cell serves: the common entries, each replaced by the cell's own of that name. */
export function cellRoutes(common: Routes, own: Cell["routes"]): Routes {
  const replaced = <T extends { name: string }>(all: T[], overrides: T[] = []): T[] =>
    all.map((entry) => overrides.find(({ name }) => name === entry.name) ?? entry);
  return {
    gateways: replaced(common.gateways, own?.gateways),
    providers: replaced(common.providers, own?.providers),
    routes: replaced(common.routes, own?.routes),
    keys: replaced(common.keys, own?.keys),
    templates: replaced(common.templates, own?.templates),
    bedrockModels: common.bedrockModels,
  };
}

/** The Bedrock models that these routes call, each once, sorted. */
export function bedrockModels(routes: Routes): string[] {
  const bedrock = new Set(routes.providers.filter(isBedrock).map(({ name }) => name));
  const models = routes.routes.flatMap(({ models }) =>
    models.filter(({ provider }) => bedrock.has(provider)),
  );
  return [...new Set(models.map(({ name }) => name))].sort();
}

const isBedrock = ({ type }: { type: string }) => type.split("/")[0] === "bedrock";

/** Names are unique, everything that is referred to exists, and each cell's region offers the cell's models. */
export function routeRules(parsed: Parsed, refuse: Refuse): void {
  const { values, cells } = parsed;
  const common = values.routes;
  if (!common) return;
  const allowed = values.egress?.providers;
  for (const list of listNames) unique(common[list], ["routes", list], refuse);
  reachable(common.providers, ["routes"], allowed, refuse);
  references(common, common, ["routes"], refuse);
  for (const [index, cell] of cells) {
    if (cell.routes) overrides(common, cell.routes, ["cells", index, "routes"], allowed, refuse);
    callable(common, cell, index, refuse);
    models(common, cell, index, refuse);
  }
  keyRules(parsed, refuse);
}

/** What one cell has of its own: nothing that the others have not, and everything it refers to is its own view. */
function overrides(
  common: Routes,
  own: NonNullable<Cell["routes"]>,
  path: PropertyKey[],
  allowed: readonly string[] | undefined,
  refuse: Refuse,
): void {
  for (const list of listNames) {
    const names = common[list].map(({ name }) => name);
    unique(own[list], [...path, list], refuse);
    for (const [at, { name }] of own[list].entries()) {
      if (names.includes(name)) continue;
      const remedy = `a cell replaces only what javelin:routes.${list} declares${didYouMean(name, names)}: every cell has the same names`;
      refuse([...path, list, at, "name"], name, remedy);
    }
  }
  reachable(own.providers, path, allowed, refuse);
  references(own, cellRoutes(common, own), path, refuse);
}

function unique(entries: readonly { name: string }[], path: PropertyKey[], refuse: Refuse): void {
  for (const [at, { name }] of entries.entries()) {
    if (entries.findIndex((other) => other.name === name) !== at) {
      refuse([...path, at, "name"], name, "the name is taken by an earlier entry: write another");
    }
  }
}

/** Providers that the egress firewall would not let through. */
function reachable(
  providers: Routes["providers"],
  path: PropertyKey[],
  allowed: readonly string[] | undefined,
  refuse: Refuse,
): void {
  for (const [at, { type }] of providers.entries()) {
    if (!allowed || allowed.includes(type)) continue;
    const remedy = `its hosts are not on the allow-list: add it to javelin:egress.providers${didYouMean(type, allowed)}`;
    refuse([...path, "providers", at, "type"], type, remedy);
  }
}

/** Providers that a cell's cloud calls by another name: its own entry takes their place. */
function callable(common: Routes, cell: Cell, index: number, refuse: Refuse): void {
  for (const { name, type } of cellRoutes(common, cell.routes).providers) {
    const why = elsewhere(type, cell.cloud, cell.region);
    if (why === undefined) continue;
    const at = (cell.routes?.providers ?? []).findIndex((each) => each.name === name);
    const [path, place] =
      at >= 0
        ? [["cells", index, "routes", "providers", at, "type"], ""]
        : [
            ["routes", "providers", common.providers.findIndex((each) => each.name === name), "type"],
            `, in an entry of this name in javelin:cells[${index}].routes.providers`,
          ];
    refuse(path, type, `${why}${place}`);
  }
}

/** @param whole what the entries may refer to */
function references(
  { routes, keys }: Pick<Routes, "routes" | "keys">,
  whole: Pick<Routes, "providers" | "keys">,
  path: PropertyKey[],
  refuse: Refuse,
): void {
  const among = (list: "providers" | "keys") => {
    const names = whole[list].map(({ name }) => name);
    return (name: string, at: PropertyKey[]): boolean => {
      if (names.includes(name)) return true;
      refuse(
        [...path, ...at],
        name,
        `write the name of an entry of javelin:routes.${list}${didYouMean(name, names)}`,
      );
      return false;
    };
  };
  const [isProvider, isKey] = [among("providers"), among("keys")];
  for (const [at, route] of routes.entries()) {
    for (const [which, { provider, virtualSecretKey }] of route.models.entries()) {
      const model = ["routes", at, "models", which];
      isProvider(provider, [...model, "provider"]);
      if (virtualSecretKey === undefined || !isKey(virtualSecretKey, [...model, "virtualSecretKey"]))
        continue;
      const owner = whole.keys.find(({ name }) => name === virtualSecretKey)?.provider;
      if (owner === provider) continue;
      const remedy = `it is a key of the provider ${owner}: write one of ${provider}`;
      refuse([...path, ...model, "virtualSecretKey"], virtualSecretKey, remedy);
    }
  }
  for (const [at, { provider }] of keys.entries()) isProvider(provider, ["keys", at, "provider"]);
}

function models(common: Routes, cell: Cell, index: number, refuse: Refuse): void {
  const types = new Map(
    cellRoutes(common, cell.routes).providers.map((provider) => [provider.name, provider]),
  );
  const sources: [Routes["routes"], PropertyKey[]][] = [
    [common.routes, ["routes", "routes"]],
    [cell.routes?.routes ?? [], ["cells", index, "routes", "routes"]],
  ];
  const own = new Set(cell.routes?.routes.map(({ name }) => name));
  for (const [routes, path] of sources) {
    for (const [at, route] of routes.entries()) {
      if (routes === common.routes && own.has(route.name)) continue;
      for (const [which, model] of route.models.entries()) {
        const provider = types.get(model.provider);
        if (!provider || !isBedrock(provider)) continue;
        const region = provider.type.split("/")[1] ?? (cell.cloud === "aws" ? cell.region : undefined);
        const remedy = region && modelRemedy(model.name, region, common.bedrockModels);
        if (remedy) refuse([...path, at, "models", which, "name"], model.name, remedy);
      }
    }
  }
}

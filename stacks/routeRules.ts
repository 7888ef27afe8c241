import { didYouMean } from "./problems.js";
import { modelRemedy } from "./models.js";
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
export function routeRules({ values, cells }: Parsed, refuse: Refuse): void {
  const common = values.routes;
  if (!common) return;
  for (const list of listNames) unique(common[list], ["routes", list], refuse);
  for (const [index, provider] of common.providers.entries()) {
    const allowed = values.egress?.providers;
    if (!allowed || allowed.includes(provider.type)) continue;
    const remedy = `its hosts are not on the allow-list: add it to javelin:egress.providers${didYouMean(provider.type, allowed)}`;
    refuse(["routes", "providers", index, "type"], provider.type, remedy);
  }
  references(common, [], refuse);
  for (const [index, cell] of cells) {
    for (const list of cell.routes ? listNames : []) {
      const names = common[list].map(({ name }) => name);
      unique(cell.routes![list], ["cells", index, "routes", list], refuse);
      for (const [at, { name }] of cell.routes![list].entries()) {
        if (names.includes(name)) continue;
        const remedy = `a cell replaces only what javelin:routes.${list} declares${didYouMean(name, names)}: every cell has the same names`;
        refuse(["cells", index, "routes", list, at, "name"], name, remedy);
      }
    }
    if (cell.routes)
      references(
        { ...cellRoutes(common, cell.routes), routes: cell.routes.routes, keys: [] },
        ["cells", index],
        refuse,
      );
    models(common, cell, index, refuse);
  }
}

function unique(entries: readonly { name: string }[], path: PropertyKey[], refuse: Refuse): void {
  for (const [at, { name }] of entries.entries()) {
    if (entries.findIndex((other) => other.name === name) !== at) {
      refuse([...path, at, "name"], name, "the name is taken by an earlier entry: write another");
    }
  }
}

function references(routes: Routes, path: PropertyKey[], refuse: Refuse): void {
  const providers = routes.providers.map(({ name }) => name);
  const remedy = (name: string) =>
    `write the name of an entry of javelin:routes.providers${didYouMean(name, providers)}`;
  for (const [at, route] of routes.routes.entries()) {
    for (const [which, { provider }] of route.models.entries()) {
      if (providers.includes(provider)) continue;
      refuse([...path, "routes", "routes", at, "models", which, "provider"], provider, remedy(provider));
    }
  }
  for (const [at, { provider }] of routes.keys.entries()) {
    if (!providers.includes(provider))
      refuse([...path, "routes", "keys", at, "provider"], provider, remedy(provider));
  }
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

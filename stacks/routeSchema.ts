import { z } from "zod";
import { count, flag, list, map, oneOf, text } from "./fields.js";

const name = () =>
  text(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, "write a name of letters, digits, hyphens and underscores");
/** Passed to the admin API as it stands. */
const settings = () => z.record(z.string(), z.unknown(), { error: "write a map" }).default({});
const enabled = () => flag().default(true);

const gateway = map({ name: name(), type: name().optional(), enabled: enabled(), config: settings() });

const provider = map({
  name: name(),
  type: text(/^\S+$/, "write one of egress.providers, such as bedrock"),
  enabled: enabled(),
  vaultEnabled: flag().default(true),
  config: settings(),
});

const model = map({
  name: text(/^\S+$/, "write the model's id"),
  provider: name(),
  suffix: z.string({ error: "write the path that follows the provider's address" }).default(""),
  weight: count(0, 100).default(1),
  virtualSecretKey: name().optional(),
  fallbackEnabled: flag().default(false),
  fallbackCodes: list(count(400, 599), "HTTP status codes").default([]),
});

const route = map({
  name: name(),
  type: oneOf(["chat", "completions", "embeddings"]),
  enabled: enabled(),
  models: list(model, "models").min(1, { error: "write at least one model" }),
  config: settings(),
});

const key = map({
  name: name(),
  provider: name(),
  headerKey: z.string({ error: "write the name of a header" }).optional(),
  queryParamKey: z.string({ error: "write the name of a query parameter" }).optional(),
  group: name().optional(),
  enabled: enabled(),
});

const template = map({ name: name(), type: name().optional(), enabled: enabled(), config: settings() });

/** The lists of the admin API, each a list of things with a name. */
const lists = {
  gateways: list(gateway, "gateways").default([]).meta({ description: "Gateways." }),
  providers: list(provider, "providers")
    .default([])
    .meta({ description: "Model providers; `type` is one of `egress.providers`." }),
  routes: list(route, "routes").default([]).meta({
    description:
      "Routes; each model names its provider. Bedrock models must be offered in the cell's region.",
  }),
  keys: list(key, "keys")
    .default([])
    .meta({ description: "Keys of the providers, by name; never the keys themselves." }),
  templates: list(template, "templates").default([]).meta({ description: "Templates." }),
};

/** Gateways, providers, routes, keys and templates: the same names in every cell. */
export const routes = map({
  ...lists,
  bedrockModels: z
    .record(z.string(), list(z.string(), "regions"), { error: "write a map from model id to regions" })
    .default({})
    .meta({
      description: "Bedrock models that the program's table lacks, with the regions that offer them.",
    }),
})
  .prefault({})
  .meta({ description: "What every cell serves, declared once." });

/** What a cell replaces, by name. */
export const routeOverrides = map(lists);

export type Routes = z.output<typeof routes>;

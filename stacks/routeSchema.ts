import { z } from "zod";
import { count, flag, list, map, oneOf, text } from "./fields.js";

const anyName = () =>
  text(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, "write a name of letters, digits, hyphens and underscores");
const name = () => anyName().meta({ description: "Name; the same in every cell." });
const providerName = () => anyName().meta({ description: "Name of one of `routes.providers`." });
/** Passed to the admin API as it stands. */
const settings = () =>
  z
    .record(z.string(), z.unknown(), { error: "write a map" })
    .default({})
    .meta({ description: "Passed to the admin API as `config`." });
const enabled = () => flag().default(true).meta({ description: "Whether it is in use." });
const kind = () => anyName().optional().meta({ description: "Type, as the admin API has it." });

const gateway = map({ name: name(), type: kind(), enabled: enabled(), config: settings() });

const provider = map({
  name: name(),
  type: text(/^\S+$/, "write one of egress.providers, such as bedrock").meta({
    description: "Who it is: an entry of `egress.providers`.",
  }),
  enabled: enabled(),
  vaultEnabled: flag()
    .default(true)
    .meta({ description: "Whether its keys are kept in the gateway's vault." }),
  config: settings(),
});

const model = map({
  name: text(/^\S+$/, "write the model's id").meta({
    description: "Id of the model, as its provider has it.",
  }),
  provider: providerName(),
  suffix: z
    .string({ error: "write the path that follows the provider's address" })
    .default("")
    .meta({ description: "Path after the provider's address." }),
  weight: count(0, 100).default(1).meta({ description: "Share of the route's queries." }),
  virtualSecretKey: anyName().optional().meta({ description: "Name of the key that is used." }),
  fallbackEnabled: flag()
    .default(false)
    .meta({ description: "Whether another model answers when this one fails." }),
  fallbackCodes: list(count(400, 599), "HTTP status codes")
    .default([])
    .meta({ description: "HTTP status codes that count as failed." }),
});

const route = map({
  name: name(),
  type: oneOf(["chat", "completions", "embeddings"]).meta({ description: "What it answers." }),
  enabled: enabled(),
  models: list(model, "models")
    .min(1, { error: "write at least one model" })
    .meta({ description: "Models that answer." }),
  config: settings(),
});

const key = map({
  name: name(),
  provider: providerName(),
  headerKey: z
    .string({ error: "write the name of a header" })
    .optional()
    .meta({ description: "Header that carries the key." }),
  queryParamKey: z
    .string({ error: "write the name of a query parameter" })
    .optional()
    .meta({ description: "Query parameter that carries the key." }),
  group: anyName().optional().meta({ description: "Group of the key." }),
  enabled: enabled(),
});

const template = map({ name: name(), type: kind(), enabled: enabled(), config: settings() });

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

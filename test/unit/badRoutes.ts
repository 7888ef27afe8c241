import type { BadConfig } from "./badConfigs.js";

const bedrockRoute = (name: string) => ({
  providers: [{ name: "b", type: "bedrock" }],
  routes: [{ name: "chat", type: "chat", models: [{ name, provider: "b" }] }],
});

const keyed = (virtualSecretKey = "main") => ({
  providers: [{ name: "openai", type: "openai" }],
  routes: [{ name: "chat", type: "chat", models: [{ name: "m", provider: "openai", virtualSecretKey }] }],
  keys: [{ name: "main", provider: "openai" }],
});

/** What a cell serves. */
export const badRoutes: BadConfig[] = [
  [
    "a provider that may not be called",
    (c) => (c.routes = bedrockRoute("amazon.nova-pro-v1:0")) && (c.egress = {}),
    "javelin:routes.providers[0].type",
    ["egress.providers"],
  ],
  [
    "a model that the region lacks",
    (c) => {
      c.egress = { providers: ["bedrock"] };
      c.cells[0]!.region = "eu-central-1";
      c.routes = bedrockRoute("cohere.command-r-v1:0");
    },
    "javelin:routes.routes[0].models[0].name",
    ["us-east-1, us-west-2", "this cell"],
  ],
  [
    "a model that needs a profile",
    (c) => {
      c.egress = { providers: ["bedrock"] };
      c.routes = bedrockRoute("anthropic.claude-sonnet-4-5-20250929-v1:0");
    },
    "javelin:routes.routes[0].models[0].name",
    ["us.anthropic.claude-sonnet-4-5"],
  ],
  [
    "a profile of another continent",
    (c) => {
      c.egress = { providers: ["bedrock"] };
      c.routes = bedrockRoute("eu.anthropic.claude-sonnet-4-5-20250929-v1:0");
    },
    "javelin:routes.routes[0].models[0].name",
    ["eu-central-1"],
  ],
  [
    "an unknown model",
    (c) => {
      c.egress = { providers: ["bedrock"] };
      c.routes = bedrockRoute("amazon.nova-pr-v1:0");
    },
    "javelin:routes.routes[0].models[0].name",
    ['did you mean "amazon.nova-pro-v1:0"?', "bedrockModels"],
  ],
  [
    "an unknown provider of a model",
    (c) =>
      (c.routes = { routes: [{ name: "r", type: "chat", models: [{ name: "m", provider: "nobody" }] }] }),
    "javelin:routes.routes[0].models[0].provider",
    ["routes.providers"],
  ],
  [
    "a route without models",
    (c) => (c.routes = { routes: [{ name: "r", type: "chat", models: [] }] }),
    "javelin:routes.routes[0].models",
    ["at least one model"],
  ],
  [
    "two routes of one name",
    (c) => (c.routes = { gateways: [{ name: "g" }, { name: "g" }] }),
    "javelin:routes.gateways[1].name",
    ["write another"],
  ],
  [
    "a cell's route that no other cell has",
    (c) => (c.cells[0]!.routes = { gateways: [{ name: "g" }] }),
    "javelin:cells[0].routes.gateways[0].name",
    ["every cell has the same names"],
  ],
  [
    "a provider of a cell that may not be called",
    (c) => {
      c.egress = { providers: ["openai"] };
      c.routes = { providers: [{ name: "p", type: "openai" }] };
      c.cells[0]!.routes = { providers: [{ name: "p", type: "opnai" }] };
    },
    "javelin:cells[0].routes.providers[0].type",
    ["javelin:egress.providers", 'did you mean "openai"?'],
  ],
  [
    "a provider that a cell of another cloud calls by another name",
    (c) => {
      c.egress = { providers: ["bedrock"] };
      c.routes = { providers: [{ name: "b", type: "bedrock" }] };
      c.topology = "cross-region";
      c.cells.push({ cloud: "azure", region: "eastus2", cidr: "10.20.0.0/16" });
    },
    "javelin:routes.providers[0].type",
    ["write bedrock/<region>", "javelin:cells[1].routes.providers"],
  ],
  [
    "a cell's provider that its cloud calls by another name",
    (c) => {
      c.egress = { providers: ["bedrock", "bedrock/us-east-1"] };
      c.routes = { providers: [{ name: "b", type: "bedrock" }] };
      c.cells[0]!.routes = { providers: [{ name: "b", type: "bedrock/us-east-1" }] };
    },
    "javelin:cells[0].routes.providers[0].type",
    ["an AWS cell calls its own region's"],
  ],
  [
    "a cell's route to an unknown provider",
    (c) => {
      c.egress = { providers: ["openai"] };
      c.routes = keyed();
      c.cells[0]!.routes = { routes: [{ ...keyed().routes[0], models: [{ name: "m", provider: "opnai" }] }] };
    },
    "javelin:cells[0].routes.routes[0].models[0].provider",
    ["javelin:routes.providers", 'did you mean "openai"?'],
  ],
  [
    "a cell's key of an unknown provider",
    (c) => {
      c.egress = { providers: ["openai"] };
      c.routes = keyed();
      c.cells[0]!.routes = { keys: [{ name: "main", provider: "nobody" }] };
    },
    "javelin:cells[0].routes.keys[0].provider",
    ["javelin:routes.providers"],
  ],
  [
    "a key of an unknown provider",
    (c) => (c.routes = { keys: [{ name: "main", provider: "nobody" }] }),
    "javelin:routes.keys[0].provider",
    ["javelin:routes.providers"],
  ],
  [
    "a model with an unknown key",
    (c) => {
      c.egress = { providers: ["openai"] };
      c.routes = keyed("mian");
    },
    "javelin:routes.routes[0].models[0].virtualSecretKey",
    ["javelin:routes.keys", 'did you mean "main"?'],
  ],
  [
    "a model with the key of another provider",
    (c) => {
      c.egress = { providers: ["openai", "groq"] };
      const { providers, routes } = keyed();
      c.routes = {
        providers: [...providers, { name: "groq", type: "groq" }],
        routes,
        keys: [{ name: "main", provider: "groq" }],
      };
    },
    "javelin:routes.routes[0].models[0].virtualSecretKey",
    ["key of the provider groq"],
  ],
  [
    "two overrides of one name",
    (c) => {
      c.routes = { gateways: [{ name: "g" }] };
      c.cells[0]!.routes = { gateways: [{ name: "g" }, { name: "g" }] };
    },
    "javelin:cells[0].routes.gateways[1].name",
    ["write another"],
  ],
  [
    "the value of a key that is not declared",
    (c) => {
      c.egress = { providers: ["openai"] };
      c.routes = keyed();
      c.keys = { mian: "hunter22-hunter22" };
    },
    "javelin:keys.mian",
    ["javelin:routes.keys", 'did you mean "main"?'],
  ],
  [
    "a value with a space",
    (c) => (c.keys = { main: "hunter22 hunter22" }),
    "javelin:keys.main",
    ["without spaces"],
  ],
  [
    "the admin key of no cell",
    (c) => (c.adminKeys = { "us-east-2": "hunter22-hunter22" }),
    "javelin:adminKeys.us-east-2",
    ["no cell has this name", 'did you mean "us-east-1"?'],
  ],
  [
    "one admin key for all cells",
    (c) => (c.adminKeys = "hunter22-hunter22"),
    "javelin:adminKeys",
    ["name of a cell"],
  ],
  [
    "an image of the sync at latest",
    (c) => (c.gateway.syncImage = "docker.io/library/node:latest"),
    "javelin:gateway.syncImage",
    ["exact tag or a digest"],
  ],
  [
    "a key's value beside its name",
    (c) => (c.routes = { keys: [{ name: "k", provider: "p", apiKey: "hunter22" }] }),
    "javelin:routes.keys[0].apiKey",
    ["remove it"],
  ],
];

import { sha256 } from "../pod.js";

interface Named {
  name: string;
  type?: string;
  enabled: boolean;
  config: Record<string, unknown>;
}

/** What a cell serves, as the config declares it; names are unique in each list. `enabled` and the like are settled. */
export interface Declared {
  gateways: Named[];
  /** `type` may hold a resource after a slash, which is the egress firewall's to know. */
  providers: (Named & { type: string; vaultEnabled: boolean })[];
  routes: (Named & {
    models: {
      name: string;
      provider: string;
      suffix: string;
      weight: number;
      virtualSecretKey?: string;
      fallbackEnabled: boolean;
      fallbackCodes: number[];
    }[];
  })[];
  keys: {
    name: string;
    provider: string;
    headerKey?: string;
    queryParamKey?: string;
    group?: string;
    enabled: boolean;
  }[];
  templates: Named[];
}

/** One object of the admin API. */
export interface AdminObject {
  /** Kind and name: `routes/chat`. */
  id: string;
  /** Below `/v1` of admin. */
  path: string;
  /** Below `/v1` of core: what makes it read the object again. */
  reload?: string;
  body: Record<string, unknown>;
  /** Changes with the body. */
  digest: string;
  /** Which key's value belongs into the body. */
  secret?: string;
}

/** What the sync script reads: nothing in it is secret. */
export interface DesiredState {
  /** The same in every cell that serves the same. */
  revision: string;
  lists: { kind: string; path: string }[];
  /** In the order in which they refer to one another. */
  objects: AdminObject[];
  /** Keys without a value: left as they are. */
  withoutValue: string[];
}

/** Source of paths and fields: the vendor's description of the admin API. */
const lists = {
  gateways: "/admin/gateways",
  providers: "/admin/providers",
  keys: "/admin/providers/keyvault/keys",
  templates: "/admin/processors/dp/templates",
  routes: "/admin/routes",
};

/**
 * The declared objects as the admin API has them.
 *
 * @param values names of the keys whose values are at hand.
 */
export function desiredState(declared: Declared, values: readonly string[]): DesiredState {
  const keys = declared.keys.map((key) => ({
    ...object(`keys/${key.name}`, `/admin/providers/${key.provider}/keyvault/${key.name}`, {
      api_key: key.name,
      api_key_secret_name: key.name,
      provider_name: key.provider,
      header_key: key.headerKey,
      query_param_key: key.queryParamKey,
      group: key.group,
      enabled: key.enabled,
    }),
    reload: `/secrets/keyvault/${key.name}/reload`,
    secret: key.name,
  }));
  const all: AdminObject[] = [
    ...declared.gateways.map((gateway) => named("gateways", gateway)),
    ...declared.providers.map(({ vaultEnabled, ...provider }) => ({
      ...named(
        "providers",
        { ...provider, type: provider.type.split("/")[0] },
        { vault_enabled: vaultEnabled },
      ),
      reload: `/providers/${provider.name}/reload`,
    })),
    ...keys,
    ...declared.templates.map((template) => ({
      ...named("templates", template),
      reload: `/processors/dp/templates/${template.name}/reload`,
    })),
    ...declared.routes.map(({ models, ...route }) => ({
      ...named("routes", route, { models: models.map(modelBody) }),
      reload: `/routes/${route.name}/reload`,
    })),
  ];
  const held = ({ secret }: AdminObject) => secret === undefined || values.includes(secret);
  return {
    revision: sha256(JSON.stringify(all.map(({ path, digest }) => [path, digest]))).slice(0, 12),
    lists: Object.entries(lists).map(([kind, path]) => ({ kind, path })),
    objects: all.filter(held),
    withoutValue: all.filter((each) => !held(each)).map(({ id }) => id),
  };
}

/** What the script is told of this state once it is the one before. */
export function recordOf({ objects }: DesiredState): string {
  return JSON.stringify(objects.map(({ id, path, reload, digest }) => ({ id, path, reload, digest })));
}

function named(
  kind: keyof typeof lists,
  { name, type, enabled, config }: Named,
  more: Record<string, unknown> = {},
): AdminObject {
  return object(`${kind}/${name}`, `${lists[kind]}/${name}`, { name, type, enabled, ...more, config });
}

function object(id: string, path: string, body: Record<string, unknown>): AdminObject {
  return { id, path, body, digest: sha256(JSON.stringify(body)).slice(0, 16) };
}

function modelBody(model: Declared["routes"][number]["models"][number]): Record<string, unknown> {
  return {
    name: model.name,
    provider: model.provider,
    suffix: model.suffix,
    weight: model.weight,
    virtual_secret_key: model.virtualSecretKey,
    fallback_enabled: model.fallbackEnabled,
    fallback_codes: model.fallbackCodes,
  };
}

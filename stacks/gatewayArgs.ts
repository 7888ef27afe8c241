import type * as pulumi from "@pulumi/pulumi";
import type { GatewayArgs } from "../components/kubernetes/gateway.js";
import { RouteSync } from "../components/kubernetes/routeSync.js";
import type { Gateway } from "../components/kubernetes/gateway.js";
import type { CellArgs } from "./cell.js";
import type { CellConfig } from "./cellConfig.js";

/** What is the same in every cell, whatever its cloud. */

export const namespace = "javelin";
export const databaseName = "javelin_data";
export const databaseUsername = "javelin";

/** What the gateway takes from the config alone. */
export function gatewayBasics({
  gateway,
  hosts,
}: CellConfig): Pick<
  GatewayArgs,
  "image" | "replicas" | "accountId" | "apiKeyHeader" | "appUrl" | "metricsReader"
> {
  const { registry, version, images: overrides, replicas, accountId, apiKeyHeader, metricsReader } = gateway;
  return {
    image: { registry, version, overrides },
    replicas,
    accountId,
    apiKeyHeader,
    appUrl: `https://${hosts.app}/`,
    ...(metricsReader !== undefined && { metricsReader }),
  };
}

/**
 * Puts the declared routes into the cell's gateway, once its admin API has a key. A cell whose database follows
 * another's gets them with the data.
 */
export function syncRoutes(
  name: string,
  { config, routeSecrets, sharedDatabase }: Pick<CellArgs, "config" | "routeSecrets" | "sharedDatabase">,
  gateway: Gateway,
  opts: pulumi.ComponentResourceOptions,
): RouteSync | undefined {
  const adminKey = Object.hasOwn(routeSecrets.adminKeys, config.name)
    ? routeSecrets.adminKeys[config.name]
    : undefined;
  if (adminKey === undefined || sharedDatabase?.source) return undefined;
  const { syncImage: image, apiKeyHeader } = config.gateway;
  const { pullSecret } = gateway;
  return new RouteSync(
    name,
    {
      namespace,
      declared: config.routes,
      image,
      pullSecret,
      apiKeyHeader,
      adminKey,
      keys: routeSecrets.keys,
    },
    { ...opts, dependsOn: [gateway] },
  );
}

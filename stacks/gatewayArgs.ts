import type { GatewayArgs } from "../components/kubernetes/gateway.js";
import type { CellConfig } from "./cellConfig.js";

/** What is the same in every cell, whatever its cloud. */

export const namespace = "javelin";
export const databaseName = "javelin_data";
export const databaseUsername = "javelin";

/** What the gateway takes from the config alone. */
export function gatewayBasics({
  gateway,
  hosts,
}: CellConfig): Pick<GatewayArgs, "image" | "replicas" | "accountId" | "apiKeyHeader" | "urls"> {
  const { registry, version, images: overrides, replicas, accountId, apiKeyHeader } = gateway;
  return {
    image: { registry, version, overrides },
    replicas,
    accountId,
    apiKeyHeader,
    urls: { api: `https://${hosts.api}/`, app: `https://${hosts.app}/` },
  };
}

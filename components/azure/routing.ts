import * as pulumi from "@pulumi/pulumi";
import type { Backend, Hosts } from "../ingress.js";

/** A public service behind an internal load balancer, whose port it is called at. */
export interface InternalBackend extends Backend {
  /** Private address of that load balancer. */
  address: string;
}

/** What an Application Gateway's parts are called where others refer to them. */
export type Part =
  | "frontendIPConfigurations"
  | "frontendPorts"
  | "sslCertificates"
  | "backendAddressPools"
  | "backendHttpSettingsCollection"
  | "probes"
  | "httpListeners"
  | "redirectConfigurations"
  | "rewriteRuleSets"
  | "urlPathMaps";

/** Refers to a part of the gateway, which has no resource of its own to take an id from. */
export function partOf(
  gatewayId: pulumi.Input<string>,
): (part: Part, name: string) => { id: pulumi.Output<string> } {
  return (part, name) => ({ id: pulumi.interpolate`${gatewayId}/${part}/${name}` });
}

/** A pool without members, for what must reach nobody: Application Gateway has no fixed response. */
export const closed = "closed";

export interface RoutingArgs {
  /** From {@link partOf}. */
  part: ReturnType<typeof partOf>;
  hosts: Hosts;
  backends: InternalBackend[];
  /** Path patterns that reach no backend, on every host. */
  hiddenPaths: string[];
  /** Seconds until the first byte of an answer, and between two, 1 to 86,400. */
  requestTimeout: number;
}

/** Names of the parts that the gateway itself declares. */
export const parts = {
  address: "public",
  ports: { http: "http", https: "https" },
  certificate: "certificate",
  headers: "headers",
};

/**
 * Which request goes where: a listener for each host name on 443 and one on 80 that redirects to it, paths by
 * priority, and an empty pool for the rest. A name that is not ours has no listener.
 *
 * @throws when a backend's host has no name
 */
export function routing({ part, hosts, backends, hiddenPaths, requestTimeout }: RoutingArgs) {
  const lost = backends.find(({ host }) => hosts[host] === undefined);
  if (lost) throw new Error(`backend ${lost.name}: no host name for "${lost.host}"`);
  const to = (backend: string) => ({
    backendAddressPool: part("backendAddressPools", backend),
    backendHttpSettings: part("backendHttpSettingsCollection", backend),
    rewriteRuleSet: part("rewriteRuleSets", parts.headers),
  });
  const sites = (["api", "origin", "app", "eval"] as const).flatMap((site) => {
    const served = backends
      .filter(({ host }) => host === (site === "origin" ? "api" : site))
      .sort((a, b) => a.priority - b.priority);
    const hostName = hosts[site];
    return hostName === undefined || served.length === 0 ? [] : [{ site, hostName, served }];
  });

  const urlPathMaps = sites.map(({ site, served }) => {
    const hidden = hiddenPaths.length > 0 ? [{ name: "hidden", paths: hiddenPaths, ...to(closed) }] : [];
    const rules = served
      .filter(({ paths }) => paths.length > 0)
      .map(({ name, paths }) => ({ name, paths, ...to(name) }));
    const rest = to(served.find(({ paths }) => paths.length === 0)?.name ?? closed);
    return {
      name: site,
      // The first pattern that matches wins.
      pathRules: [...hidden, ...rules],
      defaultBackendAddressPool: rest.backendAddressPool,
      defaultBackendHttpSettings: rest.backendHttpSettings,
      defaultRewriteRuleSet: rest.rewriteRuleSet,
    };
  });

  return {
    backendAddressPools: [
      ...backends.map(({ name, address }) => ({ name, backendAddresses: [{ ipAddress: address }] })),
      { name: closed, backendAddresses: [] },
    ],
    probes: backends.map(({ name, healthPath, host }) => ({
      name,
      protocol: "Http",
      host: hosts[host],
      path: healthPath,
      interval: 10,
      timeout: 5,
      unhealthyThreshold: 3,
      match: { statusCodes: ["200"] },
    })),
    backendHttpSettingsCollection: [
      ...backends.map(({ name, port }) => ({
        name,
        port,
        protocol: "Http",
        cookieBasedAffinity: "Disabled",
        requestTimeout,
        probe: part("probes", name),
        // What leaves may finish the answers it is streaming (Application Gateway allows an hour).
        connectionDraining: { enabled: true, drainTimeoutInSec: Math.min(requestTimeout, 3600) },
      })),
      { name: closed, port: 80, protocol: "Http", cookieBasedAffinity: "Disabled", requestTimeout: 1 },
    ],
    httpListeners: sites.flatMap(({ site, hostName }) => {
      const common = { hostName, frontendIPConfiguration: part("frontendIPConfigurations", parts.address) };
      return [
        {
          ...common,
          name: `https-${site}`,
          frontendPort: part("frontendPorts", parts.ports.https),
          protocol: "Https",
          sslCertificate: part("sslCertificates", parts.certificate),
          requireServerNameIndication: true,
        },
        {
          ...common,
          name: `http-${site}`,
          frontendPort: part("frontendPorts", parts.ports.http),
          protocol: "Http",
        },
      ];
    }),
    redirectConfigurations: sites.map(({ site }) => ({
      name: site,
      redirectType: "Permanent",
      targetListener: part("httpListeners", `https-${site}`),
      includePath: true,
      includeQueryString: true,
    })),
    urlPathMaps: urlPathMaps.filter(({ pathRules }) => pathRules.length > 0),
    requestRoutingRules: sites.flatMap(({ site, served }, index) => {
      const mapped = urlPathMaps.some(({ name, pathRules }) => name === site && pathRules.length > 0);
      return [
        {
          name: `https-${site}`,
          priority: 100 + index,
          httpListener: part("httpListeners", `https-${site}`),
          ...(mapped
            ? { ruleType: "PathBasedRouting", urlPathMap: part("urlPathMaps", site) }
            : { ruleType: "Basic", ...to(served[0]?.name ?? closed) }),
        },
        {
          name: `http-${site}`,
          priority: 200 + index,
          ruleType: "Basic",
          httpListener: part("httpListeners", `http-${site}`),
          redirectConfiguration: part("redirectConfigurations", site),
        },
      ];
    }),
  };
}

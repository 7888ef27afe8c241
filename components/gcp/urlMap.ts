import type * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import type { Backend, PublicHosts } from "../ingress.js";

type Routing = Required<
  Pick<gcp.compute.URLMapArgs, "defaultService" | "defaultRouteAction" | "hostRules" | "pathMatchers">
>;

export interface RoutingArgs {
  hosts: PublicHosts;
  backends: Backend[];
  hiddenPaths: string[];
  /** The backend service of each backend, by its name. */
  services: ReadonlyMap<string, pulumi.Input<string>>;
  /** A backend service with nothing behind it, for what leads nowhere. */
  nowhere: pulumi.Input<string>;
}

/**
 * 404, and the request goes nowhere. A URL map has no fixed answer: aborting every request is the one way to give
 * a status without a backend, and the map still wants a service beside it.
 */
const notFound = { faultInjectionPolicy: { abort: { httpStatus: 404, percentage: 100 } } };

/**
 * Hosts and paths as a URL map takes them. Only the rules lead to a service: a request for a name or path that is
 * not ours ends here, and so does every hidden path, on every host and before any backend.
 *
 * @throws when a backend's host has no name, or a path pattern is not one that a URL map knows
 */
export function routing({ hosts, backends, hiddenPaths, services, nowhere }: RoutingArgs): Routing {
  const kinds = (["api", "app", "eval"] as const).filter((kind) => hosts[kind] !== undefined);
  for (const { name, host } of backends)
    if (!kinds.includes(host)) throw new Error(`backend ${name}: no host name for "${host}"`);

  // Priorities of backends start at 10 (Backend).
  const hidden = {
    priority: 1,
    matchRules: hiddenPaths.map(matchRule),
    service: nowhere,
    routeAction: notFound,
  };
  const rulesOf = (kind: Backend["host"]) => [
    ...(hiddenPaths.length > 0 ? [hidden] : []),
    ...backends
      .filter(({ host }) => host === kind)
      .map(({ name, paths, priority }) => ({
        priority,
        matchRules: (paths.length > 0 ? paths : ["/*"]).map(matchRule),
        service: services.get(name),
      })),
  ];
  return {
    defaultService: nowhere,
    defaultRouteAction: notFound,
    hostRules: kinds.map((kind) => ({
      hosts: [hosts[kind], kind === "api" ? hosts.origin : undefined].filter((host) => host !== undefined),
      pathMatcher: kind,
    })),
    pathMatchers: kinds.map((kind) => ({
      name: kind,
      defaultService: nowhere,
      defaultRouteAction: notFound,
      routeRules: rulesOf(kind),
    })),
  };
}

/** `/v1/*` is whatever begins with `/v1/`; without the star it is that path only. */
function matchRule(path: string): { prefixMatch: string } | { fullPathMatch: string } {
  const prefix = path.replace(/\*$/, "");
  if (!/^\/[^*?#]*$/.test(prefix) || (path.endsWith("*") && !prefix.endsWith("/")))
    throw new Error(`path pattern: found "${path}", right is a path such as /v1/metrics or /v1/*`);
  return path.endsWith("*") ? { prefixMatch: prefix } : { fullPathMatch: path };
}

import type { Input, Resource } from "@pulumi/pulumi";

/** What comes in from the internet, the same on every cloud. */

/** Host names of a cell. `origin` is the cell's own and is routed as `api` is. */
export interface Hosts {
  api: string;
  app: string;
  origin: string;
  eval?: string;
}

/** What a load balancer answers to; without an origin where it stands before several cells. */
export type PublicHosts = Omit<Hosts, "origin"> & Partial<Pick<Hosts, "origin">>;

/** All of them: what the certificate is for. */
export function namesOf({ api, app, origin, eval: evaluation }: PublicHosts): string[] {
  return [api, app, origin, evaluation].filter((name) => name !== undefined);
}

/** A public service and the requests that reach it. */
export interface Backend {
  name: string;
  /** The port that the load balancer calls. */
  port: number;
  /** Answers 200 when the service can take requests. */
  healthPath: string;
  host: Exclude<keyof Hosts, "origin">;
  /** Path patterns such as `/v1/admin/*`; none means every path. */
  paths: string[];
  /** The lowest number that matches wins. 10 to 50,000, one each; lower ones belong to the load balancer. */
  priority: number;
}

/** What a load balancer before several cells takes of one of them, on a cloud that has such a thing. */
export interface Entrance {
  /** Where the cell's machines are: a load balancer reaches those of its own project only. */
  project: string;
  hosts: Hosts;
  backends: Backend[];
  /** See {@link Backend}: path patterns that get 404 before any backend. */
  hiddenPaths: string[];
  /** URLs of the groups of machines. */
  groups: Input<string>[];
  /** What names the backends' ports in the groups. */
  ports: Resource[];
  /** The stack's, and so the same in every cell: who may call, how often, and for how long. */
  ingress: { allow: string[]; admin: string[]; requestsPerMinute: number; idleTimeoutSeconds: number };
  /** Addresses cannot be deleted. */
  protect: boolean;
}

/**
 * Patterns of paths, lower case, that are not for every consumer. A path counts with all that is below it. They end
 * before {@link pathEnd}, or a cloud's own way to say it.
 */
export const guardedPaths = {
  /** Nobody from the internet: core's metrics, and what guard models name their own endpoints. */
  internal: "^/v1/(metrics|internal)",
  /**
   * Admin networks only: the admin API, core's reload calls (`/v1/routes/<name>/reload` and the like), and the
   * MCP scanner, which connects to whatever address it is given.
   */
  admin: "^/v1/(admin|providers|routes|secrets|processors|ramparts)",
} as const;

/**
 * What changes the database: every method but these, at this path and below it. A cell whose database is a copy
 * refuses it at its edge: admin, which does not know of copies, may do half of it before the database says no.
 */
export const writes = { path: "^/v1/admin", except: ["GET", "HEAD", "OPTIONS"] } as const;

/** Where a path, or a part of it, ends. */
export const pathEnd = "(/|$)";

/** Headers that carry keys or sessions; never in logs or samples. */
export const credentialHeaders = ["authorization", "cookie", "x-javelin-apikey", "x-api-key"] as const;

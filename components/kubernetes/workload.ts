/** What the catalogue says of a service: the vocabulary of its data. */

/** A service that a cell may choose to run. The smallest gateway is core, admin and flag, plus webapp for the UI. */
export type ServiceName =
  | "core"
  | "admin"
  | "webapp"
  | "flag"
  | "eval"
  | "dlp"
  | "guard"
  | "guard-cm"
  | "guard-hallucination"
  | "guard-lang"
  | "ramparts-server"
  | "redteam";

/** Everything that gets a Deployment: the services and the workers that come with them. */
export type WorkloadName = ServiceName | "redteam-worker";

/** Public host names of a cell. */
export type HostName = "api" | "app" | "eval";

/** Objects in the namespace that hold files or secret variables. `flags` is a ConfigMap, the rest are Secrets. */
export type SourceName = "database" | "cache" | "licence" | "clerk" | "google" | "flags";

/** Values of the cell that environment variables take. */
export type ValueName =
  | "accountId"
  | "appUrl"
  | "cacheHost"
  | "cachePort"
  | "cacheUser"
  | "clerkPublishableKey"
  | "corsHeaders"
  | "databaseHost"
  | "databaseName"
  | "databasePort"
  | "databaseReadOnly"
  | "databaseUser"
  | "namespace"
  | "secretStore";

/** An environment variable: literal, a value of the cell, or a key of a Secret. */
export type Setting = string | { value: ValueName } | { source: SourceName; key: string };

/** Where a workload may go, besides the services that it calls and DNS. Everything else is denied. */
export type Destination =
  /** Postgres. */
  | "database"
  /** Redis. */
  | "cache"
  /** The cloud's own services by private endpoint, with the workload's identity. */
  | "cloud"
  /** TCP 443 outside the cluster's networks: through the egress firewall. */
  | "internet";

export interface Quantities {
  cpu: string;
  memory: string;
}

export interface Workload {
  name: WorkloadName;
  /** Image name behind the registry. */
  image: string;
  /** Absent for a worker, which listens to nothing. */
  http?: { port: number; healthPath: string };
  /** Longest time from start to healthy, in seconds: models load slowly. */
  startupSeconds: number;
  requests: Quantities;
  limits: Quantities;
  /** Fixed by the vendor; absent: the cell's range. `min` equal to `max` means no autoscaling. */
  replicas?: { min: number; max: number };
  /** Takes a whole GPU. */
  gpu?: boolean;
  /** On the path of a query: displaces the others when nodes are short. */
  serving?: boolean;
  /** Comes with this service, and cannot be chosen by itself. */
  partOf?: ServiceName;
  exposure?: Exposure;
  /** Prometheus metrics, on the service's port. */
  metricsPath?: string;
  calls: Call[];
  egress: Destination[];
  environment: Record<string, Setting>;
  files: FileMount[];
  /** Directories that it writes to, besides /tmp; the rest of the file system is read-only. */
  scratch?: string[];
}

/** How the load balancer reaches a service. */
export interface Exposure {
  host: HostName;
  /** Path patterns, `*` at the end only (the three clouds' common ground); none means every path. */
  paths: string[];
  /** Patterns below `paths` that must not be served to the internet. */
  hiddenPaths?: string[];
  /**
   * The same port on every node. All lie in 30000–30085, the band that Kubernetes does not hand out by itself
   * (KEP-3668, NodePort static subrange), so no other Service can have taken one.
   */
  nodePort: number;
  /** Order of the rule among all services, lowest first; fixed, so that choosing services renumbers nothing. */
  priority: number;
}

/** One service calls another; the caller finds the address in `env`. */
export interface Call {
  to: WorkloadName;
  env: string;
  /** Appended to `http://host:port`. */
  path?: string;
}

export interface FileMount {
  source: SourceName;
  /** A directory, or with `file` the path of that one file. */
  path: string;
  file?: string;
}

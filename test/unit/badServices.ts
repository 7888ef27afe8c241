import type { BadConfig } from "./badConfigs.js";

/** What runs in a cell, and on what. */
export const badServices: BadConfig[] = [
  // Software
  ["latest", (c) => (c.gateway.version = "latest"), "javelin:gateway.version", ["exact image tag"]],
  [
    "a version that YAML took for a number",
    (c) => (c.gateway.version = 1.2),
    "javelin:gateway.version",
    ["in quotes"],
  ],
  [
    "a registry with a scheme",
    (c) => (c.gateway.registry = "https://ghcr.io/x"),
    "javelin:gateway.registry",
    ["without scheme"],
  ],
  [
    "unknown service",
    (c) => (c.gateway.services = ["core", "admin", "flag", "webap"]),
    "javelin:gateway.services[3]",
    ['did you mean "webapp"?'],
  ],
  ["no flag", (c) => (c.gateway.services = ["core", "admin"]), "javelin:gateway.services", ["without flag"]],
  [
    "a cell without core",
    (c) => (c.cells[0]!.services = ["webapp"]),
    "javelin:cells[0].services",
    ["without core, admin, flag"],
  ],
  [
    "a service twice",
    (c) => (c.gateway.services = ["core", "core", "admin", "flag"]),
    "javelin:gateway.services",
    ["core is named twice"],
  ],
  [
    "an image of an unknown service",
    (c) => (c.gateway.images = { cor: "ghcr.io/x/y:1" }),
    "javelin:gateway.images.cor",
    ['did you mean "core"?'],
  ],
  [
    "an image without a tag",
    (c) => (c.gateway.images = { core: "ghcr.io/x/y" }),
    "javelin:gateway.images.core",
    ["exact tag or a digest"],
  ],
  [
    "an image at latest",
    (c) => (c.gateway.images = { core: "ghcr.io/x/y:latest" }),
    "javelin:gateway.images.core",
    ["exact tag or a digest"],
  ],
  [
    "a header with a space",
    (c) => (c.gateway.apiKeyHeader = "x key"),
    "javelin:gateway.apiKeyHeader",
    ["x-api-key"],
  ],
  // Kubernetes, database, cache, logs
  ["an old Kubernetes", (c) => (c.kubernetes.version = "1.29"), "javelin:kubernetes.version", ["1.35"]],
  [
    "min above max",
    (c) => (c.kubernetes.nodes = { min: 5 }),
    "javelin:kubernetes.nodes",
    ["min ≤ desired ≤ max"],
  ],
  ["a pool of nothing", (c) => (c.kubernetes.nodes = { min: 0 }), "javelin:kubernetes.nodes.min", ["from 1"]],
  ["GPUs for nobody", (c) => (c.kubernetes.gpu = { max: 2 }), "javelin:kubernetes.gpu", ["guard"]],
  [
    "fewer GPUs than guard models",
    (c) => {
      c.gateway.services = ["core", "admin", "flag", "guard", "guard-cm"];
      c.kubernetes.gpu = { min: 1, desired: 1, max: 1 };
    },
    "javelin:kubernetes.gpu.max",
    ["2 guard models"],
  ],
  [
    "a machine that the region lacks",
    (c) => (c.cells[0]!.region = "ca-west-1"),
    "javelin:kubernetes.nodes.instanceTypes",
    ["ca-west-1 does not offer it"],
  ],
  ["an old Postgres", (c) => (c.database = { version: "15.4" }), "javelin:database.version", ["16 or newer"]],
  ["no backups", (c) => (c.database = { backupDays: 0 }), "javelin:database.backupDays", ["from 1 to 35"]],
  ["six replicas", (c) => (c.cache = { replicas: 6 }), "javelin:cache.replicas", ["from 0 to 5"]],
  [
    "a retention that CloudWatch lacks",
    (c) => (c.logs = { retentionDays: 45 }),
    "javelin:logs.retentionDays",
    ["write 60"],
  ],
  [
    "a namespace that is none",
    (c) => (c.gateway["metricsReader"] = "Monitoring/Prometheus"),
    "javelin:gateway.metricsReader",
    ["Kubernetes namespace"],
  ],
  [
    "the gateway's own namespace as reader of its metrics",
    (c) => (c.gateway["metricsReader"] = "javelin"),
    "javelin:gateway.metricsReader",
    ["not the gateway's own"],
  ],
  ["protect that is neither", (c) => (c.protect = "yes"), "javelin:protect", ["true or false"]],
];

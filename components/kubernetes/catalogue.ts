import type { ServiceName, Setting, Workload, WorkloadName } from "./workload.js";

export type { ServiceName, Workload, WorkloadName } from "./workload.js";

/**
 * What can run in a gateway, as data. Ports, paths, requests, limits, file paths and variable names are the
 * vendor's published ones (Helm values, service variables); who calls whom follows from the `JAVELIN_*_URL`
 * variables that each service reads.
 */

const databaseSettings: Record<string, Setting> = {
  DB_HOST: { value: "databaseHost" },
  DB_PORT: { value: "databasePort" },
  DB_USERNAME: { value: "databaseUser" },
  DB_PASSWORD: { source: "database", key: "password" },
  DB_SSL_MODE: "require",
  // This program's own, not the vendor's: there, and "true", where the database takes no writes.
  DB_READ_ONLY: { value: "databaseReadOnly" },
};

const cacheSettings: Record<string, Setting> = {
  REDIS_HOST: { value: "cacheHost" },
  REDIS_PORT: { value: "cachePort" },
  REDIS_USER: { value: "cacheUser" },
  REDIS_PASS: { source: "cache", key: "password" },
  REDIS_TLS: "true",
};

const redteamSettings: Record<string, Setting> = {
  ...databaseSettings,
  REDTEAM_DB_NAME: "javelin_redteam",
  REDIS_CONN_STR: { source: "cache", key: "url" },
};

const none = { calls: [], egress: [], environment: {}, files: [] };

function guard(name: ServiceName, port: number, path: string): Workload {
  return {
    ...none,
    name,
    image: `javelin-${name}`,
    http: { port, healthPath: `/v1/internal/${path}/health` },
    startupSeconds: 1200,
    requests: { cpu: "3000m", memory: "10Gi" },
    limits: { cpu: "3500m", memory: "14Gi" },
    replicas: { min: 1, max: 1 },
    gpu: true,
    serving: true,
  };
}

const flagUrl = "JAVELIN_FF_URL";

/** Every workload by name, in the order in which they are listed to people. */
export const catalogue: Readonly<Record<WorkloadName, Workload>> = {
  core: {
    name: "core",
    image: "javelin-core",
    http: { port: 8000, healthPath: "/v1/system/healthz" },
    startupSeconds: 300,
    requests: { cpu: "200m", memory: "512Mi" },
    limits: { cpu: "500m", memory: "1Gi" },
    serving: true,
    exposure: {
      host: "api",
      paths: ["/v1/*"],
      hiddenPaths: ["/v1/metrics", "/v1/metrics/*"],
      nodePort: 30010,
      priority: 300,
    },
    metricsPath: "/v1/metrics/system",
    calls: [
      { to: "admin", env: "JAVELIN_ADMIN_URL" },
      { to: "eval", env: "JAVELIN_EVAL_URL" },
      { to: "dlp", env: "JAVELIN_DLP_URL" },
      { to: "flag", env: flagUrl, path: "/" },
      { to: "guard", env: "JAVELIN_GUARD_URL" },
      { to: "guard-cm", env: "JAVELIN_GUARD_CM_URL" },
      { to: "guard-hallucination", env: "JAVELIN_GUARD_HALLUCINATION_URL" },
      { to: "guard-lang", env: "JAVELIN_GUARD_LANGUAGE_URL" },
    ],
    egress: ["cache", "cloud", "internet"],
    environment: {
      ACCOUNT_ID: { value: "accountId" },
      DEPLOY_TYPE: "prod",
      K8S_NAMESPACE: { value: "namespace" },
      GOOGLE_APPLICATION_CREDENTIALS: "/app/config/javelin-gcpjson.json",
      ...cacheSettings,
    },
    files: [{ source: "google", path: "/app/config/javelin-gcpjson.json", file: "javelin-gcpjson.json" }],
  },
  admin: {
    name: "admin",
    image: "javelin-admin",
    http: { port: 8040, healthPath: "/v1/admin/healthz" },
    startupSeconds: 300,
    requests: { cpu: "200m", memory: "256Mi" },
    limits: { cpu: "500m", memory: "1Gi" },
    serving: true,
    exposure: { host: "api", paths: ["/v1/admin/*"], nodePort: 30020, priority: 100 },
    calls: [
      { to: "flag", env: flagUrl, path: "/" },
      { to: "redteam", env: "JAVELIN_REDTEAM_URL", path: "/v1" },
    ],
    egress: ["database", "cache", "cloud", "internet"],
    environment: {
      ACCOUNT_ID: { value: "accountId" },
      K8S_NAMESPACE: { value: "namespace" },
      DB_NAME: { value: "databaseName" },
      ...databaseSettings,
      ...cacheSettings,
    },
    files: [{ source: "licence", path: "/app/license" }],
  },
  webapp: {
    name: "webapp",
    image: "javelin-webapp",
    http: { port: 3000, healthPath: "/sign-in" },
    startupSeconds: 300,
    requests: { cpu: "200m", memory: "256Mi" },
    limits: { cpu: "500m", memory: "1Gi" },
    exposure: { host: "app", paths: [], nodePort: 30030, priority: 400 },
    calls: [
      { to: "core", env: "NEXT_PUBLIC_CORE_INT_URL", path: "/" },
      { to: "flag", env: "NEXT_PUBLIC_FEATURE_FLAG_URL", path: "/" },
    ],
    // The identity provider of the UI.
    egress: ["internet"],
    environment: {
      CLERK_SECRET_KEY: { source: "clerk", key: "secretKey" },
      NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: { value: "clerkPublishableKey" },
      NEXT_PUBLIC_REDIRECT_URI: { value: "appUrl" },
      REDIRECT_URI: { value: "appUrl" },
      NEXT_PUBLIC_SECRET_STORE: { value: "secretStore" },
    },
    files: [],
    scratch: ["/app/.next/cache"],
  },
  flag: {
    ...none,
    name: "flag",
    image: "javelin-flag",
    http: { port: 1031, healthPath: "/health" },
    startupSeconds: 300,
    requests: { cpu: "50m", memory: "64Mi" },
    limits: { cpu: "200m", memory: "256Mi" },
    serving: true,
    files: [{ source: "flags", path: "/goff/config/javelin.goff.yaml", file: "javelin.goff.yaml" }],
  },
  eval: {
    ...none,
    name: "eval",
    image: "javelin-eval",
    http: { port: 8009, healthPath: "/" },
    startupSeconds: 600,
    requests: { cpu: "500m", memory: "4Gi" },
    limits: { cpu: "2000m", memory: "8Gi" },
    exposure: { host: "eval", paths: [], nodePort: 30040, priority: 500 },
    // The vendor's default admits scripts of every origin; only the web app needs it.
    environment: {
      CORS_ALLOWED_ORIGINS: { value: "appUrl" },
      CORS_ALLOWED_HEADERS: { value: "corsHeaders" },
    },
  },
  dlp: {
    ...none,
    name: "dlp",
    image: "javelin-dlp",
    http: { port: 8888, healthPath: "/v1/guard/local_dlp/healthz" },
    startupSeconds: 600,
    requests: { cpu: "300m", memory: "1536Mi" },
    limits: { cpu: "1000m", memory: "2Gi" },
    serving: true,
  },
  guard: guard("guard", 8013, "guard"),
  "guard-cm": guard("guard-cm", 8014, "guard-cm"),
  "guard-hallucination": guard("guard-hallucination", 8015, "guard-hallucination"),
  "guard-lang": {
    ...guard("guard-lang", 8020, "guard-language-detect"),
    requests: { cpu: "1500m", memory: "6Gi" },
    limits: { cpu: "2000m", memory: "8Gi" },
    gpu: false,
  },
  "ramparts-server": {
    ...none,
    name: "ramparts-server",
    image: "javelin-ramparts-server",
    http: { port: 8080, healthPath: "/v1/ramparts/health" },
    startupSeconds: 300,
    requests: { cpu: "200m", memory: "256Mi" },
    limits: { cpu: "500m", memory: "1Gi" },
    exposure: { host: "api", paths: ["/v1/ramparts/*"], nodePort: 30050, priority: 200 },
    // The MCP servers that it scans.
    egress: ["internet"],
  },
  redteam: {
    ...none,
    name: "redteam",
    image: "javelin-redteam",
    http: { port: 8001, healthPath: "/v1/redteam/health" },
    startupSeconds: 300,
    requests: { cpu: "100m", memory: "512Mi" },
    limits: { cpu: "500m", memory: "1Gi" },
    calls: [{ to: "admin", env: "JAVELIN_ADMIN_URL" }],
    egress: ["database", "cache", "internet"],
    environment: { REDTEAM_MODULE: "api", ...redteamSettings },
  },
  "redteam-worker": {
    ...none,
    name: "redteam-worker",
    image: "javelin-redteam",
    startupSeconds: 300,
    requests: { cpu: "500m", memory: "512Mi" },
    limits: { cpu: "1000m", memory: "1Gi" },
    replicas: { min: 3, max: 6 },
    partOf: "redteam",
    calls: [{ to: "admin", env: "JAVELIN_ADMIN_URL" }],
    egress: ["database", "cache", "internet"],
    environment: { REDTEAM_MODULE: "queue", ...redteamSettings },
  },
};

import * as pulumi from "@pulumi/pulumi";
import { certificateOf, routeSecretsOf, secretsOf } from "./customerSecrets.js";
import type { Budget } from "./failoverBudget.js";
import type { CertificateConfig, CustomerSecrets, RouteSecrets } from "./customerSecrets.js";
import { followers, resolveCell, type CellConfig } from "./cellConfig.js";
import { cellName } from "./cellDefaults.js";
import { cellSchema, type Cell } from "./cellSchema.js";
import { ConfigError, configPath, didYouMean, show, type Problem } from "./problems.js";
import { budgetOf, checkInterval, failureThreshold } from "./failoverRules.js";
import { routeWarnings } from "./routeKeys.js";
import { rules } from "./rules.js";
import { schema, type Values } from "./schema.js";
import { secretKeyNames } from "./secretSchema.js";

/** The existing public zone. */
export interface DnsConfig {
  cloud: CellConfig["cloud"];
  zone: string;
  /** Seconds that resolvers keep an answer. */
  ttl: number;
  /** There when the zone is on gcp. */
  project?: string;
  /** There when the zone is on azure. */
  resourceGroup?: string;
  subscription?: string;
}

interface Common {
  stack: string;
  /** Start of the physical names that are no cell's: `javelin-<stack>`. */
  prefix: string;
  domain: string;
  dns: DnsConfig;
  secrets: CustomerSecrets;
  certificate: CertificateConfig;
  routeSecrets: RouteSecrets;
  /** What is legal and yet probably not meant, for the log. */
  warnings: string[];
}

/** A stack's configuration, validated and resolved. */
export type StackConfig = SingleRegionConfig | CrossRegionConfig;

export interface SingleRegionConfig extends Common {
  topology: "single-region";
  cell: CellConfig;
}

export interface CrossRegionConfig extends Common {
  topology: "cross-region";
  /** Whether the first healthy cell takes all traffic, or all cells share it. */
  mode: "active-passive" | "active-active";
  /** The first is the primary. */
  cells: CellConfig[];
  failover: {
    /** Seconds between health checks. */
    interval: number;
    /** Failed checks until a cell counts as down. */
    threshold: number;
    accelerator: boolean;
  };
  budget: Budget;
  replication: "independent" | "global";
}

const namespace = "javelin:";

/**
 * Validates a stack's configuration and resolves it. Registers nothing.
 *
 * @param raw values by key, without the namespace: structured, or the JSON text that Pulumi hands over.
 * @param stack the stack's name.
 * @param encrypted keys whose values the stack's settings keep encrypted: they are never shown, and a key that
 *   holds a secret must be among them. Default: those keys.
 * @throws {@link ConfigError} with every problem.
 */
export function parseConfig(
  raw: Record<string, unknown>,
  stack: string,
  encrypted: readonly string[] = secretKeyNames,
): StackConfig {
  const problems: Problem[] = unknownKeys(raw);
  const values: Record<string, unknown> = {};
  for (const [key, type] of Object.entries(schema)) {
    const value = decoded(raw[key]);
    const result = type.safeParse(value);
    if (result.success) values[key] = result.data;
    else problems.push(...result.error.issues.flatMap((issue) => fromIssue(issue, key, value)));
  }
  const given = decoded(raw.cells);
  const written: unknown[] = Array.isArray(given) ? given : [];
  // A cell in the right form takes part in the rules even when its neighbour is not.
  const cells = new Map<number, Cell>();
  for (const [index, cell] of written.entries()) {
    const result = cellSchema.safeParse(cell);
    if (result.success) cells.set(index, result.data);
  }
  if (Array.isArray(given) && given.length === 0) {
    problems.push({ path: `${namespace}cells`, found: "[]", remedy: "write at least one cell" });
  }
  const parsed = { stack, values: values as Partial<Values>, cells, cellCount: written.length };
  problems.push(...rules(parsed));
  // `pulumi config rm` leaves an empty map of the last entry.
  const open = (name: string) => !encrypted.includes(name) && !isEmpty(decoded(raw[name] ?? {}));
  for (const key of secretKeyNames.filter(open)) {
    const remedy = `set it as a secret: pulumi config set --secret --path ${namespace}${key}.<member>`;
    problems.push({ path: `${namespace}${key}`, found: "plain text", remedy });
  }
  if (problems.length > 0) throw new ConfigError(stack, problems.map(withoutSecrets(encrypted)));
  return resolve(values as Values, stack);
}

/**
 * Reads the configuration of the running stack: every key of the `javelin` namespace.
 * @throws {@link ConfigError} with every problem.
 */
export function readConfig(stack: string): StackConfig {
  const raw: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
    if (key.startsWith(namespace)) raw[key.slice(namespace.length)] = value;
  }
  return parseConfig(
    raw,
    stack,
    Object.keys(raw).filter((key) => isEncrypted(`${namespace}${key}`)),
  );
}

const isEmpty = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;

/** Whether the key's value is encrypted in the stack's settings. The SDK has this function without declaring it. */
function isEncrypted(key: string): boolean {
  const { isConfigSecret } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
  return isConfigSecret?.(key) ?? true;
}

function unknownKeys(raw: Record<string, unknown>): Problem[] {
  const known = Object.keys(schema);
  return Object.keys(raw)
    .filter((key) => !known.includes(key))
    .map((key) => unknownKey(configPath([key]), key, known));
}

function unknownKey(path: string, key: string, known: readonly string[]): Problem {
  return {
    path,
    found: "an unknown key",
    remedy: `remove it${didYouMean(key, known)}; known here are ${known.join(", ")}`,
  };
}

/** Pulumi hands every value over as text: maps and lists as JSON. */
function decoded(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

type Issue = NonNullable<ReturnType<(typeof schema)["domain"]["safeParse"]>["error"]>["issues"][number];

function fromIssue(issue: Issue, key: string, value: unknown): Problem[] {
  const steps = [key, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((name) =>
      unknownKey(configPath([...steps, name]), name, issue.message.split(", ")),
    );
  }
  const found = issue.path.reduce<unknown>(
    (at, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step],
    value,
  );
  return [{ path: configPath(steps), found: show(found), remedy: issue.message }];
}

/** Hides what was found under keys that hold secrets, by their nature or by the user's choice. */
function withoutSecrets(encrypted: readonly string[]): (problem: Problem) => Problem {
  const hidden = new Set([...secretKeyNames, ...encrypted]);
  return (problem) => {
    const key = problem.path.slice(namespace.length).split(/[.[]/)[0] ?? "";
    const harmless = ["nothing", "an unknown key", "plain text"].includes(problem.found);
    return hidden.has(key) && !harmless ? { ...problem, found: "a secret (not shown)" } : problem;
  };
}

function resolve(values: Values, stack: string): StackConfig {
  const { dns, domain, topology } = values;
  const [first, ...rest] = values.cells.map((cell) => resolveCell(values, cell, stack));
  const common = {
    stack,
    prefix: `javelin-${stack}`,
    domain,
    dns: dnsOf(dns),
    secrets: secretsOf(values),
    certificate: certificateOf(values),
    routeSecrets: routeSecretsOf(values),
    warnings: warningsOf(values),
  };
  if (topology === "single-region") return { ...common, topology, cell: first! };
  const { accelerator, mode } = dns;
  const threshold = failureThreshold(dns);
  const interval = checkInterval(dns);
  const { replication } = values.database;
  return {
    ...common,
    topology,
    mode,
    cells: [first!, ...rest],
    failover: {
      interval,
      threshold,
      accelerator,
    },
    budget: budgetOf(values),
    replication,
  };
}

function dnsOf({ cloud, zone, ttl, project, resourceGroup, subscription }: Values["dns"]): DnsConfig {
  return {
    ...{ cloud, zone, ttl },
    ...(project !== undefined && { project }),
    ...(resourceGroup !== undefined && { resourceGroup }),
    ...(subscription !== undefined && { subscription }),
  };
}

function warningsOf(values: Values): string[] {
  const { cells, gateway, registryAuth, licence, clerk } = values;
  const services = new Set(cells.flatMap((cell) => cell.services ?? gateway.services));
  const warnings: string[] = [];
  if (!licence) warnings.push("javelin:licence is not set: admin does not start without a licence");
  if (!registryAuth && !/\.dkr\.ecr\./.test(gateway.registry)) {
    warnings.push(
      `javelin:registryAuth is not set: nodes can pull public images only from ${gateway.registry}`,
    );
  }
  if (!clerk && services.has("webapp"))
    warnings.push("javelin:clerk is not set: nobody can sign in to the web app");
  if (services.has("redteam"))
    warnings.push("redteam keeps its data in a database that is yours to make: docs/data.md says how");
  return [...warnings, ...routeWarnings(values), ...idleKeyWarnings(values)];
}

/** Admin keys that nothing uses. */
function idleKeyWarnings(values: Values): string[] {
  const keyed = followers(values)
    .map(cellName)
    .filter((name) => Object.hasOwn(values.adminKeys, name));
  return keyed.map(
    (name) =>
      `javelin:adminKeys.${name} is not used: the cell ${name} gets javelin:routes with the data of ${cellName(values.cells[0]!)}`,
  );
}

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { format, resolveConfig } from "prettier";
import { z } from "zod";
import { providerTable } from "../components/egress.js";
import { clouds, facts } from "../stacks/clouds.js";
import { schema } from "../stacks/schema.js";
import { secretKeyNames } from "../stacks/secretSchema.js";
import { sizeNames, sizes, type SizePreset } from "../stacks/sizes.js";
import { diagramFile, drawnStacks, stackDiagram } from "./diagrams.js";

/** What JSON Schema says of one key, as far as the tables need it. */
interface Node {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  items?: Node;
  properties?: Record<string, Node>;
  required?: string[];
  additionalProperties?: boolean | Node;
}

const cellText = (text: string): string => text.replaceAll("|", "\\|");
const code = (text: string): string => `\`${text}\``;

function typeOf(node: Node): string {
  if (node.enum) return node.enum.map(code).join(", ");
  if (node.type === "array") return `list of ${node.items?.properties ? "maps" : plural(node.items)}`;
  if (node.type === "integer") return `${node.minimum} to ${node.maximum}`;
  if (node.type === "object") return "map";
  return node.type === "boolean" ? "`true`, `false`" : "text";
}

const plural = (items?: Node): string => {
  if (items?.enum) return items.enum.map(code).join(", ");
  return items?.type === "integer" ? `numbers, ${items.minimum} to ${items.maximum}` : "texts";
};

/** Keys that are explained elsewhere in full. */
const elsewhere: Readonly<Record<string, string>> = { "cells[].routes": "map like `javelin:routes`" };

/** One row for the key and for each key below it. */
function rows(path: string, node: Node, required: boolean): string[] {
  const children = elsewhere[path] ? undefined : (node.properties ?? node.items?.properties);
  const below = node.properties ? `${path}.` : `${path}[].`;
  const needed = new Set((node.properties ? node : (node.items ?? {})).required);
  const nested = Object.entries(children ?? {}).flatMap(([key, child]) =>
    rows(below + key, child, needed.has(key)),
  );
  // A map without a meaning of its own is only its keys.
  if (node.properties && !node.description) return nested;
  const fallback =
    node.default === undefined ? (required ? "**required**" : "") : code(JSON.stringify(node.default));
  const own = `| ${code(path)} | ${cellText(elsewhere[path] ?? typeOf(node))} | ${node.properties ? "" : cellText(fallback)} | ${cellText(node.description ?? "")} |`;
  return [own, ...nested];
}

function section(key: string, node: Node, required: boolean): string {
  const marks = [
    required ? "Required." : "",
    secretKeyNames.includes(key) ? "Secret: set it with `--secret`." : "",
  ];
  const intro = [node.description, ...marks].filter(Boolean).join(" ");
  const title = `## ${code(`javelin:${key}`)}\n\n${intro}`;
  if (!node.properties && !node.items?.properties) {
    const fallback = node.default === undefined ? "" : ` Default: ${code(JSON.stringify(node.default))}.`;
    return `${title}\n\nValue: ${typeOf(node)}.${fallback}`;
  }
  const head = "| key | value | default | meaning |\n|---|---|---|---|";
  return `${title}\n\n${head}\n${rows(key, node, required).slice(1).join("\n")}`;
}

const sizeRows: [string, (size: SizePreset) => unknown][] = [
  ["availability zones", (s) => s.zones],
  ["NAT gateways", (s) => (s.natPerZone ? "one a zone" : "one")],
  ["network firewall on the way out", (s) => (s.inspected ? "yes" : "no: see docs/clouds.md")],
  ["nodes (least, first, most)", (s) => `${s.nodes.min}, ${s.nodes.desired}, ${s.nodes.max}`],
  ["disk of a node", (s) => `${s.nodes.diskGiB} GiB`],
  ["pods of a service (least, most)", (s) => `${s.replicas.min}, ${s.replicas.max}`],
  ["standby of the database in another zone", (s) => (s.database.reader ? "yes" : "no")],
  ["backups kept", (s) => `${s.database.backupDays} days`],
  ["replicas of the cache", (s) => s.cacheReplicas],
  ["own key where a cloud's key is the default", (s) => (s.customerKey ? "yes" : "no")],
  ["logs kept", (s) => `${s.logRetentionDays} days`],
];

/** The reference of the configuration, generated from the schema. */
export async function configurationPage(): Promise<string> {
  const json = z.toJSONSchema(z.strictObject(schema), { io: "output", unrepresentable: "any" }) as Node;
  const required = (key: string, node: Node) =>
    json.required!.includes(key) && node.default === undefined && !prefaulted(key);
  const sections = Object.entries(json.properties!).map(([key, node]) =>
    section(key, node, required(key, node)),
  );
  const sizeTable = [
    `| | ${sizeNames.map(code).join(" | ")} |`,
    `|---|${sizeNames.map(() => "---|").join("")}`,
    ...sizeRows.map(
      ([what, of]) => `| ${what} | ${sizeNames.map((name) => String(of(sizes[name]))).join(" | ")} |`,
    ),
  ];
  const machineRows = clouds.flatMap((cloud) =>
    (["node", "database", "cache"] as const).map((kind) => {
      const cells = sizeNames.map((size) => facts[cloud].machines[size][kind]);
      return `| ${cloud} | ${kind} | ${cells.map(code).join(" | ")} |`;
    }),
  );
  const machineTable = [
    `| cloud | machine | ${sizeNames.map(code).join(" | ")} |`,
    `|---|---|${sizeNames.map(() => "---|").join("")}`,
    ...machineRows,
  ];
  const providerRows = providerTable.map(({ name, hosts, resource }) => {
    return `| ${code(name)} | ${hosts.map(code).join(", ")} | ${resource ? `${code(`${name}/…`)}: ${resource}` : ""} |`;
  });
  const page = [
    "# Configuration",
    "<!-- Generated by docs/generate.ts from stacks/schema.ts: do not edit. -->",
    "Keys of a stack's `Pulumi.<stack>.yaml`, in the namespace `javelin`. `Pulumi.dev.yaml` is a complete, commented example. A configuration with errors is refused before anything is registered, with every error in one list.",
    ...sections,
    "## Sizes",
    "What `javelin:size` stands for. Every number can be written instead.",
    sizeTable.join("\n"),
    machineTable.join("\n"),
    "A guard model (`guard`, `guard-cm`, `guard-hallucination`) adds a pool of GPU nodes, one for each model and one to spare.",
    "## Providers",
    "Names for `javelin:egress.providers`, and the hosts that each opens.",
    ["| name | hosts | narrower |", "|---|---|---|", ...providerRows].join("\n"),
  ].join("\n\n");
  return format(page, { ...(await resolveConfig("docs/configuration.md")), parser: "markdown" });
}

/** A key that may be left out although its map has required members or none. */
function prefaulted(key: string): boolean {
  return schema[key as keyof typeof schema].safeParse(undefined).success;
}

export const configurationFile = "docs/configuration.md";

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  write(configurationFile, await configurationPage());
  for (const stack of drawnStacks) write(diagramFile(stack), await stackDiagram(stack));
}

function write(file: string, content: string): void {
  const changed = readFileIfAny(file) !== content;
  if (changed) writeFileSync(file, content);
  console.log(`${file}: ${changed ? "written" : "up to date"}`);
}

function readFileIfAny(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

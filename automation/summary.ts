import type { Changes } from "./events.js";

/** What the summary and the JSON document tell of an operation. */
export interface Result {
  stack: string;
  operation: string;
  changes: Changes;
  /** Stack outputs; every secret in them is already "[secret]". */
  outputs: Record<string, unknown>;
  /** Seconds from the operation's start to its end. */
  seconds: number;
}

const masked = "[secret]";

/** Rows as lines of aligned columns, indented by two. */
export function table(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd());
}

/** The columns that come first; the CLI gives a cell's outputs in alphabetical order. */
const leading = ["cell", "name", "cloud", "region", "origin"];

/** One column for each plain value that cells have. */
export function cellTable(cells: unknown): string[] {
  if (typeof cells !== "object" || cells === null) return [];
  const named = Object.entries(cells as Record<string, unknown>).map(([key, cell]) => ({
    // A record of cells is keyed by name; in an array each holds its own.
    ...(Array.isArray(cells) ? {} : { cell: key }),
    ...(cell as Record<string, unknown>),
  }));
  const shown = (value: unknown): value is string | number | boolean =>
    ["string", "number", "boolean"].includes(typeof value) && value !== masked;
  const found = named.flatMap((cell) =>
    Object.entries(cell).flatMap(([key, value]) => (shown(value) ? [key] : [])),
  );
  const columns = [
    ...leading.filter((key) => found.includes(key)),
    ...new Set(found.filter((key) => !leading.includes(key))),
  ];
  if (columns.length === 0) return [];
  const rows = named.map((cell: Record<string, unknown>) =>
    columns.map((column) => {
      const value = cell[column];
      return shown(value) ? String(value) : "";
    }),
  );
  return table([columns.map((column) => column.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)), ...rows]);
}

const past = { up: "is up", preview: "was previewed", refresh: "was refreshed", destroy: "was taken down" };

/** "187 created, 2 updated", or "nothing to change". */
export function changesLine(changes: Changes, planned: boolean): string {
  const words: [keyof Changes, string, string][] = [
    ["create", "created", "to create"],
    ["update", "updated", "to update"],
    ["replace", "replaced", "to replace"],
    ["delete", "deleted", "to delete"],
    ["same", "unchanged", "unchanged"],
  ];
  const parts = words.flatMap(([key, done, todo]) =>
    changes[key] > 0 ? [`${changes[key]} ${planned ? todo : done}`] : [],
  );
  return parts.join(", ") || "nothing to change";
}

/** The end of an operation for people: what there is now, and what to try next. */
export function summary(result: Result, local: boolean, overrides = ""): string {
  const { stack, changes, outputs } = result;
  const operation = result.operation as keyof typeof past;
  const where = local ? "on the local cloud" : "in the cloud";
  const lines = [
    `${stack} ${past[operation]} ${where}: ${changesLine(changes, operation === "preview")} in ${result.seconds.toFixed(1)} s.`,
  ];
  if (operation === "up") {
    const addresses = (["url", "appUrl"] as const).flatMap((key) => {
      const value = outputs[key];
      return typeof value === "string" && value !== masked
        ? [[key === "url" ? "API" : "Web app", value]]
        : [];
    });
    for (const block of [table(addresses), cellTable(outputs["cells"])])
      if (block.length > 0) lines.push("", ...block);
  }
  const next = nextSteps(stack, operation, local, overrides);
  if (next.length > 0) lines.push("", "Next:", ...table(next));
  return lines.join("\n");
}

function nextSteps(
  stack: string,
  operation: keyof typeof past,
  local: boolean,
  overrides: string,
): string[][] {
  const call = (verb: string, more = ""): string =>
    `npx javelin ${verb} ${stack}${local ? " --local" : ""}${more}`;
  if (operation === "preview") return [[call("up", overrides), "carry it out"]];
  if (operation === "refresh") return [[call("preview"), "what would bring it back to the program"]];
  if (operation === "destroy") return local ? [[call("up"), "bring it up again"]] : [];
  return [
    [call("diagram", ` --out ${stack.split("/").at(-1)}.svg`), "draw every open path"],
    [call("outputs"), "every output"],
    [call("destroy"), "take it down"],
  ];
}

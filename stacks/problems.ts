import { RunError } from "@pulumi/pulumi";

/** One thing that is wrong with the configuration. */
export interface Problem {
  /** Where: a key as `pulumi config` writes it, such as `javelin:cells[0].cidr`. */
  path: string;
  /** What stands there now; never a secret's value. */
  found: string;
  /** What would be right. */
  remedy: string;
}

/**
 * The configuration is not usable. Lists every problem, one a line. A {@link RunError}, so that Pulumi prints
 * the message without a stack trace.
 */
export class ConfigError extends RunError {
  constructor(
    stack: string,
    readonly problems: readonly Problem[],
  ) {
    const heading = `${problems.length} ${problems.length === 1 ? "problem" : "problems"} in the configuration of stack "${stack}":`;
    super([heading, ...problems.map((p) => `  ${p.path}: found ${p.found}; ${p.remedy}`)].join("\n"));
    this.name = "ConfigError";
  }
}

/** A path in Pulumi's notation: `["cells", 0, "cidr"]` is `javelin:cells[0].cidr`; no steps are the stack's name. */
export function configPath(steps: readonly PropertyKey[]): string {
  const [first, ...rest] = steps;
  if (first === undefined) return "stack name";
  const tail = rest.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`));
  return `javelin:${String(first)}${tail.join("")}`;
}

/** The value as it is shown in a problem: JSON, cut to a readable length. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const json = JSON.stringify(value) ?? typeof value;
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}

/** ` (did you mean "x"?)` for the nearest of the known words, or nothing when none is near. */
export function didYouMean(word: unknown, known: readonly string[]): string {
  if (typeof word !== "string") return "";
  const ranked = known
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(1, Math.floor(word.length / 3))
    ? ` (did you mean "${best.candidate}"?)`
    : "";
}

/** The fewest insertions, deletions, replacements and swaps of neighbours that turn a into b. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    const above = rows[i - 1]!;
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, above[j]! + 1, row[j - 1]! + 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

import { Refusal } from "./errors.js";
import type { Diagnostic } from "./events.js";
import { cellType, Log, nameOf, shortType, typeOf } from "./events.js";
import { afterCancel, remedyFor, retry } from "./remedies.js";

export interface FailedResource {
  urn: string;
  type: string;
  name: string;
  /** The cell that it belongs to, by name, if it belongs to one. */
  cell?: string;
  /** The engine's word for what was tried: create, update, delete … */
  operation: string;
  /** What the cloud said. */
  message: string;
  /** What to do about it. */
  remedy: string;
}

/** Why an operation failed. */
export interface Failure {
  /** In one line. */
  message: string;
  resources: FailedResource[];
  /** What has no resource to belong to: the program's own refusals, the engine's. */
  problems: string[];
  /** What to do when there is no failed resource to say it of. */
  remedy: string;
}

/** The name of the cell that a resource belongs to, from the components that it is part of. */
export function cellOf(lineage: string[]): string | undefined {
  const cell = lineage.find((urn) => cellType.test(typeOf(urn)));
  return cell === undefined ? undefined : nameOf(cell);
}

/** A message without the engine's and Node's wrapping, and without a stack trace: the words of whoever refused. */
export function essence(message: string): string {
  return message
    .split("\n")
    .filter((line) => !/^\s+at .*(:\d+:\d+\)?|<anonymous>\)?|node:.*)$/.test(line))
    .join("\n")
    .replace(
      /^(error: |Unhandled exception: |Error: |RunError: |sdk-v2\/provider[^:]*: |error serializing property "[^"]*": )+/,
      "",
    )
    .replace(/^(creating|updating|deleting|reading) urn:pulumi:\S+: /, "")
    .replace(/^\d+ errors? occurred:\s*\* /, "")
    .trim();
}

/** Lines of the engine that only say that something else failed. */
const echo =
  /^(update|preview|refresh|destroy) failed$|^resource .*failed|^an unhandled error occurred|^program failed/i;

/** The engine's word that a run was cancelled, by a person or because it was stuck. */
const cancel = /^\w+ cancell?ed$/;

/** What calls say that a cancel cut off. */
const cutOff =
  /client connection is closing|context cancell?ed|code = Cancell?ed|resource monitor shut down/i;

/**
 * Explains a failed operation from its events.
 *
 * @param error what the Automation API threw
 * @param mask replaces secret values
 */
export function explain(log: Log, error: unknown, mask: (text: string) => string): Failure {
  const heard = problemsIn(log).map(mask);
  if (log.failed.length === 0 && heard.length === 0) heard.push(mask(thrownMessage(error)));
  const cancelled = heard.some((text) => cancel.test(text));
  const isCutOff = (text: string): boolean => cancelled && cutOff.test(text);
  const resources = log.failed.map((step): FailedResource => {
    const message = mask(messageOf(log, step.urn));
    const cell = cellOf(log.lineage(step.urn));
    return {
      urn: step.urn,
      type: step.type,
      name: step.name,
      ...(cell === undefined ? {} : { cell }),
      operation: step.operation
        .replace(/^create-replacement$/, "replace")
        .replace(/^delete-replaced$/, "delete"),
      message,
      remedy: isCutOff(message) ? afterCancel : remedyFor(message),
    };
  });
  const problems = heard.filter((text) => !isCutOff(text));
  const [first] = resources;
  const message = first
    ? `${first.operation} of ${shortType(first.type)} ${first.name} failed${resources.length > 1 ? `, and ${resources.length - 1} more` : ""}`
    : (problems[0]?.split("\n", 1)[0] ?? "");
  // A run that was stuck is cancelled too: then another problem says why.
  const remedy = remedyFor(problems.join("\n"), cancelled ? afterCancel : undefined);
  return { message, resources, problems: [...new Set(problems)], remedy };
}

const errorsOf = (log: Log): Diagnostic[] => log.diagnostics.filter((d) => d.severity === "error");

/** Why a resource failed. */
function messageOf(log: Log, urn: string): string {
  const messages = errorsOf(log).flatMap((d) => (d.urn === urn ? [essence(d.message)] : []));
  return messages.join("\n") || "no reason was given";
}

/** What went wrong and is no failed resource's. */
function problemsIn(log: Log): string[] {
  const failed = new Set(log.failed.map((step) => step.urn));
  return (
    errorsOf(log)
      .filter((d) => d.urn === undefined || !failed.has(d.urn))
      .map((d) => ({ of: d.urn, text: essence(d.message) }))
      .filter(({ text }) => text !== "" && !echo.test(text))
      // One failed look-up fails every input that waits for it, in the same words.
      .filter(({ text }, i, all) => all.findIndex((other) => other.text === text) === i)
      .map(({ of, text }) =>
        of === undefined || of.includes("::pulumi:pulumi:Stack::") ? text : `${nameOf(of)}: ${text}`,
      )
  );
}

/** Explains what was thrown where no operation runs: such commands read no secret in plain text. */
export function explainThrown(error: unknown): Failure {
  return error instanceof Refusal ? refusal(error) : explain(new Log(), error, (text) => text);
}

/** A refusal says by itself what to do. */
export function refusal(error: Refusal): Failure {
  const [message = ""] = error.message.split("\n", 1);
  return { message, resources: [], problems: [error.message], remedy: "" };
}

/** The words of what was thrown; of a failed call of the CLI, its own lines of errors. */
function thrownMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const killed = /was killed with (SIG[A-Z]+)/.exec(text);
  if (killed) return `The Pulumi engine was killed (${killed[1]}).`;
  const own = text.split("\n").filter((line) => /^(\s*stderr: )?error: /.test(line));
  return essence(own.length > 0 ? own.join("\n").replace(/^\s*stderr: /, "") : text);
}

/** The explanation for people. */
export function describe(failure: Failure): string {
  const lines: string[] = [];
  const remedies = new Map<string, string[]>();
  for (const resource of failure.resources) {
    const place = resource.cell === undefined ? "" : ` in cell ${resource.cell}`;
    lines.push(`✗ ${resource.operation} ${shortType(resource.type)} ${resource.name}${place}`);
    lines.push(...resource.message.split("\n").map((line) => `    ${line}`));
    remedies.set(resource.remedy, [...(remedies.get(resource.remedy) ?? []), resource.name]);
  }
  for (const problem of failure.problems) {
    const [first = "", ...rest] = problem.split("\n");
    lines.push(`✗ ${first}`, ...rest.map((line) => `  ${line}`));
  }
  if (failure.resources.length === 0 && failure.remedy !== "") remedies.set(failure.remedy, []);
  if (remedies.size > 0) lines.push("");
  for (const [remedy, names] of remedies)
    lines.push(remedies.size > 1 ? `${names.join(", ")}: ${remedy}` : remedy);
  if (failure.resources.length > 0 && !remedies.has(afterCancel)) lines.push(retry);
  return lines.join("\n");
}

import type { Failure } from "./failure.js";
import type { Result } from "./summary.js";

/** The one JSON document that `--json` prints: the result, and why it failed when it did. */
export function jsonDocument(result: Result, failure?: Failure): string {
  const { stack, operation, changes, outputs, seconds } = result;
  const document = {
    stack,
    operation,
    changes,
    outputs,
    seconds: Number(seconds.toFixed(1)),
    ...(failure ? { error: failure } : {}),
  };
  return JSON.stringify(document, null, 2);
}

/** A function that replaces each of these texts wherever it occurs, also as JSON writes it. */
export function masking(secrets: string[]): (text: string) => string {
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  // Longer ones first: one secret may be part of another.
  const ordered = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((masked, secret) => masked.replaceAll(secret, "[secret]"), text);
}

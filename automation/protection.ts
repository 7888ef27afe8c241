import { Refusal } from "./errors.js";
import type { ExportedState } from "./pending.js";

/**
 * Pulumi deletes in order and meets what is protected on the way, when the pods and the names are gone. So it is looked
 * for before anything is deleted.
 *
 * @throws {Refusal} when the state holds a protected resource
 */
export function refuseProtected(stack: string, { deployment }: ExportedState): void {
  const names = (deployment.resources ?? [])
    .filter(({ protect }) => protect)
    .map(({ urn }) => urn.split("::").at(-1) ?? urn);
  if (names.length === 0) return;
  throw new Refusal(
    [
      `${stack} is protected against deletion:`,
      ...names.sort().map((name) => `  ${name}`),
      'Set "javelin:protect" to false, run up, and repeat. No resource was changed.',
    ].join("\n"),
  );
}

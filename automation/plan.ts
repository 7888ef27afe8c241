import type { Log, Step } from "./events.js";
import { shortType } from "./events.js";

const signs: [sign: string, operations: readonly string[]][] = [
  ["-", ["delete"]],
  ["±", ["replace", "create-replacement"]],
  ["~", ["update"]],
  ["+", ["create", "import"]],
];
/** Lines of one kind before the rest is only counted. */
const listed = 25;

/** What a preview found, one resource a line; what is lost or made anew comes first. */
export function planLines(log: Log): string[] {
  return signs.flatMap(([sign, operations]) => {
    const steps = new Map<string, Step>();
    for (const step of log.steps) if (operations.includes(step.operation)) steps.set(step.urn, step);
    const lines = [...steps.values()].map((step) => `${sign} ${shortType(step.type)} ${step.name}`);
    return lines.length > listed
      ? [...lines.slice(0, listed), `${sign} … and ${lines.length - listed} more`]
      : lines;
  });
}

import type { World } from "./behaviour.js";
import { publicAnswers } from "./publicDns.js";

/**
 * The authorities that may issue for a name, as its CAA records say: those of the name, or of the nearest domain
 * above it that has any. Undefined: every authority may. Source: RFC 8659.
 */
export function allowedAuthorities(
  world: Pick<World, "list" | "find">,
  name: string,
  wildcard: boolean,
): string[] | undefined {
  const labels = name.split(".");
  for (let i = 0; i < labels.length - 1; i++) {
    const records = publicAnswers(world, labels.slice(i).join("."), "CAA").flatMap((record) => {
      const [, tag, value] = /^\d+ (\w+) "?([^";]*)/.exec(record) ?? [];
      return tag === undefined ? [] : [{ tag, value: (value ?? "").trim() }];
    });
    if (records.length === 0) continue;
    const wild = records.filter(({ tag }) => tag === "issuewild");
    const deciding = wildcard && wild.length > 0 ? wild : records.filter(({ tag }) => tag === "issue");
    return deciding.length > 0 ? deciding.map(({ value }) => value) : undefined;
  }
  return undefined;
}

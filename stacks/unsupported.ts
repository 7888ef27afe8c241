import { configPath, show, type Problem } from "./problems.js";
import type { Parsed } from "./rules.js";

interface Gap {
  /** As the documentation lists it. */
  what: string;
  remedy: string;
  /** Where the config asks for it: path and value. */
  asked: (parsed: Parsed) => [PropertyKey[], unknown][];
}

const when = (asked: boolean, steps: PropertyKey[], value: unknown): [PropertyKey[], unknown][] =>
  asked ? [[steps, value]] : [];

/**
 * What the schema knows and the program cannot do yet. All of it is here and nowhere else: whoever builds one of
 * these deletes its entry.
 */
export const gaps: readonly Gap[] = [
  {
    what: "shared data (`database.replication: global`)",
    remedy: "a global database is not built yet: write independent",
    asked: ({ values: { database } }) =>
      when(database?.replication === "global", ["database", "replication"], database?.replication),
  },
];

/** The problems of a config that asks for something that is not built yet. */
export function unsupported(parsed: Parsed): Problem[] {
  return gaps.flatMap(({ remedy, asked }) =>
    asked(parsed).map(([steps, value]) => ({ path: configPath(steps), found: show(value), remedy })),
  );
}

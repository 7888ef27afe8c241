import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { WorldObject } from "../local/behaviour.js";
import { serverOf } from "../local/kubeconfig.js";
import type { FindCreated } from "./pending.js";

/**
 * Looks in the local cloud for what an interrupted creation made, as a person looks in a cloud's console: a
 * thing of that type and place, with exactly the inputs asked for, that the state does not hold yet. Each is
 * found once.
 */
export function findInWorld(directory: string): FindCreated {
  const file = join(directory, "world.jsonl");
  const objects = existsSync(file) ? readWorld(readFileSync(file, "utf8")) : [];
  return (create, known) => {
    const place = create.type.startsWith("kubernetes:")
      ? serverOf(create.provider)
      : create.provider["region"];
    const found = objects.findIndex(
      (o) =>
        o.type === create.type &&
        (place === undefined || o.region === "global" || o.region === place) &&
        !known.has(o.id) &&
        isDeepStrictEqual(plain(o.inputs), plain(create.inputs)),
    );
    return found < 0 ? undefined : objects.splice(found, 1)[0]?.id;
  };
}

/** The objects of a world's journal; reading it disturbs no process that writes it. */
function readWorld(journal: string): WorldObject[] {
  const objects = new Map<string, WorldObject>();
  for (const line of journal.split("\n")) {
    if (!line.endsWith("}")) continue;
    const entry = JSON.parse(line) as { put?: WorldObject; gone?: [type: string, id: string] };
    if (entry.put) objects.set(`${entry.put.type} ${entry.put.id}`, entry.put);
    if (entry.gone) objects.delete(entry.gone.join(" "));
  }
  return [...objects.values()];
}

const internal = "__defaults";

/** Inputs without what the bridge adds for itself, and without the difference between absent and undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (key === internal ? undefined : inner)),
  ) as unknown;
}

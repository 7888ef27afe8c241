import { isDeepStrictEqual } from "node:util";
import { worldFile } from "../local/directory.js";
import { serverOf } from "../local/kubeconfig.js";
import { readWorld } from "../local/world.js";
import { Refusal } from "./errors.js";
import { nameOf, shortType } from "./events.js";
import type { InterruptedCreate, Made } from "./pending.js";

/**
 * Looks in the local cloud for what interrupted creations made, as a person looks in a cloud's console: a thing
 * of that type and place, with exactly the inputs asked for, that the state does not hold yet.
 */
export function madeInWorld(directory: string, creates: InterruptedCreate[]): Made {
  const objects = readWorld(worldFile(directory));
  return new Map(
    creates.map(({ urn, type, inputs, provider, known }) => {
      const place = type.startsWith("kubernetes:") ? serverOf(provider) : provider["region"];
      const found = objects.findIndex(
        (o) =>
          o.type === type &&
          (place === undefined || o.region === "global" || o.region === place) &&
          !known.has(o.id) &&
          isDeepStrictEqual(plain(o.inputs), plain(inputs)),
      );
      // Taken out: two alike are two.
      return [urn, found < 0 ? undefined : objects.splice(found, 1)[0]?.id];
    }),
  );
}

/**
 * Takes a person's word for it, since no provider can be asked by inputs.
 *
 * @param answers `name=id`, or `name=` for what the cloud does not hold; `type:name` where two share a name
 * @param ask asks for an answer that is missing; absent where nobody can be asked
 * @throws {Refusal} with every answer that is missing
 */
export async function madeByWord(
  creates: InterruptedCreate[],
  answers: string[],
  ask?: (question: string) => Promise<string>,
): Promise<Made> {
  const given = new Map(answers.map((answer) => answer.split(/=(.*)/s, 2) as [string, string]));
  // Things of different types may share a name: then the type tells them apart.
  const keyOf = ({ type, urn }: InterruptedCreate): string =>
    creates.filter((other) => nameOf(other.urn) === nameOf(urn)).length > 1
      ? `${shortType(type)}:${nameOf(urn)}`
      : nameOf(urn);
  const missing = creates.filter((create) => !given.has(keyOf(create)));
  const thing = ({ type, urn }: InterruptedCreate): string => `${shortType(type)} ${nameOf(urn)}`;
  if (missing.length > 0 && !ask)
    throw new Refusal(
      [
        "An earlier run was killed while it created these, and only the cloud's console tells whether they exist:",
        ...missing.map((create) => `  ${thing(create)}`),
        "Going on could make them twice. Look for each and add to the command, with the id that pulumi import takes,",
        ...missing.map((create) => `  --made ${keyOf(create)}=<id>`),
        "or, when the cloud does not hold one, with nothing after the equals sign.",
      ].join("\n"),
    );
  for (const create of missing)
    given.set(keyOf(create), (await ask?.(`Id of ${thing(create)} in the cloud (empty: none):`)) ?? "");
  return new Map(creates.map((create) => [create.urn, given.get(keyOf(create)) || undefined]));
}

const internal = "__defaults";

/** Inputs without what the bridge adds for itself, and without the difference between absent and undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (key === internal ? undefined : inner)),
  ) as unknown;
}

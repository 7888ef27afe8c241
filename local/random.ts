import { createHash } from "node:crypto";
import type { Behaviour, Context, Props, Provider } from "./behaviour.js";

/**
 * The random provider. Its results are derived from the object's own digits, so that they stay as they are;
 * that makes them fit for a stand-in and for nothing else.
 * Source: provider docs of @pulumi/random: every argument replaces, `id` as each resource states it.
 */

/** An endless stream of the object's bytes. */
function* bytesOf(context: Context): Generator<number> {
  for (let i = 0; ; i++)
    yield* createHash("sha256")
      .update(`${context.hex(32, "random")}/${i}`)
      .digest();
}

const take = (stream: Generator<number>, count: number) =>
  Buffer.from(Array.from({ length: count }, () => stream.next().value as number));

const alphabets = {
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  numeric: "0123456789",
};
const specials = "!@#$%&*()-_=+[]{}<>:?";

const minima = {
  lower: "minLower",
  upper: "minUpper",
  numeric: "minNumeric",
  special: "minSpecial",
} as const;
type Kind = keyof typeof minima;
const kinds = Object.keys(minima) as Kind[];

const minimum = (inputs: Props, kind: Kind) => Number(inputs[minima[kind]] ?? 0);
const allowed = (inputs: Props, kind: Kind) =>
  inputs[kind] !== false && !(kind === "numeric" && inputs["number"] === false);

function alphabet(inputs: Props, kind: Kind): string {
  if (kind !== "special") return alphabets[kind];
  const own = inputs["overrideSpecial"];
  return typeof own === "string" && own !== "" ? own : specials;
}

/** A string of the wanted length, with at least the wanted number of each kind of character. */
function makeText(inputs: Props, context: Context): string {
  const stream = bytesOf(context);
  const pick = (from: string) => {
    // Bytes at the end of the range are passed over, or some characters would come up more often.
    for (;;) {
      const byte = stream.next().value as number;
      if (byte < 256 - (256 % from.length)) return from.charAt(byte % from.length);
    }
  };
  const length = Number(inputs["length"]);
  const characters = kinds.flatMap((kind) =>
    Array.from({ length: minimum(inputs, kind) }, () => pick(alphabet(inputs, kind))),
  );
  const all = kinds
    .filter((kind) => allowed(inputs, kind))
    .map((kind) => alphabet(inputs, kind))
    .join("");
  while (characters.length < length) characters.push(pick(all));
  for (let i = characters.length - 1; i > 0; i--) {
    const j = (stream.next().value as number) % (i + 1);
    [characters[i], characters[j]] = [characters[j] ?? "", characters[i] ?? ""];
  }
  return characters.join("");
}

/** Made once, at the creation. */
const once = (context: Context, make: () => Props): Props => (context.current ? {} : make());

const textual = (more: Partial<Behaviour>): Behaviour => ({
  source: "provider docs of random.RandomString and random.RandomPassword",
  required: ["length"],
  replaces: ["keepers", "length", "overrideSpecial", "number", ...kinds, ...Object.values(minima)],
  defaults: (inputs) => ({
    lower: true,
    upper: true,
    special: true,
    numeric: inputs["number"] ?? true,
    number: inputs["numeric"] ?? true,
    ...Object.fromEntries(Object.values(minima).map((each) => [each, 0])),
  }),
  check: (inputs) => {
    const length = Number(inputs["length"]);
    const sum = kinds.reduce((total, kind) => total + minimum(inputs, kind), 0);
    if (length < 1 || length < sum)
      return [
        {
          property: "length",
          reason: `Attribute length value must be at least sum of min_upper + min_lower + min_numeric + min_special (${sum}), got: ${length}`,
        },
      ];
    if (!kinds.some((kind) => allowed(inputs, kind)))
      return [
        {
          property: "special",
          reason: "At least one attribute out of [special,upper,lower,numeric] must be specified",
        },
      ];
    return [];
  },
  id: () => "none",
  ...more,
});

const randomString = textual({
  id: (inputs, context) => context.current?.id ?? makeText(inputs, context),
  outputs: (inputs, context) => once(context, () => ({ result: makeText(inputs, context) })),
});

const randomPassword = textual({
  outputs: (inputs, context) =>
    once(context, () => ({
      result: makeText(inputs, context),
      // The form of a bcrypt hash, and not one: nothing here reads it.
      bcryptHash: `$2a$10$${context.hex(53, "bcrypt")}`,
    })),
  secrets: ["result", "bcryptHash"],
});

const randomId: Behaviour = {
  source: "provider docs of random.RandomId",
  required: ["byteLength"],
  replaces: ["byteLength", "keepers", "prefix"],
  id: (inputs, context) =>
    context.current?.id ?? take(bytesOf(context), Number(inputs["byteLength"])).toString("base64url"),
  outputs: (inputs, context) =>
    once(context, () => {
      const bytes = take(bytesOf(context), Number(inputs["byteLength"]));
      const prefix = typeof inputs["prefix"] === "string" ? inputs["prefix"] : "";
      const hex = bytes.toString("hex");
      return {
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + bytes.toString("base64url"),
        dec: prefix + BigInt(`0x${hex}`).toString(),
        hex: prefix + hex,
      };
    }),
};

const randomBytes: Behaviour = {
  source: "provider docs of random.RandomBytes",
  required: ["length"],
  replaces: ["length", "keepers"],
  id: () => "none",
  outputs: (inputs, context) =>
    once(context, () => {
      const bytes = take(bytesOf(context), Number(inputs["length"]));
      return { base64: bytes.toString("base64"), hex: bytes.toString("hex") };
    }),
  secrets: ["base64", "hex"],
};

function makeUuid(context: Context): string {
  const d = context.hex(32, "uuid");
  return `${d.slice(0, 8)}-${d.slice(8, 12)}-4${d.slice(13, 16)}-a${d.slice(17, 20)}-${d.slice(20)}`;
}

const randomUuid: Behaviour = {
  source: "provider docs of random.RandomUuid",
  replaces: ["keepers"],
  id: (_, context) => context.current?.id ?? makeUuid(context),
  outputs: (_, context) => once(context, () => ({ result: makeUuid(context) })),
};

export const random: Provider = {
  stateOnly: true,
  types: {
    "random:index/randomBytes:RandomBytes": randomBytes,
    "random:index/randomId:RandomId": randomId,
    "random:index/randomPassword:RandomPassword": randomPassword,
    "random:index/randomString:RandomString": randomString,
    "random:index/randomUuid:RandomUuid": randomUuid,
  },
  invokes: {},
};

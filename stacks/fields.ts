import { z } from "zod";
import { isPrivate, parseCidr } from "./cidr.js";
import { didYouMean } from "./problems.js";

/**
 * The kinds of value that the config is made of. Each says in its error message what would be right: the message
 * is the remedy that {@link ConfigError} shows.
 */

/** Text of a form; `remedy` says which. Whole numbers are taken too, since YAML reads unquoted digits as such. */
export const text = (form: RegExp, remedy: string) =>
  z.preprocess(
    (value) => (Number.isSafeInteger(value) ? String(value) : value),
    z.string({ error: remedy }).regex(form, { error: remedy }),
  );

/** One of a few words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(words: T) =>
  z.enum(words, { error: ({ input }) => `write ${words.join(" or ")}${didYouMean(input, words)}` });

/** True or false; `pulumi up -c` gives text. */
export const flag = () =>
  z.preprocess(
    (value) => (value === "true" ? true : value === "false" ? false : value),
    z.boolean({ error: "write true or false" }),
  );

/** A whole number in a range; `pulumi up -c` gives text. */
export const count = (min: number, max: number, unit = "") => {
  const remedy = `write a whole number from ${min} to ${max}${unit && ` ${unit}`}`;
  return z.preprocess(
    (value) => (typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value),
    z
      .number({ error: remedy })
      .int({ error: remedy })
      .min(min, { error: remedy })
      .max(max, { error: remedy }),
  );
};

/** A list; `what` is the plural of what is in it. */
export const list = <T extends z.ZodType>(of: T, what: string) =>
  z.array(of, { error: `write a list of ${what}` });

/** The same with nothing in it twice, where two of a kind would be one resource. */
export const distinct = <T extends z.ZodType>(of: T, what: string) =>
  list(of, what).refine((items) => new Set(items).size === items.length, {
    error: `write each of the ${what} once`,
  });

/**
 * A map with these keys and no others; `what` says what belongs there when there is no map. For an unknown key
 * the message is the known ones, joined by commas.
 */
export const map = <T extends z.ZodRawShape>(shape: T, what?: string) => {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: ({ code }) => (code === "unrecognized_keys" ? known : (what ?? `write a map with ${known}`)),
  });
};

const dnsLabel = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** A DNS name in lower case, of two labels or more. */
export const dnsName = () =>
  text(
    new RegExp(`^(?=.{1,253}$)(${dnsLabel}\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`),
    "write a DNS name in lower case, such as gw.example.com: labels of at most 63 letters, digits and hyphens, 253 in all",
  );

/** A DNS name that may start with `*.`, which stands for every name below. */
export const dnsPattern = () =>
  text(
    new RegExp(`^(?=.{1,253}$)(\\*\\.)?(${dnsLabel}\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`),
    "write a host name in lower case without scheme, port or path, such as api.example.com, or *.example.com for all below it",
  );

/** A public or private IPv4 range. */
export const cidr = () =>
  z.string({ error: cidrRemedy }).refine((value) => parseCidr(value) !== undefined, { error: cidrRemedy });
const cidrRemedy = "write an IPv4 range such as 203.0.113.0/24, no bits set after the prefix";

/** A range of callers that are trusted with more than the public: never the whole internet, not in halves either. */
export const trustedCidr = () =>
  cidr().refine((value) => (parseCidr(value)?.prefix ?? 32) >= 8, {
    error: "open to (nearly) everybody: write the ranges of your offices, VPN or runners, /8 or narrower",
  });

/** A private range whose prefix is within limits. */
export const privateCidr = (min: number, max: number) => {
  const remedy = `write a private IPv4 range (RFC 1918) from /${min} to /${max}, no bits set after the prefix, such as 10.10.0.0/16`;
  return z.string({ error: remedy }).refine(
    (value) => {
      const range = parseCidr(value);
      return range !== undefined && isPrivate(range) && range.prefix >= min && range.prefix <= max;
    },
    { error: remedy },
  );
};

/** An image reference that always means the same image: a tag that isn't `latest`, or a digest. */
export const imageReference = () =>
  text(
    /^[a-z0-9][a-z0-9.-]*\.[a-z]+\/[a-z0-9._/-]+(:(?!latest$)[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})$/,
    "write a whole image reference with an exact tag or a digest, such as ghcr.io/acme/javelin-core:1.2.3",
  );

/** Id of a Google Cloud project. Source: Resource Manager, projects.create. */
export const projectId = () =>
  text(
    /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    "write the project's id: 6 to 30 lower-case letters, digits and hyphens",
  );

/** Id of an Azure subscription. */
export const subscriptionId = () =>
  text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "write the subscription's id in lower case");

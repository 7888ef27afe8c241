import { createHash } from "node:crypto";
import type { Context, Props } from "../behaviour.js";

/**
 * Outputs that the cloud sets when it makes an object and never again: an update leaves them as they are
 * in the object's state.
 */
export function once(context: Context, make: () => Props): Props {
  return context.current ? {} : make();
}

/** What every regional AWS resource returns besides its own outputs. */
export function placed(inputs: Props, context: Context): Props {
  return { region: context.region, tagsAll: inputs["tags"] ?? {} };
}

/** The tail of an IAM or RDS unique id: upper-case base 32, stable for the object. */
export function base32(context: Pick<Context, "hex">, length: number, salt = "base32"): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const digits = context.hex(length * 2, salt);
  return Array.from(
    { length },
    (_, i) => alphabet[parseInt(digits.slice(i * 2, i * 2 + 2), 16) % 32] ?? "A",
  ).join("");
}

/** The part of a managed store's host names that is the account's own in a region: 12 characters, as RDS has it. */
export function accountSuffix(context: Pick<Context, "world" | "region">, length = 12): string {
  const hash = createHash("sha256").update(`${context.world.account}/${context.region}`).digest();
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  return `c${Array.from(hash.subarray(0, length - 1), (byte) => letters[byte % 36] ?? "a").join("")}`;
}

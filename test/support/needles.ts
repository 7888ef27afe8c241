import type { Props } from "../../local/behaviour.js";

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Whether a value as it crosses the wire is wrapped as a secret. */
export function isSecret(value: unknown): boolean {
  return value !== null && typeof value === "object" && (value as Props)[signature] === secretSignature;
}

/**
 * Where any of these texts is in a value, as it stands or in base64, outside of what is wrapped as secret.
 * Gives the paths.
 */
export function exposed(value: unknown, needles: readonly string[], path = ""): string[] {
  if (isSecret(value)) return [];
  if (typeof value === "string")
    return needles.some((needle) => readings(value).some((text) => text.includes(needle))) ? [path] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, each]) =>
    exposed(each, needles, path ? `${path}.${key}` : key),
  );
}

/** The text, as a JSON string reads, and what is in its base64: a pull secret is base64 in base64. */
function readings(text: string, depth = 2): string[] {
  const plain = [text, text.replaceAll("\\n", "\n").replaceAll('\\"', '"')];
  if (depth === 0) return plain;
  const encoded = text.match(/[A-Za-z0-9+/_-]{16,}={0,2}/g) ?? [];
  const decoded = encoded.map((part) => Buffer.from(part, "base64").toString("latin1"));
  return [...plain, ...decoded.flatMap((part) => readings(part, depth - 1))];
}

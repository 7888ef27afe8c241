import type { Props } from "./behaviour.js";
import { UNKNOWN } from "./behaviour.js";

/** Every value at a dotted path; `[]` stands for every element: `vpcConfig.subnetIds[]`. Absent: none. */
export function valuesAt(root: unknown, path: string): unknown[] {
  const steps = path.replaceAll("[]", ".[]").split(".");
  let values: unknown[] = [root];
  for (const step of steps) {
    if (step === "") continue;
    values = values.flatMap((value) => {
      if (step === "[]") return Array.isArray(value) ? (value as unknown[]) : [];
      if (value === null || typeof value !== "object" || Array.isArray(value)) return [];
      const next = (value as Props)[step];
      return next === undefined || next === null ? [] : [next];
    });
  }
  return values;
}

/** True when the value is, or holds somewhere, a value that is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (value !== null && typeof value === "object") return Object.values(value).some(hasUnknown);
  return false;
}

const isObject = (value: unknown): value is Props =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** Absent, null, and the empty list or map are one thing to a provider's diff. */
const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

/** A step to a key, in the notation that the engine parses (sdk/go/common/resource/property_path.go). */
const step = (at: string, key: string): string => {
  if (/[.[\]"]/.test(key)) return `${at}["${key.replaceAll('"', String.raw`\"`)}"]`;
  return at === "" ? key : `${at}.${key}`;
};

/**
 * The paths at which two values differ, outermost first where a whole branch came or went: `a.b[0].c`,
 * `tags["a.b"]`.
 */
export function changedPaths(olds: unknown, news: unknown, at = ""): string[] {
  if (isEmpty(olds) && isEmpty(news)) return [];
  if (news === UNKNOWN) return [at];
  if (isObject(olds) && isObject(news)) {
    const keys = new Set([...Object.keys(olds), ...Object.keys(news)]);
    return [...keys].flatMap((key) => changedPaths(olds[key], news[key], step(at, key)));
  }
  if (Array.isArray(olds) && Array.isArray(news)) {
    const length = Math.max(olds.length, news.length);
    return Array.from({ length }, (_, i) => changedPaths(olds[i], news[i], `${at}[${i}]`)).flat();
  }
  return Object.is(olds, news) ? [] : [at];
}

/** True when a change at `path` touches what `pattern` names: the same place, one inside it or one around it. */
export function touches(path: string, pattern: string): boolean {
  const general = path.replace(/\[\d+\]/g, "[]");
  const within = (inner: string, outer: string): boolean =>
    inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
  return within(general, pattern) || within(pattern, general);
}

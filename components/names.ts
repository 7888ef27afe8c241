import { createHash } from "node:crypto";
import { awsNames } from "./names/aws.js";
import { azureNames } from "./names/azure.js";
import { gcpNames } from "./names/gcp.js";
import type { NameRule } from "./names/rule.js";

const rules = { ...awsNames, ...azureNames, ...gcpNames };

export type NameKind = keyof typeof rules;

/** Characters of the hash: 32 bits, so that two of a thousand names collide once in 8,000 deployments. */
const hashLength = 8;

/**
 * The physical name of one thing: the parts joined. Where that is not a name that the cloud takes, it is made
 * one (characters replaced, the end cut) and ended by a hash of the parts, so that two names that differ only
 * in what was lost never become one. The same parts always give the same name.
 *
 * @throws when no part holds a letter or a digit.
 */
export function physicalName(kind: NameKind, ...parts: string[]): string {
  const rule: NameRule = rules[kind];
  const filler = rule.filler ?? "-";
  const whole = parts.join(rule.separator ?? "-");
  if (!/[A-Za-z0-9]/.test(whole)) throw new Error(`physicalName(${kind}): no letter or digit in "${whole}"`);
  let name = (rule.lower ? whole.toLowerCase() : whole).replace(rule.illegal, filler);
  if (rule.singleHyphens) name = name.replace(/-+/g, "-").replace(/^-|-$/g, "");
  if (!(rule.start ?? /^[A-Za-z]/).test(name)) name = `j${filler}${name.replace(/^-/, "")}`;
  const fits = name.length <= rule.max && name.length >= (rule.min ?? 1) && !rule.badEnd?.test(name);
  if (name === whole && fits) return name;
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, hashLength);
  return `${name.slice(0, rule.max - hashLength - filler.length).replace(/-+$/, "")}${filler}${hash}`;
}

/** The limits, for the table test. */
export const nameRules: Readonly<Record<NameKind, NameRule>> = rules;

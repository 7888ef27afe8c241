import { plain } from "../../local/publicDns.js";

/** What DNS services have in common: names, answers, and what a service knows when it is asked. */

/** One record of an answer. */
export interface Answer {
  name: string;
  type: "A" | "CNAME";
  /** Seconds. */
  ttl: number;
  /** An IPv4 address, or a name. */
  data: string;
}

/** What decides an answer besides the records. */
export interface Situation {
  /** Whether the health check of this id passes. */
  healthy: (check: string) => boolean;
  /** From 0 to 1. */
  random: () => number;
}

/** What a name is answered with, before CNAMEs are followed; undefined when there is no such name. */
export type Names = (name: string, now: Situation) => Answer[] | undefined;

/** More names in a row than any resolver follows. */
const longestChain = 8;

/** The whole answer: CNAMEs are followed as far as these names go. */
export function follow(names: Names, name: string, now: Situation): Answer[] | undefined {
  const chain: Answer[] = [];
  let next: string | undefined = plain(name);
  for (let step = 0; next !== undefined && step < longestChain; step++) {
    const found = names(next, now);
    if (!found) return chain.length > 0 ? chain : undefined;
    chain.push(...found);
    next = found.find(({ type }) => type === "CNAME")?.data;
  }
  return chain;
}

/** The addresses in an answer, and for how long it may be kept: as long as its shortest-lived record. */
export function addressesOf(answers: readonly Answer[]): { addresses: string[]; ttl: number } {
  return {
    addresses: answers.filter(({ type }) => type === "A").map(({ data }) => data),
    ttl: Math.min(...answers.map(({ ttl }) => ttl)),
  };
}

/** One of these, each as often as its weight says; all alike when none has weight. */
export function byWeight<T>(choices: readonly T[], weight: (choice: T) => number, random: () => number) {
  const total = choices.reduce((sum, choice) => sum + weight(choice), 0);
  if (total === 0) return choices[Math.floor(random() * choices.length)];
  let left = random() * total;
  return choices.find((choice) => (left -= weight(choice)) < 0) ?? choices.at(-1);
}

import { Refusal } from "./errors.js";
import { sleep } from "./processes.js";
import type { Promotion } from "./promotion.js";

/** Runs a cloud's command and gives what it prints. */
export type Call = (words: readonly string[]) => Promise<string>;

/** Seconds between two looks at a promotion that goes on after its call. */
const interval = 10;
/** Looks in half an hour; a switchover of Aurora takes minutes. */
const looks = 180;
/** Looks at the old state before a promotion counts as given up: it may not have been taken up yet. */
const patience = 3;

/**
 * Promotes a database by the cloud's own command, and waits until it writes.
 *
 * @param pause waits for so many seconds
 * @returns what is left to be done by hand, for people: the database writes all the same
 * @throws {Refusal} when the database does not write
 */
export async function carryOut(
  { calls, progress, tidying }: Pick<Promotion, "calls" | "progress" | "tidying">,
  call: Call,
  pause: (seconds: number) => Promise<void> = (seconds) => sleep(seconds * 1000),
): Promise<string[]> {
  for (const words of calls)
    await call(words).catch((error: unknown) => {
      throw new Refusal(`The promotion failed at ${words.slice(0, 5).join(" ")}: ${why(words, error)}`, {
        cause: error,
      });
    });
  if (progress) await settled(progress, call, pause);
  const left: string[] = [];
  for (const words of tidying)
    await call(words).catch((error: unknown) => {
      left.push(`Left to be done, since it failed (${why(words, error)}): ${words.join(" ")}`);
    });
  return left;
}

async function settled(
  { call: words, read }: NonNullable<Promotion["progress"]>,
  call: Call,
  pause: (seconds: number) => Promise<void>,
): Promise<void> {
  let idle = 0;
  for (let look = 0; look < looks; look++) {
    // A cloud that does not answer for a moment says nothing of the promotion.
    const state = await call(words)
      .then(read)
      .catch(() => "under way" as const);
    if (state === "done") return;
    idle = state === "idle" ? idle + 1 : 0;
    if (idle === patience)
      throw new Refusal("The promotion was given up by the cloud: the same database writes as before.");
    await pause(interval);
  }
  throw new Refusal(
    `The promotion is not over after half an hour. Look with ${words.join(" ")}; once it is, run javelin refresh.`,
  );
}

function why([file = ""]: readonly string[], error: unknown): string {
  const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
  return missing ? `there is no ${file} on this machine` : (error as Error).message;
}

import { settleJournals } from "./backend/store.js";
import { madeByWord, madeInWorld } from "./created.js";
import { clearStaleLocks } from "./locks.js";
import type { ExportedState } from "./pending.js";
import { hasPending, hasUnread, interruptedCreates, settle } from "./pending.js";
import type { OpenStack } from "./workspace.js";

/** What a person knows of the things that a killed run made, where the cloud cannot be asked. */
export interface Word {
  /** `name=id`, or `name=` for what the cloud does not hold. */
  made: string[];
  /** Asks for what is missing; absent where nobody can be asked. */
  ask?: (question: string) => Promise<string>;
}

/**
 * Settles what a killed run left behind: its lock, and its interrupted operations. Call it before an operation
 * that changes something.
 *
 * @param local the local cloud's directory; absent for a real cloud
 * @returns whether the operation has to refresh the state first
 * @throws {Refusal} when only a person can tell what was made, and nobody did
 */
export async function recover(
  open: OpenStack,
  stack: string,
  local: string | undefined,
  say: (line: string) => void,
  word: Word = { made: [] },
): Promise<boolean> {
  if (local !== undefined) {
    await clearStaleLocks(local, stack);
    settleJournals(local);
  }
  const state = JSON.parse(await open.pulumi(["stack", "export"])) as ExportedState;
  if (!hasPending(state)) return hasUnread(state);
  say("An earlier run was killed: finding out what it made …");
  const shown = JSON.parse(await open.pulumi(["stack", "export", "--show-secrets"])) as ExportedState;
  const creates = interruptedCreates(shown);
  const made =
    local === undefined ? await madeByWord(creates, word.made, word.ask) : madeInWorld(local, creates);
  await open.pulumi(["stack", "import"], JSON.stringify(settle(state, made)));
  return true;
}

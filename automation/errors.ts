/** The command was called in a way that cannot work; nothing was touched. */
export class WrongUse extends Error {
  readonly exitCode = 2;
}

/** Something that a person has to put right first; the message says what. */
export class Refusal extends Error {
  readonly exitCode = 1;
}

/** The command's exit code for what was thrown: 2 for wrong use, else 1. */
export function exitCodeOf(error: unknown): number {
  return error instanceof Error && "exitCode" in error && error.exitCode === 2 ? 2 : 1;
}

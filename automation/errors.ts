/** The command was called in a way that cannot work: exit code 2, nothing was touched. */
export class WrongUse extends Error {}

/** Something that a person has to put right first: exit code 1, and the message says what to do. */
export class Refusal extends Error {}

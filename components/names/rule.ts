/** What a cloud accepts as the name of one kind of thing. */
export interface NameRule {
  /** Longest name, in characters. */
  max: number;
  /** Shortest name. Default 1. */
  min?: number;
  /** Characters that are replaced. */
  illegal: RegExp;
  /** By what, and what stands before the hash. Default: a hyphen. */
  filler?: "";
  lower?: boolean;
  /** Separator between parts. Default "-". */
  separator?: string;
  /** True: no two hyphens in a row, and none at the end. */
  singleHyphens?: boolean;
  /** What a name must match from its start; another gets a "j" in front. Default: a letter. */
  start?: RegExp;
  /** Endings that are refused, or misread. */
  badEnd?: RegExp;
  source: string;
}

export const hyphenated = /[^A-Za-z0-9-]/g;

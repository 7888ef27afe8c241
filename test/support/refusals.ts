import { expect } from "chai";

/** A case: what is refused, in which words, and how it comes about. */
export type Refusal<T> = [what: string, wording: RegExp, attempt: (start: T) => unknown];

/** One test for each case, each on ground of its own. */
export function refuses<T>(start: () => T, cases: Refusal<T>[]): void {
  for (const [what, wording, attempt] of cases)
    it(`refuses ${what}`, () => {
      const ground = start();
      expect(() => attempt(ground)).to.throw(wording);
    });
}

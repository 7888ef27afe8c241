import type { Clock } from "./clock.js";
import { addressesOf } from "./dns.js";
import type { Answer } from "./dns.js";

/** A resolver that keeps an answer as long as its TTL says, and no longer. */
export class Stub {
  private kept: { addresses: string[]; until: number } | undefined;

  /** @param age share of the first answer's TTL that has gone by already: resolvers hand out what is left of it. */
  constructor(
    private readonly clock: Clock,
    private readonly query: (name: string) => Promise<Answer[] | undefined>,
    private age: number,
  ) {}

  /** One address of the name; undefined when there is none. Nothing is kept of a question that failed. */
  async resolve(name: string, random: () => number): Promise<string | undefined> {
    if (!this.kept || this.clock.now() >= this.kept.until) {
      const asked = this.clock.now();
      this.kept = undefined;
      const answers = await this.query(name);
      if (!answers || answers.length === 0) return undefined;
      const { addresses, ttl } = addressesOf(answers);
      this.kept = { addresses, until: asked + ttl * (1 - this.age) };
      this.age = 0;
    }
    const { addresses } = this.kept;
    return addresses[Math.floor(random() * addresses.length)];
  }
}

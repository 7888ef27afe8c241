import { z } from "zod";
import { CloudError } from "./behaviour.js";

/** Trouble on demand. Everything is off by default. */
export interface Faults {
  /** The n-th create of this run (1-based) is refused with an internal error of the cloud. */
  failCreate?: number;
  /** Every n-th call is answered "slow down". Providers retry: it costs time, and nothing else. */
  throttleEvery?: number;
  /** Regions that do not answer. */
  regionsDown?: string[];
  /** The process ends without a word after the n-th create was done and before it is reported. */
  crashAtCreate?: number;
  /** Called with the number of each create of this run, before it is carried out (tests kill the engine here). */
  onCreate?: (n: number) => void | Promise<void>;
}

const settings = z.strictObject({
  failCreate: z.int().min(1).optional(),
  throttleEvery: z.int().min(1).optional(),
  regionsDown: z.array(z.string()).optional(),
  crashAtCreate: z.int().min(1).optional(),
  millisecondsPerMinute: z.number().min(0).optional(),
});

/**
 * Trouble and pace as `JAVELIN_LOCAL_FAULTS` asks for them, in JSON:
 * `{"failCreate": 40, "regionsDown": ["us-east-1"], "millisecondsPerMinute": 100}`. Default: none.
 *
 * @throws when the text isn't such JSON
 */
export function faultsFrom(environment: NodeJS.ProcessEnv): Faults & { millisecondsPerMinute?: number } {
  const text = environment["JAVELIN_LOCAL_FAULTS"];
  if (!text) return {};
  try {
    return settings.parse(JSON.parse(text));
  } catch (error) {
    const known = Object.keys(settings.shape).join(", ");
    throw new Error(
      `JAVELIN_LOCAL_FAULTS is not understood; write JSON with ${known}: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

/** Counts calls and raises the configured trouble. */
export class FaultPlan {
  private creates = 0;
  private calls = 0;

  constructor(private readonly faults: Faults = {}) {}

  async beforeCall(region: string): Promise<void> {
    this.calls++;
    if (this.faults.regionsDown?.includes(region))
      throw new CloudError("RequestError", `send request failed: no answer from ${region}`);
    if (this.faults.throttleEvery && this.calls % this.faults.throttleEvery === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async beforeCreate(): Promise<number> {
    const n = ++this.creates;
    await this.faults.onCreate?.(n);
    if (n === this.faults.failCreate)
      throw new CloudError("InternalFailure", "the service could not complete the request; try again");
    return n;
  }

  afterCreate(n: number): void {
    if (n === this.faults.crashAtCreate) process.kill(process.pid, "SIGKILL");
  }
}

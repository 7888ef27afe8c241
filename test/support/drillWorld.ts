import type { Clock } from "../../automation/drill/clock.js";
import type { Deployment } from "../../automation/drill/deployment.js";
import { drill, slownessOf } from "../../automation/drill/drill.js";
import type { Mode, Observations } from "../../automation/drill/drill.js";
import type { Situation } from "../../automation/drill/dns.js";
import { measure } from "../../automation/drill/measure.js";
import type { Measures } from "../../automation/drill/measure.js";
import { behave, refusal } from "../../automation/drill/world.js";
import type { Condition, World } from "../../automation/drill/world.js";

/** Time that passes only when everybody waits. */
export class FakeClock implements Clock {
  private time = 0;
  private stopped = false;
  private waiting: { at: number; resolve: (more: boolean) => void }[] = [];

  now(): number {
    return this.time;
  }

  sleep(seconds: number): Promise<boolean> {
    if (this.stopped) return Promise.resolve(false);
    return new Promise((resolve) => {
      const at = this.time + Math.max(0, seconds);
      const index = this.waiting.findIndex((each) => each.at > at);
      this.waiting.splice(index < 0 ? this.waiting.length : index, 0, { at, resolve });
    });
  }

  stop(): void {
    this.stopped = true;
    for (const { resolve } of this.waiting.splice(0)) resolve(false);
  }

  /** Lets time pass until this has come to an end. */
  async run<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const mark = (): void => void (ended = true);
    work.then(mark, mark);
    for (;;) {
      // Everything that does not wait for time.
      await new Promise((resolve) => setImmediate(resolve));
      if (ended) return work;
      const next = this.waiting.shift();
      if (!next) throw new Error("everybody waits, and nothing will happen");
      this.time = next.at;
      next.resolve(true);
    }
  }
}

/** A world in memory, with no sockets and no delays but those that are waited for. */
function memoryWorld(deployment: Deployment, now: Situation, clock: Clock): World {
  const conditions = new Map<string, Condition>();
  const slowness = slownessOf(deployment);
  return {
    clock,
    query: (name) => Promise.resolve(deployment.answer(name, now) ?? []),
    set: (cell, condition) => conditions.set(cell, condition),
    request: async ({ address, host, path, timeout }) => {
      const cell = deployment.reach(address, now);
      if (cell === undefined && deployment.fronted(address)) return refusal;
      const origin = deployment.cells.find(({ name }) => name === cell)?.origin ?? "";
      const endpoint = {
        names: [origin, ...deployment.hosts],
        healthPaths: deployment.watching(cell ?? "").map((check) => check.path),
        slowness,
      };
      const answer =
        cell === undefined ? undefined : behave(endpoint, conditions.get(cell) ?? "up", { host, path });
      if (!answer || answer.after > timeout) return void (await clock.sleep(timeout));
      await clock.sleep(answer.after);
      return { status: answer.status, cell: cell! };
    },
  };
}

/** A whole drill in milliseconds. */
export async function fastDrill(
  deployment: Deployment,
  mode: Mode,
  cell = deployment.cells[0]!.name,
  random: () => number = sequence(),
): Promise<Measures & { seen: Observations }> {
  const clock = new FakeClock();
  const done = drill(deployment, (now) => memoryWorld(deployment, now, clock), {
    cell,
    mode,
    random,
  });
  const seen = await clock.run(done);
  return { ...measure(seen, deployment), seen };
}

/** Numbers from 0 to 1 that look like chance and are the same every time. Source: minstd, Park and Miller 1988. */
function sequence(): () => number {
  let state = 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

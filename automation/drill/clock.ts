/** The time of a drill, in seconds as the deployment knows them. */
export interface Clock {
  /** Seconds since the drill began. */
  now: () => number;
  /** Waits. @returns false when the clock was stopped meanwhile, or before: nobody waits any more */
  sleep: (seconds: number) => Promise<boolean>;
  /** Ends all waiting. */
  stop: () => void;
}

/** Milliseconds between two ticks, and the most that one counts for. */
const tick = 2;
const longestTick = 5;

/**
 * Real time that runs faster: `scale` of its seconds are one real one.
 *
 * It goes by ticks of the event loop, so what takes a number of turns of that loop takes about as long on a busy
 * machine as on a quiet one: while the process gets no time, or the machine sleeps, the clock stands still. It runs
 * until it is stopped.
 */
export class ScaledClock implements Clock {
  private elapsed = 0;
  private ticked = performance.now();
  private readonly waiting = new Set<{ until: number; resolve: (more: boolean) => void }>();
  private readonly timer = setInterval(() => this.tick(), tick);
  private stopped = false;

  constructor(readonly scale: number) {}

  now(): number {
    return ((this.elapsed + this.sinceTick()) / 1000) * this.scale;
  }

  sleep(seconds: number): Promise<boolean> {
    if (this.stopped) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.waiting.add({ until: this.now() + seconds, resolve });
    });
  }

  stop(): void {
    this.elapsed += this.sinceTick();
    this.stopped = true;
    clearInterval(this.timer);
    for (const { resolve } of this.waiting) resolve(false);
    this.waiting.clear();
  }

  private sinceTick(): number {
    return this.stopped ? 0 : Math.min(longestTick, performance.now() - this.ticked);
  }

  private tick(): void {
    this.elapsed += this.sinceTick();
    this.ticked = performance.now();
    const due = [...this.waiting].filter(({ until }) => until <= this.now());
    for (const each of due.sort((one, other) => one.until - other.until)) {
      this.waiting.delete(each);
      each.resolve(true);
    }
  }
}

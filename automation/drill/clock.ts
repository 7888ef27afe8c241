/** The time of a drill, in seconds as the deployment knows them. */
export interface Clock {
  /** Seconds since the drill began. */
  now: () => number;
  /** Waits. @returns false when the clock was stopped meanwhile, or before: nobody waits any more */
  sleep: (seconds: number) => Promise<boolean>;
  /** Ends all waiting. */
  stop: () => void;
}

/** Real time that runs faster: `scale` of its seconds are one real one. */
export class ScaledClock implements Clock {
  private readonly began = performance.now();
  private readonly waiting = new Map<NodeJS.Timeout, (more: boolean) => void>();
  private stopped = false;

  constructor(readonly scale: number) {}

  now(): number {
    return ((performance.now() - this.began) / 1000) * this.scale;
  }

  sleep(seconds: number): Promise<boolean> {
    if (this.stopped) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => {
          this.waiting.delete(timer);
          resolve(true);
        },
        (Math.max(0, seconds) * 1000) / this.scale,
      );
      this.waiting.set(timer, resolve);
    });
  }

  stop(): void {
    this.stopped = true;
    for (const [timer, resolve] of this.waiting) {
      clearTimeout(timer);
      resolve(false);
    }
    this.waiting.clear();
  }
}

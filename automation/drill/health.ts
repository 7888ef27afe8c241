/** How health checks come to their verdict. Durations are in seconds. */
export interface Rules {
  /** From the start of one check to the start of the next. */
  interval: number;
  /** After which a check that got no answer has failed. */
  timeout: number;
  /** Failed checks in a row until a checker calls the endpoint unhealthy. */
  failures: number;
  /** Passed checks in a row until it calls it healthy again. */
  successes: number;
  /** How many places check, each on its own. */
  checkers: number;
  /** As many of them have to call the endpoint healthy. */
  quorum: number;
}

/** A health check that was deployed. */
export interface Check extends Rules {
  id: string;
  /** What it connects to: a name, or an address. */
  target: string;
  /** The name in the TLS handshake; absent: none is sent. */
  sni?: string;
  /** The `Host` header. */
  host: string;
  port: number;
  path: string;
  /** Which status codes pass. */
  passes: (status: number) => boolean;
}

/** The verdict on one endpoint: each checker counts for itself, and the service counts the checkers. */
export class Health {
  /** Endpoints are healthy until they are known not to be. */
  private readonly checkers: { healthy: boolean; contrary: number }[];

  constructor(private readonly rules: Rules) {
    this.checkers = Array.from({ length: rules.checkers }, () => ({ healthy: true, contrary: 0 }));
  }

  get healthy(): boolean {
    return this.checkers.filter(({ healthy }) => healthy).length >= this.rules.quorum;
  }

  /** Takes what a checker found. @returns whether the verdict changed */
  report(checker: number, passed: boolean): boolean {
    const state = this.checkers[checker];
    if (!state) throw new RangeError(`there is no checker ${checker}`);
    const before = this.healthy;
    state.contrary = passed === state.healthy ? 0 : state.contrary + 1;
    if (state.contrary >= (state.healthy ? this.rules.failures : this.rules.successes)) {
      state.healthy = passed;
      state.contrary = 0;
    }
    return this.healthy !== before;
  }
}

/** The most that a verdict takes: the endpoint fails right after a check that passed. */
export function slowestVerdict({ interval, timeout, failures }: Rules): number {
  return interval * failures + timeout;
}

import type { Clock } from "./clock.js";
import type { Answer } from "./dns.js";

/** What a drill happens in: on loopback, or in memory for tests. */
export interface World {
  clock: Clock;
  /** Asks the DNS service. @returns the answer; empty when there is no such name, undefined when nobody answers */
  query: (name: string) => Promise<Answer[] | undefined>;
  /** @returns undefined when no answer came in time */
  request: (request: Request) => Promise<Reply | undefined>;
  /** Lets a cell's endpoint behave in another way. */
  set: (cell: string, condition: Condition) => void;
}

export interface Request {
  /** As DNS answered it. */
  address: string;
  /** Absent: the handshake names nothing. */
  sni?: string;
  host: string;
  path: string;
  /** Seconds for the whole of it. */
  timeout: number;
}

export interface Reply {
  status: number;
  cell: string;
}

/** What a load balancer before all cells answers when it reaches none. */
export const refusal: Reply = { status: 503, cell: "" };

/** `dark`: nothing is answered. `slow`: too late for anybody. `unwell`: all but the health path works. */
export type Condition = "up" | "dark" | "slow" | "unwell";

/** A cell's endpoint, apart from sockets. */
export interface Endpoint {
  /** Names that it serves; another is misdirected. */
  names: string[];
  healthPaths: string[];
  /** Seconds to an answer when it is slow. */
  slowness: number;
}

/** What an endpoint answers, and after how many seconds; undefined: never. */
export function behave(
  { names, healthPaths, slowness }: Endpoint,
  condition: Condition,
  { host, path }: Pick<Request, "host" | "path">,
): { status: number; after: number } | undefined {
  if (condition === "dark") return undefined;
  const after = condition === "slow" ? slowness : 0;
  if (!names.includes(host)) return { status: 421, after };
  return { status: condition === "unwell" && healthPaths.includes(path) ? 503 : 200, after };
}

import { request as httpsRequest } from "node:https";
import type { ScaledClock } from "./clock.js";
import type { Deployment } from "./deployment.js";
import type { Situation } from "./dns.js";
import { DnsClient } from "./dnsClient.js";
import { DnsServer } from "./dnsServer.js";
import { slownessOf } from "./drill.js";
import { cellHeader, HttpsEndpoint, identityFor } from "./endpoints.js";
import { loopback } from "./listener.js";
import { refusal } from "./world.js";
import type { Reply, Request, World } from "./world.js";

/** Seconds that a resolver waits for the DNS service. */
const queryTimeout = 5;

/** A world on this machine's loopback: real DNS, real TLS, and addresses of the state that lead to its endpoints. */
export interface LoopbackWorld extends World {
  /** Port of the DNS server, on UDP and TCP. */
  dnsPort: number;
  close: () => Promise<void>;
}

/**
 * @param now what the DNS service knows when it is asked
 * @throws when sockets cannot be had; none is left open then
 */
export async function loopbackWorld(
  deployment: Deployment,
  now: Situation,
  clock: ScaledClock,
): Promise<LoopbackWorld> {
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    clock.stop();
    await Promise.all(closing.map((each) => each()));
  };
  try {
    const origins = deployment.cells.map(({ origin }) => origin);
    const identity = identityFor([...new Set([...deployment.hosts, ...origins])]);
    const endpoints = new Map<string, HttpsEndpoint>();
    for (const { name, origin } of deployment.cells) {
      const endpoint = {
        names: [origin, ...deployment.hosts],
        healthPaths: deployment.watching(name).map(({ path }) => path),
        slowness: slownessOf(deployment),
      };
      const started = await HttpsEndpoint.start(name, endpoint, identity, clock);
      closing.push(started.close);
      endpoints.set(name, started);
    }
    const server = await DnsServer.start((name) => deployment.answer(name, now));
    closing.push(() => server.close());
    const client = await DnsClient.start(server.port, clock, queryTimeout);
    closing.push(() => client.close());

    return {
      clock,
      dnsPort: server.port,
      close,
      query: (name) => client.query(name),
      set: (cell, condition) => {
        const endpoint = endpoints.get(cell);
        if (endpoint) endpoint.condition = condition;
      },
      request: (asked) => {
        const port = endpoints.get(deployment.reach(asked.address, now) ?? "")?.port;
        if (port === undefined && deployment.fronted(asked.address)) return Promise.resolve(refusal);
        return port === undefined
          ? nobody(clock, asked.timeout)
          : call(asked, port, identity.authority, clock);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** No endpoint stands at the address. */
async function nobody(clock: ScaledClock, seconds: number): Promise<undefined> {
  await clock.sleep(seconds);
}

/** One connection for each call, as a caller makes that follows DNS. */
function call(
  { sni, host, path, timeout }: Request,
  port: number,
  authority: string,
  clock: ScaledClock,
): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    const made = httpsRequest({
      host: loopback,
      port,
      path,
      agent: false,
      headers: { host },
      // Without a name in the handshake there is none to compare the certificate with.
      ...(sni === undefined
        ? { servername: "", rejectUnauthorized: false }
        : { servername: sni, ca: authority }),
    });
    const done = (reply: Reply | undefined): void => {
      made.destroy();
      resolve(reply);
    };
    void clock.sleep(timeout).then(() => done(undefined));
    made.on("error", () => done(undefined));
    made.on("response", ({ statusCode = 0, headers }) => {
      done({ status: statusCode, cell: String(headers[cellHeader] ?? "") });
    });
    made.end();
  });
}

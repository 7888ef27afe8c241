import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer as createHttpsServer } from "node:https";
import { createSecureContext } from "node:tls";
import { issue } from "../../local/x509.js";
import type { Clock } from "./clock.js";
import { listen } from "./listener.js";
import { behave } from "./world.js";
import type { Condition, Endpoint } from "./world.js";

/** The header by which a caller of a drill knows who served it. */
export const cellHeader = "x-drill-cell";

/** What the endpoints of a drill show to callers; made anew for each drill, and kept nowhere. */
export interface Identity {
  key: string;
  certificate: string;
  authority: string;
}

/** A certificate for all these names, of an authority that only the drill trusts. */
export function identityFor(names: string[]): Identity {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  // Its first bit is not set: a serial number is positive.
  const serial = `01${randomBytes(15).toString("hex")}`;
  const dayAgo = new Date(Date.now() - 86_400_000);
  const { certificatePem, issuerPem } = issue(names, "Drill", publicKey, serial, dayAgo, 2);
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: certificatePem,
    authority: issuerPem,
  };
}

/** A cell's HTTPS endpoint on loopback. */
export class HttpsEndpoint {
  condition: Condition = "up";
  private constructor(
    readonly port: number,
    readonly close: () => Promise<void>,
  ) {}

  static async start(
    cell: string,
    endpoint: Endpoint,
    identity: Identity,
    clock: Clock,
  ): Promise<HttpsEndpoint> {
    const { key, certificate: cert } = identity;
    const context = createSecureContext({ key, cert });
    const https = createHttpsServer(
      {
        key,
        cert,
        // A caller that names a server must name one that is here.
        SNICallback: (name, done) =>
          endpoint.names.includes(name) ? done(null, context) : done(new Error(`no certificate for ${name}`)),
      },
      (request, response) => {
        const asked = { host: (request.headers.host ?? "").replace(/:\d+$/, ""), path: request.url ?? "/" };
        const answer = behave(endpoint, started.condition, asked);
        if (!answer) return;
        const send = (): void => {
          if (response.destroyed) return;
          response.writeHead(answer.status, { [cellHeader]: cell, connection: "close" }).end();
        };
        if (answer.after === 0) send();
        else void clock.sleep(answer.after).then(send);
      },
    );
    https.on("tlsClientError", (_, socket) => socket.destroy());
    // A region that is gone accepts nothing: connections are held, and not even greeted.
    const { port, close } = await listen((socket) => {
      if (started.condition !== "dark") https.emit("connection", socket);
    });
    const started = new HttpsEndpoint(port, close);
    return started;
  }
}

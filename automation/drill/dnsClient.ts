import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import type { Socket as UdpSocket } from "node:dgram";
import { connect } from "node:net";
import * as packet from "dns-packet";
import type { Clock } from "./clock.js";
import type { Answer } from "./dns.js";
import { decoded, framed, frames } from "./dnsServer.js";
import { loopback } from "./listener.js";

/** Asks the DNS server of a drill by UDP, and by TCP where the answer was cut. */
export class DnsClient {
  private readonly waiting = new Map<number, (message: Buffer | undefined) => void>();

  private constructor(
    private readonly port: number,
    private readonly udp: UdpSocket,
    private readonly patience: () => Promise<unknown>,
  ) {
    udp.on("message", (message: Buffer) => {
      if (message.length >= 2) this.waiting.get(message.readUInt16BE(0))?.(message);
    });
    // What cannot be sent is not answered either.
    udp.on("error", () => undefined);
  }

  /** @param seconds of the clock, after which a question counts as not answered */
  static async start(port: number, clock: Clock, seconds: number): Promise<DnsClient> {
    const udp = createSocket("udp4");
    await new Promise<void>((resolve) => udp.bind(0, loopback, resolve));
    return new DnsClient(port, udp, () => clock.sleep(seconds));
  }

  /** @returns empty when there is no such name; undefined when nobody answers */
  async query(name: string, transport: "udp" | "tcp" = "udp"): Promise<Answer[] | undefined> {
    const id = this.freeId();
    const message = packet.encode({
      type: "query",
      id,
      flags: packet.RECURSION_DESIRED,
      questions: [{ type: "A", name }],
    });
    const ask = transport === "udp" ? this.byUdp(id, message) : this.byTcp(message);
    const answered = await ask;
    const reply = answered && decoded(answered);
    if (reply?.id !== id) return undefined;
    if (reply.flag_tc) return this.query(name, "tcp");
    if (reply.rcode === "NXDOMAIN") return [];
    return (reply.answers ?? []).flatMap((each) =>
      each.type === "A" || each.type === "CNAME"
        ? [{ name: each.name, type: each.type, ttl: each.ttl ?? 0, data: each.data }]
        : [],
    );
  }

  close(): Promise<void> {
    for (const answer of this.waiting.values()) answer(undefined);
    return new Promise((resolve) => this.udp.close(() => resolve()));
  }

  private freeId(): number {
    for (;;) {
      const id = randomInt(0x10000);
      if (!this.waiting.has(id)) return id;
    }
  }

  private byUdp(id: number, message: Buffer): Promise<Buffer | undefined> {
    return new Promise((resolve) => {
      const done = (answer: Buffer | undefined): void => {
        if (this.waiting.get(id) === done) this.waiting.delete(id);
        resolve(answer);
      };
      void this.patience().then(() => done(undefined));
      this.waiting.set(id, done);
      this.udp.send(message, this.port, loopback);
    });
  }

  private byTcp(message: Buffer): Promise<Buffer | undefined> {
    return new Promise((resolve) => {
      const socket = connect(this.port, loopback, () => socket.write(framed(message)));
      const done = (answer: Buffer | undefined): void => {
        socket.destroy();
        resolve(answer);
      };
      void this.patience().then(() => done(undefined));
      socket.on("error", () => done(undefined)).on("close", () => done(undefined));
      frames(socket, done);
    });
  }
}

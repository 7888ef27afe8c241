import { createSocket } from "node:dgram";
import type { RemoteInfo, Socket as UdpSocket } from "node:dgram";
import type { Socket } from "node:net";
import * as packet from "dns-packet";
import type { Packet } from "dns-packet";
import type { Answer } from "./dns.js";
import type { Listener } from "./listener.js";
import { listen, loopback } from "./listener.js";

const noError = 0;
const notImplemented = 4;
const nameError = 3;
/** What fits into a datagram without EDNS. Source: RFC 1035, 4.2.1. */
const datagram = 512;
/** Ports are taken for UDP first; the same one for TCP may be in use. */
const attempts = 10;

/** A DNS server for one zone and what it points at, on UDP and TCP. */
export class DnsServer {
  private constructor(
    readonly port: number,
    private readonly udp: UdpSocket,
    private readonly tcp: Listener,
  ) {}

  /** @param answer undefined: there is no such name. */
  static async start(answer: (name: string) => Answer[] | undefined): Promise<DnsServer> {
    const reply = (query: Buffer): Buffer | undefined => replyTo(query, answer);
    for (let attempt = 1; ; attempt++) {
      const udp = createSocket("udp4");
      await new Promise<void>((resolve, reject) => {
        udp.once("error", reject).bind(0, loopback, resolve);
      });
      const { port } = udp.address();
      const answerByTcp = (socket: Socket): void =>
        frames(socket, (query) => {
          const answered = reply(query);
          if (answered) socket.write(framed(answered));
        });
      let tcp: Listener;
      try {
        tcp = await listen(answerByTcp, port);
      } catch (error) {
        udp.close();
        if (attempt === attempts) throw error;
        continue;
      }
      udp.on("message", (query: Buffer, from: RemoteInfo) => {
        const answered = reply(query);
        if (answered) udp.send(fitting(answered), from.port, from.address);
      });
      return new DnsServer(port, udp, tcp);
    }
  }

  async close(): Promise<void> {
    await Promise.all([new Promise<void>((resolve) => this.udp.close(() => resolve())), this.tcp.close()]);
  }
}

/** What is no DNS query gets no answer. */
function replyTo(query: Buffer, answer: (name: string) => Answer[] | undefined): Buffer | undefined {
  const asked = decoded(query);
  const [question] = asked?.questions ?? [];
  if (asked?.type !== "query" || !question) return undefined;
  const supported = asked.opcode === "QUERY" && ["A", "CNAME", "ANY"].includes(question.type);
  const found = asked.opcode === "QUERY" ? answer(question.name) : undefined;
  const code = asked.opcode !== "QUERY" ? notImplemented : found ? noError : nameError;
  return packet.encode({
    type: "response",
    id: asked.id ?? 0,
    // The response code is the lowest four bits of the flags.
    flags: packet.AUTHORITATIVE_ANSWER | ((asked.flags ?? 0) & packet.RECURSION_DESIRED) | code,
    questions: [question],
    // Times to live are whole seconds.
    answers: supported ? (found ?? []).map((each) => ({ ...each, ttl: Math.round(each.ttl) })) : [],
  });
}

export function decoded(
  message: Buffer,
): (Packet & { opcode?: string; rcode?: string; flag_tc?: boolean }) | undefined {
  try {
    return packet.decode(message);
  } catch {
    return undefined;
  }
}

/** An answer that is too long for a datagram is cut to its header and question, with the sign to ask by TCP. */
function fitting(answered: Buffer): Buffer {
  if (answered.length <= datagram) return answered;
  const whole = packet.decode(answered);
  return packet.encode({
    ...whole,
    flags: (whole.flags ?? 0) | packet.TRUNCATED_RESPONSE,
    answers: [],
  });
}

/** A message on TCP has its length before it. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** Calls for each message that comes in on TCP. */
export function frames(socket: Socket, take: (message: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
      const end = 2 + rest.readUInt16BE(0);
      take(rest.subarray(2, end));
      rest = rest.subarray(end);
    }
  });
}

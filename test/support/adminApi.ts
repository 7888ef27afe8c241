import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Props } from "../../local/behaviour.js";

/** An answer in place of the right one. */
export interface Fault {
  method: string;
  path: RegExp;
  /** Status, or a connection that breaks. */
  status: number | "broken";
  body?: string;
  /** Seconds to come back after. */
  retryAfter?: number;
  /** How often; default always. */
  times?: number;
}

/** Which list holds what is below a path: a key is below its provider. */
const lists: Record<string, RegExp> = {
  "/admin/gateways": /^\/admin\/gateways\/[\w-]+$/,
  "/admin/providers": /^\/admin\/providers\/[\w-]+$/,
  "/admin/providers/keyvault/keys": /^\/admin\/providers\/[\w-]+\/keyvault\/[\w-]+$/,
  "/admin/processors/dp/templates": /^\/admin\/processors\/dp\/templates\/[\w-]+$/,
  "/admin/routes": /^\/admin\/routes\/[\w-]+$/,
};
const reloads = /^\/(providers|routes|secrets\/keyvault|processors\/dp\/templates)\/[\w-]+\/reload$/;

/**
 * Admin and core of one cell on a loopback port, with the statuses of the vendor's description: 404 for an empty
 * list, 409 for what is there already, 401 for another key.
 */
export class AdminApi {
  /** By path. */
  readonly objects = new Map<string, Props>();
  /** Every request that was let in, in order: `PUT /admin/routes/chat`. */
  readonly requests: string[] = [];
  /** When each request came, in milliseconds. */
  readonly times: number[] = [];
  faults: Fault[] = [];
  private readonly server: Server;

  private constructor(
    private readonly header: string,
    private readonly key: string,
  ) {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  static async start(header: string, key: string): Promise<AdminApi> {
    const api = new AdminApi(header, key);
    await new Promise<void>((listening) => api.server.listen(0, "127.0.0.1", listening));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  /** Everything but reading. */
  get writes(): string[] {
    return this.requests.filter((request) => !request.startsWith("GET"));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { method = "", url = "" } = request;
    const path = url.replace(/^\/v1/, "");
    this.requests.push(`${method} ${path}`);
    this.times.push(performance.now());
    const fault = this.faults.find(
      (each) => each.method === method && each.path.test(path) && each.times !== 0,
    );
    if (fault?.times !== undefined) fault.times--;
    if (fault?.status === "broken") return void request.socket.destroy();
    const [status, body]: [number, unknown] = fault
      ? [fault.status, fault.body ?? '{"error":"fault"}']
      : this.answer(method, path, request.headers[this.header] === this.key, text);
    const moved = status >= 300 && status < 400 && { location: "/v1/elsewhere" };
    const later = fault?.retryAfter !== undefined && { "retry-after": String(fault.retryAfter) };
    response.writeHead(status, { "content-type": "application/json", ...moved, ...later });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }

  private answer(method: string, path: string, known: boolean, text: string): [number, unknown] {
    if (!known) return [401, { error: "unauthorized" }];
    if (reloads.test(path)) return method === "POST" ? [200, {}] : [405, {}];
    const list = lists[path];
    if (list) {
      const found = [...this.objects].filter(([each]) => list.test(each)).map(([, object]) => shown(object));
      return method !== "GET" ? [405, {}] : found.length > 0 ? [200, { items: found }] : [404, {}];
    }
    if (!Object.values(lists).some((each) => each.test(path))) return [400, { error: "no such path" }];
    const there = this.objects.get(path);
    if (method === "POST" && there) return [409, { error: "already exists" }];
    if (method !== "POST" && !there) return [404, { error: "not found" }];
    if (method === "GET") return [200, shown(there ?? {})];
    if (method === "DELETE") this.objects.delete(path);
    // The API adds fields of its own.
    else this.objects.set(path, { ...(JSON.parse(text) as Props), modified_at: "2026-01-01T00:00:00Z" });
    return [200, {}];
  }
}

/** Keys come back without their value. */
function shown(object: Props): Props {
  return "api_key_secret_key" in object ? { ...object, api_key_secret_key: "****" } : object;
}

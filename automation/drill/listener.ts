import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

export const loopback = "127.0.0.1";

/** A TCP server on loopback. */
export interface Listener {
  port: number;
  /** Ends its open connections too. */
  close: () => Promise<void>;
}

/**
 * @param port 0: any that is free
 * @throws when the port is taken
 */
export async function listen(take: (socket: Socket) => void, port = 0): Promise<Listener> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket.on("close", () => open.delete(socket)).on("error", () => socket.destroy()));
    take(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, loopback, resolve);
  });
  const close = async (): Promise<void> => {
    for (const socket of open) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { port: (server.address() as AddressInfo).port, close };
}

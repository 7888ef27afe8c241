import type { Context } from "../behaviour.js";

/** A certificate in form only: nothing here makes a handshake. */
export function pem(context: Pick<Context, "hex">): string {
  const body =
    Buffer.from(context.hex(512, "certificate"), "hex")
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...body, "-----END CERTIFICATE-----", ""].join("\n");
}

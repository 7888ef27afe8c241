import { createHash, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Behaviour, Props, Provider } from "./behaviour.js";

/** Node's names of the curves that the provider knows. */
const curves: Record<string, string> = {
  P224: "secp224r1",
  P256: "prime256v1",
  P384: "secp384r1",
  P521: "secp521r1",
};

function generate(inputs: Props): { publicKey: KeyObject; privateKey: KeyObject } {
  if (inputs["algorithm"] === "RSA")
    return generateKeyPairSync("rsa", { modulusLength: Number(inputs["rsaBits"] ?? 2048) });
  if (inputs["algorithm"] === "ED25519") return generateKeyPairSync("ed25519");
  const curve = inputs["ecdsaCurve"];
  return generateKeyPairSync("ec", {
    namedCurve: curves[typeof curve === "string" ? curve : "P224"] ?? "secp224r1",
  });
}

/** A real key pair. Its OpenSSH forms, which nothing here uses, are left out: reading one gives nothing. */
const privateKey: Behaviour = {
  source: "provider docs of tls.PrivateKey",
  required: ["algorithm"],
  replaces: ["algorithm", "ecdsaCurve", "rsaBits"],
  defaults: () => ({ ecdsaCurve: "P224", rsaBits: 2048 }),
  check: (inputs) =>
    ["RSA", "ECDSA", "ED25519"].includes(String(inputs["algorithm"]))
      ? []
      : [
          {
            property: "algorithm",
            reason: `Attribute algorithm value must be one of: ["RSA" "ECDSA" "ED25519"], got: ${String(inputs["algorithm"])}`,
          },
        ],
  // The provider takes the hash of the public key; the object's digits have the same form.
  id: (_, context) => context.current?.id ?? context.hex(40, "key"),
  outputs: (inputs, context) => {
    if (context.current) return {};
    const pair = generate(inputs);
    const form = inputs["algorithm"] === "RSA" ? "pkcs1" : inputs["algorithm"] === "ECDSA" ? "sec1" : "pkcs8";
    const spki = pair.publicKey.export({ type: "spki", format: "der" });
    return {
      privateKeyPem: pair.privateKey.export({ type: form, format: "pem" } as {
        type: "pkcs8";
        format: "pem";
      }),
      privateKeyPemPkcs8: pair.privateKey.export({ type: "pkcs8", format: "pem" }),
      publicKeyPem: pair.publicKey.export({ type: "spki", format: "pem" }),
      publicKeyFingerprintSha256: `SHA256:${createHash("sha256").update(spki).digest("base64")}`,
    };
  },
  secrets: ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"],
};

export const tls: Provider = {
  stateOnly: true,
  types: { "tls:index/privateKey:PrivateKey": privateKey },
  invokes: {},
};

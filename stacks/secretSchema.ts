import { z } from "zod";
import { map, text } from "./fields.js";

const base64Url = "[A-Za-z0-9_-]+";

/** Remedies must never repeat what was written: these values are secret. */
const member = (form: RegExp, remedy: string, description: string) =>
  text(form, remedy).meta({ description });

/** API keys by name: printable, since they travel in headers. */
const apiKeys = (remedy: string, description: string) =>
  z
    .record(z.string(), text(/^[!-~]{8,}$/, "write the key: 8 characters or more, without spaces"), {
      error: remedy,
    })
    .default({})
    .meta({ description });

/** The keys that hold secrets; the program refuses them in plain text. */
export const secretKeys = {
  registryAuth: map({
    username: member(/^\S+$/, "write the user name for the registry", "User name for the image registry."),
    token: member(
      /^\S{8,}$/,
      "write the token for the registry, without spaces",
      "Token that may pull images.",
    ),
  })
    .optional()
    .meta({ description: "Pull secret of the image registry. Not needed for ECR in the cell's account." }),
  licence: map({
    jwt: member(
      new RegExp(`^${base64Url}\\.${base64Url}\\.${base64Url}\\s*$`),
      "write the whole licence: three parts joined by dots",
      "The licence (`license.jwt`).",
    ),
    publicKey: member(
      /^\s*-----BEGIN PUBLIC KEY-----[\sA-Za-z0-9+/=]+-----END PUBLIC KEY-----\s*$/,
      "write the public key in PEM form, from BEGIN PUBLIC KEY to END PUBLIC KEY",
      "The key that it is checked with (`public.pem`).",
    ),
  })
    .optional()
    .meta({ description: "The licence from the vendor; admin does not start without it." }),
  certificate: map({
    pfx: member(
      /^[A-Za-z0-9+/=\s]{100,}$/,
      "write the PFX file in base64",
      "The certificate and its key: a PFX (PKCS 12) file in base64, with a name for each host.",
    ),
    password: member(/^\S+$/, "write the password of the PFX file", "The file's password."),
  })
    .optional()
    .meta({ description: "Certificate of Azure cells, instead of one by ACME." }),
  clerk: map({
    secretKey: member(
      /^sk_(test|live)_\S+$/,
      "write Clerk's secret key, which starts with sk_",
      "Clerk's secret key.",
    ),
    publishableKey: member(
      /^pk_(test|live)_\S+$/,
      "write Clerk's publishable key, which starts with pk_",
      "Clerk's publishable key.",
    ),
  })
    .optional()
    .meta({ description: "How the web app signs its users in; without it nobody can." }),
  adminKeys: apiKeys(
    "write a map from the name of a cell to its API key",
    "API keys that the cells' admin accepts, by name of the cell. What `routes` declares is put into the cells that have one.",
  ),
  keys: apiKeys(
    "write a map from the name of a key to its value",
    "Values of the keys that `routes.keys` declares, by name. A key without a value is left as it is in the cells.",
  ),
};

export const secretKeyNames: readonly string[] = Object.keys(secretKeys);

import * as pulumi from "@pulumi/pulumi";
import type { Values } from "./schema.js";

/** What the customer supplies and nobody may read: every member is a secret output. */
export interface CustomerSecrets {
  registryAuth?: { username: pulumi.Output<string>; token: pulumi.Output<string> };
  licence?: { jwt: pulumi.Output<string>; publicKey: pulumi.Output<string> };
  clerk?: { secretKey: pulumi.Output<string>; publishableKey: pulumi.Output<string> };
}

/** What it takes to put the routes into the cells; every value is a secret output. */
export interface RouteSecrets {
  /** What a cell's admin accepts, by name of the cell; cells without one are left alone. */
  adminKeys: Record<string, pulumi.Output<string>>;
  /** Values of the declared keys, by name. */
  keys: Record<string, pulumi.Output<string>>;
}

/** How Azure cells, whose cloud issues none by DNS, get their certificate. */
export interface CertificateConfig {
  acme: { server: string; email?: string };
  /** The customer's own, in place of one by ACME; secret. */
  own?: { pfx: pulumi.Output<string>; password: pulumi.Output<string> };
}

/** The secrets of a config, sealed. */
export function secretsOf({ registryAuth, licence, clerk }: Values): CustomerSecrets {
  const { secret } = pulumi;
  return {
    ...(registryAuth && {
      registryAuth: { username: secret(registryAuth.username), token: secret(registryAuth.token) },
    }),
    ...(licence && { licence: { jwt: secret(licence.jwt), publicKey: secret(licence.publicKey) } }),
    ...(clerk && {
      clerk: { secretKey: secret(clerk.secretKey), publishableKey: secret(clerk.publishableKey) },
    }),
  };
}

/** The keys of a config, sealed. */
export function routeSecretsOf({ adminKeys, keys }: Values): RouteSecrets {
  const sealed = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, pulumi.secret(value)]));
  return { adminKeys: sealed(adminKeys), keys: sealed(keys) };
}

/** The certificate of a config, sealed. */
export function certificateOf({ acme, certificate }: Values): CertificateConfig {
  const { server, email } = acme;
  const { secret } = pulumi;
  return {
    acme: { server, ...(email !== undefined && { email }) },
    ...(certificate && { own: { pfx: secret(certificate.pfx), password: secret(certificate.password) } }),
  };
}

/** The customer's values as a secret store keeps them: one JSON document each. */
export function asDocuments(secrets: CustomerSecrets): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    Object.entries(secrets).map(([key, value]) => [key, pulumi.secret(pulumi.jsonStringify(value))]),
  );
}

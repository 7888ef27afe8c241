import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceName, SourceName } from "./workload.js";
import type { Source, Sources } from "./environment.js";
import { sha256 } from "./pod.js";
import { sourcesOf, workloads } from "./selection.js";

export interface DatabaseArgs {
  host: pulumi.Input<string>;
  port: pulumi.Input<number>;
  /** Name of the database, e.g. `javelin_data`. */
  name: pulumi.Input<string>;
  username: pulumi.Input<string>;
  password: pulumi.Input<string>;
  /** True: a copy that follows another region's database and takes no writes. Default false. */
  readOnly?: boolean;
}

export interface CacheArgs {
  host: pulumi.Input<string>;
  port: pulumi.Input<number>;
  /** Default `default`, the user that a cache with one token has. */
  username?: pulumi.Input<string>;
  password: pulumi.Input<string>;
}

/** What the gateway is given to keep; every value is treated as secret. */
export interface Credentials {
  database: DatabaseArgs;
  cache: CacheArgs;
  /** Absent: images are pulled with the nodes' own rights. */
  registryAuth?: pulumi.Input<{ username: pulumi.Input<string>; token: pulumi.Input<string> }>;
  /** The vendor's licence: its token and the key that verifies it (PEM). */
  licence?: { jwt: pulumi.Input<string>; publicKey: pulumi.Input<string> };
  /** Identity provider of the web app. */
  clerk?: { secretKey: pulumi.Input<string>; publishableKey: pulumi.Input<string> };
}

export interface GatewaySecretsArgs extends Credentials {
  namespace: string;
  services: readonly ServiceName[];
  /** Host of the image registry. */
  registryServer: string;
}

/** The Secrets and ConfigMaps that the chosen services read, and no other. */
export class GatewaySecrets extends pulumi.ComponentResource {
  /** By the catalogue's names. */
  readonly sources: Sources;
  /** Name of the pull secret; absent without `registryAuth`. */
  readonly pullSecret?: string;

  constructor(name: string, args: GatewaySecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { namespace, services } = args;
    super("javelin:kubernetes:Secrets", name, { namespace, services, ...sealed(args) }, opts);
    const { database, cache, licence, clerk, registryAuth } = args;
    const needed = new Set(workloads(services).flatMap(sourcesOf));
    const parent = { parent: this };

    const secret = (key: string, type: string, content: Content): Source => {
      const objectName = `javelin-${key}`;
      const data = pulumi.secret(content);
      const encoded = data.apply((values) =>
        mapValues(values, (value) => Buffer.from(value).toString("base64")),
      );
      new k8s.core.v1.Secret(
        `${name}-${key}`,
        { metadata: { namespace, name: objectName }, type, data: encoded },
        parent,
      );
      return { kind: "secret", objectName, checksum: checksum(data) };
    };
    const source = (key: SourceName, content: Content | undefined): Sources =>
      needed.has(key) && content ? { [key]: secret(key, "Opaque", content) } : {};

    this.sources = {
      ...source("database", { password: database.password }),
      ...source("cache", { password: cache.password, url: redisUrl(cache) }),
      ...source("licence", licence && { "license.jwt": licence.jwt, "public.pem": licence.publicKey }),
      ...source("clerk", clerk && { secretKey: clerk.secretKey }),
      // Core wants the file even where it is of no use.
      ...source("google", { "javelin-gcpjson.json": "{}" }),
    };
    if (needed.has("flags")) {
      const objectName = "javelin-flags";
      const data: Content = { "javelin.goff.yaml": "{}\n" };
      new k8s.core.v1.ConfigMap(`${name}-flags`, { metadata: { namespace, name: objectName }, data }, parent);
      this.sources.flags = { kind: "configMap", objectName, checksum: checksum(pulumi.output(data)) };
    }
    if (registryAuth) {
      const config = pulumi.output(registryAuth).apply((auth) => dockerConfig(args.registryServer, auth));
      this.pullSecret = secret("registry", "kubernetes.io/dockerconfigjson", {
        ".dockerconfigjson": config,
      }).objectName;
    }
    this.registerOutputs({});
  }
}

/**
 * The credentials as a component records them in the state: secret, even where a caller gave a plain string.
 */
export function sealed(credentials: Credentials): pulumi.Inputs {
  const { database, cache, registryAuth, licence, clerk } = credentials;
  const given = Object.entries({ database, cache, registryAuth, licence, clerk });
  return Object.fromEntries(
    given.flatMap(([key, value]) => (value === undefined ? [] : [[key, pulumi.secret(value)]])),
  );
}

type Content = Record<string, pulumi.Input<string>>;

function checksum(data: pulumi.Output<Record<string, string>>): pulumi.Output<string> {
  return data.apply((values) => sha256(JSON.stringify(values)));
}

function mapValues(
  values: Record<string, string>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}

/** `rediss://` is Redis over TLS. */
function redisUrl({ host, port, username, password }: CacheArgs): pulumi.Output<string> {
  return pulumi
    .all([host, port, username ?? defaultCacheUser, password])
    .apply(
      ([h, p, user, pass]) => `rediss://${encodeURIComponent(user)}:${encodeURIComponent(pass)}@${h}:${p}`,
    );
}

/** The user of a cache that has one token and no list of users. */
export const defaultCacheUser = "default";

/** Content of a pull secret for one registry. */
export function dockerConfig(
  server: string,
  { username, token }: { username: string; token: string },
): string {
  const auth = Buffer.from(`${username}:${token}`).toString("base64");
  return JSON.stringify({ auths: { [server]: { username, password: token, auth } } });
}

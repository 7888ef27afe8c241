import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** A stack's settings as Pulumi hands them to the program, with changes: `{ "javelin:size": "standard" }`. */
export function configOf(stack: string, changes: Record<string, unknown> = {}): Record<string, string> {
  const file = new URL(`../../Pulumi.${stack}.yaml`, import.meta.url);
  const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries({ ...config, ...changes }).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** What the customer would set with `pulumi config set --secret`; each text is easy to look for. */
export const customerSecrets = {
  "javelin:registryAuth": { username: "registry-user", token: "registry-token-in-test" },
  "javelin:licence": {
    jwt: "eyJ0ZXN0.bGljZW5jZS1pbi10ZXN0.c2lnbmF0dXJl",
    publicKey: "-----BEGIN PUBLIC KEY-----\nbGljZW5jZS1rZXktaW4tdGVzdA==\n-----END PUBLIC KEY-----",
  },
  "javelin:clerk": {
    secretKey: "sk_test_clerkSecretInTest",
    publishableKey: "pk_test_clerkPublishableInTest",
  },
};

/** The same, with a key of each cell's admin API, as it is once the gateway has run for the first time. */
export function secretsOf(
  stack: string,
  changes: Record<string, unknown> = {},
): Record<string, Record<string, string>> {
  const cells = JSON.parse(configOf(stack, changes)["javelin:cells"] ?? "[]") as {
    name?: string;
    region: string;
  }[];
  const keys = cells.map(({ name, region }) => [name ?? region, `admin-key-in-test-${name ?? region}`]);
  return { ...customerSecrets, "javelin:adminKeys": Object.fromEntries(keys) as Record<string, string> };
}

const sdks: Record<string, () => Promise<unknown>> = {
  aws: () => import("../../stacks/awsCell.js"),
  azure: () => import("../../stacks/azureCell.js"),
  gcp: () => import("../../stacks/gcpCell.js"),
};

/** Loads the SDKs of the clouds that a config names, as the program will: see `run`. */
export async function loadSdks(config: Record<string, string>): Promise<void> {
  const cells = JSON.parse(config["javelin:cells"] ?? "[]") as { cloud: string }[];
  const { cloud = "aws" } = JSON.parse(config["javelin:dns"] ?? "{}") as { cloud?: string };
  for (const each of new Set([...cells.map((cell) => cell.cloud), cloud])) await sdks[each]?.();
}

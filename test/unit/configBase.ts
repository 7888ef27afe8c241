/** A small config without problems, as a fresh copy; tests break one thing of it. */
export function goodConfig() {
  return {
    topology: "single-region" as string,
    domain: "gw.example.com",
    dns: { zone: "example.com" } as Record<string, unknown>,
    cells: [{ cloud: "aws", region: "us-east-1", cidr: "10.10.0.0/16" }] as Record<string, unknown>[],
    kubernetes: { apiAccess: ["203.0.113.0/24"] } as Record<string, unknown>,
    gateway: { version: "1.2.3", registry: "ghcr.io/example", accountId: "example" } as Record<
      string,
      unknown
    >,
  };
}

export type RawConfig = ReturnType<typeof goodConfig> & Record<string, unknown>;

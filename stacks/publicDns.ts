import type { Cell } from "./cell.js";
import type { SingleRegionConfig } from "./config.js";

/** The existing public zone, on whichever cloud it is, apart from any cell: a cell may come and go under it. */
export interface PublicDns {
  zoneId: string;
  /** Makes these names point at the cell, once it is ready. */
  point(hosts: string[], cell: Cell): void;
}

/** Looks the zone up; it is never created here, since a new zone is not delegated yet. */
export async function publicDns(dns: SingleRegionConfig["dns"]): Promise<PublicDns> {
  if (dns.cloud !== "aws") throw new Error(`a zone on ${dns.cloud} is refused by the config's rules`);
  const aws = await import("@pulumi/aws");
  const { DnsZone, hostedZoneId } = await import("../components/aws/dnsZone.js");
  // Route 53 is global; its API is served from this region.
  const provider = new aws.Provider("dns", { region: "us-east-1" });
  const zoneId = await hostedZoneId(dns.zone, { provider });
  return {
    zoneId,
    point(hosts, cell) {
      const records = hosts.map((host) => ({ host, alias: cell.target.alias }));
      new DnsZone("dns", { zoneId, records }, { providers: [provider], dependsOn: cell.ready });
    },
  };
}

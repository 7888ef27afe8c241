import type * as pulumi from "@pulumi/pulumi";
import type { DnsTarget, Proof, ProofZone } from "../components/dns.js";
import type { Cell } from "./cell.js";
import type { DnsConfig } from "./config.js";

/** The existing public zone, on whichever cloud it is, apart from any cell: a cell may come and go under it. */
export interface PublicDns extends ProofZone {
  /** Makes these names point at the cell, once it is ready. */
  point(hosts: string[], cell: Cell): void;
}

/** What a cloud does for the zone. */
interface Host {
  acme: ProofZone["acme"];
  prove(name: string, proof: Proof): pulumi.Resource;
  point(name: string, records: { host: string; target: DnsTarget }[], dependsOn: pulumi.Resource[]): void;
}

/** Looks the zone up; it is never created here, since a new zone is not delegated yet. */
export async function publicDns(dns: DnsConfig): Promise<PublicDns> {
  const host = await hosts[dns.cloud](dns);
  const proofs = new Map<string, pulumi.Resource>();
  return {
    acme: host.acme,
    prove(authority, name, proof) {
      const key = `dns-${authority}-${name}`;
      const found = proofs.get(key) ?? host.prove(key, proof);
      proofs.set(key, found);
      return found;
    },
    point(names, cell) {
      host.point(
        "dns",
        names.map((name) => ({ host: name, target: cell.target })),
        cell.ready,
      );
    },
  };
}

const hosts: Record<DnsConfig["cloud"], (dns: DnsConfig) => Promise<Host>> = {
  aws: onRoute53,
  azure: onAzure,
  gcp: onCloudDns,
};

async function onRoute53({ zone, ttl }: DnsConfig): Promise<Host> {
  const aws = await import("@pulumi/aws");
  const { DnsZone, hostedZoneId, proofRecord } = await import("../components/aws/dnsZone.js");
  // Route 53 is global; its API is served from this region.
  const region = "us-east-1";
  const provider = new aws.Provider("dns", { region });
  const zoneId = await hostedZoneId(zone, { provider });
  return {
    acme: { provider: "route53", config: { AWS_HOSTED_ZONE_ID: zoneId, AWS_REGION: region } },
    prove: (name, proof) => proofRecord(name, zoneId, proof, { provider }),
    point: (name, records, dependsOn) =>
      new DnsZone(name, { zoneId, records, ttl }, { providers: [provider], dependsOn }),
  };
}

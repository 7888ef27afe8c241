import type { Input, Resource } from "@pulumi/pulumi";

/** What the gateway's public names are to a component, whichever cloud hosts the DNS zone. */

/** What a public name can point at. */
export type DnsTarget =
  /** A load balancer that has a name only; on Route 53 by an alias in the zone of that load balancer. */
  | { dnsName: Input<string>; aliasZoneId: Input<string> }
  /** A load balancer with a fixed IPv4 address. */
  | { address: Input<string> };

/** A record that proves to a certificate authority that a name is ours. */
export interface Proof {
  /** Full name of the record; a dot at its end does no harm. */
  name: Input<string>;
  type: "CNAME" | "TXT";
  value: Input<string>;
}

/** The DNS zone as certificates see it. */
export interface ProofZone {
  /**
   * Writes the record that proves that `host` is ours. Asked twice for the same host and authority, it writes one
   * record: two cells of one account are asked for the same proof.
   */
  prove(authority: "acm" | "gcp", host: string, proof: Proof): Resource;
  /** How an ACME client answers DNS-01 challenges in the zone: lego's name for the DNS service, and its settings. */
  acme: { provider: "route53" | "azuredns" | "gcloud"; config: Record<string, Input<string>> };
}

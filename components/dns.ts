import type { Input, Resource } from "@pulumi/pulumi";
import type { Entrance } from "./ingress.js";

/** What the gateway's public names are to a component, whichever cloud hosts the DNS zone. */

/** What a public name can point at. */
export type DnsTarget =
  /** A fixed IPv4 address. */
  | { address: Input<string> }
  /** A name elsewhere; on Route 53 an alias, if its owner's hosted zone is known. */
  | {
      dnsName: Input<string>;
      aliasZoneId?: Input<string>;
      /** There when the name is a load balancer's that Global Accelerator can stand before. */
      loadBalancer?: { arn: Input<string>; region: string };
    }
  /** Another name of the same zone. */
  | { host: string };

/** A public name. */
export interface DnsRecord {
  host: string;
  target: DnsTarget;
  /** What has to stand before the name points there. */
  ready?: Resource[];
}

/** A cell as failover sees it. */
export interface FailoverCell {
  name: string;
  /** Its own hostname, whose record is there. */
  origin: string;
  target: DnsTarget;
  /** Answers 200 when the cell can serve. */
  healthPath: string;
  ready: Resource[];
  /** There when a load balancer can stand before this cell and others. */
  entrance?: Entrance;
}

/** How traffic moves between cells. */
export interface Failover {
  /** Domain of the gateway: the record that follows the cells lies in it. */
  domain: string;
  /** In order of preference. */
  cells: FailoverCell[];
  /** Whether the first healthy cell takes all traffic, or all healthy cells share it. */
  mode: "active-passive" | "active-active";
  /** Seconds between health checks. */
  interval: number;
  /** Failed checks until a cell counts as down. */
  threshold: number;
  /** Seconds that resolvers keep an answer. */
  ttl: number;
}

/** The path of a health service that checks all cells alike. @throws when they have several */
export function commonHealthPath(cells: readonly Pick<FailoverCell, "healthPath">[]): string {
  const [path, ...others] = new Set(cells.map((cell) => cell.healthPath));
  if (path === undefined || others.length > 0)
    throw new Error(`health paths of the cells: ${[path, ...others].join(", ")}; right is one`);
  return path;
}

/** A record that proves to a certificate authority that a name is ours. */
export interface Proof {
  /** Full name of the record; a dot at its end does no harm. */
  name: Input<string>;
  type: "CNAME" | "TXT";
  value: Input<string>;
}

/** Who asks for a proof, and on whose behalf. */
export type Authority = "acm" | `gcp/${string}`;

/** The DNS zone as certificates see it. */
export interface ProofZone {
  /**
   * Writes the record that proves that `host` is ours. Asked twice for the same host and authority, it writes one
   * record: two cells of one account are asked for the same proof.
   *
   * @param authority `gcp/<project>` for Google's, which asks each project for a record of its own
   */
  prove(authority: Authority, host: string, proof: Proof): Resource;
  /** How an ACME client answers DNS-01 challenges in the zone: lego's name for the DNS service, and its settings. */
  acme: { provider: "route53" | "azuredns" | "gcloud"; config: Record<string, Input<string>> };
}

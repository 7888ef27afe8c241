import type * as pulumi from "@pulumi/pulumi";
import type { DnsRecord, DnsTarget, Failover, FailoverCell, ProofZone } from "../components/dns.js";
import { Proofs } from "../components/proofs.js";
import type { ProofsArgs } from "../components/proofs.js";
import type { DnsConfig } from "./config.js";

/** A name, or several, that follow the cells. */
export interface Balanced {
  target: DnsTarget;
  ready: pulumi.Resource[];
}

/** The existing public zone, on whichever cloud it is, apart from any cell: a cell may come and go under it. */
export interface PublicDns extends ProofZone {
  /** Every public name of the gateway. Called once. */
  point(records: DnsRecord[]): void;
  /** Health checks, and a name that follows the cells that pass them. */
  balance(failover: Balancing): Balanced | Promise<Balanced>;
}

/** What the health checks and the name are made of. */
export interface Balancing extends Omit<Failover, "ttl"> {
  /** Whether addresses that stay stand before the cells: Global Accelerator's, or a load balancer's of the stack. */
  accelerator: boolean;
}

/** What a cloud does for the zone. */
interface Host extends Omit<PublicDns, "prove" | "balance"> {
  prove: ProofsArgs["write"];
  balance(failover: Balancing, zone: ProofZone): Balanced | Promise<Balanced>;
}

/**
 * Looks the zone up; it is never created here, since a new zone is not delegated yet.
 * @param prefix `javelin-<stack>`.
 * @param protect addresses that stand before the cells cannot be deleted
 */
export async function publicDns(dns: DnsConfig, prefix: string, protect: boolean): Promise<PublicDns> {
  const host = await hosts[dns.cloud](dns, prefix, protect);
  const proofs = new Proofs("dns-proofs", { write: host.prove });
  const zone: ProofZone = { acme: host.acme, prove: (...asked) => proofs.prove(...asked) };
  return { ...host, ...zone, balance: (failover) => host.balance(failover, zone) };
}

const hosts: Record<DnsConfig["cloud"], (dns: DnsConfig, prefix: string, protect: boolean) => Promise<Host>> =
  {
    aws: onRoute53,
    azure: onAzureDns,
    gcp: onCloudDns,
  };

async function onRoute53({ zone, ttl }: DnsConfig, prefix: string, protect: boolean): Promise<Host> {
  const aws = await import("@pulumi/aws");
  const { DnsZone, hostedZoneId, proofRecord } = await import("../components/aws/dnsZone.js");
  const { Accelerator } = await import("../components/aws/accelerator.js");
  const { DnsFailover } = await import("../components/aws/dnsFailover.js");
  // Route 53 is global; its API is served from this region, and its metrics are there.
  const region = "us-east-1";
  const provider = new aws.Provider("dns", { region });
  const zoneId = await hostedZoneId(zone, { provider });
  const opts = { providers: [provider] };
  return {
    acme: { provider: "route53", config: { AWS_HOSTED_ZONE_ID: zoneId, AWS_REGION: region } },
    prove: (name, proof, own) => proofRecord(name, zoneId, proof, { ...own, provider }),
    point: (records) => new DnsZone("dns", { zoneId, records, ttl }, opts),
    balance: ({ accelerator, ...failover }) => {
      if (!accelerator) return new DnsFailover("dns-failover", { ...failover, prefix, zoneId, ttl }, opts);
      const { cells, mode } = failover;
      const { dnsName, hostedZoneId, ready } = new Accelerator(
        "dns-accelerator",
        { prefix, cells, mode, protect },
        opts,
      );
      return { target: { dnsName, aliasZoneId: hostedZoneId }, ready };
    },
  };
}

async function onAzureDns(dns: DnsConfig, prefix: string): Promise<Host> {
  const { Provider } = await import("@pulumi/azure-native/provider.js");
  const { getClientConfigOutput } = await import("@pulumi/azure-native/authorization/index.js");
  const { DnsFailover } = await import("../components/azure/dnsFailover.js");
  const { challenge, DnsZone, proofRecord, publicZone } = await import("../components/azure/dnsZone.js");
  const { subscription, ttl } = dns;
  const provider = new Provider("dns", {
    ...(subscription !== undefined && { subscriptionId: subscription }),
  });
  const zone = await publicZone({ zone: dns.zone, resourceGroupName: dns.resourceGroup ?? "" }, { provider });
  const { resourceGroupName } = zone;
  const subscriptionId = subscription ?? getClientConfigOutput({ provider }).subscriptionId;
  const opts = { providers: [provider] };
  return {
    acme: challenge(zone, subscriptionId),
    prove: (name, proof, own) => proofRecord(name, zone, proof, { ...own, provider }),
    point: (records) => new DnsZone("dns", { ...zone, records, ttl }, opts),
    balance: (failover) =>
      new DnsFailover("dns-failover", { ...failover, ttl, prefix, subscriptionId, resourceGroupName }, opts),
  };
}

async function onCloudDns(
  { zone, ttl, project = "" }: DnsConfig,
  prefix: string,
  protect: boolean,
): Promise<Host> {
  const gcp = await import("@pulumi/gcp");
  const { DnsFailover } = await import("../components/gcp/dnsFailover.js");
  const { DnsZone, managedZone, proofRecord } = await import("../components/gcp/dnsZone.js");
  const provider = new gcp.Provider("dns", { project });
  const name = await managedZone(zone, { provider });
  const opts = { providers: [provider] };
  return {
    acme: { provider: "gcloud", config: { GCE_PROJECT: project, GCE_ZONE_ID: name } },
    prove: (logicalName, proof, own) => proofRecord(logicalName, name, proof, { ...own, provider }),
    point: (records) => new DnsZone("dns", { managedZone: name, records, ttl }, opts),
    balance: async ({ accelerator, ...failover }, proved) => {
      const front = accelerator ? await globalLoadBalancer(failover, prefix, proved) : undefined;
      if (front) {
        // A name of its own, so that the public names stay CNAMEs when it comes and goes: beside one there is no A.
        const host = `global.${failover.domain}`;
        const records = [{ host, target: { address: front.address }, ready: front.ready }];
        return {
          target: { host },
          ready: [new DnsZone("dns-global", { managedZone: name, records, ttl }, opts)],
        };
      }
      const cells = accelerator ? await withAddresses(failover.cells, prefix, protect) : failover.cells;
      const args = { ...failover, cells, prefix, project, managedZone: name, ttl };
      return new DnsFailover("dns-failover", args, opts);
    },
  };
}

/** One load balancer before cells that are all on gcp, in their project; undefined when they are not. */
async function globalLoadBalancer(
  { cells, mode }: Pick<Failover, "cells" | "mode">,
  prefix: string,
  zone: ProofZone,
) {
  const behind = cells.flatMap(({ name, ready, entrance }) => (entrance ? [{ name, ready, entrance }] : []));
  const [first] = behind;
  if (!first || behind.length < cells.length) return undefined;
  const gcp = await import("@pulumi/gcp");
  const { GlobalLoadBalancer } = await import("../components/gcp/globalLoadBalancer.js");
  const { project } = first.entrance;
  const provider = new gcp.Provider("load-balancer", {
    project,
    defaultLabels: { "javelin-deployment": prefix },
  });
  const args = { prefix: `${prefix}-global`, mode, cells: behind, zone };
  return new GlobalLoadBalancer("dns-loadBalancer", args, { providers: [provider] });
}

/** Cells on aws with an accelerator of their own, which has the fixed address that Cloud DNS wants. */
async function withAddresses(
  cells: readonly FailoverCell[],
  prefix: string,
  protect: boolean,
): Promise<FailoverCell[]> {
  if (cells.every(({ target }) => "address" in target)) return [...cells];
  const aws = await import("@pulumi/aws");
  const { Accelerator } = await import("../components/aws/accelerator.js");
  // Global Accelerator is global; its API is served from this region.
  const provider = new aws.Provider("accelerator", { region: "us-west-2" });
  return cells.map((cell) => {
    if ("address" in cell.target) return cell;
    const { addresses, ready } = new Accelerator(
      `accelerator-${cell.name}`,
      { prefix: `${prefix}-${cell.name}`, cells: [cell], mode: "active-passive", protect },
      { providers: [provider] },
    );
    return { ...cell, target: { address: addresses.apply(([first]) => first!) }, ready };
  });
}

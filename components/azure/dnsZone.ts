import * as dns from "@pulumi/azure-native/dns/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { DnsRecord, DnsTarget, Proof, ProofZone } from "../dns.js";

/** An existing public zone and where Azure keeps it. */
export interface PublicZone {
  /** The zone's name: `example.com`. */
  zone: string;
  resourceGroupName: string;
}

/**
 * Looks an existing public zone up. Never created here: nothing resolves in a zone before its parent delegates to
 * it, and a certificate waits for that. Awaited by the program before it registers a cell, so that a zone that is
 * not there ends the run while nothing has been made.
 *
 * @throws when the resource group has no such public zone
 */
export async function publicZone(where: PublicZone, opts: pulumi.InvokeOptions): Promise<PublicZone> {
  const { resourceGroupName, zone: zoneName } = where;
  const found = await dns.getZone({ resourceGroupName, zoneName }, opts);
  if (found.zoneType === "Private")
    throw new Error(`the zone ${zoneName} in ${resourceGroupName} is private`);
  return { zone: found.name, resourceGroupName };
}

/** How an ACME client answers DNS-01 challenges in the zone, with the credentials that the Azure provider finds. */
export function challenge(
  { zone, resourceGroupName }: PublicZone,
  subscriptionId: pulumi.Input<string>,
): ProofZone["acme"] {
  return {
    provider: "azuredns",
    config: {
      AZURE_SUBSCRIPTION_ID: subscriptionId,
      AZURE_RESOURCE_GROUP: resourceGroupName,
      AZURE_ZONE_NAME: zone,
    },
  };
}

/** The name as Azure wants it: without the zone's, and `@` for the zone itself. @throws outside the zone */
export function relativeName(host: string, zone: string): string {
  const name = host.toLowerCase().replace(/\.$/, "");
  const apex = zone.toLowerCase();
  if (name === apex) return "@";
  if (!name.endsWith(`.${apex}`)) throw new Error(`${host} is not in the zone ${zone}`);
  return name.slice(0, -apex.length - 1);
}

/** Writes the record that proves a name to a certificate authority. */
export function proofRecord(
  name: string,
  { zone, resourceGroupName }: PublicZone,
  proof: Proof,
  opts: pulumi.CustomResourceOptions,
): dns.RecordSet {
  return new dns.RecordSet(
    name,
    {
      resourceGroupName,
      zoneName: zone,
      relativeRecordSetName: pulumi.output(proof.name).apply((host) => relativeName(host, zone)),
      recordType: proof.type,
      ttl: 300,
      ...(proof.type === "CNAME"
        ? { cnameRecord: { cname: proof.value } }
        : { txtRecords: [{ value: [proof.value] }] }),
    },
    opts,
  );
}

export interface DnsZoneArgs extends PublicZone {
  records: DnsRecord[];
  /** Seconds that resolvers keep an answer. */
  ttl: number;
}

/** The gateway's names in the zone. */
export class DnsZone extends pulumi.ComponentResource {
  /** @throws when a host is outside the zone, or the zone's own name is to point at a name */
  constructor(name: string, args: DnsZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    const { zone, resourceGroupName, ttl } = args;
    const inputs = args.records.map(({ host, target }) => ({ host, target }));
    super("javelin:azure:DnsZone", name, { zone, resourceGroupName, ttl, records: inputs }, opts);
    for (const { host, target, ready = [] } of args.records) {
      const relativeRecordSetName = relativeName(host, zone);
      if (relativeRecordSetName === "@" && !("address" in target))
        throw new Error(`${host} is the zone's own name, which DNS does not let point at a name (CNAME)`);
      new dns.RecordSet(
        `${name}-${host}`,
        { resourceGroupName, zoneName: zone, relativeRecordSetName, ttl, ...answer(target) },
        { parent: this, dependsOn: ready },
      );
    }
    this.registerOutputs({});
  }
}

/** What a record answers. IPv4 only, as the load balancers are. */
function answer(target: DnsTarget) {
  if ("address" in target) return { recordType: "A", aRecords: [{ ipv4Address: target.address }] };
  const cname = "host" in target ? target.host : target.dnsName;
  return { recordType: "CNAME", cnameRecord: { cname } };
}

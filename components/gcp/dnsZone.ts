import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { DnsRecord, DnsTarget, Proof } from "../dns.js";

/**
 * The name of an existing public managed zone in the provider's project. Never created here: nothing resolves in a
 * zone before its parent delegates to it, and a certificate waits for that. Awaited by the program before it
 * registers a cell, so that a zone that is not there ends the run while nothing has been made.
 *
 * @param zone the zone's DNS name: `example.com`.
 * @throws when the project has no such zone, or several
 */
export async function managedZone(zone: string, opts: pulumi.InvokeOptions): Promise<string> {
  // The look-up of one zone goes by its name in the project, which is whatever its owner chose.
  const { managedZones, project } = await gcp.dns.getManagedZones({}, opts);
  const found = managedZones.flatMap(({ dnsName, visibility, name }) =>
    dnsName === `${zone}.` && visibility === "public" && name !== undefined ? [name] : [],
  );
  const [name] = found;
  if (name === undefined || found.length > 1)
    throw new Error(
      `dns.zone: found ${found.length} public managed zones of "${zone}." in project ${project ?? ""}, right is one`,
    );
  return name;
}

export interface DnsZoneArgs {
  /** From {@link managedZone}. */
  managedZone: pulumi.Input<string>;
  records: DnsRecord[];
  /** Seconds that resolvers keep an answer. */
  ttl: number;
}

/** The gateway's names in the managed zone. */
export class DnsZone extends pulumi.ComponentResource {
  readonly managedZone: pulumi.Output<string>;

  constructor(name: string, args: DnsZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    const { managedZone, ttl } = args;
    const inputs = args.records.map(({ host, target }) => ({ host, target }));
    super("javelin:gcp:DnsZone", name, { managedZone, ttl, records: inputs }, opts);
    this.managedZone = pulumi.output(managedZone);

    for (const { host, target, ready = [] } of args.records)
      new gcp.dns.RecordSet(
        `${name}-${host}`,
        { managedZone, name: absolute(host), ttl, ...answer(target) },
        { parent: this, dependsOn: ready },
      );

    this.registerOutputs({ managedZone: this.managedZone });
  }
}

/** What a record answers. IPv4 only, as the load balancers are. */
export function answer(target: DnsTarget): Pick<gcp.dns.RecordSetArgs, "type" | "rrdatas"> {
  if ("address" in target) return { type: "A", rrdatas: [target.address] };
  const name = "host" in target ? target.host : target.dnsName;
  return { type: "CNAME", rrdatas: [absolute(name)] };
}

/**
 * Writes a proof into the managed zone. A second stack of the same project is asked for the same record with the
 * same value; the provider takes over what is there.
 */
export function proofRecord(
  name: string,
  zone: pulumi.Input<string>,
  proof: Proof,
  opts: pulumi.CustomResourceOptions,
): gcp.dns.RecordSet {
  const value = proof.type === "CNAME" ? absolute(proof.value) : pulumi.interpolate`"${proof.value}"`;
  return new gcp.dns.RecordSet(
    name,
    { managedZone: zone, name: absolute(proof.name), type: proof.type, ttl: 300, rrdatas: [value] },
    opts,
  );
}

/** A name as Cloud DNS takes it: with a dot at its end. */
export function absolute(name: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(name).apply((text) => (text.endsWith(".") ? text : `${text}.`));
}

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DnsRecord, DnsTarget, Proof } from "../dns.js";

/**
 * The id of an existing public hosted zone. Never created here: nothing resolves in a zone before its parent
 * delegates to it, and a certificate waits for that. Awaited by the program before it registers a cell, so that
 * a zone that is not there ends the run while nothing has been made.
 *
 * @param zone the zone's name: `example.com`.
 * @throws when the account has no such zone
 */
export async function hostedZoneId(zone: string, opts: pulumi.InvokeOptions): Promise<string> {
  return (await aws.route53.getZone({ name: zone, privateZone: false }, opts)).zoneId;
}

export interface DnsZoneArgs {
  /** From {@link hostedZoneId}. */
  zoneId: pulumi.Input<string>;
  records: DnsRecord[];
  /** Seconds that resolvers keep an answer; an alias of a load balancer has its owner's, 60. */
  ttl: number;
}

/** The gateway's names in the hosted zone. */
export class DnsZone extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;

  constructor(name: string, args: DnsZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    const { zoneId, ttl } = args;
    const inputs = args.records.map(({ host, target }) => ({ host, target }));
    super("javelin:aws:DnsZone", name, { zoneId, ttl, records: inputs }, opts);
    this.zoneId = pulumi.output(zoneId);

    const made = new Map<string, aws.route53.Record>();
    // An alias is refused before what it names is there.
    const order = [...args.records].sort((a, b) => Number("host" in a.target) - Number("host" in b.target));
    for (const { host, target, ready = [] } of order) {
      const named = "host" in target ? made.get(target.host) : undefined;
      const record = new aws.route53.Record(
        `${name}-${host}`,
        { zoneId, name: host, ...answer(target, { zoneId, ttl }) },
        { parent: this, dependsOn: [...ready, ...(named ? [named] : [])] },
      );
      made.set(host, record);
    }

    this.registerOutputs({ zoneId: this.zoneId });
  }
}

/**
 * What a record answers: an alias where Route 53 can, so that the answer costs no second question.
 *
 * @param evaluateTargetHealth whether an alias counts as healthy only when what it names does; default: true
 */
export function answer(
  target: DnsTarget,
  zone: { zoneId: pulumi.Input<string>; ttl: number },
  evaluateTargetHealth = true,
): Omit<aws.route53.RecordArgs, "zoneId" | "name"> {
  // IPv4 only, as the load balancers are.
  const { A, CNAME } = aws.route53.RecordType;
  const alias = (name: pulumi.Input<string>, zoneId: pulumi.Input<string>) => ({
    type: A,
    aliases: [{ name, zoneId, evaluateTargetHealth }],
  });
  if ("address" in target) return { type: A, records: [target.address], ttl: zone.ttl };
  if ("host" in target) return alias(target.host, zone.zoneId);
  const { dnsName, aliasZoneId } = target;
  return aliasZoneId === undefined
    ? { type: CNAME, records: [dnsName], ttl: zone.ttl }
    : alias(dnsName, aliasZoneId);
}

/** Writes a proof into the hosted zone. */
export function proofRecord(
  name: string,
  zoneId: string,
  proof: Proof,
  opts: pulumi.CustomResourceOptions,
): aws.route53.Record {
  return new aws.route53.Record(
    name,
    {
      zoneId,
      name: proof.name,
      type: proof.type,
      records: [proof.value],
      ttl: 300,
      // A second stack of the same account is asked for the same record, with the same value.
      allowOverwrite: true,
    },
    opts,
  );
}

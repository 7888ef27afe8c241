import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DnsTarget, Proof } from "../dns.js";

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
  /** Host names of the zone and what each points at. */
  records: { host: string; target: DnsTarget }[];
  /** Seconds that resolvers keep an answer; an alias has its target's, 60. */
  ttl: number;
}

/** A cell's names in the hosted zone. */
export class DnsZone extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;

  constructor(name: string, args: DnsZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:DnsZone", name, args, opts);
    this.zoneId = pulumi.output(args.zoneId);

    for (const { host, target } of args.records) {
      new aws.route53.Record(
        `${name}-${host}`,
        {
          zoneId: args.zoneId,
          name: host,
          // IPv4 only, as the load balancers are.
          type: aws.route53.RecordType.A,
          ...("address" in target
            ? { records: [target.address], ttl: args.ttl }
            : {
                aliases: [{ name: target.dnsName, zoneId: target.aliasZoneId, evaluateTargetHealth: true }],
              }),
        },
        { parent: this },
      );
    }

    this.registerOutputs({ zoneId: this.zoneId });
  }
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

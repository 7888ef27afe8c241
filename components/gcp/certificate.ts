import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { ProofZone } from "../dns.js";
import { physicalName } from "../names.js";

export interface CertificateArgs {
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  /** The project's id. */
  project: string;
  /** The zone that is authoritative for every name; a CAA record in it must allow pki.goog. */
  zone: ProofZone;
  /** Host names, no wildcards; at most 100 (Certificate Manager quotas). */
  names: string[];
  /** The enabled APIs. */
  apis: pulumi.Resource[];
}

/**
 * A public certificate, proved in DNS and renewed by Google for as long as the records exist, in a map that gives it
 * to its names and to whoever asks for no name: the health checks of Cloud DNS and Traffic Manager may not.
 *
 * Google issues it within minutes of the records, and no call waits for that: until then clients get no connection.
 */
export class Certificate extends pulumi.ComponentResource {
  /** The map as a target proxy takes it. Known once it holds every name. */
  readonly map: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    const { prefix, project } = args;
    const names = [...new Set(args.names.map((host) => host.toLowerCase()))];
    super("javelin:gcp:Certificate", name, { prefix, project, names }, opts);
    const parent = { parent: this };
    const ready = { parent: this, dependsOn: args.apis };

    const proofs = names.map((host) => {
      const authorization = new gcp.certificatemanager.DnsAuthorization(
        `${name}-${host}`,
        {
          name: physicalName("gcp:certificate", prefix, host),
          domain: host,
          // Each project has a record of its own, so that a cell in another project may prove the same name.
          type: "PER_PROJECT_RECORD",
        },
        ready,
      );
      const asked = authorization.dnsResourceRecords.apply(([record]) => {
        if (!record) throw new Error(`Certificate Manager asked for no record for ${host}`);
        return record;
      });
      const record = args.zone.prove(`gcp/${project}`, host, {
        name: asked.name,
        type: "CNAME",
        value: asked.data,
      });
      return { id: authorization.id, record };
    });
    const certificate = new gcp.certificatemanager.Certificate(
      `${name}-certificate`,
      {
        // The names replace a certificate, and the map still holds the old one then: so they are part of its name.
        name: physicalName("gcp:certificate", prefix, ...names),
        managed: { domains: names, dnsAuthorizations: proofs.map(({ id }) => id) },
      },
      // Google gives up on a certificate whose records it does not find.
      { ...parent, dependsOn: proofs.map(({ record }) => record) },
    );
    const map = new gcp.certificatemanager.CertificateMap(
      `${name}-map`,
      { name: physicalName("gcp:certificate", prefix) },
      ready,
    );
    const entry = (which: string, match: { hostname: string } | { matcher: string }) =>
      new gcp.certificatemanager.CertificateMapEntry(
        `${name}-${which}`,
        {
          name: physicalName("gcp:certificate", prefix, which),
          map: map.name,
          ...match,
          certificates: [certificate.id],
        },
        parent,
      );
    const entries = [
      ...names.map((hostname) => entry(hostname, { hostname })),
      entry("primary", { matcher: "PRIMARY" }),
    ];

    this.map = pulumi
      .all([map.id, ...entries.map(({ id }) => id)])
      .apply(([id]) => `//certificatemanager.googleapis.com/${id}`);
    this.registerOutputs({ map: this.map });
  }
}

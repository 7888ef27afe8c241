import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ProofZone } from "../dns.js";

export interface CertificateArgs {
  /** The zone that is authoritative for every name; a CAA record in it must allow amazon.com. */
  zone: ProofZone;
  /** Host names, no wildcards. The first becomes the common name: at most 64 characters (ACM RequestCertificate). */
  names: string[];
}

/** A public certificate, validated in DNS and renewed by ACM for as long as the validation records exist. */
export class Certificate extends pulumi.ComponentResource {
  /** Known once the certificate is issued. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:Certificate", name, { names: args.names }, opts);
    const parent = { parent: this };
    const names = [...new Set(args.names.map((host) => host.toLowerCase()))];

    const certificate = new aws.acm.Certificate(
      `${name}-certificate`,
      {
        domainName: names[0],
        subjectAlternativeNames: names.slice(1),
        validationMethod: "DNS",
        // Every client can talk to RSA; TLS-inspecting proxies and old runtimes still refuse ECDSA.
        keyAlgorithm: "RSA_2048",
      },
      parent,
    );

    // How many records there are follows from the names, which are plain; what they say is known only later, and
    // in no fixed order, so each looks up its own name.
    const proofs = names.map((host) => {
      const option = certificate.domainValidationOptions.apply((options) => {
        const found = options.find((option) => option.domainName === host);
        if (!found) throw new Error(`ACM asked for no validation record for ${host}`);
        return found;
      });
      return {
        fqdn: option.resourceRecordName,
        record: args.zone.prove("acm", host, {
          name: option.resourceRecordName,
          type: "CNAME",
          value: option.resourceRecordValue,
        }),
      };
    });

    const validation = new aws.acm.CertificateValidation(
      `${name}-validation`,
      { certificateArn: certificate.arn, validationRecordFqdns: proofs.map(({ fqdn }) => fqdn) },
      { ...parent, dependsOn: proofs.map(({ record }) => record) },
    );

    this.arn = validation.certificateArn;
    this.registerOutputs({ arn: this.arn });
  }
}

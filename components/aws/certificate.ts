import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface CertificateArgs {
  /** Hosted zone that is authoritative for every name; a CAA record in it must allow amazon.com. */
  zoneId: pulumi.Input<string>;
  /** Host names, no wildcards. The first becomes the common name: at most 64 characters (ACM RequestCertificate). */
  names: string[];
}

/** A public certificate, validated in DNS and renewed by ACM for as long as the validation records exist. */
export class Certificate extends pulumi.ComponentResource {
  /** Known once the certificate is issued. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:Certificate", name, args, opts);
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
    const records = names.map((host) => {
      const option = certificate.domainValidationOptions.apply((options) => {
        const found = options.find((option) => option.domainName === host);
        if (!found) throw new Error(`ACM asked for no validation record for ${host}`);
        return found;
      });
      return new aws.route53.Record(
        `${name}-${host}`,
        {
          zoneId: args.zoneId,
          name: option.resourceRecordName,
          type: option.resourceRecordType,
          records: [option.resourceRecordValue],
          ttl: 300,
          // ACM asks for the same CNAME for a name whichever region the certificate is in (it identifies the
          // account), so a second cell finds the record of the first, with the value it wants.
          allowOverwrite: true,
        },
        parent,
      );
    });

    const validation = new aws.acm.CertificateValidation(
      `${name}-validation`,
      { certificateArn: certificate.arn, validationRecordFqdns: records.map((record) => record.fqdn) },
      parent,
    );

    this.arn = validation.certificateArn;
    this.registerOutputs({ arn: this.arn });
  }
}

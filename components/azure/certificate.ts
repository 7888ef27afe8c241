import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";
import * as acme from "@pulumiverse/acme";
import type { ProofZone } from "../dns.js";

export interface CertificateArgs {
  /** Host names, no wildcards. */
  names: string[];
  /** Directory of the certificate authority; a CAA record of the zone must allow it. */
  serverUrl: string;
  /** Where the authority writes to. Default: nowhere. */
  email?: string;
  /** The zone that is authoritative for every name. */
  zone: ProofZone;
}

/** Days before its end from which on a certificate is renewed. */
const minDaysRemaining = 30;

/**
 * The last certificate of each zone. One waits for the other, since two that share a name would undo each other's
 * proof: on Azure DNS an ACME client takes the whole record away when it is done (lego, azuredns).
 */
const proved = new WeakMap<ProofZone, acme.Certificate>();

/**
 * A public certificate by ACME, proven in DNS. Azure renews nothing here: an `up` within the certificate's last
 * 30 days does, so run one at least every 30 days (Let's Encrypt's certificates live 90).
 */
export class Certificate extends pulumi.ComponentResource {
  /** Certificate, chain and key as PKCS #12, base64. Secret. */
  readonly pfx: pulumi.Output<string>;
  /** Of the {@link pfx}. Secret. */
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    const { names, serverUrl, zone } = args;
    super("javelin:azure:Certificate", name, { names, serverUrl }, opts);
    const parent = { parent: this };

    // An account belongs to one authority: with another one, all is made anew.
    const account = `${name}-${new URL(serverUrl).hostname}`;
    const authority = { ...parent, provider: new acme.Provider(`${account}-acme`, { serverUrl }, parent) };
    const key = new tls.PrivateKey(`${account}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, parent);
    const registration = new acme.Registration(
      `${account}-account`,
      { accountKeyPem: key.privateKeyPem, ...(args.email !== undefined && { emailAddress: args.email }) },
      authority,
    );
    const password = new random.RandomPassword(`${name}-password`, { length: 32, special: false }, parent);
    const certificate = new acme.Certificate(
      `${account}-certificate`,
      {
        accountKeyPem: registration.accountKeyPem,
        // Alternative names only: a common name is limited to 64 characters.
        subjectAlternativeNames: [...new Set(names.map((host) => host.toLowerCase()))],
        // Every client can talk to RSA; TLS-inspecting proxies and old runtimes still refuse ECDSA.
        keyType: "2048",
        certificateP12Password: password.result,
        dnsChallenges: [zone.acme],
        minDaysRemaining,
      },
      { ...authority, dependsOn: proved.get(zone) ?? [] },
    );
    proved.set(zone, certificate);

    this.pfx = pulumi.secret(certificate.certificateP12);
    this.password = pulumi.secret(password.result);
    this.registerOutputs({ pfx: this.pfx, password: this.password });
  }
}

import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";

/**
 * Where private.googleapis.com answers: reachable from inside Google Cloud only, and it serves Google's APIs and
 * registries only. Source: VPC, "Private Google Access", domain options.
 */
export const googleApis = {
  cidr: "199.36.153.8/30",
  addresses: ["199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"],
} as const;

/** Domains whose names are answered with those addresses, and the name in each that holds them. */
export const googleDomains: Readonly<Record<string, string>> = {
  "googleapis.com": "private.googleapis.com",
  "gcr.io": "gcr.io",
  "pkg.dev": "pkg.dev",
};

/** Whether a host is one of Google's that the network answers itself. */
export function isGoogleHost(host: string): boolean {
  return Object.keys(googleDomains).some((domain) => host === domain || host.endsWith(`.${domain}`));
}

export interface PrivateZonesArgs {
  prefix: string;
  /** Id of the network that sees the zones. */
  networkId: pulumi.Input<string>;
}

/** Private DNS zones through which the network reaches Google's own services without leaving Google. */
export class PrivateZones extends pulumi.ComponentResource {
  constructor(name: string, args: PrivateZonesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:gcp:PrivateZones", name, args, opts);
    const parent = { parent: this };
    for (const [domain, holder] of Object.entries(googleDomains)) {
      const zone = new gcp.dns.ManagedZone(
        `${name}-${domain}`,
        {
          name: physicalName("gcp:managedZone", args.prefix, domain.replace(".", "-")),
          dnsName: `${domain}.`,
          description: "Google's services at private.googleapis.com",
          visibility: "private",
          privateVisibilityConfig: { networks: [{ networkUrl: args.networkId }] },
        },
        parent,
      );
      const record = (kind: string, host: string, type: string, rrdatas: string[]) =>
        new gcp.dns.RecordSet(
          `${name}-${domain}-${kind}`,
          { managedZone: zone.name, name: `${host}.`, type, ttl: 300, rrdatas },
          parent,
        );
      record("addresses", holder, "A", [...googleApis.addresses]);
      record("names", `*.${domain}`, "CNAME", [`${holder}.`]);
    }
    this.registerOutputs({});
  }
}

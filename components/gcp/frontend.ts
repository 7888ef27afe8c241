import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import type { ProofZone } from "../dns.js";
import { namesOf, type Backend, type PublicHosts } from "../ingress.js";
import { physicalName } from "../names.js";
import { guarded, scheme } from "./backendService.js";
import { Certificate } from "./certificate.js";
import { routing } from "./urlMap.js";

export interface FrontendArgs {
  /** Start of the physical names. */
  prefix: string;
  /** The project's id. */
  project: string;
  /** Id or self link of the Cloud Armor policy. */
  securityPolicy: pulumi.Input<string>;
  /** Zone of all the host names, where the certificate is proved. */
  zone: ProofZone;
  hosts: PublicHosts;
  backends: Backend[];
  /** The backend service of each backend, by its name. */
  services: ReadonlyMap<string, pulumi.Input<string>>;
  /** Path patterns that get 404 on every host, before any backend: what a backend serves for the cluster only. */
  hiddenPaths: string[];
  /** The address, which names and other people's allow-lists hold, cannot be deleted. */
  protect: boolean;
  /** The enabled APIs. */
  apis: pulumi.Resource[];
}

export interface Frontend {
  /** IPv4 address. */
  address: pulumi.Output<string>;
  /** What has to stand before a name points here. */
  ready: pulumi.Resource[];
}

/** The internet's side of a global external Application Load Balancer: address, certificate, TLS, hosts and paths. */
export function createFrontend(
  name: string,
  args: FrontendArgs,
  parent: pulumi.ComponentResourceOptions,
): Frontend {
  const { prefix, hosts, backends, services, hiddenPaths, apis } = args;
  const ready = { ...parent, dependsOn: apis };
  const named = (...parts: string[]) => physicalName("gcp:loadBalancer", prefix, ...parts);

  const certificate = new Certificate(
    `${name}-tls`,
    { prefix, project: args.project, zone: args.zone, names: namesOf(hosts), apis },
    parent,
  );
  const address = new gcp.compute.GlobalAddress(
    `${name}-address`,
    {
      name: physicalName("gcp:address", prefix),
      addressType: "EXTERNAL",
      ipVersion: "IPV4",
      deletionPolicy: args.protect ? "PREVENT" : "DELETE",
    },
    { ...ready, protect: args.protect },
  );
  const tls = new gcp.compute.SSLPolicy(
    `${name}-tls`,
    // TLS 1.2 and 1.3, forward secrecy only.
    { name: named(), profile: "MODERN", minTlsVersion: "TLS_1_2" },
    ready,
  );
  const nowhere = new gcp.compute.BackendService(
    `${name}-nowhere`,
    {
      name: named("nowhere"),
      description: "Nothing: what is refused is logged here",
      ...guarded(args.securityPolicy),
    },
    ready,
  );
  const routes = new gcp.compute.URLMap(
    `${name}-routes`,
    { name: named(), ...routing({ hosts, backends, hiddenPaths, services, nowhere: nowhere.id }) },
    parent,
  );
  const redirect = new gcp.compute.URLMap(
    `${name}-redirect`,
    {
      name: named("redirect"),
      defaultUrlRedirect: {
        httpsRedirect: true,
        redirectResponseCode: "MOVED_PERMANENTLY_DEFAULT",
        stripQuery: false,
      },
    },
    ready,
  );
  const https = new gcp.compute.TargetHttpsProxy(
    `${name}-https`,
    { name: named(), urlMap: routes.id, certificateMap: certificate.map, sslPolicy: tls.id },
    parent,
  );
  const http = new gcp.compute.TargetHttpProxy(
    `${name}-http`,
    { name: named("redirect"), urlMap: redirect.id },
    parent,
  );
  const rules = [
    { kind: "https", target: https.id, portRange: "443" },
    { kind: "http", target: http.id, portRange: "80" },
  ].map(
    ({ kind, target, portRange }) =>
      new gcp.compute.GlobalForwardingRule(
        `${name}-${kind}`,
        {
          name: physicalName("gcp:address", prefix, kind),
          loadBalancingScheme: scheme,
          ipAddress: address.address,
          ipProtocol: "TCP",
          portRange,
          target,
        },
        parent,
      ),
  );
  return { address: address.address, ready: rules };
}

import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { ProofZone } from "../dns.js";
import { namesOf, type Backend, type Hosts } from "../ingress.js";
import { physicalName } from "../names.js";
import { Certificate } from "./certificate.js";
import { routing } from "./urlMap.js";

export interface LoadBalancerArgs {
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  /** The project's id. */
  project: string;
  /** Id or self link of the Cloud Armor policy. */
  securityPolicy: pulumi.Input<string>;
  /** Zone of all the host names, where the certificate is proved. */
  zone: ProofZone;
  hosts: Hosts;
  backends: Backend[];
  /** Path patterns that get 404 on every host, before any backend: what a backend serves for the cluster only. */
  hiddenPaths: string[];
  /** The zones of the nodes; each has one instance group. */
  zones: string[];
  /** URLs of the nodes' instance groups, in any order. */
  instanceGroupUrls: pulumi.Input<string[]>;
  /**
   * Seconds that a model may think before it answers. Default 300. Google's timeout bounds the whole answer and not
   * a silence, so it is an hour where this is less: a stream is not cut while it flows.
   */
  idleTimeout?: number;
  /** The address, which names and other people's allow-lists hold, cannot be deleted. */
  protect: boolean;
  /** The enabled APIs. */
  apis: pulumi.Resource[];
}

/** An hour: also the longest that Google lets a removed node finish its answers. */
const hour = 3600;

const scheme = "EXTERNAL_MANAGED";

/** The public entrance: one global external Application Load Balancer with certificate, routing, guard and logs. */
export class LoadBalancer extends pulumi.ComponentResource {
  /** IPv4 address. */
  readonly address: pulumi.Output<string>;
  /** What has to stand before a name points here: guard, routes and targets. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    // Neither the zone's functions nor the APIs are plain inputs. For the nodes' groups all of this would wait, and
    // the certificate takes its time too.
    const { zone, apis, instanceGroupUrls, ...inputs } = args;
    super("javelin:gcp:LoadBalancer", name, inputs, opts);
    const { prefix, hosts } = args;
    const parent = { parent: this };
    const ready = { parent: this, dependsOn: apis };
    const named = (...parts: string[]) => physicalName("gcp:loadBalancer", prefix, ...parts);

    const certificate = new Certificate(
      `${name}-tls`,
      {
        prefix,
        project: args.project,
        zone,
        names: namesOf(hosts),
        apis,
      },
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
      ready,
    );
    const tls = new gcp.compute.SSLPolicy(
      `${name}-tls`,
      // TLS 1.2 and 1.3, forward secrecy only.
      { name: named(), profile: "MODERN", minTlsVersion: "TLS_1_2" },
      ready,
    );

    const common = {
      loadBalancingScheme: scheme,
      protocol: "HTTP",
      securityPolicy: args.securityPolicy,
      logConfig: { enable: true, sampleRate: 1 },
    };
    const nowhere = new gcp.compute.BackendService(
      `${name}-nowhere`,
      { name: named("nowhere"), description: "Nothing: what is refused is logged here", ...common },
      ready,
    );
    const groups = args.zones.map((where) =>
      pulumi.output(instanceGroupUrls).apply((urls) => groupIn(urls, where)),
    );
    const targets = args.backends.map((backend) => {
      // Part of the name, so that the new port stands beside the old one while backends move over.
      const portName = physicalName("gcp:loadBalancer", backend.name, String(backend.port));
      const ports = args.zones.map(
        (where, i) =>
          new gcp.compute.InstanceGroupNamedPort(
            `${name}-${backend.name}-${where}`,
            { group: groups[i] ?? "", zone: where, name: portName, port: backend.port },
            parent,
          ),
      );
      const health = new gcp.compute.HealthCheck(
        `${name}-${backend.name}`,
        {
          name: named(backend.name),
          httpHealthCheck: { portSpecification: "USE_SERVING_PORT", requestPath: backend.healthPath },
          // A node whose last pod left answers nothing, and gets requests until this is seen: in ten seconds.
          checkIntervalSec: 5,
          timeoutSec: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
          logConfig: { enable: true },
        },
        ready,
      );
      const service = new gcp.compute.BackendService(
        `${name}-${backend.name}`,
        {
          name: named(backend.name),
          ...common,
          portName,
          healthChecks: health.id,
          backends: groups.map((group) => ({ group, balancingMode: "UTILIZATION" })),
          // Answers differ in length by orders of magnitude; turns would pile the long ones up.
          localityLbPolicy: "LEAST_REQUEST",
          timeoutSec: Math.max(args.idleTimeout ?? 300, hour),
          // A node that leaves may finish the answers it is streaming.
          connectionDrainingTimeoutSec: hour,
          customResponseHeaders: [
            "Strict-Transport-Security: max-age=31536000",
            "X-Content-Type-Options: nosniff",
          ],
        },
        { ...parent, dependsOn: ports },
      );
      return { name: backend.name, service };
    });

    const routes = new gcp.compute.URLMap(
      `${name}-routes`,
      {
        name: named(),
        ...routing({
          hosts,
          backends: args.backends,
          hiddenPaths: args.hiddenPaths,
          services: new Map(targets.map(({ name, service }) => [name, service.id])),
          nowhere: nowhere.id,
        }),
      },
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
    this.ready = [
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

    this.address = address.address;
    this.registerOutputs({ address: this.address });
  }
}

/**
 * The instance group of a zone; the order in which GKE lists them says nothing.
 *
 * @throws when there is none
 */
export function groupIn(urls: string[], zone: string): string {
  const found = urls.find((url) => url.includes(`/zones/${zone}/`));
  if (found === undefined) throw new Error(`no instance group in ${zone}; there are ${urls.join(", ")}`);
  return found;
}

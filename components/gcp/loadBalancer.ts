import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { ProofZone } from "../dns.js";
import type { Backend, Hosts } from "../ingress.js";
import { createBackendService, portName } from "./backendService.js";
import type { BackendServiceArgs } from "./backendService.js";
import { createFrontend } from "./frontend.js";

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
  idleTimeout?: BackendServiceArgs["idleTimeout"];
  /** The address, which names and other people's allow-lists hold, cannot be deleted. */
  protect: boolean;
  /** The enabled APIs. */
  apis: pulumi.Resource[];
}

/** The public entrance: one global external Application Load Balancer with certificate, routing, guard and logs. */
export class LoadBalancer extends pulumi.ComponentResource {
  /** IPv4 address. */
  readonly address: pulumi.Output<string>;
  /** What has to stand before a name points here: guard, routes and targets. */
  readonly ready: pulumi.Resource[];
  /** URL of the instance group in each zone. */
  readonly groups: pulumi.Output<string>[];
  /** The names of the backends' ports in the groups. */
  readonly ports: pulumi.Resource[];

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    // Neither the zone's functions nor the APIs are plain inputs. For the nodes' groups all of this would wait, and
    // the certificate takes its time too.
    const { zone, apis, instanceGroupUrls, ...inputs } = args;
    super("javelin:gcp:LoadBalancer", name, inputs, opts);
    const { prefix, backends } = args;
    const parent = { parent: this };

    this.groups = args.zones.map((where) =>
      pulumi.output(instanceGroupUrls).apply((urls) => groupIn(urls, where)),
    );
    const targets = backends.map((backend) => {
      const ports = args.zones.map(
        (where, i) =>
          new gcp.compute.InstanceGroupNamedPort(
            `${name}-${backend.name}-${where}`,
            { group: this.groups[i] ?? "", zone: where, name: portName(backend), port: backend.port },
            parent,
          ),
      );
      const service = createBackendService(
        name,
        {
          prefix,
          backend,
          securityPolicy: args.securityPolicy,
          groups: this.groups.map((group) => ({ group, balancingMode: "UTILIZATION" })),
          idleTimeout: args.idleTimeout,
          ports,
          apis,
        },
        parent,
      );
      return { name: backend.name, service, ports };
    });
    this.ports = targets.flatMap(({ ports }) => ports);

    const { address, ready } = createFrontend(
      name,
      {
        prefix,
        project: args.project,
        securityPolicy: args.securityPolicy,
        zone,
        hosts: args.hosts,
        backends,
        services: new Map(targets.map(({ name, service }) => [name, service.id])),
        hiddenPaths: args.hiddenPaths,
        protect: args.protect,
        apis,
      },
      parent,
    );
    this.ready = ready;
    this.address = address;
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

import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Failover, FailoverCell, ProofZone } from "../dns.js";
import type { Entrance } from "../ingress.js";
import { physicalName } from "../names.js";
import { createBackendService } from "./backendService.js";
import { CloudArmor } from "./cloudArmor.js";
import { createFrontend } from "./frontend.js";

export interface GlobalLoadBalancerArgs extends Pick<Failover, "mode"> {
  /** Start of the physical names, `javelin-<stack>-global`: no cell has that name. */
  prefix: string;
  /** Zone of the public names, where the certificate is proved. */
  zone: ProofZone;
  /** In order of preference, all in the provider's project. */
  cells: (Pick<FailoverCell, "name" | "ready"> & { entrance: Entrance })[];
}

/** The APIs that it needs enabled, as each cell enables its own. */
const apis = ["compute", "certificatemanager", "networkservices"];

/**
 * One global external Application Load Balancer before all cells: one address that stays, whose requests go to the
 * nodes of the first cell that can serve. The cells keep their own load balancers.
 *
 * Active-passive: the first cell's groups are preferred, and the others get requests when these have no healthy node
 * left for a service, or no capacity: the preferred ones count as full only when all their CPUs are. Which of several
 * others is next is not ours to say: it is the one nearest to where the request came in. Active-active: requests go to
 * the nearest healthy cell, and on to the next once its CPUs are at 80 %. A service without a healthy node anywhere is
 * answered with 503. Sources: Cloud Load Balancing, "Advanced load balancing optimizations" (preferred backends,
 * failover threshold), "Backend services overview" (utilization balancing mode).
 *
 * Each service moves by itself: it is not known here that they belong together.
 */
export class GlobalLoadBalancer extends pulumi.ComponentResource {
  /** IPv4 address. */
  readonly address: pulumi.Output<string>;
  /** What has to stand before a name points here. */
  readonly ready: pulumi.Resource[];

  /** @throws without cells */
  constructor(name: string, args: GlobalLoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { prefix, mode, cells, zone } = args;
    super(
      "javelin:gcp:GlobalLoadBalancer",
      name,
      { prefix, mode, cells: cells.map((cell) => cell.name) },
      opts,
    );
    const parent = { parent: this };
    const [first] = cells;
    if (!first) throw new Error("a global load balancer needs cells");
    const { ingress, project, protect } = first.entrance;

    const enabled = apis.map(
      (api) =>
        new gcp.projects.Service(
          `${name}-${api}`,
          { service: `${api}.googleapis.com`, disableOnDestroy: false, disableDependentServices: false },
          parent,
        ),
    );
    const ready = { ...parent, dependsOn: enabled };
    const armor = new CloudArmor(
      `${name}-armor`,
      {
        prefix,
        ingressAllow: ingress.allow,
        adminAllow: ingress.admin,
        requestsPerMinute: ingress.requestsPerMinute,
      },
      ready,
    );
    // A node without a pod of the service counts as unhealthy, so that the 70 % of healthy nodes that Google asks for
    // by default, before it turns to another region, are no sign of anything.
    const policy = new gcp.networkservices.ServiceLbPolicies(
      `${name}-failover`,
      {
        name: physicalName("gcp:loadBalancer", prefix),
        location: "global",
        failoverConfig: { failoverHealthThreshold: 1 },
      },
      ready,
    );

    // A cell may run services that others do not.
    const backends = [
      ...new Map(
        cells.flatMap(({ entrance }) => entrance.backends.map((each) => [each.name, each])),
      ).values(),
    ].sort((a, b) => a.priority - b.priority);
    const services = backends.map((backend) => {
      const own = cells
        .map(({ entrance }) => entrance)
        .filter((entrance) => entrance.backends.some((each) => each.name === backend.name));
      const service = createBackendService(
        name,
        {
          prefix,
          backend,
          securityPolicy: armor.policyId,
          // All backend services of a group have one balancing mode: that of the cells' own.
          groups: own.flatMap(({ groups }, position) =>
            groups.map((group) => ({
              group,
              balancingMode: "UTILIZATION",
              ...(mode === "active-passive" && preferences[position === 0 ? "first" : "other"]),
            })),
          ),
          idleTimeout: ingress.idleTimeoutSeconds,
          serviceLbPolicy: pulumi.interpolate`//networkservices.googleapis.com/${policy.id}`,
          ports: own.flatMap(({ ports }) => ports),
          apis: enabled,
        },
        parent,
      );
      return [backend.name, service.id] as const;
    });
    const { api, app } = first.entrance.hosts;
    const evaluation = cells.find(({ entrance }) => entrance.hosts.eval !== undefined)?.entrance.hosts.eval;
    const front = createFrontend(
      name,
      {
        prefix,
        project,
        securityPolicy: armor.policyId,
        zone,
        hosts: { api, app, ...(evaluation !== undefined && { eval: evaluation }) },
        backends,
        services: new Map(services),
        hiddenPaths: [...new Set(cells.flatMap(({ entrance }) => entrance.hiddenPaths))],
        protect,
        apis: enabled,
      },
      parent,
    );

    this.address = front.address;
    this.ready = [
      ...front.ready,
      ...(mode === "active-active" ? cells : [first]).flatMap((cell) => cell.ready),
    ];
    this.registerOutputs({ address: this.address });
  }
}

const preferences = {
  first: { preference: "PREFERRED", maxUtilization: 1 },
  other: { preference: "DEFAULT" },
} as const;

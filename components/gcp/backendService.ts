import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import type { Backend } from "../ingress.js";
import { physicalName } from "../names.js";
import { backendChecks } from "./backendChecks.js";

export interface BackendServiceArgs {
  /** Start of the physical names. */
  prefix: string;
  backend: Backend;
  /** Id or self link of the Cloud Armor policy. */
  securityPolicy: pulumi.Input<string>;
  /** The nodes' instance groups, in which the backend's port has its name. */
  groups: pulumi.Input<gcp.types.input.compute.BackendServiceBackend>[];
  /**
   * Seconds that a model may think before it answers. Default 300. Google's timeout bounds the whole answer and not
   * a silence, so it is an hour where this is less: a stream is not cut while it flows.
   */
  idleTimeout?: number | undefined;
  /** The service load balancing policy, as a backend service takes it. */
  serviceLbPolicy?: pulumi.Input<string>;
  /** The names of the ports: a service finds its nodes by them. */
  ports: pulumi.Resource[];
  /** The enabled APIs. */
  apis: pulumi.Resource[];
}

/** An hour: also the longest that Google lets a removed node finish its answers. */
const hour = 3600;

export const scheme = "EXTERNAL_MANAGED";

/** What every backend service has: the guard, and logs of every request. */
export const guarded = (securityPolicy: pulumi.Input<string>) => ({
  loadBalancingScheme: scheme,
  protocol: "HTTP",
  securityPolicy,
  logConfig: { enable: true, sampleRate: 1 },
});

/** The name of a backend's port. The number is part of it, so that a new port stands beside the old one while backends move over. */
export function portName({ name, port }: Backend): string {
  return physicalName("gcp:loadBalancer", name, String(port));
}

/** A public service behind a load balancer, checked on every node by its own health path. */
export function createBackendService(
  name: string,
  args: BackendServiceArgs,
  parent: pulumi.ComponentResourceOptions,
): gcp.compute.BackendService {
  const { backend, ports, apis } = args;
  const physical = physicalName("gcp:loadBalancer", args.prefix, backend.name);
  const health = new gcp.compute.HealthCheck(
    `${name}-${backend.name}`,
    {
      name: physical,
      httpHealthCheck: { portSpecification: "USE_SERVING_PORT", requestPath: backend.healthPath },
      checkIntervalSec: backendChecks.interval,
      timeoutSec: backendChecks.timeout,
      healthyThreshold: 2,
      unhealthyThreshold: backendChecks.threshold,
      logConfig: { enable: true },
    },
    { ...parent, dependsOn: apis },
  );
  return new gcp.compute.BackendService(
    `${name}-${backend.name}`,
    {
      name: physical,
      ...guarded(args.securityPolicy),
      portName: portName(backend),
      healthChecks: health.id,
      backends: args.groups,
      // Answers differ in length by orders of magnitude; turns would pile the long ones up.
      localityLbPolicy: "LEAST_REQUEST",
      ...(args.serviceLbPolicy !== undefined && { serviceLbPolicy: args.serviceLbPolicy }),
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
}

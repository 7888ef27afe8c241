import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DnsTarget, Failover } from "../dns.js";
import { physicalName } from "../names.js";
import { answer } from "./dnsZone.js";

export interface DnsFailoverArgs extends Failover {
  /** `javelin-<stack>`. */
  prefix: string;
  /** From `hostedZoneId`. */
  zoneId: string;
}

/**
 * A name that follows the cells that can serve, by Route 53's own health checks.
 *
 * Active-passive: `active.<domain>` is a failover record; with more than two cells its secondary is the next such
 * record. When no cell is healthy, Route 53 answers with the primary. Active-active: `shared.<domain>` is weighted;
 * when no cell is healthy, all are answered. Source: Route 53 Developer Guide, "How Amazon Route 53 chooses records
 * when health checking is configured".
 *
 * Failover records are named by position, not by cell: a name has one primary at any time, so a swap of roles has
 * to change what the positions point at.
 */
export class DnsFailover extends pulumi.ComponentResource {
  /** What the public names point at. */
  readonly target: DnsTarget;
  /** What has to stand before they do. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: DnsFailoverArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cells, ...inputs } = args;
    super("javelin:aws:DnsFailover", name, inputs, opts);
    const { prefix, zoneId, domain, ttl, mode } = args;
    const checks = new Map(cells.map((cell) => [cell.name, this.watch(name, args, cell, prefix)]));

    const host = (label: string) => `${label}.${domain}`;
    const record = (
      logicalName: string,
      fqdn: string,
      routing: Partial<aws.route53.RecordArgs>,
      cell: Failover["cells"][number] | { target: DnsTarget; ready: pulumi.Resource[]; name?: undefined },
    ) =>
      new aws.route53.Record(
        `${name}-${logicalName}`,
        {
          zoneId,
          name: fqdn,
          // A cell is judged by its health check alone. By the alias Route 53 would ask the load balancer too, which
          // counts as unhealthy when any one of its services has no healthy target.
          ...answer(cell.target, { zoneId, ttl }, cell.name === undefined),
          ...(cell.name !== undefined && { healthCheckId: checks.get(cell.name)?.id }),
          ...routing,
        },
        { parent: this, dependsOn: cell.ready },
      );

    /** The pair of records that answers for the cells from a position on. */
    const pair = (position: number): aws.route53.Record => {
      const fqdn = host(position === 0 ? "active" : `active-${position + 1}`);
      const later = position < cells.length - 2 ? pair(position + 1) : undefined;
      const ends = {
        primary: cells[position]!,
        secondary: later
          ? { target: { host: host(`active-${position + 2}`) }, ready: [later] }
          : cells[position + 1]!,
      };
      const [primary] = (["primary", "secondary"] as const).map((role) =>
        record(
          `active-${position + 1}-${role}`,
          fqdn,
          { setIdentifier: role, failoverRoutingPolicies: [{ type: role.toUpperCase() }] },
          ends[role],
        ),
      );
      return primary!;
    };

    if (mode === "active-active") {
      this.target = { host: host("shared") };
      this.ready = cells.map((cell) =>
        record(
          `shared-${cell.name}`,
          host("shared"),
          { setIdentifier: cell.name, weightedRoutingPolicies: [{ weight: 100 }] },
          cell,
        ),
      );
    } else {
      this.target = { host: host("active") };
      this.ready = [pair(0)];
    }
    this.registerOutputs({});
  }

  /** Checks a cell from outside, and raises an alarm when it is down. */
  private watch(name: string, args: DnsFailoverArgs, cell: Failover["cells"][number], prefix: string) {
    const parent = { parent: this };
    const check = new aws.route53.HealthCheck(
      `${name}-check-${cell.name}`,
      {
        type: "HTTPS",
        fqdn: cell.origin,
        port: 443,
        resourcePath: cell.healthPath,
        // A load balancer holds several certificates: it has to be told which is meant.
        enableSni: true,
        requestInterval: args.interval,
        failureThreshold: args.threshold,
        measureLatency: true,
        tags: { Name: `${prefix}-${cell.name}` },
      },
      parent,
    );
    new aws.cloudwatch.MetricAlarm(
      `${name}-alarm-${cell.name}`,
      {
        name: physicalName("aws:alarm", prefix, cell.name, "down"),
        alarmDescription: `The cell ${cell.name} does not answer Route 53's health checks`,
        // These metrics are in us-east-1 only, which is where the zone's provider is.
        namespace: "AWS/Route53",
        metricName: "HealthCheckStatus",
        dimensions: { HealthCheckId: check.id },
        statistic: "Minimum",
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        period: 60,
        evaluationPeriods: 1,
        treatMissingData: "breaching",
      },
      parent,
    );
    return check;
  }
}

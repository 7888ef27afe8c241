import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { commonHealthPath } from "../dns.js";
import type { DnsTarget, Failover, FailoverCell } from "../dns.js";
import { physicalName } from "../names.js";
import { absolute } from "./dnsZone.js";

/** Where the checks come from. Cloud DNS wants three regions; these are on three continents. */
const sourceRegions = ["us-central1", "europe-west1", "asia-northeast1"];

/**
 * Where the second, third, … cell is the nearest one for callers, once the first is down. A policy takes each
 * place once.
 */
const places = [
  ...["us-central1", "europe-west1", "asia-northeast1", "southamerica-east1", "australia-southeast1"],
  ...["me-west1", "asia-south1", "africa-south1", "us-west1", "us-east4", "europe-north1", "europe-west2"],
  ...["asia-southeast1", "northamerica-northeast1", "europe-southwest1", "asia-east1", "us-south1"],
];

export interface DnsFailoverArgs extends Failover {
  /** `javelin-<stack>`. */
  prefix: string;
  /** Name of the public zone, in the provider's project. */
  managedZone: string;
  /** That project's id. */
  project: string;
}

/**
 * A name that follows the cells that can serve, by Cloud DNS's own health checks of the cells' addresses.
 *
 * Active-passive: `active.<domain>` has the first cell as primary and the others as backups. Backups are a matter
 * of geography: with more than two cells, a caller reaches the one whose place is nearest, and the next nearest
 * when that is down too; the order of the list says no more than who is first. Each place has one address, which
 * is all that a zone with DNSSEC takes. Active-active: `shared.<domain>` is weighted, all alike. When no cell is
 * healthy, Cloud DNS answers as if all were. Source: Cloud DNS, "DNS routing policies and health checks".
 */
export class DnsFailover extends pulumi.ComponentResource {
  /** What the public names point at. */
  readonly target: DnsTarget;
  /** What has to stand before they do. */
  readonly ready: pulumi.Resource[];

  /** @throws when a cell has no fixed address */
  constructor(name: string, args: DnsFailoverArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cells, ...inputs } = args;
    super("javelin:gcp:DnsFailover", name, { ...inputs, cells: cells.map((cell) => cell.name) }, opts);
    const { prefix, domain, mode } = args;
    const parent = { parent: this };

    // The zone's project may hold nothing but zones.
    const enabled = (api: string) =>
      new gcp.projects.Service(
        `${name}-${api}`,
        { service: `${api}.googleapis.com`, disableOnDestroy: false, disableDependentServices: false },
        parent,
      );
    const check = new gcp.compute.HealthCheck(
      `${name}-check`,
      {
        name: physicalName("gcp:loadBalancer", prefix, "cells"),
        description: "Whether a cell of the gateway can serve",
        sourceRegions,
        checkIntervalSec: args.interval,
        timeoutSec: 5,
        unhealthyThreshold: args.threshold,
        healthyThreshold: 2,
        httpsHealthCheck: {
          port: 443,
          portSpecification: "USE_FIXED_PORT",
          // One check for all cells: every cell answers to this name. Certificates are not looked at.
          host: `api.${domain}`,
          requestPath: commonHealthPath(cells),
        },
        logConfig: { enable: true },
      },
      { ...parent, dependsOn: [enabled("compute")] },
    );

    const [first, ...others] = cells.map((cell) => ({ externalEndpoints: [address(cell)] }));
    if (others.length > places.length)
      throw new Error(`Cloud DNS: ${cells.length} cells, right is at most ${places.length + 1}`);
    const policy =
      mode === "active-active"
        ? { wrrs: [first!, ...others].map((healthCheckedTargets) => ({ weight: 1, healthCheckedTargets })) }
        : {
            primaryBackup: {
              primary: first!,
              backupGeos: others.map((healthCheckedTargets, position) => ({
                location: places[position]!,
                healthCheckedTargets,
              })),
              trickleRatio: 0,
            },
          };
    const host = `${mode === "active-active" ? "shared" : "active"}.${domain}`;
    const record = new gcp.dns.RecordSet(
      `${name}-record`,
      {
        managedZone: args.managedZone,
        name: absolute(host),
        type: "A",
        ttl: args.ttl,
        routingPolicy: { ...policy, healthCheck: check.id },
      },
      { ...parent, dependsOn: cells[0]?.ready ?? [] },
    );

    const monitored = { ...parent, dependsOn: [enabled("monitoring")] };
    for (const cell of cells) watch(name, args, cell, monitored);

    this.target = { host };
    this.ready = [record];
    this.registerOutputs({});
  }
}

/**
 * Raises an alert when a cell is down. Nothing tells what Cloud DNS's checks find, so Cloud Monitoring makes its own,
 * from its six places, and two of them have to agree. The certificate is looked at too. Source: Cloud Monitoring,
 * "Alerting policies for uptime checks".
 */
function watch(
  name: string,
  { prefix, project }: DnsFailoverArgs,
  cell: FailoverCell,
  opts: pulumi.CustomResourceOptions,
): void {
  const displayName = physicalName("gcp:alert", prefix, cell.name, "down");
  const check = new gcp.monitoring.UptimeCheckConfig(
    `${name}-uptime-${cell.name}`,
    {
      displayName,
      monitoredResource: { type: "uptime_url", labels: { project_id: project, host: cell.origin } },
      httpCheck: {
        path: cell.healthPath,
        port: 443,
        useSsl: true,
        validateSsl: true,
        acceptedResponseStatusCodes: [{ statusValue: 200 }],
      },
      // The most often that it can, and as long as a caller may wait.
      period: "60s",
      timeout: "10s",
      logCheckFailures: true,
    },
    opts,
  );
  new gcp.monitoring.AlertPolicy(
    `${name}-alert-${cell.name}`,
    {
      displayName,
      severity: "ERROR",
      combiner: "OR",
      conditions: [
        {
          displayName: `The cell ${cell.name} does not answer`,
          conditionThreshold: {
            filter: pulumi.interpolate`metric.type="monitoring.googleapis.com/uptime_check/check_passed" AND metric.labels.check_id="${check.uptimeCheckId}" AND resource.type="uptime_url"`,
            // How many places found it down when they last looked.
            aggregations: [
              {
                alignmentPeriod: "1200s",
                perSeriesAligner: "ALIGN_NEXT_OLDER",
                crossSeriesReducer: "REDUCE_COUNT_FALSE",
                groupByFields: ["resource.label.*"],
              },
            ],
            comparison: "COMPARISON_GT",
            thresholdValue: 1,
            duration: "60s",
          },
        },
      ],
    },
    opts,
  );
}

function address({ name, target }: FailoverCell): pulumi.Input<string> {
  if ("address" in target) return target.address;
  throw new Error(
    `Cloud DNS: the cell ${name} has no fixed address to check; on aws, dns.accelerator gives it two`,
  );
}

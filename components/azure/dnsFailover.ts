import * as monitor from "@pulumi/azure-native/monitor/index.js";
import * as trafficmanager from "@pulumi/azure-native/trafficmanager/index.js";
import * as pulumi from "@pulumi/pulumi";
import { commonHealthPath } from "../dns.js";
import type { DnsTarget, Failover } from "../dns.js";
import { physicalName } from "../names.js";
import { globalName } from "./globalName.js";

/** Seconds that Traffic Manager waits for an answer: the shortest that it takes. Source: endpoint monitoring. */
const timeoutInSeconds = 5;

export interface DnsFailoverArgs extends Failover {
  /** `javelin-<stack>`. */
  prefix: string;
  subscriptionId: pulumi.Input<string>;
  /** Where the profile is kept: the zone's group, which exists. */
  resourceGroupName: string;
}

/**
 * A name that follows the cells that can serve, by one Traffic Manager profile.
 *
 * Active-passive: Priority, in order of the cells. Active-active: Weighted, all alike. Its endpoints are the cells'
 * own hostnames, on whichever cloud they are. When no cell is healthy, Traffic Manager answers as if all were:
 * with the first, or with any. Source: "Traffic Manager endpoint monitoring", "How does Traffic Manager handle
 * failover".
 *
 * The endpoints are written into the profile: a swap of roles is one change, and at no time have two endpoints one
 * priority.
 */
export class DnsFailover extends pulumi.ComponentResource {
  /** What the public names point at. */
  readonly target: DnsTarget;
  /** What has to stand before they do. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: DnsFailoverArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cells, ...inputs } = args;
    super("javelin:azure:DnsFailover", name, { ...inputs, cells: cells.map((cell) => cell.name) }, opts);
    const { prefix, mode, resourceGroupName } = args;
    const shared = mode === "active-active";
    const relativeName = globalName("azure:trafficManager", args.subscriptionId, prefix);

    const profile = new trafficmanager.Profile(
      `${name}-profile`,
      {
        resourceGroupName,
        profileName: physicalName("azure:trafficManager", prefix),
        location: "global",
        profileStatus: "Enabled",
        trafficRoutingMethod: shared ? "Weighted" : "Priority",
        dnsConfig: { relativeName, ttl: args.ttl },
        monitorConfig: {
          protocol: "HTTPS",
          port: 443,
          path: commonHealthPath(cells),
          intervalInSeconds: args.interval,
          timeoutInSeconds,
          // So many failures are borne: the next one takes the cell out.
          toleratedNumberOfFailures: args.threshold - 1,
          expectedStatusCodeRanges: [{ min: 200, max: 200 }],
        },
        endpoints: cells.map((cell, position) => ({
          name: cell.name,
          type: "Microsoft.Network/trafficManagerProfiles/externalEndpoints",
          target: cell.origin,
          endpointStatus: "Enabled",
          customHeaders: [{ name: "host", value: cell.origin }],
          ...(shared ? { weight: 100 } : { priority: position + 1 }),
        })),
      },
      // After a swap of roles the new first cell takes changes before it is asked for them.
      { parent: this, dependsOn: cells[0]?.ready ?? [] },
    );

    this.watch(name, args, profile.id);
    this.target = { dnsName: pulumi.interpolate`${relativeName}.trafficmanager.net` };
    this.ready = [profile];
    this.registerOutputs({ profileId: profile.id });
  }

  /** Raises an alert for each cell that Traffic Manager finds down. */
  private watch(
    name: string,
    { prefix, resourceGroupName }: DnsFailoverArgs,
    profileId: pulumi.Input<string>,
  ) {
    new monitor.MetricAlert(
      `${name}-alert`,
      {
        resourceGroupName,
        ruleName: physicalName("azure:metricAlert", prefix, "cell", "down"),
        location: "global",
        description: "A cell does not answer Traffic Manager's checks",
        enabled: true,
        // "Error", the second of five.
        severity: 1,
        scopes: [profileId],
        evaluationFrequency: "PT1M",
        windowSize: "PT1M",
        criteria: {
          odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
          allOf: [
            {
              name: "down",
              criterionType: "StaticThresholdCriterion",
              metricNamespace: "Microsoft.Network/trafficManagerProfiles",
              // 1 while an endpoint is up, else 0. Source: "Traffic Manager metrics and alerts".
              metricName: "ProbeAgentCurrentEndpointStateByProfileResourceId",
              // An alert for each endpoint, those to come among them.
              dimensions: [{ name: "EndpointName", operator: "Include", values: ["*"] }],
              timeAggregation: "Maximum",
              operator: "LessThan",
              threshold: 1,
              // Azure may not know the metrics of a profile that is a second old, and would refuse.
              skipMetricValidation: true,
            },
          ],
        },
      },
      { parent: this },
    );
  }
}

import * as monitor from "@pulumi/azure-native/monitor/index.js";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Sends what a resource tells of itself to the cell's Log Analytics workspace: all its logs, in the tables of
 * their own that each service has there, and its metrics. How long they are kept is the workspace's setting.
 *
 * @param signals what there is: some resources have no logs, some no metrics.
 */
export function diagnostics(
  name: string,
  resourceId: pulumi.Input<string>,
  workspaceId: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
  signals: ("logs" | "metrics")[] = ["logs", "metrics"],
): monitor.DiagnosticSetting {
  return new monitor.DiagnosticSetting(
    `${name}-diagnostics`,
    {
      name: "workspace",
      resourceUri: resourceId,
      workspaceId,
      ...(signals.includes("logs") && {
        logAnalyticsDestinationType: "Dedicated",
        logs: [{ categoryGroup: "allLogs", enabled: true }],
      }),
      ...(signals.includes("metrics") && { metrics: [{ category: "AllMetrics", enabled: true }] }),
    },
    opts,
  );
}

import * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import type * as pulumi from "@pulumi/pulumi";

/**
 * When AKS may patch the cluster and its nodes by itself: in the night to Sunday, UTC, four hours, which is the
 * least that AKS takes. The names are AKS's own. Without them it would do so at any time.
 * Source: "Use planned maintenance to schedule and control upgrades for your AKS cluster".
 */
export function createMaintenanceWindows(
  name: string,
  args: { resourceGroupName: pulumi.Input<string>; clusterName: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): void {
  const windows = [
    ["cluster", "aksManagedAutoUpgradeSchedule", "01:00"],
    ["nodes", "aksManagedNodeOSUpgradeSchedule", "05:00"],
  ] as const;
  for (const [suffix, configName, startTime] of windows)
    new containerservice.MaintenanceConfiguration(
      `${name}-${suffix}-window`,
      {
        configName,
        resourceGroupName: args.resourceGroupName,
        resourceName: args.clusterName,
        maintenanceWindow: {
          schedule: { weekly: { dayOfWeek: "Sunday", intervalWeeks: 1 } },
          durationHours: 4,
          startTime,
          utcOffset: "+00:00",
        },
      },
      opts,
    );
}

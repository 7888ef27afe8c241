import * as monitor from "@pulumi/azure-native/monitor/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";

export interface ContainerInsightsArgs {
  resourceGroupName: pulumi.Input<string>;
  region: string;
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  clusterId: pulumi.Input<string>;
  workspaceId: pulumi.Input<string>;
}

/** Everything that Container Insights has: logs of containers, events, inventory and use. */
const streams = ["Microsoft-ContainerInsights-Group-Default"];

/**
 * The add-on that runs the Azure Monitor agent. With its managed identity it takes its orders from a data collection
 * rule; the older way, the workspace's key in every node, is the one that Azure retires.
 * Source: "Enable monitoring for Kubernetes clusters", and the retirement notice of legacy authentication.
 */
export function containerInsightsAddon(workspaceId: pulumi.Input<string>) {
  return {
    omsagent: {
      enabled: true,
      config: { logAnalyticsWorkspaceResourceID: workspaceId, useAADAuth: "true" },
    },
  };
}

/** Tells the agent what to collect and where to send it. The rule's names are what the agent looks for. */
export function createContainerInsights(
  name: string,
  args: ContainerInsightsArgs,
  opts: pulumi.CustomResourceOptions,
): monitor.DataCollectionRuleAssociation {
  const rule = new monitor.DataCollectionRule(
    `${name}-rule`,
    {
      dataCollectionRuleName: physicalName("azure:dataCollectionRule", args.prefix, "containers"),
      resourceGroupName: args.resourceGroupName,
      location: args.region,
      kind: "Linux",
      dataSources: {
        extensions: [
          {
            name: "ContainerInsightsExtension",
            extensionName: "ContainerInsights",
            streams,
            extensionSettings: {
              dataCollectionSettings: {
                interval: "1m",
                namespaceFilteringMode: "Off",
                enableContainerLogV2: true,
              },
            },
          },
        ],
      },
      destinations: { logAnalytics: [{ name: "workspace", workspaceResourceId: args.workspaceId }] },
      dataFlows: [{ streams, destinations: ["workspace"] }],
    },
    opts,
  );
  return new monitor.DataCollectionRuleAssociation(
    `${name}-association`,
    {
      associationName: "ContainerInsightsExtension",
      resourceUri: args.clusterId,
      dataCollectionRuleId: rule.id,
    },
    opts,
  );
}

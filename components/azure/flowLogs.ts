import * as network from "@pulumi/azure-native/network/index.js";
import * as storage from "@pulumi/azure-native/storage/index.js";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { globalName } from "./globalName.js";

export interface FlowLogsArgs {
  prefix: string;
  region: string;
  resourceGroupName: pulumi.Input<string>;
  subscriptionId: pulumi.Input<string>;
  virtualNetworkId: pulumi.Input<string>;
  /** The workspace in which the flows can be asked for: its id, and its customer id. */
  workspace: { id: pulumi.Input<string>; customerId: pulumi.Input<string> };
  logRetentionDays: number;
}

/**
 * Flow logs of a virtual network: written to a storage account that nobody else gets to, and read from there into
 * the workspace by traffic analytics, every ten minutes. They belong to the region's network watcher, which Azure
 * itself makes with the first virtual network of a subscription in a region, in the group NetworkWatcherRG.
 */
export class FlowLogs extends pulumi.ComponentResource {
  readonly storageId: pulumi.Output<string>;

  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:azure:FlowLogs", name, args, opts);
    const { prefix, resourceGroupName, region: location, workspace } = args;
    const parent = { parent: this };

    const account = new storage.StorageAccount(
      `${name}-store`,
      {
        accountName: globalName("azure:storageAccount", args.subscriptionId, prefix, "flow"),
        resourceGroupName,
        location,
        kind: "StorageV2",
        sku: { name: "Standard_ZRS" },
        minimumTlsVersion: "TLS1_2",
        enableHttpsTrafficOnly: true,
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        // Network Watcher writes with the account's key. It comes as one of the trusted services: they alone pass.
        allowSharedKeyAccess: true,
        networkRuleSet: { defaultAction: "Deny", bypass: "AzureServices" },
      },
      parent,
    );
    // Not the flow log's own retention, which ends at 365 days.
    new storage.ManagementPolicy(
      `${name}-expiry`,
      {
        managementPolicyName: "default",
        accountName: account.name,
        resourceGroupName,
        policy: {
          rules: [
            {
              name: "expire",
              type: "Lifecycle",
              enabled: true,
              definition: {
                filters: { blobTypes: ["blockBlob"] },
                actions: {
                  baseBlob: { delete: { daysAfterModificationGreaterThan: args.logRetentionDays } },
                },
              },
            },
          ],
        },
      },
      parent,
    );
    new network.FlowLog(
      `${name}-log`,
      {
        flowLogName: physicalName("azure:networkResource", prefix, "flow"),
        networkWatcherName: `NetworkWatcher_${location}`,
        resourceGroupName: "NetworkWatcherRG",
        location,
        targetResourceId: args.virtualNetworkId,
        storageId: account.id,
        enabled: true,
        format: { type: "JSON", version: 2 },
        flowAnalyticsConfiguration: {
          networkWatcherFlowAnalyticsConfiguration: {
            enabled: true,
            trafficAnalyticsInterval: 10,
            workspaceId: workspace.customerId,
            workspaceRegion: location,
            workspaceResourceId: workspace.id,
          },
        },
      },
      parent,
    );
    this.storageId = account.id;
    this.registerOutputs({ storageId: this.storageId });
  }
}

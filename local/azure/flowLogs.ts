import { CloudError } from "../behaviour.js";
import type { Behaviour, Provider } from "../behaviour.js";
import {
  arm,
  inRange,
  isTrue,
  oneOf,
  parentOf,
  plainLocation,
  refuseUnless,
  stateOf,
  text,
  toArm,
  uuid,
} from "./common.js";
import { net, networkName, once } from "./networkTypes.js";

const target = [net.virtualNetwork, net.subnet, net.securityGroup];
const analytics = "flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration";

const flowLog: Behaviour = arm({
  source:
    'Microsoft.Network/networkWatchers/flowLogs; "Virtual network flow logs" (same region; no new logs of NSGs after 2025-06-30)',
  type: "Microsoft.Network/networkWatchers/flowLogs",
  names: ["networkWatcherName", "flowLogName"],
  parent: net.networkWatcher,
  located: true,
  required: ["storageId", "targetResourceId"],
  replaces: ["targetResourceId"],
  check: (inputs) => [
    ...networkName(inputs, "flowLogName"),
    ...inRange(inputs, "retentionPolicy.days", 0, 365),
    ...oneOf(inputs, "format.type", ["JSON"]),
    ...inRange(inputs, "format.version", 1, 2),
    ...oneOf(inputs, `${analytics}.trafficAnalyticsInterval`, ["10", "60"]),
  ],
  // Azure deletes any of them all the same.
  references: {
    targetResourceId: toArm(target, { weak: true }),
    storageId: toArm([net.storageAccount], { weak: true }),
    [`${analytics}.workspaceResourceId`]: toArm([net.workspace], { weak: true }),
  },
  unique: (inputs) => text(inputs, "targetResourceId"),
  taken: (target) =>
    new CloudError(
      "CannotCreateMoreThanOneFlowLogPerTargetResource",
      `Cannot create more than 1 flow logs for target resource ${target}.`,
    ),
  admit: (inputs, context) => {
    const targetId = text(inputs, "targetResourceId") ?? "";
    const watcher = stateOf(context, [net.networkWatcher], parentOf(flowLog.id(inputs, context)));
    refuseUnless(
      context.world.find(net.securityGroup, targetId) === undefined || context.current !== undefined,
      "NsgFlowLogCreationBlocked",
      "New flow logs of network security groups can no longer be created: log the virtual network.",
    );
    const location = (id: string, types: readonly string[]) => {
      const found = text(stateOf(context, types, id), "location");
      return found === undefined ? undefined : plainLocation(found);
    };
    const places = [
      location(targetId, [net.virtualNetwork]),
      location(text(inputs, "storageId") ?? "", [net.storageAccount]),
      plainLocation(text(inputs, "location") ?? ""),
    ];
    refuseUnless(
      places.every((each) => each === undefined || each === text(watcher, "location")),
      "FlowLogResourcesInDifferentRegions",
      `Flow log, target ${targetId}, storage account and network watcher must be in the same region; found ${places.join(", ")}.`,
    );
    const storage = stateOf(context, [net.storageAccount], text(inputs, "storageId"));
    refuseUnless(
      storage?.allowSharedKeyAccess !== false || text(inputs, "identity.type") !== undefined,
      "FlowLogStorageAccountKeyAccessDisabled",
      `Storage account ${text(inputs, "storageId")} allows no access by key: the flow log needs an identity.`,
    );
  },
  outputs: (inputs, context) => ({
    enabled: inputs.enabled === undefined || isTrue(inputs, "enabled"),
    targetResourceGuid: once(context.current, "targetResourceGuid", () => uuid(context)),
  }),
});

export const flowLogs: Provider = { types: { [net.flowLog]: flowLog }, invokes: {} };

import type { Behaviour, Context, Provider } from "../behaviour.js";
import { CloudError } from "../behaviour.js";
import { seeded } from "../world.js";
import {
  arm,
  armId,
  at,
  cidrContains,
  cidrs,
  cidrsOverlap,
  nameOf,
  objects,
  parentOf,
  plainLocation,
  refuseUnless,
  resourceGroup,
  subscription,
  text,
} from "./common.js";
import { blocksOf, net, networkName } from "./networkTypes.js";
import { lookUpInGroup } from "./queries.js";

const watcherGroup = "NetworkWatcherRG";

const virtualNetwork: Behaviour = arm({
  source: "Microsoft.Network/virtualNetworks; Virtual Network FAQ; resource name rules (2 to 64 characters)",
  type: "Microsoft.Network/virtualNetworks",
  names: ["virtualNetworkName"],
  required: ["addressSpace"],
  check: (inputs) => [
    ...networkName(inputs, "virtualNetworkName", 64, 2),
    ...cidrs(inputs, "addressSpace.addressPrefixes[]"),
    ...objects(inputs, "subnets").map(() => ({
      property: "subnets",
      reason: "subnets inside the network fight with standalone ones: not known to the local cloud",
    })),
  ],
  admit: (inputs, context) => {
    const blocks = at(inputs, "addressSpace.addressPrefixes[]").map(String);
    refuseUnless(
      blocks.length > 0 || at(inputs, "addressSpace").length === 0,
      "InvalidRequestFormat",
      "Address space of the virtual network must hold at least one prefix.",
    );
    const overlapping = blocks.find((one, i) =>
      blocks.slice(i + 1).some((other) => cidrsOverlap(one, other)),
    );
    refuseUnless(
      overlapping === undefined,
      "VnetAddressSpaceOverlapsItself",
      `Address prefix ${overlapping} of the virtual network overlaps another of its prefixes.`,
    );
    if (!context.current || blocks.length === 0) return;
    for (const subnet of subnetsOf(context, context.current.id))
      refuseUnless(
        subnet.blocks.every((block) => blocks.some((whole) => cidrContains(whole, block))),
        "InUsePrefixCannotBeDeleted",
        `IpPrefix ${subnet.blocks.join(", ")} on Subnet ${nameOf(subnet.id)} has active allocations requests and cannot be deleted.`,
      );
  },
  outputs: () => ({ enableDdosProtection: false, subnets: [], virtualNetworkPeerings: [] }),
  after: (object, context) => makeWatcher(context, plainLocation(text(object.inputs, "location") ?? "")),
  release: ({ id }, context) => {
    const [subnet] = subnetsOf(context, id);
    refuseUnless(
      subnet === undefined,
      "InUseSubnetCannotBeDeleted",
      `Subnet ${nameOf(subnet?.id ?? "")} is in use and cannot be deleted with its virtual network.`,
    );
  },
  inUse: ({ id }, by) =>
    new CloudError(
      "CannotDeleteVirtualNetwork",
      `Virtual network ${nameOf(id)} cannot be deleted while ${by.id} refers to it.`,
    ),
});

function subnetsOf({ world }: Pick<Context, "world">, networkId: string) {
  return world
    .list(net.subnet)
    .filter(({ id }) => parentOf(id) === networkId)
    .map(({ id, inputs }) => ({ id, blocks: blocksOf(inputs) }));
}

/**
 * Azure makes a region's network watcher, and the group of all watchers, with the first virtual network there; it
 * keeps both when the network goes. So they count as what the account has anyhow.
 */
function makeWatcher(context: Context, location: string): void {
  const { world } = context;
  const groupId = `/subscriptions/${subscription(context)}/resourceGroups/${watcherGroup}`;
  const name = `NetworkWatcher_${location}`;
  const id = armId(context, watcherGroup, "Microsoft.Network/networkWatchers", [name]);
  if (!world.find(resourceGroup, groupId))
    world.add({
      type: resourceGroup,
      id: groupId,
      region: "global",
      inputs: { resourceGroupName: watcherGroup, location },
      state: { name: watcherGroup, location, type: "Microsoft.Resources/resourceGroups" },
      owner: seeded,
    });
  if (!world.find(net.networkWatcher, id))
    world.add({
      type: net.networkWatcher,
      id,
      region: "global",
      inputs: { resourceGroupName: watcherGroup, networkWatcherName: name, location },
      state: { name, location, type: "Microsoft.Network/networkWatchers", provisioningState: "Succeeded" },
      owner: seeded,
    });
}

export const virtualNetworks: Provider = {
  types: { [net.virtualNetwork]: virtualNetwork },
  invokes: {
    "azure-native:network:getVirtualNetwork": lookUpInGroup(
      net.virtualNetwork,
      "Microsoft.Network/virtualNetworks",
      ["virtualNetworkName"],
    ),
  },
};

import type { Behaviour, Provider } from "../behaviour.js";
import { arm, at, nameOf, parentOf, refuseUnless, text } from "./common.js";
import { net } from "./networkTypes.js";

export const peeringType = "azure-native:network:VirtualNetworkPeering";

/** Source: Virtual network peering; REST reference, Virtual Network Peerings. */
const peering: Behaviour = arm({
  source:
    "Microsoft.Network/virtualNetworks/virtualNetworkPeerings (Azure/bicep-types-az); virtual network peering",
  type: "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
  names: ["virtualNetworkName", "virtualNetworkPeeringName"],
  parent: net.virtualNetwork,
  required: ["remoteVirtualNetwork.id"],
  replaces: ["remoteVirtualNetwork.id"],
  references: {
    "remoteVirtualNetwork.id": {
      types: [net.virtualNetwork],
      code: "RemoteVnetNotFound",
      message: (id) => `The remote virtual network ${id} could not be found.`,
    },
  },
  admit: (inputs, context) => {
    const name = text(inputs, "virtualNetworkName");
    const remote = context.world.find(net.virtualNetwork, text(inputs, "remoteVirtualNetwork.id") ?? "");
    const local = context.world
      .list(net.virtualNetwork)
      .find((each) => each.inputs["virtualNetworkName"] === name);
    const blocks = [local, remote].map((each) =>
      at(each?.inputs, "addressSpace.addressPrefixes[]").map(String),
    );
    refuseUnless(
      local?.id !== remote?.id && !(blocks[0] ?? []).some((block) => blocks[1]?.includes(block)),
      "VnetAddressSpacesOverlap",
      `Cannot create or update peering: the address spaces of ${String(name)} and ${nameOf(remote?.id ?? "")} overlap.`,
    );
  },
  outputs: (inputs, { world }) => {
    const remote = text(inputs, "remoteVirtualNetwork.id");
    const back = world.list(peeringType).some(({ id }) => parentOf(id) === remote);
    return { peeringState: back ? "Connected" : "Initiated", peeringSyncLevel: "FullyInSync" };
  },
});

export const peerings: Provider = { types: { [peeringType]: peering }, invokes: {} };

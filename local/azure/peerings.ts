import type { Behaviour, Context, Props, Provider } from "../behaviour.js";
import { arm, at, cidrsOverlap, nameOf, parentOf, refuseUnless, stateOf, text } from "./common.js";
import { net, networkName } from "./networkTypes.js";

export const peeringType = "azure-native:network:VirtualNetworkPeering";

const peering: Behaviour = arm({
  source:
    "Microsoft.Network/virtualNetworks/virtualNetworkPeerings (Azure/bicep-types-az); virtual network peering",
  type: "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
  names: ["virtualNetworkName", "virtualNetworkPeeringName"],
  parent: net.virtualNetwork,
  required: ["remoteVirtualNetwork.id"],
  replaces: ["remoteVirtualNetwork.id"],
  check: (inputs) => networkName(inputs, "virtualNetworkPeeringName"),
  references: {
    "remoteVirtualNetwork.id": {
      types: [net.virtualNetwork],
      code: "RemoteVnetNotFound",
      message: (id) => `The remote virtual network ${id} could not be found.`,
    },
  },
  admit: (inputs, context) => {
    const [local, remote] = [networkOf(inputs, context), text(inputs, "remoteVirtualNetwork.id") ?? ""];
    const [own, other] = [local, remote].map((id) =>
      at(stateOf(context, [net.virtualNetwork], id), "addressSpace.addressPrefixes[]").map(String),
    ) as [string[], string[]];
    refuseUnless(
      !own.some((block) => other.some((each) => cidrsOverlap(block, each))),
      "VnetAddressSpacesOverlap",
      `Cannot create or update peering: the address spaces of ${nameOf(local)} and ${nameOf(remote)} overlap.`,
    );
  },
  outputs: (inputs, context) => {
    const remote = text(inputs, "remoteVirtualNetwork.id");
    const back = context.world
      .list(peeringType)
      .some(
        ({ id, inputs: each }) =>
          parentOf(id) === remote && text(each, "remoteVirtualNetwork.id") === networkOf(inputs, context),
      );
    return { peeringState: back ? "Connected" : "Initiated", peeringSyncLevel: "FullyInSync" };
  },
});

const networkOf = (inputs: Props, context: Context): string => parentOf(peering.id(inputs, context));

export const peerings: Provider = { types: { [peeringType]: peering }, invokes: {} };

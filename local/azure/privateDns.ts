import { CloudError } from "../behaviour.js";
import type { Behaviour, Provider } from "../behaviour.js";
import { arm, isTrue, matches, nameOf, oneOf, parentOf, refuseUnless, text } from "./common.js";
import { net, networkName, toVirtualNetwork } from "./networkTypes.js";

const label = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";

const zone: Behaviour = arm({
  source: "Microsoft.Network/privateDnsZones; resource name rules (2 to 34 labels)",
  type: "Microsoft.Network/privateDnsZones",
  names: ["privateZoneName"],
  check: (inputs) => [
    ...matches(
      inputs,
      "privateZoneName",
      new RegExp(`^${label}(\\.${label}){1,33}$`),
      "2 to 34 labels, no dot at the end",
    ),
    ...matches(inputs, "location", /^global$/i, "private DNS zones are global"),
  ],
  outputs: () => ({
    location: "global",
    numberOfVirtualNetworkLinks: 0,
    maxNumberOfVirtualNetworkLinks: 1000,
  }),
  release: ({ id }, { world }) => {
    const link = world.list(net.zoneLink).find((each) => parentOf(each.id) === id);
    refuseUnless(
      link === undefined,
      "CannotDeleteResource",
      `Cannot delete resource while nested resources exist. Some existing nested resource IDs include: '${link?.id}'. Please delete all nested resources before deleting this resource.`,
    );
  },
});

const zoneLink: Behaviour = arm({
  source: 'Microsoft.Network/privateDnsZones/virtualNetworkLinks; "What is a virtual network link"',
  type: "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
  names: ["privateZoneName", "virtualNetworkLinkName"],
  parent: net.privateZone,
  located: true,
  required: ["virtualNetwork.id", "registrationEnabled"],
  replaces: ["virtualNetwork.id"],
  check: (inputs) => [
    ...networkName(inputs, "virtualNetworkLinkName"),
    ...matches(inputs, "location", /^global$/i, "links are global"),
    ...oneOf(inputs, "resolutionPolicy", ["Default", "NxDomainRedirect"]),
  ],
  references: { "virtualNetwork.id": toVirtualNetwork },
  admit: (inputs, context) => {
    const id = zoneLink.id(inputs, context);
    const network = text(inputs, "virtualNetwork.id") ?? "";
    const others = context.world
      .list(net.zoneLink)
      .filter((each) => each.id !== id && text(each.inputs, "virtualNetwork.id") === network);
    const alike = others.find((each) => nameOf(parentOf(each.id)) === text(inputs, "privateZoneName"));
    refuseUnless(
      alike === undefined,
      "BadRequest",
      `A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link virtual network with '${text(inputs, "privateZoneName")}' and '${nameOf(parentOf(alike?.id ?? ""))}' zones.`,
    );
    if (
      isTrue(inputs, "registrationEnabled") &&
      others.some((each) => isTrue(each.inputs, "registrationEnabled"))
    )
      throw new CloudError(
        "BadRequest",
        "A virtual network can register its machines in one private DNS zone only.",
      );
  },
  outputs: () => ({ location: "global", virtualNetworkLinkState: "Completed" }),
});

export const privateDns: Provider = {
  types: { [net.privateZone]: zone, [net.zoneLink]: zoneLink },
  invokes: {},
};

import { net } from "../../local/azure/networkTypes.js";
import type { Props } from "../../local/behaviour.js";
import type { AzureGround } from "./azureGround.js";

/** Azure Firewall in a subnet. */
export function firewall(
  ground: AzureGround,
  more: Props = {},
  subnetName = "AzureFirewallSubnet",
  block = "10.20.0.0/26",
) {
  const subnet = ground.subnet(subnetName, block);
  const object = ground.put(net.firewall, {
    azureFirewallName: "fw",
    location: ground.location,
    sku: { name: "AZFW_VNet", tier: "Standard" },
    zones: ["1", "2", "3"],
    ipConfigurations: [
      { name: "c", subnet: { id: subnet.id }, publicIPAddress: { id: ground.publicIp().id } },
    ],
    ...more,
  });
  return { subnet, object };
}

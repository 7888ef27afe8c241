import * as network from "@pulumi/azure-native/network/index.js";
import * as operationalinsights from "@pulumi/azure-native/operationalinsights/index.js";
import * as privatedns from "@pulumi/azure-native/privatedns/index.js";
import { Provider } from "@pulumi/azure-native/provider.js";
import * as resources from "@pulumi/azure-native/resources/index.js";

export const region = "westeurope";
export const subscriptionId = "12345678-1234-4234-8234-123456789abc";

/** What a cell's stores and its load balancer stand on, inside a program. */
export function azureProgram() {
  const provider = new Provider("azure", { location: region, subscriptionId });
  const opts = { provider };
  const group = new resources.ResourceGroup("group", { resourceGroupName: "rg", location: region }, opts);
  const resourceGroupName = group.name;
  const common = { resourceGroupName, location: region };
  const net = new network.VirtualNetwork(
    "net",
    { ...common, virtualNetworkName: "net", addressSpace: { addressPrefixes: ["10.20.0.0/16"] } },
    opts,
  );
  const subnet = (subnetName: string, addressPrefix: string, serviceName?: string) =>
    new network.Subnet(
      subnetName,
      {
        resourceGroupName,
        virtualNetworkName: net.name,
        subnetName,
        addressPrefix,
        delegations: serviceName === undefined ? [] : [{ name: "service", serviceName }],
      },
      opts,
    ).id;
  const privateZone = (privateZoneName: string) => {
    const zone = new privatedns.PrivateZone(
      privateZoneName,
      { resourceGroupName, privateZoneName, location: "global" },
      opts,
    );
    const link = new privatedns.VirtualNetworkLink(
      `${privateZoneName}-link`,
      {
        resourceGroupName,
        privateZoneName: zone.name,
        virtualNetworkLinkName: "net",
        location: "global",
        virtualNetwork: { id: net.id },
        registrationEnabled: false,
      },
      opts,
    );
    return link.id.apply((id) => id.replace(/\/virtualNetworkLinks\/.*/, ""));
  };
  const workspace = new operationalinsights.Workspace(
    "workspace",
    { ...common, workspaceName: "workspace", sku: { name: "PerGB2018" }, retentionInDays: 30 },
    opts,
  );
  const cell = {
    resourceGroupName,
    region,
    prefix: "javelin-dev-westeurope",
    subscriptionId,
    workspaceId: workspace.id,
  };
  return { opts, common, cell, subnet, privateZone };
}

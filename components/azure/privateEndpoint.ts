import * as network from "@pulumi/azure-native/network/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";

export interface PrivateEndpointArgs {
  resourceGroupName: pulumi.Input<string>;
  region: string;
  /** `javelin-<stack>-<cell>`. */
  prefix: string;
  /** What the endpoint is for, within the cell: `cache`, `vault`. */
  role: string;
  subnetId: pulumi.Input<string>;
  /** The resource that is reached through the endpoint. */
  resourceId: pulumi.Input<string>;
  /** The resource's sub-resource: `redisEnterprise`, `vault` (Azure Private Link, "private-link resource"). */
  groupId: string;
  /** The private zone in which the resource's name leads to the endpoint. */
  privateZoneId: pulumi.Input<string>;
}

/**
 * An address in the network for a service of Azure, and the private DNS record that leads there. What is returned
 * exists last: whoever connects by name waits for it.
 */
export function privateEndpoint(
  name: string,
  args: PrivateEndpointArgs,
  opts: pulumi.CustomResourceOptions,
): network.PrivateDnsZoneGroup {
  const { resourceGroupName, prefix, role } = args;
  const endpoint = new network.PrivateEndpoint(
    `${name}-endpoint`,
    {
      privateEndpointName: physicalName("azure:privateEndpoint", prefix, role),
      customNetworkInterfaceName: physicalName("azure:networkInterface", prefix, role),
      resourceGroupName,
      location: args.region,
      subnet: { id: args.subnetId },
      privateLinkServiceConnections: [
        { name: role, privateLinkServiceId: args.resourceId, groupIds: [args.groupId] },
      ],
    },
    opts,
  );
  return new network.PrivateDnsZoneGroup(
    `${name}-endpoint-dns`,
    {
      privateDnsZoneGroupName: "default",
      privateEndpointName: endpoint.name,
      resourceGroupName,
      privateDnsZoneConfigs: [{ name: role, privateDnsZoneId: args.privateZoneId }],
    },
    opts,
  );
}

import * as network from "@pulumi/azure-native/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";

/** A cell's network at one end. */
export interface PeeringEnd {
  /** The cell's name. */
  cell: string;
  virtualNetworkId: pulumi.Input<string>;
}

export interface DatabasePeeringArgs {
  ends: [PeeringEnd, PeeringEnd];
}

/**
 * Connects the networks of two cells, so that their databases can follow each other: servers in virtual networks
 * replicate over these and nothing else ("Network with private access": replication across regions). What may
 * pass is the security rules' to say: one data subnet to the other.
 *
 * The ends are alike, whichever cell writes.
 */
export class DatabasePeering extends pulumi.ComponentResource {
  /** What a database that follows has to wait for. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: DatabasePeeringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:azure:DatabasePeering", name, args, opts);
    const [one, other] = args.ends;
    const peer = (from: PeeringEnd, to: PeeringEnd, dependsOn: pulumi.Resource[]) => {
      const [resourceGroupName, virtualNetworkName] = [4, 8].map((at) =>
        pulumi.output(from.virtualNetworkId).apply((id) => id.split("/")[at] ?? ""),
      ) as [pulumi.Output<string>, pulumi.Output<string>];
      return new network.VirtualNetworkPeering(
        `${name}-${from.cell}`,
        {
          resourceGroupName,
          virtualNetworkName,
          virtualNetworkPeeringName: physicalName("azure:networkResource", "database", to.cell),
          remoteVirtualNetwork: { id: to.virtualNetworkId },
          allowVirtualNetworkAccess: true,
          allowForwardedTraffic: false,
          allowGatewayTransit: false,
          useRemoteGateways: false,
        },
        { parent: this, dependsOn },
      );
    };
    const there = peer(one, other, []);
    // Both change both networks, which take one change at a time.
    this.ready = [there, peer(other, one, [there])];
    this.registerOutputs({});
  }
}

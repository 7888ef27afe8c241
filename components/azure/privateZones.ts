import * as privatedns from "@pulumi/azure-native/privatedns/index.js";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";

export interface PrivateZonesArgs {
  prefix: string;
  resourceGroupName: pulumi.Input<string>;
  virtualNetworkId: pulumi.Input<string>;
}

/**
 * Zones in which names of Azure's services lead to addresses inside the network. Names of zones for private
 * endpoints: "Azure Private Endpoint private DNS zone values"; of the database's: "Network with private access for
 * Azure Database for PostgreSQL", which asks for this end and for a start that is no server's name.
 */
const zoneNames = (prefix: string) => ({
  postgres: `${physicalName("azure:privateZoneLabel", prefix)}.private.postgres.database.azure.com`,
  redis: "privatelink.redis.azure.net",
  vault: "privatelink.vaultcore.azure.net",
});
export type PrivateZone = keyof ReturnType<typeof zoneNames>;

/** The cell's private DNS zones, linked to its network. */
export class PrivateZones extends pulumi.ComponentResource {
  /** Known once the zone is linked: who stands in it by name before that isn't found. */
  readonly ids: Record<PrivateZone, pulumi.Output<string>>;

  constructor(name: string, args: PrivateZonesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:azure:PrivateZones", name, args, opts);
    const { resourceGroupName } = args;
    const parent = { parent: this };
    const entries = Object.entries(zoneNames(args.prefix)).map(([role, privateZoneName]) => {
      const zone = new privatedns.PrivateZone(
        `${name}-${role}`,
        { privateZoneName, resourceGroupName, location: "global" },
        parent,
      );
      const link = new privatedns.VirtualNetworkLink(
        `${name}-${role}`,
        {
          virtualNetworkLinkName: "cell",
          privateZoneName: zone.name,
          resourceGroupName,
          location: "global",
          virtualNetwork: { id: args.virtualNetworkId },
          registrationEnabled: false,
        },
        parent,
      );
      return [role, pulumi.all([zone.id, link.id]).apply(([id]) => id)];
    });
    this.ids = Object.fromEntries(entries) as Record<PrivateZone, pulumi.Output<string>>;
    this.registerOutputs({ ids: this.ids });
  }
}

import * as network from "@pulumi/azure-native/network/index.js";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { cellTiers, type CellTier, type SubnetPlan } from "./subnets.js";

export interface VirtualNetworkArgs {
  prefix: string;
  region: string;
  resourceGroupName: pulumi.Input<string>;
  cidr: string;
  plan: SubnetPlan;
  zones: string[];
  inspected: boolean;
}

/** What differs from tier to tier. */
const tierSettings: Record<CellTier, Partial<network.SubnetArgs>> = {
  // Azure warns against a subnet without a way out here: the gateway's managers need theirs.
  gateway: {},
  node: { defaultOutboundAccess: false },
  data: {
    delegations: [{ name: "postgres", serviceName: "Microsoft.DBforPostgreSQL/flexibleServers" }],
    // The database adds it when it comes up, for its log archive; without, the next change here would take it away.
    serviceEndpoints: [{ service: "Microsoft.Storage" }],
  },
  // Without the policies, private endpoints heed no security group.
  endpoint: { defaultOutboundAccess: false, privateEndpointNetworkPolicies: "NetworkSecurityGroupEnabled" },
};

/** Minutes that a connection may be silent: a model may think long before it answers. NAT Gateway takes 4 to 120. */
const natIdleMinutes = 15;

/**
 * The cell's own virtual network: subnets by tier, each with a security group that the firewall fills, the nodes'
 * route table, and, when not inspected, the NAT gateway.
 *
 * When a cell becomes an inspected one, the NAT gateway goes before Azure Firewall stands, which takes up to 25
 * minutes: until then, calls out of the cell fail.
 */
export class VirtualNetwork extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly subnetIds: Record<CellTier, pulumi.Output<string>>;
  /** Of `AzureFirewallSubnet`; only when inspected. */
  readonly firewallSubnetId: pulumi.Output<string> | undefined;
  readonly securityGroupNames: Record<CellTier, pulumi.Output<string>>;
  readonly routeTableName: pulumi.Output<string>;
  readonly routeTableId: pulumi.Output<string>;
  /** Public address of the NAT gateway; only when not inspected. */
  readonly natAddress: pulumi.Output<string> | undefined;

  constructor(name: string, args: VirtualNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:azure:VirtualNetwork", name, args, opts);
    const { prefix, resourceGroupName, region: location, plan } = args;
    const parent = { parent: this };
    const place = { resourceGroupName, location };

    const whole = new network.VirtualNetwork(
      `${name}-network`,
      {
        ...place,
        virtualNetworkName: physicalName("azure:virtualNetwork", prefix),
        addressSpace: { addressPrefixes: [args.cidr] },
      },
      parent,
    );
    const routeTable = new network.RouteTable(
      `${name}-routes`,
      {
        ...place,
        routeTableName: physicalName("azure:networkResource", prefix, "node"),
        // A gateway's routes would lead around the firewall.
        disableBgpRoutePropagation: true,
      },
      parent,
    );
    const nat = args.inspected ? undefined : this.createNat(name, args);

    // Azure refuses two changes of one network's subnets at once, hence one after another; and to join a network or a
    // subnet meanwhile ("ReferencedResourceNotProvisioned"), hence nothing learns of them before the last stands.
    let previous: network.Subnet | undefined;
    const createSubnet = (
      tier: string,
      given: Omit<network.SubnetArgs, "resourceGroupName" | "virtualNetworkName">,
    ) => {
      const made = new network.Subnet(
        `${name}-${tier}`,
        { resourceGroupName, virtualNetworkName: whole.name, ...given },
        { ...parent, ...(previous && { dependsOn: [previous] }) },
      );
      previous = made;
      return made;
    };
    // First, so that it comes and goes with a change of size and is never the last. Azure knows it by its name.
    const firewall = args.inspected
      ? createSubnet("firewall", { subnetName: "AzureFirewallSubnet", addressPrefix: plan.firewall })
      : undefined;
    const guarded = cellTiers.map((tier) => {
      const group = new network.NetworkSecurityGroup(
        `${name}-${tier}`,
        { ...place, networkSecurityGroupName: physicalName("azure:networkResource", prefix, tier) },
        parent,
      );
      const subnet = createSubnet(tier, {
        subnetName: tier,
        addressPrefix: plan[tier],
        networkSecurityGroup: { id: group.id },
        ...(tier === "node" && {
          routeTable: { id: routeTable.id },
          ...(nat && { natGateway: { id: nat.id } }),
        }),
        ...tierSettings[tier],
      });
      return { tier, groupName: group.name, subnetId: subnet.id };
    });
    const last = previous?.id;
    const settled = (id: pulumi.Output<string>) => pulumi.all([id, last]).apply(([own]) => own);

    this.id = settled(whole.id);
    this.firewallSubnetId = firewall && settled(firewall.id);
    this.subnetIds = byTier(guarded.map(({ tier, subnetId }) => [tier, settled(subnetId)]));
    this.securityGroupNames = byTier(guarded.map(({ tier, groupName }) => [tier, groupName]));
    this.routeTableName = routeTable.name;
    this.routeTableId = routeTable.id;
    this.natAddress = nat?.address;
    this.registerOutputs({ id: this.id, subnetIds: this.subnetIds, natAddress: this.natAddress });
  }

  /** One NAT gateway, in one zone: cheaper, and that zone's loss is the cell's way out. */
  private createNat(
    name: string,
    { prefix, resourceGroupName, region: location, zones }: VirtualNetworkArgs,
  ) {
    const parent = { parent: this };
    const place = { resourceGroupName, location };
    const address = new network.PublicIPAddress(
      `${name}-nat`,
      {
        ...place,
        publicIpAddressName: physicalName("azure:publicIPAddress", prefix, "nat"),
        sku: { name: "Standard", tier: "Regional" },
        publicIPAllocationMethod: "Static",
        publicIPAddressVersion: "IPv4",
        zones: allZones,
      },
      parent,
    );
    const gateway = new network.NatGateway(
      `${name}-nat`,
      {
        ...place,
        natGatewayName: physicalName("azure:networkResource", prefix, "nat"),
        sku: { name: "Standard" },
        zones: zones.slice(0, 1),
        publicIpAddresses: [{ id: address.id }],
        idleTimeoutInMinutes: natIdleMinutes,
      },
      parent,
    );
    return { id: gateway.id, address: addressOf(address) };
  }
}

/**
 * Zones of every public address, whatever the cell's: Azure gives an address one zone or all, and never others
 * afterwards.
 */
export const allZones = ["1", "2", "3"];

/** The address that Azure gave: it has one as soon as it exists, since it is static. */
export function addressOf({ ipAddress, id }: network.PublicIPAddress): pulumi.Output<string> {
  return pulumi.all([ipAddress, id]).apply(([address, own]) => {
    if (!address) throw new Error(`${own} has no address`);
    return address;
  });
}

function byTier<T>(entries: [CellTier, T][]): Record<CellTier, T> {
  return Object.fromEntries(entries) as Record<CellTier, T>;
}

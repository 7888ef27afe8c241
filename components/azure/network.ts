import * as operationalinsights from "@pulumi/azure-native/operationalinsights/index.js";
import * as resources from "@pulumi/azure-native/resources/index.js";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { FlowLogs } from "./flowLogs.js";
import { PrivateZones, type PrivateZone } from "./privateZones.js";
import { planSubnets } from "./subnets.js";
import type { CellTier, SubnetPlan } from "./subnets.js";
import { VirtualNetwork } from "./virtualNetwork.js";

export interface NetworkArgs {
  /** `javelin-<stack>-<cell>`, the start of every physical name. */
  prefix: string;
  region: string;
  /** Part of the names that all of Azure shares. */
  subscriptionId: pulumi.Input<string>;
  /** Block of the virtual network, /16 to /20. */
  cidr: string;
  /** Zones of the region, of "1", "2" and "3". */
  zones: string[];
  /** True: there is room for Azure Firewall, which is the way out. False: a NAT gateway is, in the first zone. */
  inspected: boolean;
  logRetentionDays: number;
  /** A network that exists already: see `checkExisting`. `cidr` and `inspected` are of no effect then. */
  existing?: CellNetwork;
}

/** What the other components know of a network, be it the cell's own or one that existed before it. */
export interface CellNetwork {
  virtualNetworkId: pulumi.Input<string>;
  /** Blocks of {@link subnetIds}. */
  plan: Pick<SubnetPlan, CellTier>;
  subnetIds: Record<CellTier, pulumi.Input<string>>;
  /**
   * True: the nodes' traffic leaves as the routes of their subnet say (AKS: `userDefinedRouting`); false: by the
   * subnet's NAT gateway (`userAssignedNATGateway`).
   */
  routed: boolean;
  /** The node subnet's route table, where there is one. */
  routeTableId?: pulumi.Input<string> | undefined;
}

/**
 * The ground of one cell: its resource group, the Log Analytics workspace that everything logs to, the virtual
 * network with its subnets and flow logs, and the private DNS zones. Security rules and the nodes' default route
 * belong to {@link Firewall}.
 *
 * In an existing network it makes no virtual network, subnets, security groups, route table, NAT gateway and flow
 * logs: these are the owner's. The private zones it makes there too; a network that is linked to another zone of one
 * of their names refuses the link.
 *
 * @throws when the CIDR block does not fit {@link planSubnets}.
 */
export class Network extends pulumi.ComponentResource implements CellNetwork {
  readonly resourceGroupName: pulumi.Output<string>;
  readonly virtualNetworkId: pulumi.Output<string>;
  readonly zones: string[];
  readonly plan: Pick<SubnetPlan, CellTier>;
  readonly subnetIds: Record<CellTier, pulumi.Output<string>>;
  readonly routed: boolean;
  readonly routeTableId: pulumi.Output<string> | undefined;
  /** What the cell owns of its network; absent in an existing one. */
  readonly own: VirtualNetwork | undefined;
  readonly privateZoneIds: Record<PrivateZone, pulumi.Output<string>>;
  readonly workspaceId: pulumi.Output<string>;
  /** The workspace's own GUID, the start of the host names that agents send to. */
  readonly workspaceCustomerId: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:azure:Network", name, args, opts);
    const { prefix, region, existing, logRetentionDays, zones } = args;
    const parent = { parent: this };

    const group = new resources.ResourceGroup(
      `${name}-group`,
      {
        resourceGroupName: physicalName("azure:resourceGroup", prefix),
        location: region,
        tags: { "javelin:deployment": prefix },
      },
      parent,
    );
    this.resourceGroupName = group.name;
    const place = { prefix, region, resourceGroupName: group.name };

    const workspace = new operationalinsights.Workspace(
      `${name}-logs`,
      {
        workspaceName: physicalName("azure:workspace", prefix),
        resourceGroupName: group.name,
        location: region,
        sku: { name: "PerGB2018" },
        retentionInDays: logRetentionDays,
      },
      parent,
    );
    this.workspaceId = workspace.id;
    this.workspaceCustomerId = workspace.customerId;

    const plan = existing ? undefined : planSubnets(args.cidr);
    const own = plan
      ? new VirtualNetwork(
          `${name}-own`,
          { ...place, cidr: args.cidr, plan, zones, inspected: args.inspected },
          parent,
        )
      : undefined;
    this.own = own;
    const found: CellNetwork = existing ?? {
      virtualNetworkId: own!.id,
      plan: plan!,
      subnetIds: own!.subnetIds,
      routed: args.inspected,
      routeTableId: own!.routeTableId,
    };
    this.zones = zones;
    this.plan = found.plan;
    this.routed = found.routed;
    this.virtualNetworkId = pulumi.output(found.virtualNetworkId);
    this.subnetIds = Object.fromEntries(
      Object.entries(found.subnetIds).map(([tier, id]) => [tier, pulumi.output(id)]),
    ) as Record<CellTier, pulumi.Output<string>>;
    this.routeTableId = found.routeTableId === undefined ? undefined : pulumi.output(found.routeTableId);

    if (own)
      new FlowLogs(
        `${name}-flow`,
        {
          ...place,
          subscriptionId: args.subscriptionId,
          virtualNetworkId: own.id,
          workspace: { id: workspace.id, customerId: workspace.customerId },
          logRetentionDays,
        },
        parent,
      );
    this.privateZoneIds = new PrivateZones(
      `${name}-zones`,
      { prefix, resourceGroupName: group.name, virtualNetworkId: this.virtualNetworkId },
      parent,
    ).ids;

    this.registerOutputs({
      resourceGroupName: this.resourceGroupName,
      virtualNetworkId: this.virtualNetworkId,
      subnetIds: this.subnetIds,
      workspaceId: this.workspaceId,
      privateZoneIds: this.privateZoneIds,
    });
  }
}

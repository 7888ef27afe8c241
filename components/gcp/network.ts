import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "../names.js";
import { enableApis } from "./apis.js";
import { PrivateZones } from "./privateZones.js";
import { planSubnets } from "./subnets.js";
import type { CellTier, SubnetPlan } from "./subnets.js";

export interface NetworkArgs {
  /** `javelin-<stack>-<cell>`, the start of every physical name. */
  prefix: string;
  region: string;
  /** Block of the cell, /16 to /20. */
  cidr: string;
  /** Block that pods take their addresses from, apart from `cidr`. GKE gives each node a /24 of it. */
  podCidr: string;
  /** Block of the cluster's services, apart from the others. */
  serviceCidr: string;
  /**
   * A network that exists already: see `checkExisting`. The blocks above are not used then, and of all that this
   * component makes only the APIs remain: the rest is its owner's.
   */
  existing?: CellNetwork;
}

/** What the other components know of a network, be it the cell's own or one that existed before it. */
export interface CellNetwork {
  networkId: pulumi.Input<string>;
  networkName: pulumi.Input<string>;
  selfLink: pulumi.Input<string>;
  /** Blocks of {@link subnetIds}, and the one to give Memorystore. */
  plan: SubnetPlan;
  podCidr: string;
  subnetIds: Record<CellTier, pulumi.Input<string>>;
  /** Names of the node subnet's secondary ranges. */
  podRangeName: string;
  serviceRangeName: string;
}

/**
 * The network of one cell: a custom-mode VPC, one subnet a tier (a subnet spans the region's zones), Cloud NAT,
 * private access to Google's services, flow logs, DNS query logs. First of all it enables the project's APIs.
 *
 * The default route to the internet gateway stays: Cloud NAT and private Google access need it. What may use it is
 * for {@link Firewall} to say, whose policy comes before the VPC firewall rules.
 *
 * @throws when the CIDR block does not fit {@link planSubnets}.
 */
export class Network extends pulumi.ComponentResource implements CellNetwork {
  /** What everything else of the cell depends on. */
  readonly apis: pulumi.Resource[];
  readonly networkId: pulumi.Output<string>;
  readonly networkName: pulumi.Output<string>;
  readonly selfLink: pulumi.Output<string>;
  readonly plan: SubnetPlan;
  readonly podCidr: string;
  readonly subnetIds: Record<CellTier, pulumi.Output<string>>;
  readonly podRangeName: string;
  readonly serviceRangeName: string;
  /** Absent in an existing network. */
  readonly routerName?: pulumi.Output<string>;
  /** False in an existing network, where other machines may be, and others say what may leave. */
  readonly own: boolean;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:gcp:Network", name, args, opts);
    this.apis = enableApis(`${name}-api`, { parent: this });
    this.own = args.existing === undefined;

    if (args.existing) {
      const { existing } = args;
      this.networkId = pulumi.output(existing.networkId);
      this.networkName = pulumi.output(existing.networkName);
      this.selfLink = pulumi.output(existing.selfLink);
      this.plan = existing.plan;
      this.podCidr = existing.podCidr;
      this.subnetIds = {
        node: pulumi.output(existing.subnetIds.node),
        endpoint: pulumi.output(existing.subnetIds.endpoint),
      };
      this.podRangeName = existing.podRangeName;
      this.serviceRangeName = existing.serviceRangeName;
    } else {
      const plan = planSubnets(args.cidr);
      this.plan = plan;
      this.podCidr = args.podCidr;
      this.podRangeName = "pods";
      this.serviceRangeName = "services";
      const network = this.createNetwork(name, args);
      const subnets = this.createSubnets(name, args, network, plan);
      this.networkId = network.id;
      this.networkName = network.name;
      this.selfLink = network.selfLink;
      this.subnetIds = { node: subnets.node.id, endpoint: subnets.endpoint.id };
      this.routerName = this.createNat(name, args, network, subnets.node).name;
      const { prefix } = args;
      new PrivateZones(`${name}-zones`, { prefix, networkId: network.id }, { parent: this });
      new gcp.dns.Policy(
        `${name}-dns`,
        {
          name: physicalName("gcp:managedZone", prefix, "logs"),
          description: "Logs what the cell looks up",
          enableLogging: true,
          networks: [{ networkUrl: network.id }],
        },
        { parent: this },
      );
    }

    this.registerOutputs({
      networkId: this.networkId,
      networkName: this.networkName,
      selfLink: this.selfLink,
      subnetIds: this.subnetIds,
      routerName: this.routerName,
    });
  }

  private createNetwork(name: string, args: NetworkArgs): gcp.compute.Network {
    return new gcp.compute.Network(
      `${name}-network`,
      {
        name: physicalName("gcp:network", args.prefix),
        description: "Gateway cell",
        autoCreateSubnetworks: false,
        routingMode: "REGIONAL",
        // Or a VPC firewall rule, which controllers in the cluster may write, could open what the policy denies.
        networkFirewallPolicyEnforcementOrder: "BEFORE_CLASSIC_FIREWALL",
      },
      { parent: this, dependsOn: this.apis },
    );
  }

  private createSubnets(name: string, args: NetworkArgs, network: gcp.compute.Network, plan: SubnetPlan) {
    const create = (
      tier: CellTier,
      secondaryIpRanges: gcp.types.input.compute.SubnetworkSecondaryIpRange[],
    ) =>
      new gcp.compute.Subnetwork(
        `${name}-${tier}`,
        {
          name: physicalName("gcp:subnetwork", args.prefix, tier),
          network: network.id,
          region: args.region,
          ipCidrRange: plan[tier],
          secondaryIpRanges,
          privateIpGoogleAccess: true,
          stackType: "IPV4_ONLY",
          // Every connection, in records of one minute, as on the other clouds; the default samples a half.
          logConfig: {
            aggregationInterval: "INTERVAL_1_MIN",
            flowSampling: 1,
            metadata: "INCLUDE_ALL_METADATA",
          },
        },
        { parent: this },
      );
    return {
      node: create("node", [
        { rangeName: this.podRangeName, ipCidrRange: args.podCidr },
        { rangeName: this.serviceRangeName, ipCidrRange: args.serviceCidr },
      ]),
      endpoint: create("endpoint", []),
    };
  }

  /** Cloud NAT is a property of the region's network and not a machine in a zone: one serves all zones. */
  private createNat(
    name: string,
    args: NetworkArgs,
    network: gcp.compute.Network,
    nodes: gcp.compute.Subnetwork,
  ): gcp.compute.Router {
    const { region } = args;
    const router = new gcp.compute.Router(
      `${name}-router`,
      { name: physicalName("gcp:router", args.prefix), network: network.id, region },
      { parent: this },
    );
    new gcp.compute.RouterNat(
      `${name}-nat`,
      {
        name: physicalName("gcp:router", args.prefix, "nat"),
        router: router.name,
        region,
        natIpAllocateOption: "AUTO_ONLY",
        // Nodes and their pods; nothing in the endpoint tier starts a connection.
        sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
        subnetworks: [{ name: nodes.id, sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
        // A gateway holds many connections to few providers: 64 ports a node, the static default, run out.
        enableDynamicPortAllocation: true,
        minPortsPerVm: 256,
        maxPortsPerVm: 32768,
        enableEndpointIndependentMapping: false,
        logConfig: { enable: true, filter: "ALL" },
      },
      { parent: this },
    );
    return router;
  }
}

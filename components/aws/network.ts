import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { FlowLogs } from "./flowLogs.js";
import { planSubnets, tiers } from "./subnets.js";
import type { CellTier, SubnetPlan, Tier } from "./subnets.js";
import { VpcEndpoints } from "./vpcEndpoints.js";

export interface NetworkArgs {
  /** `javelin-<stack>-<cell>`, the start of every physical name. */
  prefix: string;
  region: string;
  /** Block of the VPC, /16 to /20. */
  cidr: string;
  /** Names of two or three availability zones. Add at the end: the order numbers the subnets. */
  zones: string[];
  /** True: a NAT gateway in each zone. False: one, in the first zone, for all; cheaper, and that zone's loss is the cell's. */
  natPerZone: boolean;
  /** True: the firewall tier exists, with its way out to the NAT gateways. */
  inspected: boolean;
  /** Whether Bedrock is among the model providers and gets an endpoint. */
  bedrock: boolean;
  /** `aws`, `aws-us-gov`, …: the second field of every ARN. */
  partition: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  /** KMS key of the log groups; its policy admits CloudWatch Logs. */
  logKeyArn: pulumi.Input<string>;
  logRetentionDays: number;
}

/** What the other components know of a network, be it {@link Network} or one that existed before the cell. */
export interface CellNetwork {
  vpcId: pulumi.Input<string>;
  /** The VPC's IPv4 blocks. */
  cidrs: string[];
  /** Blocks in which the VPC endpoints of AWS's services are reached. */
  endpointCidrs: string[];
  zones: string[];
  /** Blocks of {@link subnetIds}. */
  plan: Record<CellTier, string[]>;
  /** One subnet for each zone, in the order of the zones. */
  subnetIds: Record<CellTier, pulumi.Input<string>[]>;
}

/**
 * The VPC of one cell: subnets by tier and zone, NAT gateways, VPC endpoints, flow logs; the default security
 * group closed. The nodes' default route and the return routes of the firewall belong to {@link Firewall}: they
 * are what a change of size alters.
 *
 * @throws when the CIDR block or the number of zones does not fit {@link planSubnets}.
 */
export class Network extends pulumi.ComponentResource implements CellNetwork {
  readonly vpcId: pulumi.Output<string>;
  readonly cidr: string;
  readonly cidrs: string[];
  readonly endpointCidrs: string[];
  readonly zones: string[];
  readonly plan: SubnetPlan;
  /** One subnet for each zone, in the order of the zones; no firewall tier unless inspected. */
  readonly subnetIds: Record<Tier, pulumi.Output<string>[]>;
  readonly routeTableIds: Record<Tier, pulumi.Output<string>[]>;
  /** The NAT gateway that serves each zone; the same one for all when there is one. */
  readonly natGatewayIds: pulumi.Output<string>[];
  /** The route table on the far side of that NAT gateway, for the replies. */
  readonly natRouteTableIds: pulumi.Output<string>[];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:aws:Network", name, args, opts);
    const { zones, prefix } = args;
    const parent = { parent: this };
    this.cidr = args.cidr;
    this.zones = zones;
    this.plan = planSubnets(args.cidr, zones.length);
    this.cidrs = [args.cidr];
    this.endpointCidrs = this.plan.node;

    const kinds = {
      alb: "Public",
      nat: "Public",
      firewall: "Private",
      node: "Private",
      data: "Isolated",
    } as const;
    const present = tiers.filter((tier) => tier !== "firewall" || args.inspected);
    const vpc = new awsx.ec2.Vpc(
      `${name}-vpc`,
      {
        cidrBlock: args.cidr,
        availabilityZoneNames: zones,
        subnetStrategy: "Auto",
        // awsx names each subnet after its spec and zone number, so that a tier more renames no other.
        subnetSpecs: present.map((tier) => ({ name: tier, type: kinds[tier], cidrBlocks: this.plan[tier] })),
        natGateways: { strategy: "None" },
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: { Name: prefix },
      },
      parent,
    );
    this.vpcId = vpc.vpcId;
    const found = Object.fromEntries(
      tiers.map((tier) => [
        tier,
        present.includes(tier) ? this.plan[tier].map((block) => findSubnet(vpc, block)) : [],
      ]),
    ) as Record<Tier, FoundSubnet[]>;
    const pick = (what: keyof FoundSubnet) =>
      Object.fromEntries(tiers.map((tier) => [tier, found[tier].map((subnet) => subnet[what])])) as Record<
        Tier,
        pulumi.Output<string>[]
      >;
    this.subnetIds = pick("id");
    this.routeTableIds = pick("routeTableId");

    new aws.ec2.DefaultSecurityGroup(`${name}-default`, { vpcId: vpc.vpcId }, parent);

    const gateways = found.nat.slice(0, args.natPerZone ? undefined : 1).map((subnet, i) => {
      const tags = { Name: `${prefix}-nat-${i + 1}` };
      // AWS wants the internet gateway attached first: wait for all of the VPC.
      const once = { parent: this, dependsOn: [vpc] };
      const address = new aws.ec2.Eip(`${name}-nat-${i + 1}`, { domain: "vpc", tags }, once);
      const gateway = new aws.ec2.NatGateway(
        `${name}-nat-${i + 1}`,
        { subnetId: subnet.id, allocationId: address.allocationId, tags },
        once,
      );
      return { id: gateway.id, routeTableId: subnet.routeTableId };
    });
    const serving = zones.map((_, i) => gateways[args.natPerZone ? i : 0]!);
    this.natGatewayIds = serving.map((gateway) => gateway.id);
    this.natRouteTableIds = serving.map((gateway) => gateway.routeTableId);

    found.firewall.forEach(
      ({ routeTableId }, i) =>
        new aws.ec2.Route(
          `${name}-firewall-${i + 1}`,
          { routeTableId, destinationCidrBlock: "0.0.0.0/0", natGatewayId: serving[i]!.id },
          parent,
        ),
    );

    new VpcEndpoints(
      `${name}-endpoints`,
      {
        prefix,
        region: args.region,
        vpcId: vpc.vpcId,
        subnetIds: this.subnetIds.node,
        routeTableIds: this.routeTableIds.node,
        nodeCidrs: this.plan.node,
        bedrock: args.bedrock,
        partition: args.partition,
        accountId: args.accountId,
      },
      parent,
    );
    new FlowLogs(
      `${name}-flow`,
      {
        prefix,
        region: args.region,
        vpcId: vpc.vpcId,
        partition: args.partition,
        accountId: args.accountId,
        logKeyArn: args.logKeyArn,
        logRetentionDays: args.logRetentionDays,
      },
      parent,
    );

    this.registerOutputs({
      vpcId: this.vpcId,
      subnetIds: this.subnetIds,
      routeTableIds: this.routeTableIds,
      natGatewayIds: this.natGatewayIds,
      natRouteTableIds: this.natRouteTableIds,
    });
  }
}

interface FoundSubnet {
  id: pulumi.Output<string>;
  routeTableId: pulumi.Output<string>;
}

/**
 * One subnet of the VPC by its block, and its route table. awsx lists subnets and associations in the same order
 * (one of each in one loop); going by place leaves the other subnets' unknown ids out of it, so that a preview
 * that adds a tier does not show every route as changed.
 */
function findSubnet(vpc: awsx.ec2.Vpc, block: string): FoundSubnet {
  const place = vpc.subnets.apply((subnets) =>
    pulumi.all(subnets.map((subnet) => subnet.cidrBlock)).apply((blocks) => blocks.indexOf(block)),
  );
  const pair = pulumi
    .all([place, vpc.subnets, vpc.routeTableAssociations])
    .apply(([i, subnets, associations]) => {
      const subnet = subnets[i];
      const association = associations[i];
      if (!subnet || !association) throw new Error(`the VPC has no subnet ${block}`);
      return pulumi
        .all([subnet.id, association.subnetId, association.routeTableId])
        .apply(([id, subnetId, routeTableId]) => {
          if (id !== subnetId)
            throw new Error(`the route table found for ${block} belongs to ${subnetId}, not ${id}`);
          return { id, routeTableId };
        });
    });
  return { id: pair.id, routeTableId: pair.routeTableId };
}

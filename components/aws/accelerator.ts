import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Failover, FailoverCell } from "../dns.js";
import { physicalName } from "../names.js";

export interface AcceleratorArgs extends Pick<Failover, "mode"> {
  /** Start of the name: `javelin-<stack>`, or `javelin-<stack>-<cell>` for one cell's own. */
  prefix: string;
  /** In order of preference; each in a region of its own. */
  cells: Pick<FailoverCell, "name" | "target" | "ready">[];
  /** It cannot be deleted: others may have its addresses in their allow-lists, and no other gets them again. */
  protect: boolean;
}

/**
 * Global Accelerator before the cells' load balancers: two addresses that stay the same wherever the traffic goes,
 * so that no resolver has to ask again.
 *
 * Active-passive: the first cell's region has the traffic dial at 100, the others at 0. Where no endpoint of a
 * group is healthy, Global Accelerator tries the three groups nearest to the caller and ignores their dials while
 * it does; so the nearest healthy standby takes over, whatever its place in the list. Active-active: every dial
 * is at 100, and callers reach the nearest healthy cell. When no cell is healthy, the group nearest to the caller
 * is answered. Source: Global Accelerator Developer Guide, "How failover works for unhealthy endpoints".
 *
 * A load balancer's health is its own: healthy while each of its target groups has a healthy target. What the
 * endpoint group says of health checks does not apply. Source: the same, "Health check options".
 *
 * Its flow logs stay off: since addresses of callers arrive unchanged, the load balancers' access and connection
 * logs and the networks' flow logs name every one.
 */
export class Accelerator extends pulumi.ComponentResource {
  readonly dnsName: pulumi.Output<string>;
  /** Hosted zone of {@link dnsName}, for an alias record. */
  readonly hostedZoneId: pulumi.Output<string>;
  /** The two addresses, each in a network zone of its own. */
  readonly addresses: pulumi.Output<string[]>;
  /** What has to stand before a name points here. */
  readonly ready: pulumi.Resource[];

  /** @throws when a cell is not an AWS load balancer, or two cells are in one region */
  constructor(name: string, args: AcceleratorArgs, opts?: pulumi.ComponentResourceOptions) {
    const { prefix, mode, cells } = args;
    super("javelin:aws:Accelerator", name, { prefix, mode, cells: cells.map((cell) => cell.name) }, opts);
    const parent = { parent: this };

    const accelerator = new aws.globalaccelerator.Accelerator(
      `${name}-accelerator`,
      { name: physicalName("aws:accelerator", prefix), ipAddressType: "IPV4", enabled: true },
      { ...parent, protect: args.protect },
    );
    // One listener for both ports: its dials move HTTP and HTTPS together.
    const listener = new aws.globalaccelerator.Listener(
      `${name}-listener`,
      {
        acceleratorArn: accelerator.arn,
        protocol: "TCP",
        clientAffinity: "NONE",
        portRanges: [80, 443].map((port) => ({ fromPort: port, toPort: port })),
      },
      parent,
    );
    const regions = new Set<string>();
    const groups = cells.map(({ name: cell, target, ready }, position) => {
      const loadBalancer = "dnsName" in target ? target.loadBalancer : undefined;
      if (!loadBalancer) throw new Error(`Global Accelerator: the cell ${cell} has no load balancer on aws`);
      const { arn, region } = loadBalancer;
      if (regions.has(region)) throw new Error(`Global Accelerator: two cells in ${region}, right is one`);
      regions.add(region);
      return new aws.globalaccelerator.EndpointGroup(
        `${name}-${cell}`,
        {
          listenerArn: listener.arn,
          endpointGroupRegion: region,
          trafficDialPercentage: mode === "active-active" || position === 0 ? 100 : 0,
          // The addresses of callers arrive unchanged: the security groups and the WAF judge by them.
          endpointConfigurations: [{ endpointId: arn, weight: 128, clientIpPreservationEnabled: true }],
        },
        { ...parent, dependsOn: ready },
      );
    });

    this.dnsName = accelerator.dnsName;
    this.hostedZoneId = accelerator.hostedZoneId;
    this.addresses = accelerator.ipSets.apply((sets) => sets.flatMap(({ ipAddresses }) => ipAddresses ?? []));
    this.ready = mode === "active-active" ? groups : groups.slice(0, 1);
    this.registerOutputs({ dnsName: this.dnsName, addresses: this.addresses });
  }
}

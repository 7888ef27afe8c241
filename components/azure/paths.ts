import { azureCloud } from "./serviceTags.js";
import type { CellTier, SubnetPlan } from "./subnets.js";

/** One rule of a tier's security group. */
export interface TierRule {
  tier: CellTier;
  direction: "Inbound" | "Outbound";
  /** 100 to 4096, the lowest first; fixed for each rule, so that a changed list of ports or blocks moves no other. */
  priority: number;
  name: string;
  protocol: "Tcp" | "Udp" | "*";
  /** Blocks, or one service tag, or `*`. */
  from: string[];
  to: string[];
  /** Ports or ranges of the destination; `*` for all. */
  ports: string[];
  access: "Allow" | "Deny";
  /** At most 140 characters. */
  why: string;
}

export interface PathArgs {
  region: string;
  plan: Pick<SubnetPlan, CellTier>;
  /** Block of the cluster's pods, outside the network. */
  podCidr: string;
  /** IPv4 blocks that may reach the Application Gateway. */
  ingressAllow: string[];
  /** Ports of the internal load balancers that the Application Gateway reaches. */
  servicePorts: number[];
  /** Data subnets of other cells, whose databases and this one follow each other. Default: none. */
  databasePeers?: string[];
}

const postgres = "5432";
/** Where PgBouncer listens, which the copies of a highly available server reach one another at too. */
const pooler = "6432";
const redis = "10000";
const https = "443";

/**
 * The rules of every tier; what they do not open is denied by the last rule of each direction, before Azure's own
 * would open the whole network to itself and the internet to everybody. Not here, because no rule concerns it:
 * Azure's DNS, instance metadata and health probes' answers. The firewall's own subnet takes no security group.
 *
 * Egress is the same at every size. Where it is inspected, the firewall judges by name what leaves here by port;
 * where not, this is all: any host answers at 443. That is weaker.
 */
export function cellRules(args: PathArgs): TierRule[] {
  const { plan, podCidr, region } = args;
  const [gateway, node, data, endpoint] = [[plan.gateway], [plan.node], [plan.data], [plan.endpoint]];
  // Pods of Azure CNI Overlay keep their address between nodes, and take the node's towards anything else. All
  // ports among these is what AKS asks for; which pod calls which is the network policies' to say.
  const cluster = [plan.node, podCidr];
  const ingress = unique(args.ingressAllow);
  const ports = unique(args.servicePorts).map(String);
  const peers = unique(args.databasePeers ?? []);
  const following = (from: string[], to: string[]) =>
    peers.length > 0
      ? [allow(120, "regions", "Tcp", from, to, [postgres], "Copies of the database in other regions")]
      : [];

  const inbound = rules("Inbound", {
    gateway: [
      ...(ingress.length > 0
        ? [allow(100, "consumers", "Tcp", ingress, gateway, ["80", https], "Consumers; 80 redirects to 443")]
        : []),
      // "Application Gateway infrastructure configuration"; any destination, or Azure refuses the gateway.
      allow(110, "managers", "Tcp", ["GatewayManager"], ["*"], ["65200-65535"], "Azure manages the gateway"),
      allow(120, "probes", "*", ["AzureLoadBalancer"], ["*"], ["*"], "Azure's own load balancer probes"),
    ],
    node: [
      ...(ports.length > 0 ? [allow(100, "services", "Tcp", gateway, node, ports, "Public services")] : []),
      allow(110, "probes", "Tcp", ["AzureLoadBalancer"], node, ["*"], "Internal load balancers probe"),
      allow(120, "cluster", "*", cluster, cluster, ["*"], "Nodes and pods among each other"),
    ],
    data: [
      allow(100, "nodes", "Tcp", node, data, [postgres], "PostgreSQL"),
      allow(110, "copies", "Tcp", data, data, [postgres, pooler], "Copies of a highly available server"),
      ...following(peers, data),
    ],
    endpoint: [allow(100, "nodes", "Tcp", node, endpoint, [https, redis], "Vault and cache")],
  });
  const outbound = rules("Outbound", {
    node: [
      allow(100, "cluster", "*", cluster, cluster, ["*"], "Nodes and pods among each other"),
      allow(110, "database", "Tcp", node, data, [postgres], "PostgreSQL"),
      allow(120, "endpoints", "Tcp", node, endpoint, [https, redis], "Vault and cache"),
      allow(130, "https", "Tcp", node, ["Internet"], [https], "Providers, registries, Azure"),
      // The rest: "Outbound network and FQDN rules for AKS clusters". Nodes take the time from their host, not by NTP.
      allow(140, "tunnel-udp", "Udp", node, [azureCloud(region)], ["1194"], "Nodes to the control plane"),
      allow(150, "tunnel-tcp", "Tcp", node, [azureCloud(region)], ["9000"], "Nodes to the control plane"),
    ],
    // "Network with private access for Azure Database for PostgreSQL": what a server sends its log archive to.
    data: [
      allow(100, "copies", "Tcp", data, data, [postgres, pooler], "Copies of a highly available server"),
      allow(110, "storage", "Tcp", data, ["Storage"], [https], "Archive of the write-ahead log"),
      ...following(data, peers),
    ],
    endpoint: [],
    // The gateway's way out stays as Azure makes it, which asks for that; other tiers do not let it in.
  });
  return [...inbound, ...outbound];
}

type Opening = Omit<TierRule, "tier" | "direction" | "access">;

function allow(
  priority: number,
  name: string,
  protocol: TierRule["protocol"],
  from: string[],
  to: string[],
  ports: string[],
  why: string,
): Opening {
  return { priority, name, protocol, from, to, ports, why };
}

/** What is open in one direction, tier by tier, and the rule that closes the rest. */
function rules(direction: TierRule["direction"], open: Partial<Record<CellTier, Opening[]>>): TierRule[] {
  const closing = allow(4096, "rest", "*", ["*"], ["*"], ["*"], "Nothing else");
  return (Object.entries(open) as [CellTier, Opening[]][]).flatMap(([tier, openings]) => [
    ...openings.map((each): TierRule => ({ ...each, tier, direction, access: "Allow" })),
    { ...closing, tier, direction, access: "Deny" },
  ]);
}

const unique = <T>(values: T[]) => [...new Set(values)];

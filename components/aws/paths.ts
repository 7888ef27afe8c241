/** Who may start a connection to whom, inside the cell and at its edges. */
export const groupNames = ["alb", "controlPlane", "node", "database", "cache"] as const;
export type GroupName = (typeof groupNames)[number];

/** One way that is open: from a group or a block, to a group or a block, at one port. */
export interface Path {
  from: GroupName | { cidr: string };
  to: GroupName | { cidr: string };
  port: number;
  protocol: "tcp" | "udp";
  why: string;
}

export interface PathArgs {
  /** IPv4 blocks that may reach the load balancer. */
  ingressAllow: string[];
  /** NodePorts of the public services. */
  nodePorts: number[];
  /** Ports of the gateway's services, on the pods. */
  podPorts: number[];
}

const anywhere = { cidr: "0.0.0.0/0" };

/**
 * The cell's paths. What is not here:
 * - node to node at a NodePort: kube-proxy on the first node forwards to the pod's own port;
 * - DNS to the VPC resolver, instance metadata, time: link-local and resolver addresses pass every security group;
 * - control plane to node at 443: no pod listens there.
 */
export function cellPaths(args: PathArgs): Path[] {
  const tcp = (from: Path["from"], to: Path["to"], port: number, why: string): Path => ({
    from,
    to,
    port,
    protocol: "tcp",
    why,
  });
  const ingress = unique(args.ingressAllow).map((cidr) => ({ cidr }));
  return [
    ...ingress.map((client) => tcp(client, "alb", 443, "Consumers")),
    ...ingress.map((client) => tcp(client, "alb", 80, "Redirect to 443")),
    ...unique(args.nodePorts).map((port) => tcp("alb", "node", port, "Public services")),

    // Two-way traffic of EKS with its nodes. Ports: "Amazon EKS security group requirements", and the user
    // guide's page on the metrics-server add-on; 9443 is the webhook of the CloudWatch observability add-on.
    tcp("node", "controlPlane", 443, "Kubernetes API"),
    tcp("controlPlane", "node", 10250, "Kubelet: logs, exec, probes"),
    tcp("controlPlane", "node", 10251, "Metrics server"),
    tcp("controlPlane", "node", 9443, "Admission webhook of the observability add-on"),

    tcp("node", "node", 53, "CoreDNS"),
    { ...tcp("node", "node", 53, "CoreDNS"), protocol: "udp" },
    tcp("node", "node", 10250, "Metrics server to kubelets"),
    ...unique(args.podPorts).map((port) => tcp("node", "node", port, "Gateway services")),

    tcp("node", "database", 5432, "PostgreSQL"),
    tcp("node", "cache", 6379, "Valkey"),
    // Where to is the egress firewall's to judge, by name.
    tcp("node", anywhere, 443, "Model providers, registries, AWS endpoints"),
  ];
}

const unique = <T>(values: T[]) => [...new Set(values)];

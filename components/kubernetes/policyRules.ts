import type * as k8s from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { Workload } from "./workload.js";
import { selectorLabels } from "./pod.js";
import type { Edge } from "./selection.js";

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;
type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;
type IngressRule = k8s.types.input.networking.v1.NetworkPolicyIngressRule;

/** The networks around the gateway. */
export interface Peers {
  /** Who reaches NodePorts as a pod sees it: nodes (which translate the source) and load balancers. */
  clientCidrs: Input<string>[];
  database: { cidrs: Input<string>[]; port: Input<number> };
  cache: { cidrs: Input<string>[]; port: Input<number> };
  /** The cluster's own networks (VPC, pods, Services), which "internet" does not include. */
  clusterCidrs: Input<string>[];
  /** Private endpoints of the cloud's services, on 443. Default none. */
  endpointCidrs?: Input<string>[];
  /**
   * Where pods get the credentials of their identity: EKS 169.254.170.23/32 port 80, GKE 169.254.169.254/32
   * port 80, AKS none. Default none.
   */
  identityEndpoints?: { cidr: Input<string>; port: Input<number> }[];
  /** Namespace that may read the metrics. Default none. */
  metricsReader?: string;
}

/** Instance metadata lives there: a pod that reaches it has the node's identity. */
const linkLocal = "169.254.0.0/16";

/** Nothing in, nothing out, for every pod of the namespace. */
export const denyAll: Spec = { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [], egress: [] };

/**
 * Names for every pod of the namespace, from the cluster's DNS only. Where a cache runs on each node (GKE's default),
 * Cilium sends what is meant for kube-dns to it, and asks of the policy whether that may be reached.
 * Source: GKE, "Set up NodeLocal DNSCache".
 */
export const allowDns: Spec = {
  podSelector: {},
  policyTypes: ["Egress"],
  egress: [
    {
      to: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
          podSelector: {
            matchExpressions: [{ key: "k8s-app", operator: "In", values: ["kube-dns", "node-local-dns"] }],
          },
        },
      ],
      ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
      ],
    },
  ],
};

/**
 * What one workload may take in and send out: for each edge one rule at the caller and one at the called, and
 * the destinations that the catalogue names. Replies need no rule: policies are stateful.
 */
export function policySpec(workload: Workload, edges: Edge[], peers: Peers): Spec {
  return {
    podSelector: { matchLabels: selectorLabels(workload.name) },
    policyTypes: ["Ingress", "Egress"],
    ingress: ingress(workload, edges, peers),
    egress: egress(workload, edges, peers),
  };
}

function ingress(
  { name, http, exposure, metricsPath }: Workload,
  edges: Edge[],
  peers: Peers,
): IngressRule[] {
  if (!http) return [];
  const ports = [tcp(http.port)];
  return [
    ...edges
      .filter((edge) => edge.to === name)
      .map((edge) => ({ from: [{ podSelector: { matchLabels: selectorLabels(edge.from) } }], ports })),
    ...(exposure ? toRules(peers.clientCidrs, (from) => ({ from, ports })) : []),
    ...(metricsPath && peers.metricsReader
      ? [{ from: [{ namespaceSelector: { matchLabels: nameOf(peers.metricsReader) } }], ports }]
      : []),
  ];
}

function egress({ name, egress: destinations }: Workload, edges: Edge[], peers: Peers): EgressRule[] {
  const to = (cidrs: Input<string>[], port: Input<number>) =>
    toRules(cidrs, (blocks) => ({ to: blocks, ports: [tcp(port)] }));
  const rules: Record<Workload["egress"][number], () => EgressRule[]> = {
    database: () => to(peers.database.cidrs, peers.database.port),
    cache: () => to(peers.cache.cidrs, peers.cache.port),
    cloud: () => [
      ...to(peers.endpointCidrs ?? [], 443),
      ...(peers.identityEndpoints ?? []).flatMap(({ cidr, port }) => to([cidr], port)),
    ],
    internet: () => [
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [...peers.clusterCidrs, linkLocal] } }],
        ports: [tcp(443)],
      },
    ],
  };
  return [
    ...edges
      .filter((edge) => edge.from === name)
      .map((edge) => ({
        to: [{ podSelector: { matchLabels: selectorLabels(edge.to) } }],
        ports: [tcp(edge.port)],
      })),
    ...destinations.flatMap((destination) => rules[destination]()),
  ];
}

/** No rule for no peers: to Kubernetes an empty list of peers means everybody. */
function toRules<Rule>(
  cidrs: Input<string>[],
  rule: (peers: { ipBlock: { cidr: Input<string> } }[]) => Rule,
): Rule[] {
  return cidrs.length > 0 ? [rule(cidrs.map((cidr) => ({ ipBlock: { cidr } })))] : [];
}

function tcp(port: Input<number>) {
  return { protocol: "TCP", port };
}

function nameOf(namespace: string): Record<string, string> {
  return { "kubernetes.io/metadata.name": namespace };
}

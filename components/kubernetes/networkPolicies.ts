import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceName } from "./workload.js";
import { labels } from "./pod.js";
import { allowDns, denyAll, policySpec } from "./policyRules.js";
import type { Peers } from "./policyRules.js";
import { edges, objectName, workloads } from "./selection.js";

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;

export interface NetworkPoliciesArgs {
  namespace: string;
  services: readonly ServiceName[];
  peers: Peers;
}

/** The firewall between pods: everything is denied but DNS and, per workload, the paths of the catalogue. */
export class NetworkPolicies extends pulumi.ComponentResource {
  constructor(name: string, args: NetworkPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("javelin:kubernetes:NetworkPolicies", name, args, opts);
    const policy = (key: string, metadata: k8s.types.input.meta.v1.ObjectMeta, spec: Spec) =>
      new k8s.networking.v1.NetworkPolicy(
        `${name}-${key}`,
        { metadata: { namespace: args.namespace, ...metadata }, spec },
        { parent: this },
      );
    policy("deny-all", { name: "deny-all" }, denyAll);
    policy("allow-dns", { name: "allow-dns" }, allowDns);
    const paths = edges(args.services);
    for (const workload of workloads(args.services)) {
      policy(
        workload.name,
        { name: objectName(workload.name), labels: labels(workload.name) },
        policySpec(workload, paths, args.peers),
      );
    }
    this.registerOutputs({});
  }
}

import type * as k8s from "@pulumi/kubernetes";
import { catalogue } from "../catalogue.js";
import { selectorLabels } from "../pod.js";

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;

const selector = { "app.kubernetes.io/name": "javelin-route-sync" };

/** Labels of all objects of the sync. */
export const jobLabels: Record<string, string> = { ...selector, "app.kubernetes.io/part-of": "javelin" };

/** Whom the Job calls. */
const called = ["admin", "core"] as const;

const ports = (name: (typeof called)[number]) => [{ protocol: "TCP", port: catalogue[name].http?.port ?? 0 }];

function admission(name: (typeof called)[number]): Spec {
  return {
    podSelector: { matchLabels: selectorLabels(name) },
    policyTypes: ["Ingress"],
    ingress: [{ from: [{ podSelector: { matchLabels: selector } }], ports: ports(name) }],
  };
}

/**
 * What the Job's pods may reach, and who admits them: admin and core, each on its port. They add to the gateway's
 * policies, which deny the rest and allow DNS.
 */
export const jobPolicies: Record<string, { name: string; spec: Spec }> = {
  egress: {
    name: "javelin-route-sync",
    spec: {
      podSelector: { matchLabels: selector },
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: called.map((name) => ({
        to: [{ podSelector: { matchLabels: selectorLabels(name) } }],
        ports: ports(name),
      })),
    },
  },
  admin: { name: "javelin-route-sync-admin", spec: admission("admin") },
  core: { name: "javelin-route-sync-core", spec: admission("core") },
};

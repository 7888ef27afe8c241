import { CloudError } from "../behaviour.js";
import type { Behaviour, Context, Props } from "../behaviour.js";
import { at, isCidr, isKnown, isObject, number, objects, text, texts } from "../rules.js";
import { describe, refuseLabels, sibling } from "./objects.js";
import type { Named } from "./objects.js";
import { specOf } from "./pods.js";

/** Where the target of a scale reference is looked for. */
const scalable: Record<string, string> = {
  Deployment: "kubernetes:apps/v1:Deployment",
  StatefulSet: "kubernetes:apps/v1:StatefulSet",
};

/** An autoscaler without a target, or of pods that ask for nothing, is accepted and never scales: refused here. */
function refuseTarget(inputs: Props, context: Context, { namespace, refuse }: Named): void {
  const [kind = "", name = ""] = ["kind", "name"].map((each) => text(inputs, `spec.scaleTargetRef.${each}`));
  const type = Object.hasOwn(scalable, kind) ? scalable[kind] : undefined;
  if (type === undefined) return refuse("spec.scaleTargetRef.kind", `Unsupported value: "${kind}"`);
  const target = sibling(context, type, namespace, name);
  if (!target) throw new CloudError("FailedGetScale", `${kind.toLowerCase()}s.apps "${name}" not found`);
  const containers = objects(specOf(at(target.inputs, "spec.template")[0]), "containers");
  for (const metric of objects(inputs, "spec.metrics").flatMap((each) => objects(each, "resource"))) {
    const resource = text(metric, "name") ?? "";
    const bare = containers.find((each) => {
      const requests = at(each, "resources.requests")[0] ?? at(each, "resources.limits")[0];
      return !isObject(requests) || requests[resource] === undefined;
    });
    if (bare && text(metric, "target.type") === "Utilization")
      throw new CloudError(
        "FailedGetResourceMetric",
        `failed to get ${resource} utilization: missing request for ${resource} in container ${text(bare, "name") ?? ""} of Pod ${name}`,
      );
  }
}

export const horizontalPodAutoscaler: Behaviour = describe({
  kind: "HorizontalPodAutoscaler.autoscaling",
  plural: "horizontalpodautoscalers.autoscaling",
  source: 'Kubernetes API reference, HorizontalPodAutoscaler v2; docs, "Horizontal Pod Autoscaling"',
  required: ["spec", "spec.scaleTargetRef", "spec.maxReplicas"],
  admit: (inputs, context, place) => {
    const [least, most] = [number(inputs, "spec.minReplicas") ?? 1, number(inputs, "spec.maxReplicas") ?? 0];
    if (least < 1)
      place.refuse("spec.minReplicas", `Invalid value: ${least}: must be greater than or equal to 1`);
    if (most < least)
      place.refuse(
        "spec.maxReplicas",
        `Invalid value: ${most}: must be greater than or equal to \`minReplicas\``,
      );
    refuseTarget(inputs, context, place);
  },
  state: (inputs) => ({
    spec: { minReplicas: 1, ...(isObject(inputs.spec) ? inputs.spec : {}) },
    status: {
      currentReplicas: number(inputs, "spec.minReplicas") ?? 1,
      desiredReplicas: number(inputs, "spec.minReplicas") ?? 1,
    },
  }),
});

export const podDisruptionBudget: Behaviour = describe({
  kind: "PodDisruptionBudget.policy",
  plural: "poddisruptionbudgets.policy",
  source: "Kubernetes API reference, PodDisruptionBudget",
  required: ["spec"],
  admit: (inputs, _, { refuse }) => {
    const [spec] = objects(inputs, "spec");
    if (isKnown(spec?.minAvailable) && isKnown(spec?.maxUnavailable))
      refuse("spec", "Invalid value: minAvailable and maxUnavailable cannot be both set");
    for (const property of ["minAvailable", "maxUnavailable"]) {
      const value = spec?.[property];
      if (!isKnown(value)) continue;
      if (!/^\d+$|^(\d{1,2}|100)%$/.test(String(value)))
        refuse(
          `spec.${property}`,
          `Invalid value: "${String(value)}": must be a non-negative number or a percentage`,
        );
    }
    refuseLabels(at(inputs, "spec.selector.matchLabels")[0], "spec.selector", refuse);
  },
  state: () => ({ status: { currentHealthy: 1, desiredHealthy: 1, disruptionsAllowed: 1, expectedPods: 1 } }),
});

function refusePeers(peers: Props[], path: string, refuse: Named["refuse"]): void {
  peers.forEach((peer, i) => {
    const where = `${path}[${i}]`;
    const [block] = objects(peer, "ipBlock");
    const selectors = ["podSelector", "namespaceSelector"].filter((each) => peer[each] !== undefined);
    if (!block && selectors.length === 0) refuse(where, "Required value: must specify a peer");
    if (!block) return;
    if (selectors.length > 0) refuse(where, "Forbidden: may not specify both ipBlock and another peer");
    const cidr = text(block, "cidr") ?? "";
    if (!isCidr(cidr))
      refuse(
        `${where}.ipBlock.cidr`,
        `Invalid value: "${cidr}": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`,
      );
    texts(block, "except").forEach((each, j) => {
      if (!isCidr(each))
        refuse(`${where}.ipBlock.except[${j}]`, `Invalid value: "${each}": must be a valid CIDR value`);
    });
  });
}

function refuseNetworkPorts(ports: Props[], path: string, refuse: Named["refuse"]): void {
  ports.forEach((each, i) => {
    const protocol = text(each, "protocol") ?? "TCP";
    if (!["TCP", "UDP", "SCTP"].includes(protocol))
      refuse(
        `${path}[${i}].protocol`,
        `Unsupported value: "${protocol}": supported values: "SCTP", "TCP", "UDP"`,
      );
    const port = number(each, "port");
    if (port !== undefined && (port < 1 || port > 65535))
      refuse(`${path}[${i}].port`, `Invalid value: ${port}: must be between 1 and 65535, inclusive`);
    const end = number(each, "endPort");
    if (end !== undefined && port !== undefined && end < port)
      refuse(`${path}[${i}].endPort`, `Invalid value: ${end}: must be greater than or equal to \`port\``);
  });
}

export const networkPolicy: Behaviour = describe({
  kind: "NetworkPolicy.networking.k8s.io",
  plural: "networkpolicies.networking.k8s.io",
  source: "Kubernetes API reference, NetworkPolicy",
  required: ["spec"],
  admit: (inputs, _, { refuse }) => {
    const kinds = texts(inputs, "spec.policyTypes");
    kinds.forEach((each, i) => {
      if (!["Ingress", "Egress"].includes(each))
        refuse(
          `spec.policyTypes[${i}]`,
          `Unsupported value: "${each}": supported values: "Ingress", "Egress"`,
        );
    });
    refuseLabels(at(inputs, "spec.podSelector.matchLabels")[0], "spec.podSelector.matchLabels", refuse);
    for (const [direction, side] of [
      ["ingress", "from"],
      ["egress", "to"],
    ] as const)
      objects(inputs, `spec.${direction}`).forEach((rule, i) => {
        refusePeers(objects(rule, side), `spec.${direction}[${i}].${side}`, refuse);
        refuseNetworkPorts(objects(rule, "ports"), `spec.${direction}[${i}].ports`, refuse);
      });
  },
});

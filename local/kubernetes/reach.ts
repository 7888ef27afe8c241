import { CloudError } from "../behaviour.js";
import type { Context, Props, WorldObject } from "../behaviour.js";
import { at, isObject, number, objects, text, texts } from "../rules.js";
import { dnsLabels } from "./cluster.js";
import { namespaceType, selects, sibling, siblings } from "./objects.js";
import type { Named } from "./objects.js";
import { specOf } from "./pods.js";

/** Source: Kubernetes docs, "Network Policies", "Jobs". */

interface Pods {
  namespace: string;
  labels: Props;
}

interface Port {
  protocol: string;
  port: number;
}

const labelsOf = (template: unknown): Props => {
  const [labels] = at(template, "metadata.labels");
  return isObject(labels) ? labels : {};
};

/** Labels of a namespace; Kubernetes itself adds its name. */
function namespaceLabels(name: string, { world, region }: Context): Props {
  const found = world.list(namespaceType, region).find((each) => each.id === name);
  return { ...labelsOf(found?.inputs), "kubernetes.io/metadata.name": name };
}

/** Whether policies let these pods send to (or take from) others; a block of addresses never stands for pods here. */
function passes(
  direction: "egress" | "ingress",
  pods: Pods,
  peer: Pods,
  { protocol, port }: Port,
  context: Context,
): boolean {
  const type = direction === "egress" ? "Egress" : "Ingress";
  const policies = siblings(context, "kubernetes:networking.k8s.io/v1:NetworkPolicy", pods.namespace).filter(
    ({ inputs }) => {
      const types = texts(inputs, "spec.policyTypes");
      const applies =
        types.length > 0 ? types.includes(type) : type === "Ingress" || at(inputs, "spec.egress").length > 0;
      return applies && selects(at(inputs, "spec.podSelector")[0], pods.labels);
    },
  );
  if (policies.length === 0) return true;
  const meant = (each: Props): boolean => {
    if (each.ipBlock !== undefined) return false;
    const place =
      each.namespaceSelector === undefined
        ? peer.namespace === pods.namespace
        : selects(each.namespaceSelector, namespaceLabels(peer.namespace, context));
    return place && (each.podSelector === undefined || selects(each.podSelector, peer.labels));
  };
  const open = (each: Props): boolean => {
    const first = number(each, "port");
    const last = number(each, "endPort") ?? first;
    const inRange = first === undefined || (port >= first && port <= (last ?? first));
    return (text(each, "protocol") ?? "TCP") === protocol && inRange;
  };
  return policies
    .flatMap(({ inputs }) => objects(inputs, `spec.${direction}`))
    .some((rule) => {
      const [peers, ports] = [objects(rule, direction === "egress" ? "to" : "from"), objects(rule, "ports")];
      return (peers.length === 0 || peers.some(meant)) && (ports.length === 0 || ports.some(open));
    });
}

/**
 * Refuses a Job whose pods could not do their work: each service of the cluster whose address is in their variables
 * has to be there, and the policies of both sides have to let them through, to its pods and to the cluster's DNS.
 */
export function refuseUnreachable(template: Props, context: Context, { name, namespace }: Named): void {
  const job: Pods = { namespace, labels: labelsOf(template) };
  const fail = (address: string, why: string): never => {
    throw new CloudError(
      "BackoffLimitExceeded",
      `the Kubernetes API server reported that "${namespace}/${name}" failed to fully initialize or become live: Job has reached the specified backoff limit: ${address}: ${why}`,
    );
  };
  const variables = objects(specOf(template), "containers").flatMap((each) => objects(each, "env"));
  for (const address of variables.flatMap((each) => text(each, "value") ?? [])) {
    const [, host = "", port = "80"] = /^http:\/\/([a-z][a-z0-9-]*)(?::(\d+))?(?:\/|$)/.exec(address) ?? [];
    if (host === "" || host === "localhost") continue;
    const dns: Pods = { namespace: "kube-system", labels: dnsLabels(context) };
    if (!passes("egress", job, dns, { protocol: "UDP", port: 53 }, context))
      fail(address, "getaddrinfo EAI_AGAIN");
    const service = sibling(context, "kubernetes:core/v1:Service", namespace, host);
    if (!service) return fail(address, "getaddrinfo ENOTFOUND");
    const target = objects(service.state, "spec.ports").find((each) => number(each, "port") === Number(port));
    if (!target) return fail(address, "connect ETIMEDOUT");
    const behind = podsOf(service, namespace, context);
    if (behind.length === 0) fail(address, "connect ECONNREFUSED");
    const there: Port = { protocol: "TCP", port: number(target, "targetPort") ?? Number(port) };
    const open = behind.every(
      (pods) => passes("egress", job, pods, there, context) && passes("ingress", pods, job, there, context),
    );
    if (!open) fail(address, "connect ETIMEDOUT");
  }
}

function podsOf(service: WorldObject, namespace: string, context: Context): Pods[] {
  const [matchLabels] = at(service.inputs, "spec.selector");
  return siblings(context, "kubernetes:apps/v1:Deployment", namespace)
    .map(({ inputs }) => ({ namespace, labels: labelsOf(at(inputs, "spec.template")[0]) }))
    .filter(({ labels }) => selects({ matchLabels }, labels));
}

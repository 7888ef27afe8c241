import type { Context, Props, WorldObject } from "../behaviour.js";
import { at, isObject, number, objects, text } from "../rules.js";
import { poolsOf } from "./cluster.js";
import type { Pool } from "./clusterKind.js";
import { selects } from "./objects.js";
import { quantity } from "./quantity.js";

/** Source: Kubernetes docs, "Assigning Pods to Nodes", "Taints and Tolerations", "Resource Management". */

interface Request {
  cpu: number;
  memory: number;
  gpu: number;
}

/** What one pod asks for: its containers together, or its largest init container. */
export function requestOf(pod: Props): Request {
  const of = (container: Props, name: string): number => {
    const amounts = at(container, "resources.requests")[0] ?? {};
    const limits = at(container, "resources.limits")[0] ?? {};
    const given =
      (isObject(amounts) ? amounts[name] : undefined) ?? (isObject(limits) ? limits[name] : undefined);
    return given === undefined ? 0 : (quantity(given) ?? 0);
  };
  const total = (name: string) =>
    Math.max(
      objects(pod, "containers").reduce((sum, each) => sum + of(each, name), 0),
      ...objects(pod, "initContainers").map((each) => of(each, name)),
    );
  return { cpu: total("cpu") * 1000, memory: total("memory"), gpu: total("nvidia.com/gpu") };
}

function tolerated(pod: Props, pool: Pool): boolean {
  return pool.taints
    .filter((taint) => taint.effect !== "PreferNoSchedule")
    .every((taint) =>
      objects(pod, "tolerations").some((each) => {
        const key = text(each, "key");
        const anyKey = key === undefined && each.operator === "Exists";
        const same =
          key === taint.key && (each.operator === "Exists" || (text(each, "value") ?? "") === taint.value);
        return (anyKey || same) && (text(each, "effect") === undefined || each.effect === taint.effect);
      }),
    );
}

function wanted(pod: Props, pool: Pool): boolean {
  const selector = isObject(pod.nodeSelector) ? pod.nodeSelector : {};
  const terms = at(
    pod,
    "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[]",
  );
  const zones = pool.zones.length === 0 ? [""] : pool.zones;
  // One pool spans several zones: it will do when a node of some zone will.
  return zones.some((zone) => {
    const labels = { ...pool.labels, "topology.kubernetes.io/zone": zone };
    return (
      selects({ matchLabels: selector }, labels) &&
      (terms.length === 0 || terms.some((term) => selects(term, labels)))
    );
  });
}

/** What runs on: a Job is done when it is there, and takes no room any more. */
const workloads = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"];

const podOf = (object: WorldObject): Props => {
  const [spec] = at(object.inputs, "spec.template.spec");
  return isObject(spec) ? spec : {};
};
const replicasOf = (object: WorldObject) => number(object.inputs, "spec.replicas") ?? 1;

/**
 * Refuses pods that no node takes, or that do not fit beside what runs already when every node group is as
 * large as it may become.
 */
export function refuseUnschedulable(
  pod: Props,
  replicas: number,
  context: Context,
  owner: string,
  fail: (reason: string, message: string) => never,
): void {
  const pools = poolsOf(context).filter((each) => each.max > 0);
  const nodes = pools.reduce((sum, each) => sum + Math.max(each.desired, 1), 0);
  const none = (why: string): never =>
    fail("FailedScheduling", `0/${nodes} nodes are available: ${nodes} ${why}.`);
  if (pools.length === 0) fail("FailedScheduling", "no nodes available to schedule pods");
  const chosen = pools.filter((each) => wanted(pod, each));
  if (chosen.length === 0) none("node(s) didn't match Pod's node affinity/selector");
  const open = chosen.filter((each) => tolerated(pod, each));
  if (open.length === 0) none("node(s) had untolerated taint(s)");
  const request = requestOf(pod);
  for (const name of ["gpu", "memory", "cpu"] as const) {
    const resource = name === "gpu" ? "nvidia.com/gpu" : name;
    const fits = (one: Request, pool: Pool) => one[name] <= pool.allocatable[name];
    if (!open.some((each) => fits(request, each))) none(`Insufficient ${resource}`);
    const room = open.reduce((sum, each) => sum + each.max * each.allocatable[name], 0);
    const others = workloads
      .flatMap((type) => context.world.list(type, context.region))
      .filter((each) => `${each.type}/${each.id}` !== owner)
      .map((each) => ({ pod: podOf(each), count: replicasOf(each) }))
      // What runs elsewhere only takes nothing from these nodes.
      .filter((each) =>
        pools
          .filter((pool) => wanted(each.pod, pool) && tolerated(each.pod, pool))
          .every((pool) => open.includes(pool)),
      )
      .reduce((sum, each) => sum + each.count * requestOf(each.pod)[name], 0);
    if (others + replicas * request[name] > room) none(`Insufficient ${resource}`);
  }
}

import { CloudError } from "../behaviour.js";
import type { Context, Props } from "../behaviour.js";
import { at, isObject, number, objects, text } from "../rules.js";
import { namespaceType, refuseLabels, sibling } from "./objects.js";
import type { Named } from "./objects.js";
import { violations } from "./podSecurity.js";
import { quantity } from "./quantity.js";
import { refuseUnschedulable } from "./scheduling.js";

/** Source: Kubernetes API reference, PodSpec and Container; validation of the API server. */

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const handlers = ["exec", "grpc", "httpGet", "tcpSocket"];

/** Refuses a pod template that the API server does not take. `path` leads to the pod's spec. */
export function refusePodSpec(template: Props, path: string, place: Named): void {
  const { refuse } = place;
  const pod = specOf(template);
  refuseLabels(at(template, "metadata.labels")[0], `${path.replace(/\.spec$/, "")}.metadata.labels`, refuse);
  const containers = objects(pod, "containers");
  if (containers.length === 0) refuse(`${path}.containers`, "Required value");
  const volumes = new Set(objects(pod, "volumes").map((each) => text(each, "name")));
  const seen = new Set<string>();
  for (const [list, each, i] of [
    ...objects(pod, "initContainers").map((c, i) => ["initContainers", c, i] as const),
    ...containers.map((c, i) => ["containers", c, i] as const),
  ]) {
    const at_ = `${path}.${list}[${i}]`;
    const name = text(each, "name") ?? "";
    if (!label.test(name))
      refuse(
        `${at_}.name`,
        name === "" ? "Required value" : `Invalid value: "${name}": a lowercase RFC 1123 label is required`,
      );
    if (seen.has(name)) refuse(`${at_}.name`, `Duplicate value: "${name}"`);
    seen.add(name);
    if (text(each, "image") === undefined) refuse(`${at_}.image`, "Required value");
    refuseContainer(each, at_, volumes, refuse);
  }
}

function refuseContainer(
  container: Props,
  path: string,
  volumes: Set<string | undefined>,
  refuse: Named["refuse"],
): void {
  objects(container, "volumeMounts").forEach((mount, i) => {
    const name = text(mount, "name");
    if (!volumes.has(name)) refuse(`${path}.volumeMounts[${i}].name`, `Not found: "${String(name)}"`);
    if (text(mount, "mountPath") === undefined)
      refuse(`${path}.volumeMounts[${i}].mountPath`, "Required value");
  });
  const ports = objects(container, "ports");
  ports.forEach((port, i) => {
    const value = number(port, "containerPort") ?? 0;
    if (value < 1 || value > 65535)
      refuse(
        `${path}.ports[${i}].containerPort`,
        `Invalid value: ${value}: must be between 1 and 65535, inclusive`,
      );
    if (!/^(?=.{0,15}$)([a-z0-9-]*[a-z][a-z0-9-]*)?$/.test(text(port, "name") ?? ""))
      refuse(
        `${path}.ports[${i}].name`,
        `Invalid value: "${String(port.name)}": must be no more than 15 characters`,
      );
  });
  for (const kind of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    const [probe] = objects(container, kind);
    if (!probe) continue;
    const given = handlers.filter((each) => probe[each] !== undefined);
    if (given.length === 0) refuse(`${path}.${kind}`, "Required value: must specify a handler type");
    if (given.length > 1)
      refuse(`${path}.${kind}.${String(given[1])}`, "Forbidden: may not specify more than 1 handler type");
    const port = at(probe, "httpGet.port")[0] ?? at(probe, "tcpSocket.port")[0];
    if (typeof port === "string" && !/^\d+$/.test(port) && !ports.some((each) => each.name === port))
      throw new CloudError(
        "Unhealthy",
        `${kind.replace("Probe", "")} probe errored: couldn't find port: ${port}`,
      );
    if (kind !== "readinessProbe" && (number(probe, "successThreshold") ?? 1) !== 1)
      refuse(`${path}.${kind}.successThreshold`, "Invalid value: must be 1");
  }
  refuseResources(container, path, refuse);
}

function refuseResources(container: Props, path: string, refuse: Named["refuse"]): void {
  const [requests, limits] = ["requests", "limits"].map((each) => at(container, `resources.${each}`)[0]);
  for (const [kind, given] of Object.entries({ requests, limits }))
    for (const [name, value] of isObject(given) ? Object.entries(given) : [])
      if (quantity(value) === undefined)
        refuse(
          `${path}.resources.${kind}[${name}]`,
          `Invalid value: "${String(value)}": quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
        );
  for (const [name, value] of isObject(requests) ? Object.entries(requests) : []) {
    const limit = text(isObject(limits) ? { limit: limits[name] } : {}, "limit");
    if (limit !== undefined && (quantity(value) ?? 0) > (quantity(limit) ?? 0))
      refuse(
        `${path}.resources.requests`,
        `Invalid value: "${String(value)}": must be less than or equal to ${name} limit of ${limit}`,
      );
  }
  for (const [name, value] of isObject(limits) ? Object.entries(limits) : [])
    if (name.includes("/") && isObject(requests) && requests[name] !== undefined && requests[name] !== value)
      refuse(`${path}.resources.requests`, `Invalid value: must be equal to ${name} limit`);
}

export function specOf(template: unknown): Props {
  const [spec] = at(template, "spec");
  return isObject(spec) ? spec : {};
}

/**
 * Refuses pods that would never become ready, with what the events of the rollout say. The real provider
 * waits ten minutes before it reports this.
 */
export function refuseUnready(
  template: Props,
  replicas: number,
  context: Context,
  place: Named,
  owner: string,
): void {
  const pod = specOf(template);
  const { namespace } = place;
  const fail = (reason: string, message: string): never => {
    throw new CloudError(
      reason,
      `the Kubernetes API server reported that "${namespace}/${place.name}" failed to fully initialize or become live: ${message}`,
    );
  };
  const account = text(pod, "serviceAccountName") ?? "default";
  const serviceAccount = sibling(context, "kubernetes:core/v1:ServiceAccount", namespace, account);
  if (!serviceAccount && account !== "default")
    fail(
      "FailedCreate",
      `pods "${place.name}-" is forbidden: error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
    );
  const enforced = at(
    context.world.list(namespaceType, context.region).find((each) => each.id === namespace)?.inputs,
    "metadata.labels",
  )[0];
  const level = isObject(enforced) ? enforced["pod-security.kubernetes.io/enforce"] : undefined;
  const found = typeof level === "string" ? violations(level, pod) : [];
  if (found.length > 0)
    fail(
      "FailedCreate",
      `pods "${place.name}-" is forbidden: violates PodSecurity "${String(level)}:latest": ${found.join(", ")}`,
    );
  const priority = text(pod, "priorityClassName");
  if (
    priority !== undefined &&
    !priority.startsWith("system-") &&
    !context.world
      .list("kubernetes:scheduling.k8s.io/v1:PriorityClass", context.region)
      .some((each) => each.id === priority)
  )
    fail(
      "FailedCreate",
      `pods "${place.name}-" is forbidden: no PriorityClass with name ${priority} was found`,
    );
  if (replicas === 0) return;
  refuseUnschedulable(pod, replicas, context, owner, fail);
  refuseMissing(pod, namespace, context, fail);
  const pulls = [...objects(pod, "imagePullSecrets"), ...objects(serviceAccount?.inputs, "imagePullSecrets")];
  for (const name of pulls.map((each) => text(each, "name") ?? "")) {
    const secret = sibling(context, "kubernetes:core/v1:Secret", namespace, name);
    if (secret?.inputs.type !== "kubernetes.io/dockerconfigjson")
      fail(
        "ImagePullBackOff",
        `Unable to retrieve some image pull secrets (${name}); attempting to pull the image may not succeed.`,
      );
  }
}

type Fail = (reason: string, message: string) => never;

/** Secrets and ConfigMaps that the pod's environment and volumes name, and their keys. */
function refuseMissing(pod: Props, namespace: string, context: Context, fail: Fail): void {
  const stores = {
    secret: { type: "kubernetes:core/v1:Secret", kind: "Secret" },
    configmap: { type: "kubernetes:core/v1:ConfigMap", kind: "ConfigMap" },
  } as const;
  type Store = keyof typeof stores;
  const keysOf = (store: Store, name: string): string[] | undefined => {
    const found = sibling(context, stores[store].type, namespace, name);
    return (
      found &&
      ["data", "stringData", "binaryData"].flatMap((each) =>
        Object.keys((found.inputs[each] as object | undefined) ?? {}),
      )
    );
  };
  const containers = [...objects(pod, "initContainers"), ...objects(pod, "containers")];
  const env = (source: Props, store: Store, keyed: boolean) => {
    if (source.optional === true) return;
    const name = text(source, "name") ?? "";
    const keys = keysOf(store, name);
    if (!keys) fail("CreateContainerConfigError", `${store} "${name}" not found`);
    const key = text(source, "key") ?? "";
    if (keyed && keys?.includes(key) === false)
      fail(
        "CreateContainerConfigError",
        `couldn't find key ${key} in ${stores[store].kind} ${namespace}/${name}`,
      );
  };
  for (const each of containers) {
    for (const source of objects(each, "env").flatMap((one) => objects(one, "valueFrom"))) {
      for (const ref of objects(source, "secretKeyRef")) env(ref, "secret", true);
      for (const ref of objects(source, "configMapKeyRef")) env(ref, "configmap", true);
    }
    for (const source of objects(each, "envFrom")) {
      for (const ref of objects(source, "secretRef")) env(ref, "secret", false);
      for (const ref of objects(source, "configMapRef")) env(ref, "configmap", false);
    }
  }
  for (const volume of objects(pod, "volumes")) {
    const sources = [volume, ...objects(volume, "projected").flatMap((each) => objects(each, "sources"))];
    for (const source of sources)
      for (const [field, store] of [
        ["secret", "secret"],
        ["configMap", "configmap"],
      ] as const)
        for (const given of objects(source, field)) {
          if (given.optional === true) continue;
          const name = text(given, "secretName") ?? text(given, "name") ?? "";
          const keys = keysOf(store, name);
          const setUp = `MountVolume.SetUp failed for volume "${text(volume, "name") ?? ""}" :`;
          if (!keys) fail("FailedMount", `${setUp} ${store} "${name}" not found`);
          const missing = objects(given, "items").find(
            (item) => keys?.includes(text(item, "key") ?? "") === false,
          );
          if (missing)
            fail(
              "FailedMount",
              `${setUp} references non-existent ${store === "secret" ? "secret" : "config"} key: ${text(missing, "key") ?? ""}`,
            );
        }
  }
}

import { CloudError } from "../behaviour.js";
import type { Behaviour, Props } from "../behaviour.js";
import { isKnown, isObject, text, uuid } from "../rules.js";
import { provisionersOf } from "./cluster.js";
import { describe, refuseLabels, siblings } from "./objects.js";
import type { Named } from "./objects.js";

const levels = ["privileged", "baseline", "restricted"];

/** @param contentTypes the types of what may lie in a namespace */
export const namespaceWith = (contentTypes: () => string[]): Behaviour =>
  describe({
    kind: "Namespace",
    plural: "namespaces",
    source:
      'Kubernetes API reference, Namespace; docs, "Enforce Pod Security Standards with Namespace Labels"',
    namespaced: false,
    name: "label",
    admit: (inputs, _, { refuse }) => {
      const labels =
        isObject(inputs.metadata) && isObject(inputs.metadata.labels) ? inputs.metadata.labels : {};
      refuseLabels(labels, "metadata.labels", refuse);
      for (const mode of ["enforce", "audit", "warn"]) {
        const key = `pod-security.kubernetes.io/${mode}`;
        const given = labels[key];
        if (typeof given === "string" && !levels.includes(given))
          refuse(`metadata.labels[${key}]`, `Invalid value: "${given}": must be one of ${levels.join(", ")}`);
      }
    },
    state: () => ({ spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } }),
    // Controllers put these two into every namespace.
    after: ({ id, region }, context) => {
      const { world } = context;
      for (const [type, name] of [
        ["kubernetes:core/v1:ServiceAccount", "default"],
        ["kubernetes:core/v1:ConfigMap", "kube-root-ca.crt"],
      ] as const) {
        if (world.find(type, `${id}/${name}`)) continue;
        const metadata = { name, namespace: id, uid: uuid(context, name) };
        world.add({
          type,
          id: `${id}/${name}`,
          region,
          owner: id,
          inputs: { metadata: { name, namespace: id } },
          state: { metadata },
        });
      }
    },
    // A namespace's deletion takes its content along.
    release: ({ id }, context) => {
      for (const type of contentTypes())
        for (const object of siblings(context, type, id)) context.world.add({ ...object, owner: id });
    },
  });

export const serviceAccount: Behaviour = describe({
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  source: "Kubernetes API reference, ServiceAccount",
});

const mebibyte = 1_048_576;

/** Refuses keys and sizes; Secrets and ConfigMaps share the rules. */
function refuseData(fields: Record<string, unknown>, { refuse }: Named): void {
  let size = 0;
  for (const [field, given] of Object.entries(fields))
    for (const [key, value] of isObject(given) ? Object.entries(given) : []) {
      if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key))
        refuse(
          `${field}[${key}]`,
          `Invalid value: "${key}": a valid config key must consist of alphanumeric characters, '-', '_' or '.'`,
        );
      if (isKnown(value) && typeof value !== "string")
        throw new CloudError(
          "BadRequest",
          `json: cannot unmarshal ${typeof value} into Go struct field .${field} of type string`,
        );
      size += Buffer.byteLength(String(value));
    }
  if (size > mebibyte) refuse("data", `Too long: may not be more than ${mebibyte} bytes`);
}

export const configMap: Behaviour = describe({
  kind: "ConfigMap",
  plural: "configmaps",
  source:
    "Kubernetes API reference, ConfigMap; provider docs: a changed ConfigMap is replaced unless enableConfigMapMutable",
  replaces: ["data", "binaryData"],
  admit: ({ data, binaryData }, _, place) => {
    refuseData({ data, binaryData }, place);
    const both = Object.keys(isObject(data) ? data : {}).find(
      (key) => isObject(binaryData) && key in binaryData,
    );
    if (both !== undefined)
      place.refuse("data", `Invalid value: "${both}": duplicate of key present in binaryData`);
  },
});

/** Keys that a Secret of a type must hold. Source: Kubernetes docs, "Types of Secret". */
const needed: Record<string, readonly string[]> = {
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A Secret's content as it is stored: `stringData` goes over `data`. */
function contentOf(inputs: Props): Record<string, string> {
  const plain = isObject(inputs.stringData) ? inputs.stringData : {};
  return {
    ...((isObject(inputs.data) ? inputs.data : {}) as Record<string, string>),
    ...Object.fromEntries(
      Object.entries(plain).map(([key, value]) => [key, Buffer.from(String(value)).toString("base64")]),
    ),
  };
}

export const secret: Behaviour = describe({
  kind: "Secret",
  plural: "secrets",
  source:
    "Kubernetes API reference, Secret; provider docs: a changed Secret is replaced unless enableSecretMutable",
  replaces: ["data", "stringData", "type"],
  admit: (inputs, _, place) => {
    const { data, stringData } = inputs;
    refuseData({ data, stringData }, place);
    for (const value of Object.values(isObject(data) ? data : {}))
      if (!base64.test(String(value)))
        throw new CloudError(
          "BadRequest",
          `Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 0`,
        );
    const content = contentOf(inputs);
    for (const key of needed[text(inputs, "type") ?? "Opaque"] ?? []) {
      const value = content[key];
      if (value === undefined) return place.refuse(`data[${key}]`, "Required value");
      if (key.startsWith(".docker") && !isJson(Buffer.from(value, "base64").toString()))
        place.refuse(
          `data[${key}]`,
          `Invalid value: "<secret contents redacted>": invalid character looking for beginning of value`,
        );
    }
  },
  state: (inputs) => ({ data: contentOf(inputs), type: inputs.type ?? "Opaque" }),
  secrets: ["data", "stringData"],
});

function isJson(value: string): boolean {
  try {
    return isObject(JSON.parse(value));
  } catch {
    return false;
  }
}

export const priorityClass: Behaviour = describe({
  kind: "PriorityClass.scheduling.k8s.io",
  plural: "priorityclasses.scheduling.k8s.io",
  source: 'Kubernetes docs, "Pod Priority and Preemption"',
  namespaced: false,
  required: ["value"],
  replaces: ["value", "preemptionPolicy"],
  admit: (inputs, _, { name, refuse }) => {
    if (name.startsWith("system-"))
      refuse(
        "metadata.name",
        `Forbidden: priority class names with 'system-' prefix are reserved for system use only`,
      );
    if (Number(inputs.value) > 1e9)
      refuse("value", `Forbidden: maximum allowed value of a user defined priority is 1000000000`);
  },
});

export const storageClass: Behaviour = describe({
  kind: "StorageClass.storage.k8s.io",
  plural: "storageclasses.storage.k8s.io",
  source: 'Kubernetes docs, "Storage Classes"; EBS CSI driver, parameters',
  namespaced: false,
  required: ["provisioner"],
  replaces: ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"],
  admit: (inputs, context, { refuse }) => {
    const provisioner = text(inputs, "provisioner") ?? "";
    if (!provisionersOf(context).includes(provisioner))
      refuse("provisioner", `Unsupported value: "${provisioner}"`);
    const mode = text(inputs, "volumeBindingMode") ?? "Immediate";
    if (!["Immediate", "WaitForFirstConsumer"].includes(mode))
      refuse("volumeBindingMode", `Unsupported value: "${mode}"`);
  },
  state: (inputs) => ({
    reclaimPolicy: inputs.reclaimPolicy ?? "Delete",
    volumeBindingMode: inputs.volumeBindingMode ?? "Immediate",
  }),
});

import type { Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, isObject, lacks, list, missing, present, show, unknown } from "../../values.js";
import { containers, namespaceOf, nameOf, podSpec, workloadTypes } from "./workloads.js";

/** A field of Pod Security `restricted`, and what is wrong with it. */
type Breach = [field: string, message: string];

/**
 * Pods that need more than `restricted` grants: which of its fields, and why. Each is one workload of a system
 * namespace; the gateway's own have none.
 */
const exceptions = [
  {
    namespace: "kube-system",
    name: "nvidia-device-plugin",
    fields: ["volumes", "runAsNonRoot"],
    reason: "a device plugin registers at the kubelet by a socket on the host, in a directory of root's",
  },
];

/** Source of all that follows: "Pod Security Standards", Kubernetes documentation, levels baseline and restricted. */
const volumeKinds = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];
const seccomp = ["RuntimeDefault", "Localhost"];
const safeSysctls = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_syncookies",
];
const seLinuxTypes = [
  undefined,
  null,
  "",
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
];
const unset = [undefined, null, ""];

function* judgePod(resource: Resource): Iterable<string> {
  const spec = podSpec(resource);
  if (spec === unknown) return;
  const excused = exceptions
    .filter(
      ({ namespace, name }) => !differs(namespaceOf(resource), namespace) && !differs(nameOf(resource), name),
    )
    .flatMap(({ fields }) => fields);
  for (const [field, message] of breaches(spec)) if (!excused.includes(field)) yield message;
}

function* breaches(spec: unknown): Iterable<Breach> {
  const pod = at(spec, "securityContext");
  for (const field of ["hostNetwork", "hostPID", "hostIPC"])
    if (at(spec, field) === true) yield [field, `the pod has ${field}; right is none`];
  for (const volume of list(at(spec, "volumes"))) yield* judgeVolume(volume);
  for (const sysctl of list(at(pod, "sysctls")))
    if (differs(at(sysctl, "name"), ...safeSysctls))
      yield ["sysctls", `the pod sets sysctl ${show(at(sysctl, "name"))}; right is one of the safe ones`];
  yield* judgeContext("the pod", pod);
  for (const container of containers(spec)) yield* judgeContainer(container, pod);
}

function* judgeVolume(volume: unknown): Iterable<Breach> {
  if (!isObject(volume)) return;
  const kinds = Object.keys(volume).filter((key) => key !== "name" && present(volume[key]));
  const wrong = kinds.filter((kind) => !volumeKinds.includes(kind));
  if (wrong.length > 0)
    yield [
      "volumes",
      `volume ${show(at(volume, "name"))} is a ${wrong.join(", ")}; right is ${volumeKinds.join(", ")}`,
    ];
}

/** What pods and containers may both say. */
function* judgeContext(who: string, context: unknown): Iterable<Breach> {
  if (at(context, "runAsUser") === 0) yield ["runAsNonRoot", `${who} runs as user 0; right is another`];
  const profile = at(context, "seccompProfile", "type");
  if (differs(profile, ...unset, ...seccomp))
    yield ["seccompProfile", `${who} has seccomp profile ${show(profile)}; right is RuntimeDefault`];
  const appArmor = at(context, "appArmorProfile", "type");
  if (differs(appArmor, ...unset, ...seccomp))
    yield ["appArmorProfile", `${who} has AppArmor profile ${show(appArmor)}; right is RuntimeDefault`];
  const seLinux = at(context, "seLinuxOptions");
  if (
    differs(at(seLinux, "type"), ...seLinuxTypes) ||
    [at(seLinux, "user"), at(seLinux, "role")].some((one) => differs(one, ...unset))
  )
    yield ["seLinuxOptions", `${who} changes its SELinux label; right is none`];
  if (at(context, "windowsOptions", "hostProcess") === true)
    yield ["hostProcess", `${who} is a process of the host; right is a container`];
}

function* judgeContainer(container: Record<string, unknown>, pod: unknown): Iterable<Breach> {
  const who = `container ${show(at(container, "name"))}`;
  const context = at(container, "securityContext");
  yield* judgeContext(who, context);
  if (at(context, "privileged") === true) yield ["privileged", `${who} is privileged; right is not`];
  if (differs(at(context, "allowPrivilegeEscalation"), false))
    yield ["allowPrivilegeEscalation", `${who} may gain privileges; right is allowPrivilegeEscalation false`];
  if (differs(inherited(context, pod, "runAsNonRoot"), true))
    yield ["runAsNonRoot", `${who} may run as root; right is runAsNonRoot true`];
  if (missing(inherited(context, pod, "seccompProfile")))
    yield ["seccompProfile", `${who} has no seccomp profile; right is RuntimeDefault`];
  if (lacks(at(context, "capabilities", "drop"), "ALL"))
    yield ["capabilities", `${who} keeps capabilities; right is to drop ALL`];
  const added = list(at(context, "capabilities", "add")).filter((one) => differs(one, "NET_BIND_SERVICE"));
  if (added.length > 0) yield ["capabilities", `${who} adds ${added.map(show).join(", ")}; right is none`];
  if (differs(at(context, "procMount"), ...unset, "Default"))
    yield ["procMount", `${who} changes the mount of /proc; right is Default`];
  for (const port of list(at(container, "ports")))
    if (differs(at(port, "hostPort"), ...unset, 0))
      yield ["hostPorts", `${who} takes port ${show(at(port, "hostPort"))} of the host; right is none`];
}

/** The container's own value, else the pod's. */
function inherited(context: unknown, pod: unknown, key: string): unknown {
  const own = at(context, key);
  return missing(own) ? at(pod, key) : own;
}

/** Kubernetes itself then refuses what no policy here has seen. */
function* judgeNamespace({ props }: Resource): Iterable<string> {
  const label = "pod-security.kubernetes.io/enforce";
  const level = at(props, "metadata", "labels", label);
  if (differs(level, "restricted")) yield `label ${label} is ${show(level)}; right is restricted`;
}

export const pods: Rule = {
  each: { ...forTypes(workloadTypes, judgePod), "kubernetes:core/v1:Namespace": judgeNamespace },
};

import type { Props } from "../behaviour.js";
import { at, isObject, objects, text, texts } from "../rules.js";

/**
 * What the Pod Security standards refuse about a pod, in the words of the admission plugin.
 * Source: Kubernetes docs, "Pod Security Standards".
 */
export function violations(level: string, pod: Props): string[] {
  if (level === "privileged") return [];
  const containers = [
    ...objects(pod, "initContainers"),
    ...objects(pod, "containers"),
    ...objects(pod, "ephemeralContainers"),
  ];
  const where = (bad: (container: Props) => boolean): string | undefined => {
    const named = containers.filter(bad).map((each) => `"${text(each, "name") ?? ""}"`);
    if (named.length === 0) return undefined;
    return `${named.length > 1 ? "containers" : "container"} ${named.join(", ")}`;
  };
  const found: string[] = [];
  const add = (who: string | undefined, what: (who: string) => string) => {
    if (who !== undefined) found.push(what(who));
  };

  const host = ["hostNetwork", "hostPID", "hostIPC"].filter((each) => pod[each] === true);
  if (host.length > 0) found.push(`host namespaces (${host.map((each) => `${each}=true`).join(", ")})`);
  add(
    where((each) => at(each, "securityContext.privileged")[0] === true),
    (who) => `privileged (${who} must not set securityContext.privileged=true)`,
  );
  add(
    where((each) => at(each, "ports[].hostPort").some((port) => port !== 0)),
    (who) => `hostPort (${who} uses hostPorts)`,
  );
  const allowed = level === "restricted" ? ["NET_BIND_SERVICE"] : baselineCapabilities;
  const added = where((each) =>
    texts(each, "securityContext.capabilities.add").some((name) => !allowed.includes(name)),
  );
  const kinds = level === "restricted" ? restrictedVolumes : undefined;
  const volumes = objects(pod, "volumes").flatMap((volume) => {
    const kind = Object.keys(volume).find((key) => key !== "name") ?? "";
    const bad = kinds ? !kinds.has(kind) : kind === "hostPath";
    return bad ? [`volume "${text(volume, "name") ?? ""}" uses restricted volume type "${kind}"`] : [];
  });

  if (level !== "restricted") {
    add(
      added,
      (who) =>
        `non-default capabilities (${who} must not include other capabilities in securityContext.capabilities.add)`,
    );
    if (volumes.length > 0) found.push(`hostPath volumes (${volumes.join(", ")})`);
    return found;
  }
  add(
    where((each) => at(each, "securityContext.allowPrivilegeEscalation")[0] !== false),
    (who) =>
      `allowPrivilegeEscalation != false (${who} must set securityContext.allowPrivilegeEscalation=false)`,
  );
  add(
    where((each) => !texts(each, "securityContext.capabilities.drop").includes("ALL")) ?? added,
    (who) => `unrestricted capabilities (${who} must set securityContext.capabilities.drop=["ALL"])`,
  );
  if (volumes.length > 0) found.push(`restricted volume types (${volumes.join(", ")})`);
  const own = isObject(pod.securityContext) ? pod.securityContext : {};
  add(
    where((each) => (at(each, "securityContext.runAsNonRoot")[0] ?? own.runAsNonRoot) !== true),
    (who) => `runAsNonRoot != true (pod or ${who} must set securityContext.runAsNonRoot=true)`,
  );
  if (own.runAsUser === 0) found.push("runAsUser=0 (pod must not set runAsUser=0)");
  add(
    where((each) => at(each, "securityContext.runAsUser")[0] === 0),
    (who) => `runAsUser=0 (${who} must not set runAsUser=0)`,
  );
  const profile = text(own, "seccompProfile.type");
  add(
    where(
      (each) =>
        !["RuntimeDefault", "Localhost"].includes(
          text(each, "securityContext.seccompProfile.type") ?? profile ?? "",
        ),
    ),
    (who) =>
      `seccompProfile (pod or ${who} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`,
  );
  return found;
}

const baselineCapabilities =
  "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT".split(
    " ",
  );
const restrictedVolumes = new Set(
  "configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret".split(" "),
);

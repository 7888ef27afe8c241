import type { Resource } from "../../../policy/policy.js";
import type { Breach } from "./cases.js";
import { resource } from "./cases.js";

const metadata = (name: string) => ({ namespace: "javelin", name });
const rbac = "kubernetes:rbac.authorization.k8s.io/v1:";

/** One object of every kind that a Kubernetes rule judges, as it should be. */
export const kubernetesStack: readonly Resource[] = [
  resource("kubernetes:core/v1:Namespace", "namespace", {
    metadata: { name: "javelin", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  }),
  resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", "deny-all", {
    metadata: metadata("deny-all"),
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [], egress: [] },
  }),
  resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", "allow", {
    metadata: metadata("core"),
    spec: {
      podSelector: { matchLabels: { app: "core" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/16" } }], ports: [{ protocol: "TCP", port: 8000 }] }],
      egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ protocol: "TCP", port: 443 }] }],
    },
  }),
  resource("kubernetes:core/v1:Service", "service", {
    metadata: metadata("core"),
    spec: { type: "NodePort", ports: [{ port: 8000 }] },
  }),
  resource("kubernetes:core/v1:Service", "internal-service", {
    metadata: {
      ...metadata("core"),
      annotations: { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" },
    },
    spec: { type: "LoadBalancer", ports: [{ port: 8000 }] },
  }),
  resource("kubernetes:apps/v1:Deployment", "deployment", {
    metadata: metadata("core"),
    spec: {
      template: {
        spec: {
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            seccompProfile: { type: "RuntimeDefault" },
            sysctls: [{ name: "net.ipv4.tcp_fin_timeout", value: "30" }],
          },
          volumes: [{ name: "scratch", emptyDir: {} }],
          containers: [
            {
              name: "core",
              image: "registry.example.com:5000/core:1.2.3",
              ports: [{ containerPort: 8000 }],
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            },
          ],
        },
      },
    },
  }),
  // The one exception: a socket of the host, and root.
  resource("kubernetes:apps/v1:DaemonSet", "device-plugin", {
    metadata: { namespace: "kube-system", name: "nvidia-device-plugin" },
    spec: {
      template: {
        spec: {
          securityContext: { seccompProfile: { type: "RuntimeDefault" } },
          volumes: [{ name: "plugins", hostPath: { path: "/var/lib/kubelet/device-plugins" } }],
          containers: [
            {
              name: "plugin",
              image: `registry.example.com/plugin@sha256:${"0".repeat(64)}`,
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            },
          ],
        },
      },
    },
  }),
  resource(`${rbac}Role`, "role", {
    metadata: metadata("core"),
    rules: [{ apiGroups: [""], resources: ["secrets"], resourceNames: ["core"], verbs: ["get"] }],
  }),
  resource(`${rbac}ClusterRole`, "cluster-role", {
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }],
  }),
  resource(`${rbac}RoleBinding`, "binding", {
    roleRef: { kind: "Role", name: "core" },
    subjects: [{ kind: "ServiceAccount", name: "core", namespace: "javelin" }],
  }),
];

const pod = "deployment.spec.template.spec";
const container = `${pod}.containers.0`;
const context = `${container}.securityContext`;

type Rows = [at: string, message: RegExp, set: Record<string, unknown>, drop?: string[]][];

/** Changes of {@link kubernetesStack} by the policy that each breaks. */
const rows: Record<string, Rows> = {
  "ingress-ports": [
    ["service", /load balancer of its own/, { "service.spec.type": "LoadBalancer" }],
    ["internal-service", /load balancer of its own/, { "internal-service.metadata.annotations": {} }],
    ["service", /externalIPs/, { "service.spec.externalIPs": ["198.51.100.1"] }],
  ],
  "named-paths": [
    ["allow", /ingress rule names no port/, { "allow.spec.ingress.0.ports": [] }],
    ["allow", /ingress rule names no peer/, { "allow.spec.ingress.0.from": undefined }],
    [
      "allow",
      /ingress rule is for 0\.0\.0\.0\/0/,
      { "allow.spec.ingress.0.from.0.ipBlock.cidr": "0.0.0.0/0" },
    ],
    ["allow", /egress rule is for 0\.0\.0\.0\/0/, { "allow.spec.egress.0.ports.0.port": 80 }],
    ["allow", /range of ports/, { "allow.spec.egress.0.ports.0.endPort": 500 }],
    ["allow", /every namespace/, { "allow.spec.ingress.0.from": [{ namespaceSelector: {} }] }],
  ],
  "deny-by-default": [
    ["deployment", /namespace javelin has pods/, {}, ["deny-all"]],
    ["deployment", /namespace default has pods/, { "deployment.metadata.namespace": undefined }],
    ["deployment", /no policy that denies/, { "deny-all.spec.policyTypes": ["Ingress"] }],
    [
      "deployment",
      /no policy that denies/,
      { "deny-all.spec.podSelector": { matchLabels: { app: "core" } } },
    ],
    ["deployment", /no policy that denies/, { "deny-all.spec.ingress": [{}], "allow.spec.ingress": [] }],
  ],
  "least-privilege": [
    ["role", /verbs \*/, { "role.rules.0.verbs": ["*"] }],
    ["role", /get on every Secret/, { "role.rules.0.resourceNames": undefined }],
    ["role", /list on every Secret/, { "role.rules.0.verbs": ["get", "list"] }],
    [
      "cluster-role",
      /get on every Secret/,
      { "cluster-role.rules.0": { resources: ["secrets"], resourceNames: ["a"], verbs: ["get"] } },
    ],
    ["cluster-role", /grants impersonate/, { "cluster-role.rules.0.verbs": ["impersonate"] }],
    ["binding", /"cluster-admin" is bound/, { "binding.roleRef.name": "cluster-admin" }],
    [
      "binding",
      /"system:authenticated" is bound/,
      { "binding.subjects.0": { kind: "Group", name: "system:authenticated" } },
    ],
  ],
  "restricted-pods": [
    [
      "namespace",
      /right is restricted/,
      { "namespace.metadata.labels": { "pod-security.kubernetes.io/enforce": "baseline" } },
    ],
    ["deployment", /hostNetwork/, { [`${pod}.hostNetwork`]: true }],
    ["deployment", /is a hostPath/, { [`${pod}.volumes.0`]: { name: "scratch", hostPath: { path: "/" } } }],
    ["deployment", /sysctl "kernel\.msgmax"/, { [`${pod}.securityContext.sysctls.0.name`]: "kernel.msgmax" }],
    ["deployment", /may run as root/, { [`${pod}.securityContext.runAsNonRoot`]: undefined }],
    ["deployment", /may run as root/, { [`${context}.runAsNonRoot`]: false }],
    ["deployment", /runs as user 0/, { [`${context}.runAsUser`]: 0 }],
    ["deployment", /no seccomp profile/, { [`${pod}.securityContext.seccompProfile`]: undefined }],
    ["deployment", /"Unconfined"/, { [`${context}.seccompProfile`]: { type: "Unconfined" } }],
    [
      "deployment",
      /AppArmor profile "Unconfined"/,
      { [`${context}.appArmorProfile`]: { type: "Unconfined" } },
    ],
    ["deployment", /SELinux/, { [`${context}.seLinuxOptions`]: { type: "spc_t" } }],
    ["deployment", /process of the host/, { [`${context}.windowsOptions`]: { hostProcess: true } }],
    ["deployment", /is privileged/, { [`${context}.privileged`]: true }],
    ["deployment", /may gain privileges/, { [`${context}.allowPrivilegeEscalation`]: undefined }],
    ["deployment", /keeps capabilities/, { [`${context}.capabilities.drop`]: ["NET_RAW"] }],
    ["deployment", /adds "SYS_ADMIN"/, { [`${context}.capabilities.add`]: ["SYS_ADMIN"] }],
    ["deployment", /mount of \/proc/, { [`${context}.procMount`]: "Unmasked" }],
    ["deployment", /port 8000 of the host/, { [`${container}.ports.0.hostPort`]: 8000 }],
    [
      "deployment",
      /container "init" may gain/,
      { [`${pod}.initContainers`]: [{ name: "init", image: "a:1" }] },
    ],
    [
      "device-plugin",
      /is privileged/,
      { "device-plugin.spec.template.spec.containers.0.securityContext.privileged": true },
    ],
    ["device-plugin", /is a hostPath/, { "device-plugin.metadata.name": "another" }],
  ],
  "pinned-versions": [
    ["deployment", /core:latest/, { [`${container}.image`]: "ghcr.io/example/core:latest" }],
    [
      "deployment",
      /"registry\.example\.com:5000\/core"/,
      { [`${container}.image`]: "registry.example.com:5000/core" },
    ],
    ["deployment", /image nothing/, { [`${container}.image`]: undefined }],
  ],
};

export const kubernetesBreaches: Breach[] = Object.entries(rows).flatMap(([policy, breaches]) =>
  breaches.map(([at, message, set, drop = []]) => ({ policy, at, message, set, drop })),
);

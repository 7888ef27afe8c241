import { createHash } from "node:crypto";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FileMount, Workload } from "./workload.js";
import type { Source, Sources } from "./environment.js";
import { gpuTaint } from "./gpu.js";
import { objectName, sourcesOf } from "./selection.js";

type PodTemplate = k8s.types.input.core.v1.PodTemplateSpec;
type Probe = k8s.types.input.core.v1.Probe;
type Volume = k8s.types.input.core.v1.Volume;
type VolumeMount = k8s.types.input.core.v1.VolumeMount;

/** Longest answer that streams through the gateway, in seconds: the load balancers' idle timeout. */
const streamSeconds = 300;
/** Time for every node's kube-proxy to learn that a pod is leaving, before the pod stops accepting, in seconds. */
const leaveSeconds = 15;
/** No image needs a certain user; a number is required, since the kubelet cannot tell whether a named user is root. */
export const user = 65532;

const scratchVolume = "scratch";

/** What selects a workload's pods. */
export function selectorLabels(name: Workload["name"]): Record<string, string> {
  return { "app.kubernetes.io/name": objectName(name) };
}

/** Labels of all objects of a workload. */
export function labels(name: Workload["name"]): Record<string, string> {
  return { ...selectorLabels(name), "app.kubernetes.io/part-of": "javelin" };
}

export interface PodArgs {
  image: pulumi.Input<string>;
  env: k8s.types.input.core.v1.EnvVar[];
  sources: Sources;
  /** Zones of the cell. */
  zones: number;
  pullSecret?: string;
  priorityClass?: string;
  /** Added to the pods, e.g. the switch of a cloud's workload identity. */
  labels?: Record<string, pulumi.Input<string>>;
}

/** The pods of a workload, within the Pod Security level `restricted`. */
export function podTemplate(workload: Workload, args: PodArgs): PodTemplate {
  const files = workload.files.flatMap((file) => {
    const source = args.sources[file.source];
    return source ? [{ file, source }] : [];
  });
  const gpu: Record<string, string> = workload.gpu ? { "nvidia.com/gpu": "1" } : {};
  return {
    metadata: {
      labels: { ...labels(workload.name), ...args.labels },
      annotations: annotations(workload, args.sources),
    },
    spec: {
      serviceAccountName: objectName(workload.name),
      // No service talks to the Kubernetes API; the clouds' identities bring tokens of their own.
      automountServiceAccountToken: false,
      // Variables such as JAVELIN_ADMIN_PORT=tcp://… would mix with the services' own settings.
      enableServiceLinks: false,
      imagePullSecrets: args.pullSecret ? [{ name: args.pullSecret }] : undefined,
      priorityClassName: args.priorityClass,
      terminationGracePeriodSeconds: leaveSeconds + streamSeconds + 15,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        seccompProfile: { type: "RuntimeDefault" },
      },
      tolerations: workload.gpu
        ? [{ key: gpuTaint.key, operator: "Exists", effect: gpuTaint.effect }]
        : undefined,
      topologySpreadConstraints: spread(workload, args.zones),
      containers: [
        {
          name: objectName(workload.name),
          image: args.image,
          imagePullPolicy: "IfNotPresent",
          ports: workload.http ? [{ name: "http", containerPort: workload.http.port }] : undefined,
          env: args.env,
          resources: { requests: { ...workload.requests, ...gpu }, limits: { ...workload.limits, ...gpu } },
          // The kubelet sleeps by itself: the image may hold no shell.
          lifecycle: { preStop: { sleep: { seconds: leaveSeconds } } },
          ...probes(workload),
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: [...scratchMounts(workload), ...files.map(({ file }) => fileMount(file))],
        },
      ],
      volumes: [
        { name: scratchVolume, emptyDir: { sizeLimit: "1Gi" } },
        ...files.map(({ file, source }) => fileVolume(file, source)),
      ],
    },
  };
}

function annotations(workload: Workload, sources: Sources): Record<string, pulumi.Input<string>> {
  const checksums = sourcesOf(workload).flatMap((name) => sources[name]?.checksum ?? []);
  return {
    // Scratch space holds nothing that matters; without this the autoscaler never empties a node.
    "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes": scratchVolume,
    ...(checksums.length > 0 && {
      // Not secret: it hides nothing in the cluster, and would hide the whole pod in previews. It cannot be
      // turned back: all contents go into one hash, keys and generated passwords among them, and half is kept.
      "javelin/config-checksum": pulumi.unsecret(
        pulumi.all(checksums).apply((all) => sha256(all.join()).slice(0, 32)),
      ),
    }),
    ...(workload.http &&
      workload.metricsPath && {
        "prometheus.io/scrape": "true",
        "prometheus.io/path": workload.metricsPath,
        "prometheus.io/port": String(workload.http.port),
      }),
  };
}

/** SHA-256, hexadecimal. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Zones are kept even: a zone that fails must not hold every pod. Tainted nodes do not count, so a failed or
 * draining zone drops out instead of holding pods back. Hosts are a wish: small clusters have few.
 */
function spread(workload: Workload, zones: number): k8s.types.input.core.v1.TopologySpreadConstraint[] {
  const over = (topologyKey: string, whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway") => ({
    topologyKey,
    whenUnsatisfiable,
    maxSkew: 1,
    nodeTaintsPolicy: "Honor",
    labelSelector: { matchLabels: selectorLabels(workload.name) },
    // Each revision by itself, or a rollout leaves an uneven rest behind.
    matchLabelKeys: ["pod-template-hash"],
  });
  return [
    ...(zones > 1 ? [over("topology.kubernetes.io/zone", "DoNotSchedule")] : []),
    over("kubernetes.io/hostname", "ScheduleAnyway"),
  ];
}

/** A pod under load leaves the Service after 20 s, and only restarts when it stays silent for a minute. */
function probes({ http, startupSeconds }: Workload): Record<string, Probe> {
  if (!http) return {};
  const probe = { httpGet: { path: http.healthPath, port: http.port }, timeoutSeconds: 5 };
  return {
    startupProbe: { ...probe, periodSeconds: 5, failureThreshold: startupSeconds / 5 },
    readinessProbe: { ...probe, periodSeconds: 10, failureThreshold: 2 },
    livenessProbe: { ...probe, periodSeconds: 20, failureThreshold: 3 },
  };
}

function scratchMounts({ scratch = [] }: Workload): VolumeMount[] {
  return ["/tmp", ...scratch].map((mountPath, index) => ({
    name: scratchVolume,
    mountPath,
    subPath: `scratch-${index}`,
  }));
}

function fileMount({ source, path, file }: FileMount): VolumeMount {
  return { name: source, mountPath: path, readOnly: true, ...(file && { subPath: file }) };
}

function fileVolume(file: FileMount, source: Source): Volume {
  const defaultMode = 0o440;
  return source.kind === "secret"
    ? { name: file.source, secret: { secretName: source.objectName, defaultMode } }
    : { name: file.source, configMap: { name: source.objectName, defaultMode } };
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { devicePluginImage, gpuLabel, gpuTaint } from "./gpu.js";

/**
 * NVIDIA's device plugin on every GPU node: the node image brings the driver and the container runtime, not the plugin.
 * It talks to the kubelet by a socket on the host and to nothing else.
 */
export function createDevicePlugin(name: string, opts: pulumi.CustomResourceOptions): k8s.apps.v1.DaemonSet {
  const labels = { "app.kubernetes.io/name": "nvidia-device-plugin" };
  const sockets = "/var/lib/kubelet/device-plugins";
  return new k8s.apps.v1.DaemonSet(
    name,
    {
      metadata: { name: "nvidia-device-plugin", namespace: "kube-system", labels },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            nodeSelector: gpuLabel,
            tolerations: [{ key: gpuTaint.key, operator: "Exists", effect: gpuTaint.effect }],
            priorityClassName: "system-node-critical",
            automountServiceAccountToken: false,
            securityContext: { seccompProfile: { type: "RuntimeDefault" } },
            containers: [
              {
                name: "plugin",
                image: devicePluginImage,
                env: [{ name: "FAIL_ON_INIT_ERROR", value: "false" }],
                resources: {
                  requests: { cpu: "50m", memory: "64Mi" },
                  limits: { cpu: "200m", memory: "256Mi" },
                },
                // Root, because the kubelet's socket directory is root's; nothing beyond that.
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
                volumeMounts: [{ name: "device-plugins", mountPath: sockets }],
              },
            ],
            volumes: [{ name: "device-plugins", hostPath: { path: sockets } }],
          },
        },
      },
    },
    opts,
  );
}

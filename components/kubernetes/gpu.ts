/** The taint and the label of GPU nodes; the label is the one that NVIDIA's own charts select by. */
export const gpuTaint = { key: "nvidia.com/gpu", value: "true", effect: "NoSchedule" } as const;
export const gpuLabel = { "nvidia.com/gpu.present": "true" } as const;

/** NVIDIA's device plugin, which makes `nvidia.com/gpu` schedulable. Source: NVIDIA/k8s-device-plugin releases. */
export const devicePluginImage = "nvcr.io/nvidia/k8s-device-plugin:v0.18.2";

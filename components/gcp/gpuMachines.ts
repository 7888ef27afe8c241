/** GPUs of a machine type: what comes with it must be named all the same. Source: "GPU machine types", Compute Engine. */
export const accelerators: Readonly<Record<string, { type: string; count: number }>> = {
  "g2-standard-4": { type: "nvidia-l4", count: 1 },
  "g2-standard-8": { type: "nvidia-l4", count: 1 },
  "g2-standard-12": { type: "nvidia-l4", count: 1 },
  "g2-standard-16": { type: "nvidia-l4", count: 1 },
  "g2-standard-24": { type: "nvidia-l4", count: 2 },
  "g2-standard-32": { type: "nvidia-l4", count: 1 },
  "g2-standard-48": { type: "nvidia-l4", count: 4 },
  "g2-standard-96": { type: "nvidia-l4", count: 8 },
  "a2-highgpu-1g": { type: "nvidia-tesla-a100", count: 1 },
  "a2-highgpu-2g": { type: "nvidia-tesla-a100", count: 2 },
  "a2-highgpu-4g": { type: "nvidia-tesla-a100", count: 4 },
  "a2-highgpu-8g": { type: "nvidia-tesla-a100", count: 8 },
};

/**
 * The GPUs of a machine type.
 *
 * @throws when it has none that are known here
 */
export function acceleratorOf(machineType: string): { type: string; count: number } {
  const found = accelerators[machineType];
  if (!found)
    throw new Error(`"${machineType}" has no known GPU; it can be ${Object.keys(accelerators).join(", ")}`);
  return found;
}

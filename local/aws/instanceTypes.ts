/**
 * What the name of an EC2 instance type tells: architecture, vCPUs, memory, GPUs.
 * Source: EC2 user guide, "Instance type naming conventions" and the families' specifications.
 */

const sizes: Record<string, number> = { nano: 2, micro: 2, small: 2, medium: 2, large: 2, xlarge: 4 };
/** GiB of memory for each vCPU, by the first letters of the family. */
const memory: Record<string, number> = {
  c: 2,
  m: 4,
  r: 8,
  x: 16,
  g: 4,
  p: 8,
  i: 8,
  t: 2,
  d: 8,
  inf: 4,
  trn: 8,
  z: 8,
  hpc: 4,
};
const burstable: Record<string, number> = {
  nano: 0.5,
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  "2xlarge": 32,
};
/** GPUs of the sizes that have more than one. */
const gpus: Record<string, number> = { "12xlarge": 4, "24xlarge": 4, "48xlarge": 8 };

export interface InstanceType {
  architecture: "x86_64" | "arm64";
  vcpus: number;
  memoryGiB: number;
  gpus: number;
}

/** Undefined for what is no instance type. */
export function instanceType(name: string): InstanceType | undefined {
  const [, family = "", options = "", size = ""] =
    /^([a-z]+\d+)([a-z]*)(?:-[a-z0-9]+)?\.(nano|micro|small|medium|large|xlarge|\d+xlarge|metal(?:-\d+xl)?)$/.exec(
      name,
    ) ?? [];
  const letters = /^[a-z]+/.exec(family)?.[0] ?? "";
  const ratio = memory[letters];
  if (ratio === undefined) return undefined;
  const many = /^(\d+)xlarge$/.exec(size)?.[1];
  // The smallest sizes of fixed-performance families have one vCPU.
  const vcpus =
    many !== undefined
      ? Number(many) * 4
      : size.startsWith("metal")
        ? 96
        : size === "medium" && letters !== "t"
          ? 1
          : (sizes[size] ?? 2);
  const graphics = /^(g\d|p\d)/.test(family);
  return {
    architecture: options.startsWith("g") || family === "a1" || family === "t4" ? "arm64" : "x86_64",
    vcpus,
    memoryGiB: letters === "t" ? (burstable[size] ?? vcpus * 4) : vcpus * ratio,
    gpus: graphics ? (gpus[size] ?? (letters === "p" ? 8 : 1)) : 0,
  };
}

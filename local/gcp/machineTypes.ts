import { zonesOf, regionOf } from "./places.js";

export interface Machine {
  vcpus: number;
  memoryGiB: number;
  /** What its GPUs are called, when it comes with some. */
  accelerator?: { type: string; count: number };
}

/** Sizes of a family, and GiB a vCPU by class. Source: "Machine families resource and comparison guide", Compute Engine. */
const families: Readonly<
  Record<string, { sizes: readonly number[]; gib: Readonly<Record<string, number>> }>
> = {
  e2: { sizes: [2, 4, 8, 16, 32], gib: { standard: 4, highmem: 8, highcpu: 1 } },
  n1: { sizes: [1, 2, 4, 8, 16, 32, 64, 96], gib: { standard: 3.75, highmem: 6.5, highcpu: 0.9 } },
  n2: { sizes: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128], gib: { standard: 4, highmem: 8, highcpu: 1 } },
  n2d: {
    sizes: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224],
    gib: { standard: 4, highmem: 8, highcpu: 1 },
  },
  c2: { sizes: [4, 8, 16, 30, 60], gib: { standard: 4 } },
};

const gpuMachines: Readonly<Record<string, Machine>> = {
  "g2-standard-4": l4(4, 1),
  "g2-standard-8": l4(8, 1),
  "g2-standard-12": l4(12, 1),
  "g2-standard-16": l4(16, 1),
  "g2-standard-24": l4(24, 2),
  "g2-standard-32": l4(32, 1),
  "g2-standard-48": l4(48, 4),
  "g2-standard-96": l4(96, 8),
  "a2-highgpu-1g": a100(12, 1),
  "a2-highgpu-2g": a100(24, 2),
  "a2-highgpu-4g": a100(48, 4),
  "a2-highgpu-8g": a100(96, 8),
};

function l4(vcpus: number, count: number): Machine {
  return { vcpus, memoryGiB: vcpus * 4, accelerator: { type: "nvidia-l4", count } };
}

function a100(vcpus: number, count: number): Machine {
  return { vcpus, memoryGiB: count * 85, accelerator: { type: "nvidia-tesla-a100", count } };
}

/** Letters of the zones that have GPU machines, by region. Source: "GPU regions and zones availability", Compute Engine. */
const gpuZones: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  g2: {
    "asia-east1": "abc",
    "asia-northeast1": "abc",
    "asia-northeast3": "ab",
    "asia-south1": "abc",
    "asia-southeast1": "abc",
    "australia-southeast1": "ac",
    "europe-west1": "bc",
    "europe-west2": "ab",
    "europe-west3": "ab",
    "europe-west4": "abc",
    "europe-west6": "bc",
    "me-central2": "ac",
    "northamerica-northeast2": "ab",
    "us-central1": "abc",
    "us-east1": "bcd",
    "us-east4": "ac",
    "us-west1": "abc",
    "us-west4": "ac",
  },
  a2: {
    "asia-northeast1": "ac",
    "asia-northeast3": "b",
    "asia-southeast1": "bc",
    "europe-west4": "ab",
    "me-west1": "bc",
    "us-central1": "abcf",
    "us-east1": "b",
    "us-west1": "b",
    "us-west3": "b",
    "us-west4": "b",
  },
};

/** A machine type by its name, wherever it may be offered. */
export function machineType(name: string): Machine | undefined {
  if (name === "e2-medium") return { vcpus: 2, memoryGiB: 4 };
  if (name === "e2-small") return { vcpus: 2, memoryGiB: 2 };
  const gpu = gpuMachines[name];
  if (gpu) return gpu;
  const [family = "", kind = "", size = ""] = name.split("-");
  const known = families[family];
  const gib = known?.gib[kind];
  const vcpus = Number(size);
  if (!known || gib === undefined || !known.sizes.includes(vcpus)) return undefined;
  return { vcpus, memoryGiB: vcpus * gib };
}

/** Whether a zone offers a machine type. General-purpose families are taken to be everywhere. */
export function isOffered(name: string, zone: string): boolean {
  if (!machineType(name) || !zonesOf(regionOf(zone)).includes(zone)) return false;
  const limited = gpuZones[name.split("-", 1)[0] ?? ""];
  return limited === undefined || (limited[regionOf(zone)] ?? "").includes(zone.slice(-1));
}

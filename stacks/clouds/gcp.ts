import { accelerators } from "../../components/gcp/gpuMachines.js";
import { noGpu, notArm, type CloudFacts } from "./facts.js";

/** Google Cloud's regions and the letters of the zones that a cell takes. Source: "Regions and zones", Compute Engine. */
const zones: Readonly<Record<string, string>> = {
  "africa-south1": "abc",
  "asia-east1": "abc",
  "asia-east2": "abc",
  "asia-northeast1": "abc",
  "asia-northeast2": "abc",
  "asia-northeast3": "abc",
  "asia-south1": "abc",
  "asia-south2": "abc",
  "asia-southeast1": "abc",
  "asia-southeast2": "abc",
  "australia-southeast1": "abc",
  "australia-southeast2": "abc",
  "europe-central2": "abc",
  "europe-north1": "abc",
  "europe-north2": "abc",
  "europe-southwest1": "abc",
  "europe-west1": "bcd",
  "europe-west10": "abc",
  "europe-west12": "abc",
  "europe-west2": "abc",
  "europe-west3": "abc",
  "europe-west4": "abc",
  "europe-west6": "abc",
  "europe-west8": "abc",
  "europe-west9": "abc",
  "me-central1": "abc",
  "me-central2": "abc",
  "me-west1": "abc",
  "northamerica-northeast1": "abc",
  "northamerica-northeast2": "abc",
  "northamerica-south1": "abc",
  "southamerica-east1": "abc",
  "southamerica-west1": "abc",
  "us-central1": "abc",
  "us-east1": "bcd",
  "us-east4": "abc",
  "us-east5": "abc",
  "us-south1": "abc",
  "us-west1": "abc",
  "us-west2": "abc",
  "us-west3": "abc",
  "us-west4": "abc",
};

/** Letters of the zones with G2 machines (NVIDIA L4). Source: "GPU regions and zones availability", Compute Engine. */
const l4: Readonly<Record<string, string>> = {
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
};

/**
 * Whether a machine takes no Persistent Disk, which every node boots from: Hyperdisk alone serves the fourth generation
 * and what is newer (N4, N4A, N4D, C4, C4A, C4D, M4, X4, A4, G4, H4D, ...), and A3 Ultra. Source: machine series support, in
 * "Hyperdisk overview" and "Persistent Disk", Compute Engine; compute.v1 discovery, AttachedDiskInitializeParams.
 */
const hyperdiskOnly = (machine: string): boolean => /^([a-z]+[4-9][a-z]*|a3-ultragpu)-/.test(machine);

/** Whether a machine has Arm processors: T2A, C4A, N4A. Source: "Arm VMs on Compute Engine". */
const isArm = (machine: string): boolean => /^[a-z]\d+a-/.test(machine);

/** A node boots from Persistent Disk and runs images for x86. */
function node(machine: string): string | undefined {
  const example = "n2-standard-4, or g2-standard-8 for a GPU";
  if (isArm(machine)) return notArm(example);
  return hyperdiskOnly(machine)
    ? `it boots from Hyperdisk alone, and the nodes have Persistent Disk: write one such as ${example}`
    : undefined;
}

export const gcp: CloudFacts = {
  zones,
  zoneName: (region, mark) => `${region}-${mark}`,
  zoneForm: (region) => ({ form: new RegExp(`^${region}-[a-z]$`), example: `${region}-a` }),
  offering: (machine, region, zones) =>
    machine.startsWith("g2-") ? zones.filter((zone) => l4[region]?.includes(zone.slice(-1))) : zones,
  machines: {
    small: { node: "e2-standard-2", database: "db-custom-2-7680", cache: "1GiB" },
    standard: { node: "n2-standard-4", database: "db-custom-4-16384", cache: "5GiB" },
    large: { node: "n2-standard-8", database: "db-custom-8-32768", cache: "12GiB" },
  },
  gpu: "g2-standard-8",
  forms: {
    node: { form: /^[a-z][a-z0-9]*-[a-z0-9-]+$/, example: "n2-standard-4" },
    database: { form: /^db-[a-z0-9-]+$/, example: "db-custom-4-16384" },
    // Memorystore for Redis is sized by its memory, 1 to 300 GiB.
    cache: { form: /^([1-9]\d?|[12]\d\d|300)GiB$/, example: "5GiB" },
    admin: { form: /^(group|user|serviceAccount):\S+@\S+$/, example: "group:ops@example.com" },
  },
  // Source: Cloud Logging, "Configure log buckets": custom retention.
  retention: () => undefined,
  backups: () => undefined,
  silence: () => undefined,
  // Source: Cloud Armor, "Rate limiting overview": the threshold of a throttle rule.
  rate: (requests) =>
    requests <= 1_000_000
      ? undefined
      : "Cloud Armor counts to 1,000,000 requests a minute: write 1000000 or less",
  node,
  gpuNode: (machine) =>
    Object.hasOwn(accelerators, machine) ? undefined : noGpu(Object.keys(accelerators).join(", ")),
  // Not asked: GKE asks for an identity.
  apiAccess: () => undefined,
  apiRanges: Infinity,
  tiers: ["node", "endpoint"],
};

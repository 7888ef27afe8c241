import type { CloudFacts } from "./facts.js";

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

/** Where G2 machines (NVIDIA L4) are. Source: "GPU regions and zones availability", Compute Engine. */
const withL4 = [
  ...["asia-east1", "asia-northeast1", "asia-northeast3", "asia-south1", "asia-southeast1"],
  ...["australia-southeast1", "europe-west1", "europe-west2", "europe-west3", "europe-west4"],
  ...["europe-west6", "europe-west9", "me-central2", "northamerica-northeast2", "us-central1"],
  ...["us-east1", "us-east4", "us-west1", "us-west4"],
];

export const gcp: CloudFacts = {
  zones,
  zoneName: (region, mark) => `${region}-${mark}`,
  zoneForm: (region) => ({ form: new RegExp(`^${region}-[a-z]$`), example: `${region}-a` }),
  lacks: (region, machine) => machine.startsWith("g2-") && !withL4.includes(region),
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
  apiAccess: () => undefined,
  tiers: ["node", "endpoint"],
};

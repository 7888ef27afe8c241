/** Presets; every number can be overridden in the config. */
export const sizeNames = ["small", "standard", "large"] as const;
export type Size = (typeof sizeNames)[number];

/** How many nodes of what kind. */
export interface NodePool {
  /** All types of one pool have the same vCPU and memory, or the autoscaler misjudges. */
  instanceTypes: string[];
  min: number;
  max: number;
  desired: number;
  /** Root disk of a node, GiB. */
  diskGiB: number;
}

/** What a size stands for, whatever the cloud; each cloud's machines are in `clouds/`. */
export interface SizePreset {
  /** Availability zones. */
  zones: 2 | 3;
  /** A NAT gateway in every zone, or one for all: cheaper, and a zone's outage can take the way out with it. */
  natPerZone: boolean;
  /** Whether traffic to the internet passes a network firewall that reads its TLS server name. */
  inspected: boolean;
  /** Replicas of a service, between which its autoscaler moves. */
  replicas: { min: number; max: number };
  nodes: { min: number; max: number; desired: number; diskGiB: number };
  database: { reader: boolean; backupDays: number };
  /** Replicas of the cache beside its primary. */
  cacheReplicas: number;
  logRetentionDays: number;
  /** Whether databases, caches and disks are encrypted with a key of the cell's own where a cloud's own key is the default. */
  customerKey: boolean;
}

/**
 * The vendor sizes a production gateway at 4 nodes of 4 vCPU / 16 GB, Postgres ≥ 4 vCPU / 8 GB and
 * Redis ≥ 4 GB: that is `standard`. `small` is for trying out and stays below it.
 * Two replicas at the least, so that a node can be drained without an outage.
 */
export const sizes: Readonly<Record<Size, SizePreset>> = {
  small: {
    zones: 2,
    natPerZone: false,
    inspected: false,
    replicas: { min: 2, max: 4 },
    nodes: { min: 2, max: 4, desired: 2, diskGiB: 50 },
    database: { reader: false, backupDays: 7 },
    cacheReplicas: 0,
    logRetentionDays: 30,
    customerKey: false,
  },
  standard: {
    zones: 3,
    natPerZone: true,
    inspected: true,
    replicas: { min: 2, max: 4 },
    nodes: { min: 3, max: 8, desired: 4, diskGiB: 100 },
    database: { reader: true, backupDays: 14 },
    cacheReplicas: 1,
    logRetentionDays: 90,
    customerKey: false,
  },
  large: {
    zones: 3,
    natPerZone: true,
    inspected: true,
    replicas: { min: 3, max: 12 },
    nodes: { min: 3, max: 15, desired: 6, diskGiB: 100 },
    database: { reader: true, backupDays: 35 },
    cacheReplicas: 2,
    logRetentionDays: 365,
    customerKey: true,
  },
};

/** Model images are large. */
export const gpuDiskGiB = 200;

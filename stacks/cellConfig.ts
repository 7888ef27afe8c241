import { kubernetesReleases } from "../components/aws/kubernetesReleases.js";
import { egressDomains, elsewhere } from "../components/egress.js";
import { devicePluginImage } from "../components/kubernetes/gpu.js";
import { publicBackends, workloads } from "../components/kubernetes/selection.js";
import type { KubernetesVersion } from "../components/kubernetes/versions.js";
import type { ServiceName, WorkloadName } from "../components/kubernetes/workload.js";
import {
  callers,
  cellMachines,
  cellName,
  cellNodes,
  cellServices,
  cellSizing,
  cellZones,
} from "./cellDefaults.js";
import type { Cell } from "./cellSchema.js";
import type { Cloud } from "./clouds.js";
import { facts } from "./clouds.js";
import { bedrockModels, cellRoutes } from "./routeRules.js";
import type { Routes } from "./routeSchema.js";
import type { Values } from "./schema.js";
import type { NodePool, Size } from "./sizes.js";

/** Everything that one cell is built from, resolved to plain values. */
export interface CellConfig {
  name: string;
  cloud: Cloud;
  region: string;
  /** Start of every physical name: `javelin-<stack>-<cell>`. */
  prefix: string;
  size: Size;
  /** Google Cloud project; there on gcp. */
  project?: string;
  /** Azure subscription; default: the one of the credentials. */
  subscription?: string;
  /** Whether stores and disks are encrypted with the cell's own key where a cloud's own key is the default. */
  customerKey: boolean;
  /** Deletion protection, final snapshots, long recovery windows. */
  protect: boolean;
  /** Days that logs are kept. */
  logRetentionDays: number;
  /** Host names; `origin` is the cell's own, `eval` is there when the service is. */
  hosts: { api: string; app: string; origin: string; eval?: string };
  network: {
    cidr: string;
    /** Names of two or three availability zones. */
    zones: string[];
    natPerZone: boolean;
    /** Whether egress passes a network firewall. */
    inspected: boolean;
    /** What is there already and takes the place of a new network. */
    existing?: ExistingNetwork;
  };
  ingress: { allow: string[]; admin: string[]; requestsPerMinute: number; idleTimeoutSeconds: number };
  egress: {
    /** The allow-list: hosts that may be called at port 443; `*.` for all names below. */
    domains: string[];
    /** Whether an AWS cell calls Bedrock, which then has a private endpoint. */
    bedrock: boolean;
  };
  database: { version: string; instanceClass: string; reader: boolean; backupDays: number };
  cache: { version: string; nodeType: string; replicas: number };
  kubernetes: {
    version: KubernetesVersion;
    /** Public ranges that reach the cluster's API; none: private only. */
    apiAccess: string[];
    /** Who administers the cluster, as the cell's cloud names them. */
    admins: string[];
    serviceCidr: string;
    /** Range of the pods, where they have one of their own (Azure, GCP). */
    podCidr: string;
    nodes: NodePool;
    gpu?: NodePool;
    /** Those of the cell's zones that have its GPU nodes. */
    gpuZones: string[];
  };
  gateway: {
    version: string;
    registry: string;
    services: ServiceName[];
    accountId: string;
    apiKeyHeader: string;
    /** Puts the routes into the cell. */
    syncImage: string;
    /** Whole image references for single workloads. */
    images: Partial<Record<WorkloadName, string>>;
    /** Pods of a service. */
    replicas: { min: number; max: number };
    /** Namespace that may read the metrics. */
    metricsReader?: string;
  };
  /** What this cell serves. */
  routes: Routes;
  /** Ids of the Bedrock models and inference profiles that its routes call. */
  bedrockModels: string[];
}

/** A network that is there already. */
export type ExistingNetwork = NonNullable<Cell["network"]>;

/** Nodes that a cell may have at the most. */
export function mostNodes({ kubernetes: { nodes, gpu } }: CellConfig): number {
  return nodes.max + (gpu?.max ?? 0);
}

/**
 * Pods of every cluster: shared address space (RFC 6598), which no network routes, so that it collides with no
 * network that a cell may be joined to.
 */
const podCidr = "100.64.0.0/16";

/** Where the images come from that a cell runs, and no others: the egress firewall opens for these. */
function pulled(cell: Cell, values: Values): string[] {
  const { gateway, kubernetes } = values;
  const images = workloads(cellServices(cell, values)).map(
    (workload) => gateway.images[workload.name] ?? gateway.registry,
  );
  if (Object.hasOwn(values.adminKeys, cellName(cell)) && !followers(values).includes(cell))
    images.push(gateway.syncImage);
  if (cell.cloud === "aws") images.push(kubernetesReleases[kubernetes.version].autoscalerImage);
  // GKE brings its own.
  if (cellNodes(cell, values).gpu && cell.cloud !== "gcp") images.push(devicePluginImage);
  return images;
}

/** Cells whose database follows the first one's: they get their routes with the data. */
export function followers({ cells, database }: Values): Cell[] {
  return database.replication === "global" ? cells.slice(1) : [];
}

/** One cell of a config without problems. */
export function resolveCell(values: Values, cell: Cell, stack: string): CellConfig {
  const { database, cache, egress, gateway, kubernetes } = values;
  const name = cellName(cell);
  const sizing = cellSizing(cell, values.size);
  const machines = cellMachines(cell, values);
  const services = cellServices(cell, values);
  const { general, gpu } = cellNodes(cell, values);
  const zones = cellZones(cell, sizing);
  const routes = cellRoutes(values.routes, cell.routes);
  const host = (label: string): string => `${label}.${values.domain}`;
  const evaluates = publicBackends(services).some((backend) => backend.host === "eval");
  return {
    name,
    cloud: cell.cloud,
    region: cell.region,
    prefix: `javelin-${stack}-${name}`,
    size: cell.size ?? values.size,
    ...(cell.project !== undefined && { project: cell.project }),
    ...(cell.subscription !== undefined && { subscription: cell.subscription }),
    customerKey: sizing.customerKey,
    protect: values.protect,
    logRetentionDays: values.logs.retentionDays ?? sizing.logRetentionDays,
    hosts: {
      api: host("api"),
      app: host("app"),
      origin: host(name),
      ...(evaluates && { eval: host("eval") }),
    },
    network: {
      cidr: cell.cidr,
      zones,
      natPerZone: sizing.natPerZone,
      // What leaves an existing network is its owner's to inspect.
      inspected: sizing.inspected && !cell.network,
      ...(cell.network && { existing: cell.network }),
    },
    ingress: { ...values.ingress, allow: callers(values) },
    egress: {
      domains: egressDomains({
        cloud: cell.cloud,
        region: cell.region,
        providers: egress.providers.filter((each) => !elsewhere(each, cell.cloud, cell.region)),
        domains: [...egress.domains, ...gateway.identityProviderDomains],
        registries: pulled(cell, values),
        signIn: services.includes("webapp"),
        gpu: gpu !== undefined,
      }),
      bedrock:
        cell.cloud === "aws" &&
        egress.providers.some((p) => p === "bedrock" || p === `bedrock/${cell.region}`),
    },
    database: {
      version: database.version,
      instanceClass: database.instanceClass ?? machines.database,
      reader: sizing.database.reader,
      backupDays: database.backupDays ?? sizing.database.backupDays,
    },
    cache: {
      version: cache.version,
      nodeType: cache.nodeType ?? machines.cache,
      replicas: cache.replicas ?? sizing.cacheReplicas,
    },
    kubernetes: {
      version: kubernetes.version,
      apiAccess: kubernetes.apiAccess,
      admins: kubernetes.admins.filter((admin) => facts[cell.cloud].forms.admin.form.test(admin)),
      serviceCidr: kubernetes.serviceCidr,
      podCidr,
      nodes: general,
      ...(gpu && { gpu }),
      gpuZones: gpu ? facts[cell.cloud].offering(gpu.instanceTypes[0]!, cell.region, zones) : [],
    },
    gateway: {
      version: gateway.version,
      registry: gateway.registry,
      services,
      accountId: gateway.accountId,
      apiKeyHeader: gateway.apiKeyHeader,
      syncImage: gateway.syncImage,
      images: gateway.images,
      replicas: sizing.replicas,
      ...(gateway.metricsReader !== undefined && { metricsReader: gateway.metricsReader }),
    },
    routes,
    bedrockModels: bedrockModels(routes),
  };
}

import type { Backend } from "../ingress.js";
import { catalogue } from "./catalogue.js";
import type { ServiceName, SourceName, Workload, WorkloadName } from "./workload.js";

const all = Object.values(catalogue);

/** The services that a cell may choose from, for the config's schema. */
export const serviceNames: readonly ServiceName[] = all.map((w) => w.name).filter(isService);

function isService(name: WorkloadName): name is ServiceName {
  return catalogue[name].partOf === undefined;
}

/** Name of a workload's objects in the cluster: Deployment, Service, ServiceAccount, … */
export function objectName(name: WorkloadName): string {
  return `javelin-${name}`;
}

/** Where a service answers inside the cluster, without a path. */
export function address(name: WorkloadName): string {
  return `http://${objectName(name)}:${catalogue[name].http?.port ?? 80}`;
}

/** What runs when these services are chosen: each once, in the catalogue's order, with the workers they bring. */
export function workloads(services: readonly ServiceName[]): Workload[] {
  return all.filter((w) => services.some((chosen) => chosen === (w.partOf ?? w.name)));
}

/** A path between two running workloads. */
export interface Edge {
  from: WorkloadName;
  to: WorkloadName;
  /** Port of the called service. */
  port: number;
  /** Variable in which the caller finds `url`. */
  env: string;
  url: string;
}

/** Who calls whom, of what runs when these services are chosen. */
export function edges(services: readonly ServiceName[]): Edge[] {
  const running = workloads(services);
  return running.flatMap((from) =>
    from.calls.flatMap(({ to, env, path }) => {
      const callee = running.find((w) => w.name === to);
      if (!callee?.http) return [];
      const { port } = callee.http;
      return [{ from: from.name, to, port, env, url: `${address(to)}${path ?? ""}` }];
    }),
  );
}

/** A public service at its NodePort, the same on every node. Priorities are fixed per service. */
export interface PublicBackend extends Backend {
  name: ServiceName;
  /** What the pods listen on. */
  containerPort: number;
}

/** The public services of these, most specific path first. */
export function publicBackends(services: readonly ServiceName[]): PublicBackend[] {
  return workloads(services)
    .flatMap(({ name, http, exposure }) => {
      if (!http || !exposure || !isService(name)) return [];
      const { host, paths, nodePort, priority } = exposure;
      const { port: containerPort, healthPath } = http;
      return [{ name, port: nodePort, containerPort, healthPath, host, paths, priority }];
    })
    .sort((a, b) => a.priority - b.priority);
}

/** The place of a public service among all that there are, by its NodePort: the same whatever a cell runs. */
export function publicIndex(nodePort: number): number {
  const ports = Object.values(catalogue).flatMap(({ exposure }) => exposure?.nodePort ?? []);
  return ports.sort((a, b) => a - b).indexOf(nodePort);
}

/** Path that answers 200 when a cell can serve: core's, which every cell runs. */
export function healthPath(): string {
  return catalogue.core.http!.healthPath;
}

/** Path patterns that load balancers must refuse, before any backend: what is for the cluster only. */
export function hiddenPaths(services: readonly ServiceName[]): string[] {
  return workloads(services).flatMap((w) => w.exposure?.hiddenPaths ?? []);
}

/** Ports that pods listen on, ascending: what nodes must admit from one another. */
export function podPorts(services: readonly ServiceName[]): number[] {
  return workloads(services)
    .flatMap((w) => (w.http ? [w.http.port] : []))
    .sort((a, b) => a - b);
}

/** Ports that the load balancer reaches on nodes, ascending. */
export function nodePorts(services: readonly ServiceName[]): number[] {
  return publicBackends(services)
    .map((b) => b.port)
    .sort((a, b) => a - b);
}

/** The workloads that need an identity in the cloud; their service account is {@link objectName}. */
export function cloudWorkloads(services: readonly ServiceName[]): WorkloadName[] {
  return workloads(services)
    .filter((w) => w.egress.includes("cloud"))
    .map((w) => w.name);
}

/** Number of GPUs that these services take. */
export function gpus(services: readonly ServiceName[]): number {
  return workloads(services).filter((w) => w.gpu).length;
}

/** Secrets and ConfigMaps that a workload reads, each once. */
export function sourcesOf(workload: Workload): SourceName[] {
  const variables = Object.values(workload.environment).flatMap((setting) =>
    typeof setting === "object" && "source" in setting ? [setting.source] : [],
  );
  return [...new Set([...variables, ...workload.files.map((f) => f.source)])];
}

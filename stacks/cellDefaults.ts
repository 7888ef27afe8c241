import { gpus } from "../components/kubernetes/selection.js";
import type { ServiceName } from "../components/kubernetes/workload.js";
import type { Cell } from "./cellSchema.js";
import { defaultZones, facts } from "./clouds.js";
import type { Machines } from "./clouds/facts.js";
import { route53Checkers } from "./healthCheckers.js";
import type { Values } from "./schema.js";
import { gpuDiskGiB, sizes, type NodePool, type Size, type SizePreset } from "./sizes.js";

/** The preset that a cell goes by. */
export function cellSizing(cell: Cell, size: Size): SizePreset {
  return sizes[cell.size ?? size];
}

/** Name of a cell: what is written, or its region. */
export function cellName(cell: Cell): string {
  return cell.name ?? cell.region;
}

/** Services that a cell runs, each once. */
export function cellServices(cell: Cell, values: Partial<Values>): ServiceName[] {
  return [...new Set(cell.services ?? values.gateway?.services ?? [])];
}

/** Availability zones of a cell; fewer than the size says where the region has no more. */
export function cellZones(cell: Cell, sizing: SizePreset): string[] {
  return cell.zones ?? defaultZones(cell.cloud, cell.region).slice(0, sizing.zones);
}

/** Who may call a cell: whoever the config names, and the health checks that decide whether it is asked. */
export function callers({ topology, dns, ingress }: Values): string[] {
  const everybody = ingress.allow.some((range) => range.endsWith("/0"));
  const checked = topology === "cross-region" && dns.cloud === "aws" && !dns.accelerator;
  return checked && !everybody ? [...new Set([...ingress.allow, ...route53Checkers])] : ingress.allow;
}

/** What a cell's size stands for in its cloud's words. */
export function cellMachines(cell: Cell, values: Partial<Values>): Machines {
  return facts[cell.cloud].machines[cell.size ?? values.size ?? "small"];
}

/** The node pools of a cell: the size's, with what the config overrides. A GPU pool exists when a service needs one. */
export function cellNodes(cell: Cell, values: Partial<Values>): { general: NodePool; gpu?: NodePool } {
  const sizing = cellSizing(cell, values.size ?? "small");
  const general = withOverrides(
    { instanceTypes: [cellMachines(cell, values).node], ...sizing.nodes },
    values.kubernetes?.nodes,
  );
  const models = gpus(cellServices(cell, values));
  if (models === 0) return { general };
  // One node to spare, for a model whose own node is drained.
  const defaults = {
    instanceTypes: [facts[cell.cloud].gpu],
    min: models,
    desired: models,
    max: models + 1,
    diskGiB: gpuDiskGiB,
  };
  return { general, gpu: withOverrides(defaults, values.kubernetes?.gpu) };
}

function withOverrides(defaults: NodePool, overrides: Partial<NodePool> = {}): NodePool {
  const set = Object.entries(overrides).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(set) };
}

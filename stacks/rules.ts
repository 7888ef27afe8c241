import { catalogue } from "../components/kubernetes/catalogue.js";
import { gpus } from "../components/kubernetes/selection.js";
import { egressRules } from "./egressRules.js";
import { overlaps, parseCidr } from "./cidr.js";
import { configPath, didYouMean, show, type Problem } from "./problems.js";
import { facts } from "./clouds.js";
import { cellNodes, cellServices } from "./cellDefaults.js";
import { databaseRules } from "./databaseRules.js";
import { failoverRules } from "./failoverRules.js";
import { nameRules } from "./nameRules.js";
import { placeRules } from "./placeRules.js";
import { routeRules } from "./routeRules.js";
import type { Cell } from "./cellSchema.js";
import type { Values } from "./schema.js";

/** What of the config has the right form. Rules look at what is there, so that all problems come in one list. */
export interface Parsed {
  stack: string;
  values: Partial<Values>;
  /** By position in the list. */
  cells: ReadonlyMap<number, Cell>;
  /** Length of the list, whether its cells have the right form or not. */
  cellCount: number;
}

/** Notes a problem: path, what was found, what would be right. */
export type Refuse = (steps: PropertyKey[], found: unknown, remedy: string) => void;

/** The problems between keys: everything that one value alone does not show. */
export function rules(parsed: Parsed): Problem[] {
  const problems: Problem[] = [];
  const refuse: Refuse = (steps, found, remedy) => {
    problems.push({ path: configPath(steps), found: show(found), remedy });
  };
  for (const rule of [
    topology,
    nameRules,
    failoverRules,
    databaseRules,
    network,
    placeRules,
    software,
    nodes,
    administrators,
    access,
    numbers,
    egressRules,
    routeRules,
  ]) {
    rule(parsed, refuse);
  }
  return problems;
}

function topology({ values, cellCount }: Parsed, refuse: Refuse): void {
  if (values.topology === "single-region" && cellCount > 1) {
    refuse(
      ["cells"],
      `${cellCount} cells`,
      "single-region has one cell: write one, or topology cross-region",
    );
  }
  if (values.topology === "cross-region" && cellCount < 2) {
    refuse(
      ["cells"],
      `${cellCount} cell`,
      "cross-region needs two cells or more: write another, or topology single-region",
    );
  }
  if (values.topology === "single-region" && values.objectives?.failoverSeconds !== undefined) {
    const remedy = "a single region cannot fail over: leave it out, or write topology cross-region";
    refuse(["objectives", "failoverSeconds"], values.objectives.failoverSeconds, remedy);
  }
}

function network({ values, cells }: Parsed, refuse: Refuse): void {
  const seen: { text: string; path: string }[] = [];
  if (values.kubernetes) {
    seen.push({ text: values.kubernetes.serviceCidr, path: "javelin:kubernetes.serviceCidr" });
  }
  for (const [index, cell] of cells) {
    const range = parseCidr(cell.cidr)!;
    const other = seen.find(({ text }) => overlaps(range, parseCidr(text)!));
    if (other) {
      const remedy = `overlaps ${other.path} (${other.text}): write a range that no other has an address of`;
      refuse(["cells", index, "cidr"], cell.cidr, remedy);
    }
    seen.push({ text: cell.cidr, path: configPath(["cells", index, "cidr"]) });
  }
}

/** Without one of these nothing works: the data plane, the control plane, the feature flags that both read. */
const requiredServices = ["core", "admin", "flag"] as const;

function software({ values, cells }: Parsed, refuse: Refuse): void {
  const check = (services: readonly string[], path: PropertyKey[]): void => {
    const missing = requiredServices.filter((service) => !services.includes(service));
    if (missing.length > 0)
      refuse(path, services, `a cell cannot work without ${missing.join(", ")}: add it`);
    const twice = services.find((service, at) => services.indexOf(service) !== at);
    if (twice) refuse(path, services, `${twice} is named twice: name each service once`);
  };
  if (values.gateway) check(values.gateway.services, ["gateway", "services"]);
  for (const [index, cell] of cells) if (cell.services) check(cell.services, ["cells", index, "services"]);
  const known = Object.keys(catalogue);
  for (const [service, image] of Object.entries(values.gateway?.images ?? {})) {
    if (!known.includes(service)) {
      const remedy = `write the name of a service${didYouMean(service, known)}: ${known.join(", ")}`;
      refuse(["gateway", "images", service], image, remedy);
    }
  }
}

function nodes({ values, cells }: Parsed, refuse: Refuse): void {
  const { kubernetes } = values;
  if (!kubernetes) return;
  for (const cell of cells.values()) {
    const { general, gpu } = cellNodes(cell, values);
    const pools = { nodes: kubernetes.nodes && general, gpu: kubernetes.gpu && gpu };
    for (const [name, pool] of Object.entries(pools)) {
      if (!pool || (pool.min <= pool.desired && pool.desired <= pool.max)) continue;
      const found = `min ${pool.min}, desired ${pool.desired}, max ${pool.max} (with the size's defaults)`;
      refuse(["kubernetes", name], found, "write min ≤ desired ≤ max");
    }
    const needed = gpus(cellServices(cell, values));
    if (gpu && gpu.max < needed) {
      const remedy = `the cell runs ${needed} guard models, each on a GPU of its own: write ${needed} or more`;
      refuse(["kubernetes", "gpu", "max"], gpu.max, remedy);
    }
    const { forms, node, gpuNode } = facts[cell.cloud];
    const judges = { nodes: node, gpu: (type: string) => node(type) ?? gpuNode(type) };
    for (const [name, pool] of Object.entries({ nodes: general, gpu }) as ["nodes" | "gpu", typeof gpu][]) {
      for (const type of pool?.instanceTypes ?? []) {
        const remedy = forms.node.form.test(type) && judges[name](type);
        if (remedy) refuse(["kubernetes", name, "instanceTypes"], type, remedy);
      }
    }
  }
  const wanted = [...cells.values()].some((cell) => gpus(cellServices(cell, values)) > 0);
  if (kubernetes.gpu && cells.size > 0 && !wanted) {
    refuse(
      ["kubernetes", "gpu"],
      kubernetes.gpu,
      "no cell runs a guard model: leave it out, or add guard to the services",
    );
  }
}

/** Whoever administers the gateway comes in by the same door as everybody. */
function administrators({ values }: Parsed, refuse: Refuse): void {
  const { allow = [], admin = [] } = values.ingress ?? {};
  const doors = allow.map((range) => parseCidr(range)!);
  for (const [index, range] of admin.entries()) {
    if (doors.some((door) => overlaps(door, parseCidr(range)!))) continue;
    const remedy =
      "ingress.allow lets nobody of this range in: add it there, or write a range that lies within one of these";
    refuse(["ingress", "admin", index], range, remedy);
  }
}

/** Who reaches and who administers the clusters. */
function access({ values, cells }: Parsed, refuse: Refuse): void {
  const { kubernetes } = values;
  const present = [...new Set([...cells.values()].map(({ cloud }) => cloud))];
  for (const [index, range] of (kubernetes?.apiAccess ?? []).entries()) {
    const remedy = present.map((cloud) => facts[cloud].apiAccess(range)).find(Boolean);
    if (remedy) refuse(["kubernetes", "apiAccess", index], range, remedy);
  }
  const tight = present.find((cloud) => (kubernetes?.apiAccess.length ?? 0) > facts[cloud].apiRanges);
  if (tight) {
    const remedy = `a cluster on ${tight} takes ${facts[tight].apiRanges}: merge neighbours into wider ones`;
    refuse(["kubernetes", "apiAccess"], `${kubernetes!.apiAccess.length} ranges`, remedy);
  }
  if (present.length === 0) return;
  for (const [index, admin] of (kubernetes?.admins ?? []).entries()) {
    if (present.some((cloud) => facts[cloud].forms.admin.form.test(admin))) continue;
    const examples = present.map((cloud) => `${facts[cloud].forms.admin.example} (${cloud})`);
    refuse(["kubernetes", "admins", index], admin, `write one such as ${examples.join(" or ")}`);
  }
  const { form, example } = facts.azure.forms.admin;
  if (kubernetes && present.includes("azure") && !kubernetes.admins.some((admin) => form.test(admin))) {
    // Local accounts are off: without a group, nobody is let in.
    refuse(["kubernetes", "admins"], kubernetes.admins, `an Azure cell needs one: write ${example}`);
  }
}

/** Numbers that a cell's cloud does not take. */
function numbers({ values, cells }: Parsed, refuse: Refuse): void {
  const present = [...new Set([...cells.values()].map(({ cloud }) => cloud))];
  const check = (
    path: PropertyKey[],
    number: number | undefined,
    rule: "retention" | "backups" | "silence" | "rate",
  ) => {
    const remedy = number && present.map((cloud) => facts[cloud][rule](number)).find(Boolean);
    if (remedy) refuse(path, number, remedy);
  };
  check(["logs", "retentionDays"], values.logs?.retentionDays, "retention");
  check(["database", "backupDays"], values.database?.backupDays, "backups");
  check(["ingress", "idleTimeoutSeconds"], values.ingress?.idleTimeoutSeconds, "silence");
  check(["ingress", "requestsPerMinute"], values.ingress?.requestsPerMinute, "rate");
}

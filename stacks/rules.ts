import { catalogue } from "../components/kubernetes/catalogue.js";
import { gpus } from "../components/kubernetes/selection.js";
import { egressRules } from "./egressRules.js";
import { isPrivate, overlaps, parseCidr } from "./cidr.js";
import { configPath, didYouMean, show, type Problem } from "./problems.js";
import { lacks, regions } from "./regions.js";
import { cellNodes, cellServices, cellSizing, cellZones } from "./cellDefaults.js";
import { nameRules } from "./nameRules.js";
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
    dns,
    network,
    places,
    software,
    nodes,
    access,
    logs,
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

/** Route 53 CreateHealthCheck: a request interval of 10 or 30 seconds. */
function dns({ values }: Parsed, refuse: Refuse): void {
  if (values.dns?.cloud === "aws" && ![10, 30].includes(values.dns.interval)) {
    refuse(
      ["dns", "interval"],
      values.dns.interval,
      "Route 53 checks every 10 or 30 seconds: write 10 or 30",
    );
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

function places({ values, cells }: Parsed, refuse: Refuse): void {
  for (const [index, cell] of cells) {
    const known = regions[cell.cloud];
    if (known && !known.includes(cell.region)) {
      const hint = didYouMean(cell.region, known);
      refuse(
        ["cells", index, "region"],
        cell.region,
        `write a region of ${cell.cloud}${hint}: ${known.join(", ")}`,
      );
      continue;
    }
    if (cell.cloud !== "aws") continue;
    const sizing = cellSizing(cell, values.size ?? "small");
    for (const [at, zone] of (cell.zones ?? []).entries()) {
      const path = ["cells", index, "zones", at];
      if (!new RegExp(`^${cell.region}[a-z]$`).test(zone)) {
        refuse(path, zone, `write a zone of ${cell.region}, such as ${cell.region}a`);
      } else if (cell.zones!.indexOf(zone) !== at) {
        refuse(path, zone, "the zone is named twice: write different zones");
      }
    }
    const zones = cellZones(cell, sizing);
    if (!cell.zones && zones.length < sizing.zones) {
      const remedy = `${cell.region} has ${zones.length} zones for an account, ${sizing.zones} are this size's default: write the two that yours has, such as [${zones.join(", ")}]`;
      refuse(["cells", index, "zones"], undefined, remedy);
    }
    const choices: [string, PropertyKey[]][] = [
      [values.database?.instanceClass ?? sizing.aws.database, ["database", "instanceClass"]],
      [values.cache?.nodeType ?? sizing.aws.cache, ["cache", "nodeType"]],
    ];
    const { general, gpu } = cellNodes(cell, values);
    choices.push(
      ...general.instanceTypes.map((type): [string, PropertyKey[]] => [
        type,
        ["kubernetes", "nodes", "instanceTypes"],
      ]),
    );
    choices.push(
      ...(gpu?.instanceTypes ?? []).map((type): [string, PropertyKey[]] => [
        type,
        ["kubernetes", "gpu", "instanceTypes"],
      ]),
    );
    for (const [type, path] of choices) {
      if (lacks(cell.region, type))
        refuse(path, type, `${cell.region} does not offer it: write a type that the region has`);
    }
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

/** EKS takes public addresses only for its public endpoint. */
function access({ values, cells }: Parsed, refuse: Refuse): void {
  if (![...cells.values()].some((cell) => cell.cloud === "aws")) return;
  for (const [index, range] of (values.kubernetes?.apiAccess ?? []).entries()) {
    if (isPrivate(parseCidr(range)!)) {
      const remedy =
        "write the addresses that the internet sees: private ones reach the cluster's API anyway";
      refuse(["kubernetes", "apiAccess", index], range, remedy);
    }
  }
}

/** CloudWatch Logs PutRetentionPolicy takes these and no others. */
const retentions = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731],
  ...[1096, 1827, 2192, 2557, 2922, 3288, 3653],
];

function logs({ values, cells }: Parsed, refuse: Refuse): void {
  const days = values.logs?.retentionDays;
  if (days === undefined || retentions.includes(days) || ![...cells.values()].some((c) => c.cloud === "aws"))
    return;
  const nearest = retentions.find((allowed) => allowed > days)!;
  refuse(
    ["logs", "retentionDays"],
    days,
    `CloudWatch keeps logs for ${retentions.join(", ")} days: write ${nearest}`,
  );
}

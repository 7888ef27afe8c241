import { addressesStay, explain, failoverBudget } from "./failoverBudget.js";
import type { Budget } from "./failoverBudget.js";
import { parseCidr } from "./cidr.js";
import type { Cloud } from "./clouds.js";
import { route53Checkers } from "./healthCheckers.js";
import type { Parsed, Refuse } from "./rules.js";
import type { Values } from "./schema.js";

interface Checks {
  allows: (interval: number) => boolean;
  default: number;
  /** Failed checks in a row by default: as many as keep the whole failover within some ninety seconds. */
  threshold: number;
  remedy: string;
}

/** How often each DNS service checks health. */
const checks: Readonly<Record<Cloud, Checks>> = {
  // Route 53 CreateHealthCheck.
  aws: {
    allows: (interval) => [10, 30].includes(interval),
    default: 10,
    // Checkers in eight regions have to agree, so that two failures are no accident.
    threshold: 2,
    remedy: "Route 53 checks every 10 or 30 seconds: write 10 or 30",
  },
  // Traffic Manager, "Endpoint monitoring": fast probing and normal probing.
  azure: {
    allows: (interval) => [10, 30].includes(interval),
    default: 10,
    threshold: 3,
    remedy: "Traffic Manager checks every 10 or 30 seconds: write 10 or 30",
  },
  // Cloud DNS, health checks of external endpoints.
  gcp: {
    allows: (interval) => interval >= 30,
    default: 30,
    threshold: 3,
    remedy: "Cloud DNS checks every 30 seconds at most: write 30 or more",
  },
};

/** Seconds between health checks: what is written, or the DNS service's shortest. */
export function checkInterval({ cloud, interval }: Values["dns"]): number {
  return interval ?? checks[cloud].default;
}

/** Failed checks in a row until a cell counts as down. */
export function failureThreshold({ cloud, threshold }: Values["dns"]): number {
  return threshold ?? checks[cloud].threshold;
}

/** The failover budget of a cross-region config. */
export function budgetOf(values: Pick<Values, "dns" | "cells" | "database">): Budget {
  const { dns, cells, database } = values;
  return failoverBudget({
    dns: { ...dns, interval: checkInterval(dns), threshold: failureThreshold(dns) },
    cells: cells.map(({ cloud }) => cloud),
    replication: database.replication,
  });
}

/** What health checks and DNS records can do, and how fast. */
export function failoverRules(parsed: Parsed, refuse: Refuse): void {
  const { dns, topology } = parsed.values;
  if (!dns) return;
  const { allows, remedy } = checks[dns.cloud];
  if (dns.interval !== undefined && !allows(dns.interval)) refuse(["dns", "interval"], dns.interval, remedy);
  if (topology !== "cross-region") {
    if (dns.accelerator)
      refuse(
        ["dns", "accelerator"],
        true,
        "it moves traffic between regions: write false, or topology cross-region",
      );
    return;
  }
  targets(parsed, refuse);
  probes(parsed, refuse);
  objective(parsed, refuse);
}

/** What a DNS service cannot point at. */
function targets({ values, cells }: Parsed, refuse: Refuse): void {
  const { cloud, accelerator } = values.dns!;
  const onAws = [...cells].filter(([, cell]) => cell.cloud === "aws");
  if (cloud === "gcp" && !accelerator) {
    const remedy =
      "Cloud DNS checks addresses, and an AWS load balancer has no fixed ones: write dns.accelerator true, which gives it two";
    for (const [index, cell] of onAws) refuse(["cells", index, "cloud"], cell.cloud, remedy);
  }
  if (!accelerator || cells.size === 0) return;
  const refuseIt = (why: string) => refuse(["dns", "accelerator"], true, `${why}: write false`);
  if (cloud === "azure") refuseIt("Traffic Manager follows names and needs no fixed addresses");
  if (cloud === "gcp" && onAws.length === 0) globalLoadBalancer({ values, cells }, refuse);
  if (cloud !== "aws") return;
  if (onAws.length < cells.size) refuseIt("Global Accelerator reaches cells on aws only");
  // An accelerator has one group of endpoints a region, and a group no order of preference.
  for (const [index, { region }] of onAws)
    if (onAws.some(([other, each]) => other < index && each.region === region))
      refuse(
        ["cells", index, "region"],
        region,
        "Global Accelerator tells cells apart by their regions: write a region that no other cell is in, or dns.accelerator false",
      );
}

/** What one load balancer of Google's before all cells asks of them. */
function globalLoadBalancer({ values, cells }: Pick<Parsed, "values" | "cells">, refuse: Refuse): void {
  const accelerator = ["dns", "accelerator"];
  const [first, ...others] = cells;
  const foreign = [...cells.values()].find(({ cloud }) => cloud !== "gcp");
  if (foreign) {
    const remedy = `one load balancer before all cells reaches those on gcp only, and one is on ${foreign.cloud}: write false, or put every cell on gcp`;
    return refuse(accelerator, true, remedy);
  }
  const project = first?.[1].project;
  // Cloud Load Balancing, "Backend services overview": instance groups are in the backend service's project.
  for (const [index, cell] of others)
    if (cell.project !== undefined && cell.project !== project)
      refuse(
        ["cells", index, "project"],
        cell.project,
        `one load balancer before all cells reaches those of one project: write ${project}, or dns.accelerator false`,
      );
  if (values.database?.replication === "global") {
    const remedy =
      "the load balancer sends a service's requests on when that service is down or its cell is full, and the next cell's database takes no writes: write false, or database.replication independent";
    refuse(accelerator, true, remedy);
  }
}

/** As the schema has it: a security group holds 60 rules, two for each range. */
const mostRanges = 30;

/** Health checks come from outside: whoever may call has to include them. */
function probes({ values, cells }: Parsed, refuse: Refuse): void {
  const clouds = [...cells.values()].map(({ cloud }) => cloud);
  // Inside Google Cloud, where firewall rules let them in.
  if (values.dns!.cloud === "gcp" && addressesStay(values.dns!, clouds)) return;
  const allow = values.ingress?.allow ?? [];
  if (allow.some((range) => parseCidr(range)?.prefix === 0)) return;
  if (values.dns!.cloud === "aws") {
    const room = mostRanges - route53Checkers.length;
    if (allow.length > room && !values.dns!.accelerator)
      refuse(
        ["ingress", "allow"],
        allow,
        `write at most ${room} ranges: Route 53's checkers take the others`,
      );
    return;
  }
  const service = values.dns!.cloud === "azure" ? "Traffic Manager" : "Cloud DNS";
  const remedy = `${service}'s health checks come from addresses that change: write 0.0.0.0/0, or a DNS zone on aws, whose checkers' ranges are known and let in`;
  refuse(["ingress", "allow"], allow, remedy);
}

function objective({ values }: Parsed, refuse: Refuse): void {
  const { dns, cells, database, objectives } = values;
  const limit = objectives?.failoverSeconds;
  if (!dns || !cells || !database || limit === undefined) return;
  if (!checks[dns.cloud].allows(checkInterval(dns))) return;
  const budget = budgetOf({ dns, cells, database });
  if (budget.totalSeconds <= limit) return;
  // Addresses that stay wait for checks that no key sets.
  const fixed = addressesStay(
    dns,
    cells.map(({ cloud }) => cloud),
  );
  const lower = [
    ...(failureThreshold(dns) > 1 ? ["dns.threshold"] : []),
    ...(checkInterval(dns) > checks[dns.cloud].default ? ["dns.interval"] : []),
    ...(budget.propagationSeconds === dns.ttl ? ["dns.ttl"] : []),
  ];
  // Which one load balancer on gcp does not take.
  const shared = dns.cloud === "gcp" && database.replication === "global";
  const remedies = [
    ...(lower.length > 0 && !fixed ? [`lower ${lower.join(" or ")}`] : []),
    ...(dns.cloud !== "azure" && !dns.accelerator && !shared
      ? [`switch dns.accelerator on, if every cell is on ${dns.cloud}`]
      : []),
    `write ${budget.totalSeconds} or more`,
  ];
  refuse(["objectives", "failoverSeconds"], limit, `${explain(budget)}: ${remedies.join(", or ")}`);
}

import { backendChecks } from "../components/gcp/backendChecks.js";
import type { Cloud } from "./clouds.js";

/** What a failover takes at worst, in seconds, and from what each part follows. */
export interface Budget {
  /** Until the health checks call a cell down. */
  detectionSeconds: number;
  /** Until the last resolver asks again. */
  propagationSeconds: number;
  /** Until the database of the next cell can be written; null where an operator promotes it. */
  promotionSeconds: number | null;
  /** Detection and propagation together: until callers reach the next cell. */
  totalSeconds: number;
  /** How the parts are made up, for people. */
  parts: string[];
}

export interface BudgetArgs {
  dns: { cloud: Cloud; interval: number; threshold: number; ttl: number; accelerator: boolean };
  /** Clouds of the cells. */
  cells: readonly Cloud[];
  replication: "independent" | "global";
}

/** Route 53 answers an alias of a load balancer with its owner's TTL. Source: Route 53 Developer Guide, aliases. */
const albTtl = 60;
/**
 * Seconds that a check waits for an answer at the most. Route 53 gives a connection four, and two more to the status
 * after it (Developer Guide, "How Route 53 determines whether a health check is healthy"); Traffic Manager and Cloud DNS
 * as the components set them.
 */
export const timeouts: Readonly<Record<Cloud, number>> = { aws: 6, azure: 5, gcp: 5 };
/**
 * Whether addresses that stay move the traffic themselves, in the place of DNS: Global Accelerator's where zone and
 * cells are on aws, one load balancer's where all of them are on gcp.
 */
export function addressesStay(
  { cloud, accelerator }: Pick<BudgetArgs["dns"], "cloud" | "accelerator">,
  cells: readonly Cloud[],
): boolean {
  return accelerator && (cloud === "aws" || (cloud === "gcp" && cells.every((cell) => cell === "gcp")));
}

/** Health checks of an Application Load Balancer's targets, as components/aws/loadBalancer.ts sets them. */
const albChecks = { interval: 10, threshold: 3, timeout: 5 };
/** What addresses that stay wait for. */
const behind = {
  aws: { ...albChecks, of: " of the load balancer's targets" },
  gcp: { ...backendChecks, of: " of the cell's nodes" },
} as const;

/**
 * The worst case of a failover. A cell goes down right after a check that it passed, and a resolver asked right
 * before the switch.
 *
 * Sources: Route 53 Developer Guide, "How Route 53 determines whether a health check is healthy"; Global
 * Accelerator Developer Guide, endpoint health; Traffic Manager, "Endpoint monitoring" (failures in a row beyond
 * the tolerated, each after its timeout); Cloud DNS, "DNS routing policies and health checks"; Cloud Load Balancing,
 * "Health checks overview" (failures in a row, each after its timeout).
 */
export function failoverBudget({ dns, cells, replication }: BudgetArgs): Budget {
  const { detection, propagation } = parts(dns, cells);
  const detectionSeconds = detection.seconds;
  const propagationSeconds = propagation.seconds;
  return {
    detectionSeconds,
    propagationSeconds,
    promotionSeconds: replication === "global" ? null : 0,
    totalSeconds: detectionSeconds + propagationSeconds,
    parts: [
      `detection ${detectionSeconds} s: ${detection.why}`,
      `propagation ${propagationSeconds} s: ${propagation.why}`,
      replication === "global"
        ? "promotion: the next cell's database can be read at once, and written after javelin promote"
        : "promotion 0 s: every cell has its own database",
    ],
  };
}

interface Part {
  seconds: number;
  why: string;
}

function parts({ cloud, interval, threshold, ttl, accelerator }: BudgetArgs["dns"], cells: readonly Cloud[]) {
  const kept: Part = { seconds: ttl, why: `resolvers keep an answer for ${ttl} s` };
  const checks = (every: number, failures: number, timeout: number, of = ""): Part => ({
    seconds: every * failures + timeout,
    why: `${failures} checks${of}, one every ${every} s, the last of which waits ${timeout} s`,
  });
  if (cloud !== "azure" && addressesStay({ cloud, accelerator }, cells)) {
    const { interval: every, threshold: failures, timeout, of } = behind[cloud];
    return {
      detection: checks(every, failures, timeout, of),
      propagation: { seconds: 0, why: "addresses stay the same" },
    };
  }
  const alias = cloud === "aws" && cells.includes("aws") && albTtl > ttl;
  return {
    detection: checks(interval, threshold, timeouts[cloud]),
    propagation: alias ? { seconds: albTtl, why: `a load balancer's alias is kept for ${albTtl} s` } : kept,
  };
}

/** One line for people: printed at preview. */
export function explain(budget: Budget): string {
  return `a failover takes at most ${budget.totalSeconds} s (${budget.parts.join("; ")})`;
}

import { deploymentOf } from "../../automation/drill/deployment.js";
import type { Deployment } from "../../automation/drill/deployment.js";
import type { Resource, Stack } from "../../automation/drill/state.js";
import type { Failover } from "../../components/dns.js";
import type { Cloud } from "../../stacks/clouds.js";
import { failoverBudget } from "../../stacks/failoverBudget.js";
import { publicDns } from "../../stacks/publicDns.js";
import { run } from "./mocks.js";
import { loadSdks } from "./stacks.js";

const domain = "gw.example.com";
const zones = {
  aws: { cloud: "aws", zone: "example.com" },
  azure: { cloud: "azure", zone: "example.com", resourceGroup: "dns" },
  gcp: { cloud: "gcp", zone: "example.com", project: "example-project" },
} as const;

export const names = ["one", "two", "three"] as const;
export const addressOf = (cell: string) => `203.0.113.${names.indexOf(cell as "one") + 1}`;

export interface Wanted extends Partial<Pick<Failover, "mode" | "interval" | "threshold" | "ttl">> {
  cells?: number;
}

const made = new Map<string, Promise<Stack>>();

/** What the components deploy on a DNS cloud for cells that have addresses, as a state holds it; made once. */
export function stackOn(cloud: Cloud, wanted: Wanted = {}): Promise<Stack> {
  const key = JSON.stringify([cloud, wanted]);
  let found = made.get(key);
  if (!found) made.set(key, (found = make(cloud, wanted)));
  return found;
}

async function make(cloud: Cloud, wanted: Wanted): Promise<Stack> {
  const { cells: count = 2, mode = "active-passive", interval = cloud === "gcp" ? 30 : 10 } = wanted;
  const { threshold = 3, ttl = 30 } = wanted;
  const cells = names.slice(0, count).map((name) => ({
    name,
    origin: `${name}.${domain}`,
    target: { address: addressOf(name) },
    healthPath: "/v1/healthz",
    ready: [],
  }));
  await loadSdks({ "javelin:dns": JSON.stringify(zones[cloud]) });
  const { resources } = await run(async () => {
    const zone = await publicDns({ ...zones[cloud], ttl }, "javelin-test", false);
    const balanced = await zone.balance({ domain, cells, mode, interval, threshold, accelerator: false });
    zone.point([
      ...cells.map(({ origin, target }) => ({ host: origin, target })),
      { host: `api.${domain}`, ...balanced },
    ]);
  });
  const budget = failoverBudget({
    dns: { cloud, interval, threshold, ttl, accelerator: false },
    // Addresses, not load balancers' aliases.
    cells: cells.map(() => (cloud === "aws" ? "azure" : cloud)),
    replication: "independent",
  });
  return {
    cells: cells.map(({ name, origin }) => ({ name, origin })),
    hosts: [`api.${domain}`],
    budgetSeconds: budget.totalSeconds,
    resources: resources.map(({ type, name, id, state }) => ({ type, name, id, outputs: state })),
  };
}

/** The same, with changes to the outputs of resources of a type: what somebody did to the cloud by hand. */
export function changed(stack: Stack, type: RegExp, change: (outputs: Resource["outputs"]) => object): Stack {
  const resources = stack.resources.map((each) =>
    type.test(each.type) ? { ...each, outputs: { ...each.outputs, ...change(each.outputs) } } : each,
  );
  return { ...stack, resources };
}

export const deployedOn = async (cloud: Cloud, wanted?: Wanted): Promise<Deployment> =>
  deploymentOf(await stackOn(cloud, wanted));

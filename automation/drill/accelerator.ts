import { listOf, numberOf, objectOf, ofType, textOf, texts } from "../state.js";
import type { Check } from "./health.js";
import type { Elsewhere, Fronts, Resource, Stack } from "./state.js";

const prefix = "aws:globalaccelerator/";

interface Group {
  cell: string;
  dial: number;
  checks: Check[];
}

/**
 * The accelerators that were deployed. Callers of a drill are nearest to the cell that stands first. A connection
 * goes to the nearest endpoint group that is healthy and whose traffic dial is open; when there is none, to the
 * nearest healthy one whatever its dial; and to the nearest of all when none is healthy. A load balancer is healthy
 * when each of its target groups is; their checks are probed at the cell's endpoint. Source: Global Accelerator
 * Developer Guide, "How failover works for unhealthy endpoints", "Health check options".
 */
export function accelerators({ resources, cells }: Stack, elsewhere: Elsewhere): Fronts {
  const of = (kind: string) => ofType(resources, `${prefix}${kind}`);
  const checks = new Map<string, Check>();
  const fronts: Fronts["fronts"] = new Map();
  for (const { id, outputs } of of("accelerator:Accelerator")) {
    const addresses = texts(outputs, "ipSets", "ipAddresses");
    elsewhere.place(textOf(outputs["dnsName"]), addresses);
    const listeners = of("listener:Listener")
      .filter((each) => textOf(each.outputs["acceleratorArn"]) === id)
      .map((each) => each.id);
    const groups: Group[] = of("endpointGroup:EndpointGroup")
      .filter((each) => listeners.includes(textOf(each.outputs["listenerArn"])))
      .flatMap((each) => groupOf(each));
    const order = cells.map(({ name }) => name);
    groups.sort((a, b) => order.indexOf(a.cell) - order.indexOf(b.cell));
    // With one group there is nothing to choose, whatever its health.
    if (groups.length > 1)
      for (const check of groups.flatMap((each) => each.checks)) checks.set(check.id, check);
    const open = groups.filter(({ dial }) => dial > 0);
    for (const address of addresses)
      fronts.set(address, (now) => {
        const healthy = (each: Group): boolean => each.checks.every(({ id: check }) => now.healthy(check));
        return (open.find(healthy) ?? groups.find(healthy) ?? open[0] ?? groups[0])?.cell;
      });
  }
  return { title: "Global Accelerator", checks: [...checks.values()], fronts };

  function groupOf({ outputs }: Resource): Group[] {
    return listOf(outputs["endpointConfigurations"]).flatMap((endpoint) => {
      const balancer = resources.find(({ id }) => id === textOf(endpoint["endpointId"]));
      const cell = cells.find(({ name }) => balancer?.name.startsWith(`${name}-`));
      if (!balancer || !cell) return [];
      const own = ofType(resources, "aws:lb/targetGroup:TargetGroup")
        .filter(({ outputs: target }) => textOf(target["vpcId"]) === textOf(balancer.outputs["vpcId"]))
        .map((target) => checkOf(target, cell.origin));
      return [{ cell: cell.name, dial: numberOf(outputs["trafficDialPercentage"], 100), checks: own }];
    });
  }
}

function checkOf({ id, outputs }: Resource, origin: string): Check {
  const health = objectOf(outputs["healthCheck"]);
  return {
    id,
    target: origin,
    sni: origin,
    host: origin,
    port: 443,
    path: textOf(health["path"]) || "/",
    interval: numberOf(health["interval"], 30),
    timeout: numberOf(health["timeout"], 5),
    failures: numberOf(health["unhealthyThreshold"], 2),
    successes: numberOf(health["healthyThreshold"], 5),
    checkers: 1,
    quorum: 1,
    passes: (status) => status >= 200 && status < 400,
  };
}

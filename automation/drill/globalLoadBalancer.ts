import { listOf, numberOf, objectOf, ofType, textOf } from "../state.js";
import type { Check } from "./health.js";
import type { DrillCell, Fronts, Resource, Stack } from "./state.js";
import { route } from "./urlMap.js";

/** Callers of a drill ask a model. */
const asked = "/v1/query/drill";

/** A cell behind a load balancer: nodes at which the service can be found. */
interface Member {
  cell: string;
  preferred: boolean;
  check?: Check;
}

/**
 * The global load balancers that were deployed before several cells. A request goes where host, path and the preference
 * of the service's groups lead it: to a healthy preferred cell, else to another healthy one, each time the nearest;
 * callers of a drill are nearest to the cell that stands first. When no cell is healthy, the load balancer answers 503
 * itself. A cell is healthy when the service's health check passes, which is probed at the cell's endpoint. Groups that
 * have no port of the service's port name, or no capacity, get nothing. Sources: Cloud Load Balancing, "Advanced load
 * balancing optimizations", "Health checks overview", "Troubleshoot external Application Load Balancers".
 */
export function globalLoadBalancers({ resources, cells, hosts }: Stack): Fronts {
  const find = (type: string, link: unknown): Resource | undefined =>
    ofType(resources, type).find(({ id }) => relative(id) === relative(textOf(link)));
  const checks = new Map<string, Check>();
  const fronts: Fronts["fronts"] = new Map();
  for (const { outputs } of ofType(resources, "gcp:compute/globalForwardingRule:GlobalForwardingRule")) {
    const proxy = find("gcp:compute/targetHttpsProxy:TargetHttpsProxy", outputs["target"]);
    const map = find("gcp:compute/uRLMap:URLMap", proxy?.outputs["urlMap"]);
    const reached = map && route(map.outputs, hosts[0] ?? "", asked);
    const service = find("gcp:compute/backendService:BackendService", reached?.service);
    const members = service ? membersOf(service) : [];
    // One cell's own has nothing to choose.
    if (members.length < 2) continue;
    for (const { check } of members) if (check) checks.set(check.id, check);
    fronts.set(textOf(outputs["ipAddress"]), (now) => {
      const healthy = members.filter(({ check }) => !check || now.healthy(check.id));
      return (healthy.find(({ preferred }) => preferred) ?? healthy[0])?.cell;
    });
  }
  return { title: "a global load balancer", checks: [...checks.values()], fronts };

  /** In the order of the cells. */
  function membersOf({ outputs }: Resource): Member[] {
    const template = find("gcp:compute/healthCheck:HealthCheck", outputs["healthChecks"]);
    const open = listOf(outputs["backends"]).filter((each) => numberOf(each["capacityScaler"], 1) > 0);
    const ports = ofType(resources, "gcp:compute/instanceGroupNamedPort:InstanceGroupNamedPort").filter(
      (port) => textOf(port.outputs["name"]) === textOf(outputs["portName"]),
    );
    return cells.flatMap((cell) => {
      const groups = ports
        .filter(({ name }) => ownerOf(name, cells) === cell)
        .map((port) => relative(textOf(port.outputs["group"])));
      const own = open.filter((each) => groups.includes(relative(textOf(each["group"]))));
      if (own.length === 0) return [];
      const preferred = own.some((each) => each["preference"] === "PREFERRED");
      return [{ cell: cell.name, preferred, ...(template && { check: checkOf(template, cell) }) }];
    });
  }
}

/** Ids and self links of the same thing are alike from the project on. */
const relative = (link: string): string => link.replace(/^.*?(?=projects\/)/, "");

/** The cell whose name a resource's begins with; of two, the longer. */
function ownerOf(name: string, cells: readonly DrillCell[]): DrillCell | undefined {
  const found = cells.filter((cell) => name.startsWith(`${cell.name}-`));
  return found.sort((a, b) => b.name.length - a.name.length)[0];
}

function checkOf({ id, outputs }: Resource, { name, origin }: DrillCell): Check {
  return {
    id: `${id} ${name}`,
    target: origin,
    sni: origin,
    host: origin,
    port: 443,
    path: textOf(objectOf(outputs["httpHealthCheck"])["requestPath"]) || "/",
    interval: numberOf(outputs["checkIntervalSec"], 5),
    timeout: numberOf(outputs["timeoutSec"], 5),
    failures: numberOf(outputs["unhealthyThreshold"], 2),
    successes: numberOf(outputs["healthyThreshold"], 2),
    checkers: 1,
    quorum: 1,
    passes: (status) => status === 200,
  };
}

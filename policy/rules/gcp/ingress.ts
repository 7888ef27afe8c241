import { follow } from "../../links.js";
import type { Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, present, show } from "../../values.js";
import { firewallRules, internetBlocks, isForEverybody, ruleTypes } from "./firewallRules.js";
import { forwardedPorts, forwardingRules, isExternal } from "./loadBalancing.js";

/** HTTPS, and HTTP for the redirect that the policy on TLS demands of it. */
const open = ["443", "80"];

function* judgeRules(resource: Resource): Iterable<string> {
  for (const rule of firewallRules(resource)) {
    const blocks = internetBlocks(rule);
    const fromInternet = blocks.length > 0 || rule.internet || isForEverybody(rule);
    if (rule.direction !== "ingress" || rule.action !== "allow" || !fromInternet) continue;
    for (const { protocol, ports } of rule.protocols)
      if (differs(protocol, "tcp", "6") || ports.length === 0 || ports.some((port) => differs(port, ...open)))
        yield `${blocks.join(", ") || "the internet"} may reach ${show(protocol)} ${ports.map(show).join(", ") || "at every port"}; right is tcp 443, or 80 to be redirected`;
  }
}

function* judgeForwarding(resource: Resource): Iterable<string> {
  if (!isExternal(resource)) return;
  const ports = forwardedPorts(resource.props);
  if (ports.length === 0) yield "an external address takes every port; right is 443, or 80 to redirect";
  for (const port of ports)
    if (differs(port, ...open))
      yield `an external address takes port ${show(port)}; right is 443, or 80 to redirect`;
}

const publicAddress = "a machine gets a public address; right is none: it leaves by Cloud NAT";

function* judgeInstance({ props }: Resource): Iterable<string> {
  const interfaces = at(props, "networkInterfaces");
  if (["accessConfigs", "ipv6AccessConfigs"].some((key) => isNamed(interfaces, key))) yield publicAddress;
}

/** An empty access configuration asks for an address of Google's choice. */
function isNamed(interfaces: unknown, key: string): boolean {
  return follow(interfaces, [key]).some(present);
}

function* judgeNodes({ props }: Resource, ...path: string[]): Iterable<string> {
  if (differs(at(props, ...path), true))
    yield `${path.join(".")} is off: nodes get public addresses; right is true`;
}

export const ingress: Rule = {
  each: {
    ...forTypes(ruleTypes, judgeRules),
    ...forTypes(forwardingRules, judgeForwarding),
    ...forTypes(
      [
        "gcp:compute/instance:Instance",
        "gcp:compute/instanceFromTemplate:InstanceFromTemplate",
        "gcp:compute/instanceTemplate:InstanceTemplate",
        "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate",
      ],
      judgeInstance,
    ),
    "gcp:container/cluster:Cluster": (cluster) =>
      judgeNodes(cluster, "privateClusterConfig", "enablePrivateNodes"),
    *"gcp:container/nodePool:NodePool"({ props }) {
      // Left out, it is as the cluster has it.
      if (at(props, "networkConfig", "enablePrivateNodes") === false)
        yield "networkConfig.enablePrivateNodes is off: nodes get public addresses; right is true";
    },
  },
};

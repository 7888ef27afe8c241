import { unaccompanied } from "../../links.js";
import type { Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, lacks, missing, show, unknown } from "../../values.js";
import { firewallRules, ruleTypes } from "./firewallRules.js";
import { backendServices, isExternal } from "./loadBalancing.js";

/** What a cluster can log, besides its audit log, which is always on. Source: "About GKE logs". */
const components = ["APISERVER", "CONTROLLER_MANAGER", "SCHEDULER", "SYSTEM_COMPONENTS", "WORKLOADS"];

function* judgeCluster({ props }: Resource): Iterable<string> {
  const off = components.filter((one) => lacks(at(props, "loggingConfig", "enableComponents"), one));
  if (off.length > 0) yield `loggingConfig.enableComponents lacks ${off.join(", ")}; right is all five`;
}

/** Subnets of proxies and of Private Service Connect take no flow logs. */
const withoutFlows = [
  "GLOBAL_MANAGED_PROXY",
  "INTERNAL_HTTPS_LOAD_BALANCER",
  "REGIONAL_MANAGED_PROXY",
  "PRIVATE_SERVICE_CONNECT",
];

function* judgeSubnet({ props }: Resource): Iterable<string> {
  const purpose = at(props, "purpose");
  if (purpose === unknown || withoutFlows.includes(String(purpose))) return;
  if (missing(at(props, "logConfig"))) yield "the subnet has no flow log; right is a logConfig";
}

function* judgeNat({ props }: Resource): Iterable<string> {
  const config = at(props, "logConfig");
  if (config === unknown) return;
  if (differs(at(config, "enable"), true)) yield "logConfig.enable is off; right is true";
  else if (differs(at(config, "filter"), "ALL"))
    yield `logConfig.filter is ${show(at(config, "filter"))}; right is ALL`;
}

/** What Cloud Armor decides is in the same log. */
function* judgeBackend(resource: Resource): Iterable<string> {
  if (isExternal(resource) && differs(at(resource.props, "logConfig", "enable"), true))
    yield "logConfig.enable is off; right is true: requests, and what Cloud Armor refuses, go unseen";
}

/** Flow logs show what passed; what a firewall refused is in its own log only. */
function* judgeRules(resource: Resource): Iterable<string> {
  for (const { direction, action, logged } of firewallRules(resource))
    if (action === "deny" && (missing(logged) || logged === false))
      yield `an ${String(direction)} rule denies without a log; right is one that logs`;
}

const networks = "gcp:compute/network:Network";
const dns = "gcp:dns/policy:Policy";

export const logs: Rule = {
  each: {
    "gcp:container/cluster:Cluster": judgeCluster,
    "gcp:compute/subnetwork:Subnetwork": judgeSubnet,
    "gcp:compute/routerNat:RouterNat": judgeNat,
    ...forTypes(Object.keys(backendServices), judgeBackend),
    ...forTypes(ruleTypes, judgeRules),
    *[dns]({ props }) {
      if (differs(at(props, "enableLogging"), true)) yield "enableLogging is off; right is true";
    },
  },
  together: (resources) =>
    unaccompanied(
      resources,
      networks,
      { type: dns, property: "networks", path: ["networkUrl"], by: ["id", "selfLink"] },
      "the network's DNS queries are not logged; right is a dns.Policy with enableLogging",
    ),
};

import { names, ofTypes } from "../../links.js";
import type { Finding, Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, list, missing, present, show, unknown } from "../../values.js";
import { backendServices, forwardingRules, isExternal } from "./loadBalancing.js";

const proxied = ["HTTP", "HTTPS", "HTTP2", "H2C", undefined, null];

function* judgeBackend(resource: Resource): Iterable<string> {
  if (!isExternal(resource)) return;
  const protocol = at(resource.props, "protocol");
  if (differs(protocol, ...proxied))
    yield `a public backend service speaks ${show(protocol)}, which Cloud Armor cannot read; right is HTTP behind a target HTTPS proxy`;
  if (missing(at(resource.props, "securityPolicy")))
    yield "a public backend service has no securityPolicy; right is the cell's Cloud Armor policy";
}

/** Without a proxy before it, no request is looked at. */
function* judgeForwarding(resource: Resource): Iterable<string> {
  if (isExternal(resource) && present(at(resource.props, "backendService")))
    yield "an external address passes packets on to a backend service; right is a target HTTPS proxy";
}

const rule = "gcp:compute/securityPolicyRule:SecurityPolicyRule";

/** Whether a rule may refuse by Google's managed rule sets. */
function isManaged(one: unknown): boolean {
  const expression = at(one, "match", "expr", "expression");
  return (
    (expression === unknown || /evaluatePreconfigured(Waf|Expr)\(/.test(String(expression))) &&
    at(one, "preview") !== true
  );
}

function* judgePolicies(resources: Resource[]): Iterable<Finding> {
  for (const resource of ofTypes(resources, "gcp:compute/securityPolicy:SecurityPolicy")) {
    if (differs(at(resource.props, "type"), "CLOUD_ARMOR", undefined, null)) continue;
    const inside = list(at(resource.props, "rules"));
    const beside = ofTypes(resources, rule).filter(
      (one) => names(one, { property: "securityPolicy", by: ["name", "id", "selfLink"] }, resource) !== false,
    );
    if (![...inside, ...beside.map(({ props }) => props)].some((one) => one === unknown || isManaged(one)))
      yield {
        resource,
        message: "the policy has none of Google's rule sets in force; right is evaluatePreconfiguredWaf",
      };
  }
}

/** The internet comes in by the firewall. */
export const guard: Rule = {
  each: {
    ...forTypes(Object.keys(backendServices), judgeBackend),
    ...forTypes(forwardingRules, judgeForwarding),
  },
  together: judgePolicies,
};

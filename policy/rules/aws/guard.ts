import { names, ofTypes } from "../../links.js";
import type { Finding, Resource, Rule } from "../../policy.js";
import { at, differs, unknown } from "../../values.js";

function* judgeBalancers(resources: Resource[]): Iterable<Finding> {
  const associations = ofTypes(resources, "aws:wafv2/webAclAssociation:WebAclAssociation");
  for (const resource of ofTypes(
    resources,
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:alb/loadBalancer:LoadBalancer",
  )) {
    const { props } = resource;
    const isInternal = at(props, "internal");
    if (isInternal === true || isInternal === unknown) continue;
    const type = at(props, "loadBalancerType");
    if (differs(type, "application", undefined))
      yield {
        resource,
        message: "a public load balancer takes no web ACL; right is an application load balancer",
      };
    else if (
      associations.every((one) => names(one, { property: "resourceArn", by: ["arn"] }, resource) === false)
    )
      yield { resource, message: "a public load balancer has no web ACL; right is a WebAclAssociation" };
  }
}

/** The internet comes in by the firewall. */
export const guard: Rule = { together: judgeBalancers };

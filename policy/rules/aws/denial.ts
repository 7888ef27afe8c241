import { unaccompanied } from "../../links.js";
import type { Finding, Resource, Rule } from "../../policy.js";
import { at, differs, present, unknown } from "../../values.js";
import { defaultGroup } from "./groupRules.js";

function* judgeDefaultGroup(resource: Resource): Iterable<string> {
  if (["ingress", "egress"].some((direction) => present(at(resource.props, direction))))
    yield "the VPC's default security group has rules; right is none: whatever names no group is in it";
}

/** The CNI ignores network policies until it is told otherwise. Source: "Limit Pod traffic", EKS. */
function* judgeAddon({ props }: Resource): Iterable<string> {
  const name = at(props, "addonName");
  const values = at(props, "configurationValues");
  if (name !== "vpc-cni" || values === unknown) return;
  const configuration: unknown = typeof values === "string" && values !== "" ? JSON.parse(values) : {};
  if (differs(at(configuration, "enableNetworkPolicy"), "true"))
    yield 'vpc-cni does not enforce network policies; right is enableNetworkPolicy "true"';
}

function judgeVpcs(resources: Resource[]): Iterable<Finding> {
  return unaccompanied(
    resources,
    "aws:ec2/vpc:Vpc",
    { type: defaultGroup, property: "vpcId", by: ["id"] },
    "the VPC's default security group is as AWS made it; right is a DefaultSecurityGroup without rules",
  );
}

/** Nothing is open that nobody opened. */
export const denial: Rule = {
  each: { [defaultGroup]: judgeDefaultGroup, "aws:eks/addon:Addon": judgeAddon },
  together: judgeVpcs,
};

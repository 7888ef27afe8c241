import type { Resource, Rule } from "../../policy.js";
import { forTypes } from "../../policy.js";
import { at, differs, missing, show } from "../../values.js";

function* judgeMetadata({ props }: Resource): Iterable<string> {
  const tokens = at(props, "metadataOptions", "httpTokens");
  if (differs(tokens, "required")) yield `metadataOptions.httpTokens is ${show(tokens)}; right is required`;
  const hops = at(props, "metadataOptions", "httpPutResponseHopLimit");
  if (differs(hops, 1))
    yield `metadataOptions.httpPutResponseHopLimit is ${show(hops)}; right is 1: pods are two hops away`;
}

/** Without a template EKS makes one itself, with two hops. Source: "Launch template support", EKS. */
function* judgeNodeGroup({ props }: Resource): Iterable<string> {
  if (missing(at(props, "launchTemplate")))
    yield "the node group has no launch template; right is one with IMDSv2 and one hop";
}

/** The node's identity stays with the node. */
export const machines: Rule = {
  each: {
    ...forTypes(["aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance"], judgeMetadata),
    "aws:eks/nodeGroup:NodeGroup": judgeNodeGroup,
  },
};

import { isAnywhere } from "../../addresses.js";
import type { Resource, Rule } from "../../policy.js";
import { at, differs, list, missing, show, unknown } from "../../values.js";

function* judgeEndpoint({ props }: Resource): Iterable<string> {
  const config = at(props, "vpcConfig");
  if (config !== unknown && differs(at(config, "endpointPrivateAccess"), true))
    yield "vpcConfig.endpointPrivateAccess is off; right is true: nodes would go by the internet";
  const isPublic = at(config, "endpointPublicAccess");
  // EKS's default is public.
  if (isPublic === unknown || isPublic === false) return;
  const blocks = at(config, "publicAccessCidrs");
  const broad = list(blocks).filter(isAnywhere);
  if (missing(blocks) || broad.length > 0)
    yield `the Kubernetes API is open to ${broad.map(show).join(", ") || "everybody"}; right is the blocks that administer it, or none`;
}

export const clusters: Rule = { each: { "aws:eks/cluster:Cluster": judgeEndpoint } };

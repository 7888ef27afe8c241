import { isAnywhere } from "../../addresses.js";
import type { Resource, Rule } from "../../policy.js";
import { at, list, missing, show, unknown } from "../../values.js";

function* judgeEndpoint({ props }: Resource): Iterable<string> {
  const profile = at(props, "apiServerAccessProfile");
  const isPrivate = at(profile, "enablePrivateCluster");
  if (profile === unknown || isPrivate === true || isPrivate === unknown) return;
  const ranges = at(profile, "authorizedIPRanges");
  const broad = list(ranges).filter(isAnywhere);
  // AKS's default is everybody.
  if (missing(ranges) || broad.length > 0)
    yield `the Kubernetes API is open to ${broad.map(show).join(", ") || "everybody"}; right is authorizedIPRanges with the blocks that administer it, or a private cluster`;
}

export const clusters: Rule = { each: { "azure-native:containerservice:ManagedCluster": judgeEndpoint } };

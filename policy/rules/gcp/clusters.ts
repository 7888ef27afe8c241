import { isAnywhere } from "../../addresses.js";
import { follow } from "../../links.js";
import type { Resource, Rule } from "../../policy.js";
import { at, missing, show, unknown } from "../../values.js";

/** The name that Google gives a control plane asks IAM before it answers; its addresses ask nobody. */
function* judgeEndpoint({ props }: Resource): Iterable<string> {
  const byAddress = at(props, "controlPlaneEndpointsConfig", "ipEndpointsConfig", "enabled");
  const isPrivate = at(props, "privateClusterConfig", "enablePrivateEndpoint");
  if ([byAddress, isPrivate].includes(unknown) || byAddress === false || isPrivate === true) return;
  const networks = at(props, "masterAuthorizedNetworksConfig");
  const blocks = follow(networks, ["cidrBlocks", "cidrBlock"]);
  const broad = blocks.filter(isAnywhere);
  // GKE's default is everybody.
  if (missing(networks) || broad.length > 0)
    yield `the Kubernetes API is open to ${broad.map(show).join(", ") || "everybody"}; right is the DNS endpoint only, or the blocks that administer it`;
  if (at(networks, "gcpPublicCidrsAccessEnabled") === true)
    yield "gcpPublicCidrsAccessEnabled is on: every machine in Google Cloud may ask; right is off";
}

export const clusters: Rule = { each: { "gcp:container/cluster:Cluster": judgeEndpoint } };

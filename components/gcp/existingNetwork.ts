import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import type { CellNetwork } from "./network.js";
import { cacheBlock, cacheProblems, rangeProblems, subnetProblems } from "./networkFitness.js";
import type { NetworkNeeds, NetworkProblem, Subnet } from "./networkFitness.js";
import type { CellTier } from "./subnets.js";

/** A network that the cell does not own, and what it may use of it. */
export interface ExistingNetwork {
  /** Name of one in the cell's project, or its id: `projects/<project>/global/networks/<name>`. */
  id: string;
  /** Ids or names of subnets of it in the cell's region. */
  subnets: Record<CellTier, string>;
  /** Names of secondary ranges of the node subnet. */
  podRange: string;
  serviceRange: string;
}

/**
 * Looks an existing network up and says what of it a cell cannot stand on. Awaited before anything is registered,
 * so that an unfit network ends the run while nothing has been made.
 *
 * In such a network the program makes what stands in the subnets, and one VPC firewall rule that admits Google's
 * load balancers to the nodes. It makes no network, subnets, router, NAT, private zones, firewall policy, flow or
 * query logs: these are the owner's. The owner's ways out have to let the nodes reach the model providers and
 * registries, and Google's services: by their public addresses, or by private zones at private.googleapis.com.
 *
 * Not seen: routes, NAT, firewalls, private zones, subnets of other regions, and how many addresses are free.
 *
 * @param opts a provider of the cell's project.
 * @returns all that is wrong; or the network, when nothing is.
 * @throws when Google refuses a look-up, for want of permission say; what is not there is a problem, not an error.
 */
export async function checkExisting(
  existing: ExistingNetwork,
  needs: NetworkNeeds,
  opts: pulumi.InvokeOptions,
): Promise<{ problems: NetworkProblem[]; network?: CellNetwork }> {
  const { region } = needs;
  const name = nameOf(existing.id);
  const project = /(?:^|\/)projects\/([^/]+)\//.exec(existing.id)?.[1] ?? needs.project;
  const id = `projects/${project}/global/networks/${name}`;
  if (project !== needs.project) {
    // Source: Memorystore for Redis, "Networking": direct peering. The other way in is the host project's to prepare.
    const found = `it is shared by the project ${project}, and Memorystore takes no shared network`;
    return {
      problems: [{ place: "network", name, found, remedy: `write a network of ${needs.project}` }],
    };
  }
  // By lists, which may lack it: the look-up of a single thing fails for its absence as for anything else.
  const { networks } = await gcp.compute.getNetworks({ project }, opts);
  if (!networks.includes(name)) {
    const remedy =
      networks.length > 0
        ? `write one of ${[...networks].sort().join(", ")}`
        : "make one there first, or leave the network to this program";
    return {
      problems: [{ place: "network", name, found: `project ${project} has no such network`, remedy }],
    };
  }
  const { subnetworks } = await gcp.compute.getSubnetworks({ project, region }, opts);
  const own = subnetworks.filter((subnet) => idOf(subnet.network) === id);
  const problems: NetworkProblem[] = cacheProblems(
    name,
    Object.fromEntries(own.map((subnet) => [subnet.name, subnet.ipCidrRange])),
    needs,
  );
  const find = async (tier: CellTier): Promise<Subnet | undefined> => {
    const wanted = nameOf(existing.subnets[tier]);
    if (subnetworks.some((subnet) => subnet.name === wanted)) {
      const subnet = readSubnet(await gcp.compute.getSubnetwork({ project, region, name: wanted }, opts));
      problems.push(...subnetProblems(tier, subnet, id, needs));
      return subnet;
    }
    const names = own
      .map((subnet) => subnet.name)
      .sort()
      .join(", ");
    const remedy = names ? `write one of ${names}` : "write a network that has subnets in the region";
    problems.push({ place: tier, name: wanted, found: `${region} has no such subnet`, remedy });
    return undefined;
  };
  const node = await find("node");
  const endpoint = await find("endpoint");
  if (node) problems.push(...rangeProblems(node, existing, needs));
  if (!node || !endpoint || problems.length > 0) return { problems };
  return {
    problems,
    network: {
      networkId: id,
      networkName: name,
      selfLink: `https://www.googleapis.com/compute/v1/${id}`,
      plan: { node: node.cidr, endpoint: endpoint.cidr, cache: cacheBlock(needs.cidr) },
      podCidr: node.ranges[existing.podRange] ?? "",
      subnetIds: { node: node.id, endpoint: endpoint.id },
      podRangeName: existing.podRange,
      serviceRangeName: existing.serviceRange,
    },
  };
}

/** The last part of an id; a name is its own. */
const nameOf = (id: string): string => id.split("/").at(-1) ?? "";

/** `projects/…` of a self link. */
const idOf = (selfLink: string): string => selfLink.replace(/^.*\/(?=projects\/)/, "");

function readSubnet(subnet: gcp.compute.GetSubnetworkResult): Subnet {
  return {
    id: subnet.id,
    name: subnet.name ?? "",
    network: idOf(subnet.network),
    cidr: subnet.ipCidrRange,
    privateAccess: subnet.privateIpGoogleAccess,
    ranges: Object.fromEntries(subnet.secondaryIpRanges.map((range) => [range.rangeName, range.ipCidrRange])),
  };
}

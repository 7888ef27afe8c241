import * as network from "@pulumi/azure-native/network/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { CellNetwork } from "./network.js";
import { networkProblems, subnetProblems } from "./networkFitness.js";
import type { FoundNetwork, FoundSubnet, NetworkNeeds, NetworkProblem } from "./networkFitness.js";
import { cellTiers } from "./subnets.js";
import type { CellTier } from "./subnets.js";

/** A virtual network that the cell does not own, and the subnets that it may use: one of each tier. */
export interface ExistingNetwork {
  /** `/subscriptions/…/virtualNetworks/<name>` */
  id: string;
  /** Ids by tier, one in each list. */
  subnets: Record<CellTier, string[]>;
}

/**
 * Looks an existing network up and says what of it a cell cannot stand on. Awaited before anything is registered,
 * so that an unfit network ends the run while nothing has been made.
 *
 * In such a network the program makes the private DNS zones with their links, and what stands in the subnets. It
 * makes no network, subnets, security groups and rules, route table and routes, NAT gateway, Azure Firewall or flow
 * logs: these are the owner's. The nodes leave by the subnet's route table if that has a default route, else by its
 * NAT gateway; the cluster's API must admit the address that they leave from (`kubernetes.apiAccess`).
 *
 * Not seen: what the security groups and other routes say, other DNS servers, private DNS zones that are linked already,
 * and which addresses are taken: those at the end of the node subnet must be free (see `serviceAddress`).
 *
 * @param opts the provider of the cell's subscription.
 * @returns all that is wrong; or the network, when nothing is.
 * @throws when Azure refuses a look-up, for want of permission say; what is not there is a problem, not an error.
 */
export async function checkExisting(
  existing: ExistingNetwork,
  needs: NetworkNeeds,
  opts: pulumi.InvokeOptions,
): Promise<{ problems: NetworkProblem[]; network?: CellNetwork }> {
  const place = placeOf(existing.id);
  if (!place)
    return {
      problems: [
        {
          tier: "network",
          id: existing.id,
          found: existing.id,
          remedy:
            "write /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Network/virtualNetworks/<name>",
        },
      ],
    };
  const names = cellTiers
    .flatMap((tier) => existing.subnets[tier])
    .map((id) => id.split("/").at(-1) ?? "")
    .filter((name, i, all) => name !== "" && all.indexOf(name) === i);
  const [found, ...subnets] = await Promise.all([
    absentAsNone(network.getVirtualNetwork(place, opts)),
    ...names.map((subnetName) => absentAsNone(network.getSubnet({ ...place, subnetName }, opts))),
  ]);
  // The look-up goes to the provider's subscription, whatever the id says.
  const whole: FoundNetwork | undefined =
    found?.id?.toLowerCase() === existing.id.toLowerCase()
      ? { location: found.location ?? "", cidrs: found.addressSpace?.addressPrefixes ?? [] }
      : undefined;
  const known = await Promise.all(subnets.flatMap((subnet) => (subnet ? [described(subnet, opts)] : [])));
  const problems = [...networkProblems(existing, whole, needs), ...subnetProblems(existing, known, needs)];
  if (problems.length > 0) return { problems };

  const ofTier = (tier: CellTier) => {
    const id = existing.subnets[tier][0] ?? "";
    return known.find((each) => each.id.toLowerCase() === id.toLowerCase())!;
  };
  const pick = <T>(what: (subnet: FoundSubnet) => T) =>
    Object.fromEntries(cellTiers.map((tier) => [tier, what(ofTier(tier))])) as Record<CellTier, T>;
  const { routeTableId, ledOut } = ofTier("node");
  return {
    problems,
    network: {
      virtualNetworkId: existing.id,
      plan: pick(({ cidrs }) => cidrs.find((cidr) => !cidr.includes(":"))!),
      subnetIds: pick(({ id }) => id),
      routed: ledOut,
      routeTableId,
    },
  };
}

function placeOf(id: string): { resourceGroupName: string; virtualNetworkName: string } | undefined {
  const [, resourceGroupName, virtualNetworkName] =
    /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Network\/virtualNetworks\/([^/]+)$/i.exec(
      id,
    ) ?? [];
  return resourceGroupName && virtualNetworkName ? { resourceGroupName, virtualNetworkName } : undefined;
}

async function described(subnet: network.GetSubnetResult, opts: pulumi.InvokeOptions): Promise<FoundSubnet> {
  const { addressPrefix, addressPrefixes, delegations, networkSecurityGroup, routeTable, natGateway } =
    subnet;
  return {
    id: subnet.id ?? "",
    cidrs: addressPrefixes ?? (addressPrefix === undefined ? [] : [addressPrefix]),
    delegations: (delegations ?? []).flatMap(({ serviceName }) => serviceName ?? []),
    securityGroupId: networkSecurityGroup?.id,
    routeTableId: routeTable?.id,
    ledOut: await leadsOut(routeTable?.id, opts),
    natGatewayId: natGateway?.id,
  };
}

/** The next hops of a default route that AKS takes. Source: "Customize cluster egress with outbound types in AKS". */
const outward = ["VirtualAppliance", "VirtualNetworkGateway"];

async function leadsOut(routeTableId: string | undefined, opts: pulumi.InvokeOptions): Promise<boolean> {
  const [, , , , resourceGroupName = "", , , , routeTableName = ""] = routeTableId?.split("/") ?? [];
  if (routeTableName === "") return false;
  const table = await absentAsNone(network.getRouteTable({ resourceGroupName, routeTableName }, opts));
  return (table?.routes ?? []).some(
    ({ addressPrefix, nextHopType }) => addressPrefix === "0.0.0.0/0" && outward.includes(nextHopType),
  );
}

/** ARM's words for what is not there: the network itself, its group, or a subnet of it. */
async function absentAsNone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (/\b(ResourceNotFound|ResourceGroupNotFound|NotFound)\b/.test(String(error))) return undefined;
    throw error;
  }
}

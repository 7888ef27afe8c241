import * as azure from "@pulumi/azure-native/provider.js";
import { checkExisting } from "../components/azure/existingNetwork.js";
import type { CellConfig, ExistingNetwork } from "./cellConfig.js";
import { mostNodes } from "./cellConfig.js";

/** Looks up the virtual network that a cell is to stand in. */
export async function findAzureNetwork(config: CellConfig, { id, subnets }: ExistingNetwork) {
  const { name, region, subscription, network, kubernetes } = config;
  const provider = new azure.Provider(`${name}-network-lookup`, {
    location: region,
    ...(subscription !== undefined && { subscriptionId: subscription }),
  });
  const { gateway = [], node = [], data = [], endpoint = [] } = subnets;
  const { problems, network: found } = await checkExisting(
    { id, subnets: { gateway, node, data, endpoint } },
    {
      region,
      cidr: network.cidr,
      serviceCidr: kubernetes.serviceCidr,
      podCidr: kubernetes.podCidr,
      nodes: mostNodes(config),
    },
    { provider },
  );
  return {
    found,
    problems: problems.map(({ tier, ...problem }) => ({
      ...problem,
      steps: tier === "network" ? ["id"] : ["subnets", tier],
    })),
  };
}

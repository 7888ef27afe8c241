import * as aws from "@pulumi/aws";
import { checkExisting } from "../components/aws/existingNetwork.js";
import type { CellConfig, ExistingNetwork } from "./cellConfig.js";
import { mostNodes } from "./cellConfig.js";

/** Looks up the VPC that a cell is to stand in. */
export async function findAwsNetwork(config: CellConfig, { id, subnets }: ExistingNetwork) {
  const { name, region, network, kubernetes } = config;
  const provider = new aws.Provider(`${name}-network-lookup`, { region: region as aws.Region });
  const { alb = [], node = [], data = [] } = subnets;
  const { problems, network: found } = await checkExisting(
    { id, subnets: { alb, node, data } },
    {
      region,
      cidr: network.cidr,
      serviceCidr: kubernetes.serviceCidr,
      nodes: mostNodes(config),
    },
    { provider },
  );
  return {
    found,
    problems: problems.map(({ tier, ...problem }) => ({
      ...problem,
      steps: tier === "vpc" ? ["id"] : ["subnets", tier],
    })),
  };
}

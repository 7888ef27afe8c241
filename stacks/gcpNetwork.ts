import * as gcp from "@pulumi/gcp";
import { checkExisting } from "../components/gcp/existingNetwork.js";
import type { CellConfig, ExistingNetwork } from "./cellConfig.js";
import { mostNodes } from "./cellConfig.js";

/** Looks up the network that a cell is to stand in. */
export async function findGcpNetwork(config: CellConfig, existing: ExistingNetwork) {
  const { name, region, project = "", network } = config;
  const provider = new gcp.Provider(`${name}-network-lookup`, { project, region });
  const [node = ""] = existing.subnets["node"] ?? [];
  const [endpoint = ""] = existing.subnets["endpoint"] ?? [];
  const { id, podRange = "", serviceRange = "" } = existing;
  const { problems, network: found } = await checkExisting(
    { id, subnets: { node, endpoint }, podRange, serviceRange },
    { project, region, cidr: network.cidr, nodes: mostNodes(config) },
    { provider },
  );
  const stepsOf = (place: string) => {
    if (place === "network") return ["id"];
    return place === "node" || place === "endpoint" ? ["subnets", place] : [place];
  };
  return {
    found,
    problems: problems.map(({ place, name: id, ...problem }) => ({ ...problem, id, steps: stepsOf(place) })),
  };
}

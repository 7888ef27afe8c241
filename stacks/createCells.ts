import type { ProjectAdmins } from "../components/gcp/projectAdmins.js";
import type { Cell, CellArgs } from "./cell.js";
import type { CellConfig, ExistingNetwork } from "./cellConfig.js";
import { ConfigError, configPath, type Problem } from "./problems.js";

type Build = (args: Omit<CellArgs, "config">) => Promise<Cell>;

/** What is wrong with an existing network, by the steps below `cells[].network`. */
interface Misfit {
  steps: string[];
  id?: string;
  found: string;
  remedy: string;
}

/**
 * Looks up what the cells are to stand on, and returns what builds each. Only the SDKs of their clouds are loaded.
 * @throws {@link ConfigError} with everything that does not fit, before any cell is registered
 */
export async function prepareCells(stack: string, configs: readonly CellConfig[]): Promise<Build[]> {
  const problems: Problem[] = [];
  const builds: Build[] = [];
  const admins = new Map<string, ProjectAdmins>();
  for (const [index, config] of configs.entries()) {
    const { build, misfits } = await prepareCell(config, admins);
    builds.push(build);
    for (const { steps, id, found, remedy } of misfits)
      problems.push({
        path: configPath(["cells", index, "network", ...steps]),
        found: id === undefined ? found : `${id}: ${found}`,
        remedy,
      });
  }
  if (problems.length > 0) throw new ConfigError(stack, problems);
  return builds;
}

interface Prepared {
  build: Build;
  misfits: Misfit[];
}

async function prepareCell(config: CellConfig, admins: Map<string, ProjectAdmins>): Promise<Prepared> {
  switch (config.cloud) {
    case "aws":
      return prepared(
        config,
        async (existing) => (await import("./awsNetwork.js")).findAwsNetwork(config, existing),
        async (args) => new (await import("./awsCell.js")).AwsCell(config.name, args),
      );
    case "azure":
      return prepared(
        config,
        async (existing) => (await import("./azureNetwork.js")).findAzureNetwork(config, existing),
        async (args) => new (await import("./azureCell.js")).AzureCell(config.name, args),
      );
    case "gcp":
      return prepared(
        config,
        async (existing) => (await import("./gcpNetwork.js")).findGcpNetwork(config, existing),
        async (args) => {
          const { GcpCell, projectAdmins } = await import("./gcpCell.js");
          return new GcpCell(config.name, { ...args, access: projectAdmins(config, admins) });
        },
      );
  }
}

async function prepared<Network>(
  config: CellConfig,
  find: (existing: ExistingNetwork) => Promise<{ found?: Network | undefined; problems: Misfit[] }>,
  create: (args: CellArgs & { network?: Network }) => Promise<Cell>,
): Promise<Prepared> {
  const { existing } = config.network;
  const { found: network, problems: misfits } = existing ? await find(existing) : { problems: [] };
  return { build: (args) => create({ ...args, config, ...(network && { network }) }), misfits };
}

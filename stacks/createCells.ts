import type { Cell, CellArgs } from "./cell.js";
import type { CellConfig } from "./cellConfig.js";
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
  for (const [index, config] of configs.entries()) {
    const { build, misfits } = await prepareCell(config);
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

async function prepareCell(config: CellConfig): Promise<{ build: Build; misfits: Misfit[] }> {
  const { cloud, name } = config;
  const { existing } = config.network;
  switch (cloud) {
    case "aws": {
      const look = existing && (await (await import("./awsNetwork.js")).findAwsNetwork(config, existing));
      const network = look?.found;
      return {
        build: async (args) => {
          const { AwsCell } = await import("./awsCell.js");
          return new AwsCell(name, { ...args, config, ...(network && { network }) });
        },
        misfits: look?.problems ?? [],
      };
    }
    case "azure": {
      const look = existing && (await (await import("./azureNetwork.js")).findAzureNetwork(config, existing));
      const network = look?.found;
      return {
        build: async (args) => {
          const { AzureCell } = await import("./azureCell.js");
          return new AzureCell(name, { ...args, config, ...(network && { network }) });
        },
        misfits: look?.problems ?? [],
      };
    }
    case "gcp": {
      const look = existing && (await (await import("./gcpNetwork.js")).findGcpNetwork(config, existing));
      const network = look?.found;
      return {
        build: async (args) => {
          const { GcpCell } = await import("./gcpCell.js");
          return new GcpCell(name, { ...args, config, ...(network && { network }) });
        },
        misfits: look?.problems ?? [],
      };
    }
  }
}

import type { Cell, CellArgs } from "./cell.js";

/** Builds a cell on its cloud. Only that cloud's SDK is loaded. */
export async function createCell(args: CellArgs): Promise<Cell> {
  const { cloud, name } = args.config;
  switch (cloud) {
    case "aws": {
      const { AwsCell } = await import("./awsCell.js");
      return new AwsCell(name, args);
    }
    case "azure": {
      const { AzureCell } = await import("./azureCell.js");
      return new AzureCell(name, args);
    }
    case "gcp": {
      const { GcpCell } = await import("./gcpCell.js");
      return new GcpCell(name, args);
    }
  }
}

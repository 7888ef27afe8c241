import * as pulumi from "@pulumi/pulumi";
import type { Cell, CellArgs } from "./cell.js";
import type { SingleRegionConfig } from "./config.js";
import { publicDns } from "./publicDns.js";

/** What a stack gives away. */
export interface Outputs extends Record<string, pulumi.Input<unknown>> {
  /** Base URL of the gateway's API. */
  url: string;
  /** URL of the web app. */
  appUrl: string;
  cells: pulumi.Input<CellOutput>[];
}

interface CellOutput {
  name: string;
  cloud: string;
  region: string;
  origin: string;
  databaseEndpoint: pulumi.Input<string>;
  kubeconfig: pulumi.Input<string>;
}

/** One cell, and every public name pointing at it. */
export async function singleRegion(config: SingleRegionConfig): Promise<Outputs> {
  const { secrets, certificate } = config;
  const zone = await publicDns(config.dns);
  const cell = await createCell({ config: config.cell, secrets, certificate, zone });
  const { api, app, origin, eval: evaluation } = config.cell.hosts;
  const hosts = [api, app, origin, ...(evaluation === undefined ? [] : [evaluation])];
  zone.point(hosts, cell);
  return { url: `https://${api}`, appUrl: `https://${app}`, cells: [cellOutput(cell)] };
}

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

function cellOutput(cell: Cell): CellOutput {
  const { name, cloud, region, origin, database, kubeconfig } = cell;
  return { name, cloud, region, origin, databaseEndpoint: database.endpoint, kubeconfig };
}

import type * as pulumi from "@pulumi/pulumi";
import type { DnsRecord } from "../components/dns.js";
import { namesOf } from "../components/ingress.js";
import type { Cell } from "./cell.js";
import type { CellConfig } from "./cellConfig.js";
import type { Budget } from "./failoverBudget.js";
import type { Balanced } from "./publicDns.js";

/** What a stack gives away. */
export interface Outputs extends Record<string, pulumi.Input<unknown>> {
  /** Base URL of the gateway's API. */
  url: string;
  /** URL of the web app. */
  appUrl: string;
  cells: pulumi.Input<CellOutput>[];
  /** How long a failover takes at worst; there when there is more than one cell. */
  failover?: Budget;
}

interface CellOutput {
  name: string;
  cloud: string;
  region: string;
  origin: string;
  databaseEndpoint: pulumi.Input<string>;
  /** False where the database follows another cell's and takes no writes. */
  databaseWritable: boolean;
  /** Of the routes; there when they are put in. */
  routes?: pulumi.Input<string>;
  kubeconfig: pulumi.Input<string>;
}

export function cellOutput(cell: Cell): CellOutput {
  const { name, cloud, region, origin, database, kubeconfig, revision } = cell;
  return {
    ...{ name, cloud, region, origin, kubeconfig },
    databaseEndpoint: database.endpoint,
    databaseWritable: database.writable,
    ...(revision && { routes: revision }),
  };
}

/** The addresses that people use. */
export function urls({ hosts }: CellConfig): Pick<Outputs, "url" | "appUrl"> {
  return { url: `https://${hosts.api}`, appUrl: `https://${hosts.app}` };
}

/** The records of all public names: each cell's own, and the gateway's, which lead to one place. */
export function publicRecords(cells: readonly Cell[], { hosts }: CellConfig, to: Balanced): DnsRecord[] {
  const origins = cells.map(({ origin, target, ready }) => ({ host: origin, target, ready }));
  const shared = namesOf(hosts).filter((host) => host !== hosts.origin);
  return [...origins, ...shared.map((host) => ({ host, ...to }))];
}

import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { CellConfig } from "./cellConfig.js";
import type { CustomerSecrets } from "./config.js";

/** What every cell is built from, whatever its cloud. */
export interface CellArgs {
  config: CellConfig;
  secrets: CustomerSecrets;
  /** The existing public zone, as its DNS cloud identifies it: the certificate is validated there. */
  zoneId: pulumi.Input<string>;
}

/** What DNS can point at. */
export type DnsTarget =
  /** An alias record of the same cloud (Route 53 to a load balancer). */
  { alias: { dnsName: pulumi.Input<string>; zoneId: pulumi.Input<string> } };

/** A complete gateway in one region. A topology knows this of it and nothing more. */
export interface Cell {
  name: string;
  cloud: CellConfig["cloud"];
  region: string;
  /** The cell's own hostname. */
  origin: string;
  target: DnsTarget;
  /** Path that answers 200 when this cell can serve. */
  healthPath: string;
  kubernetes: k8s.Provider;
  /** Secret. */
  kubeconfig: pulumi.Output<string>;
  database: { endpoint: pulumi.Output<string>; writable: boolean };
  /** What has to exist before the cell can answer: names point at it only then. */
  ready: pulumi.Resource[];
}

import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { DnsTarget, ProofZone } from "../components/dns.js";
import type { CellConfig } from "./cellConfig.js";
import type { CertificateConfig, CustomerSecrets } from "./customerSecrets.js";

/** What every cell is built from, whatever its cloud. */
export interface CellArgs {
  config: CellConfig;
  secrets: CustomerSecrets;
  certificate: CertificateConfig;
  /** The public zone, where certificates are proved. */
  zone: ProofZone;
}

/** A complete gateway in one region. A topology knows this of it and nothing more. */
export interface Cell {
  name: string;
  cloud: CellConfig["cloud"];
  region: string;
  /** The cell's own hostname. */
  origin: string;
  /** What DNS can point at. */
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

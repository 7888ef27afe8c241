import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { DnsTarget, ProofZone } from "../components/dns.js";
import type { Entrance } from "../components/ingress.js";
import type { CellConfig } from "./cellConfig.js";
import type { CertificateConfig, CustomerSecrets, RouteSecrets } from "./customerSecrets.js";

/** What every cell is built from, whatever its cloud. */
export interface CellArgs {
  config: CellConfig;
  secrets: CustomerSecrets;
  certificate: CertificateConfig;
  routeSecrets: RouteSecrets;
  /** The public zone, where certificates are proved. */
  zone: ProofZone;
  /** Absent: the cell has a database of its own. */
  sharedDatabase?: SharedDatabase;
}

/** One database for several cells: one of them writes, the others hold copies that can be read. */
export interface SharedDatabase {
  /** Secret: the database user's, the same in every cell. */
  password: pulumi.Output<string>;
  /** What this cell's copy follows; absent in the cell that writes. */
  source?: { id: pulumi.Output<string>; region: string };
  /** Parent of what moves along with the writes and is no cell's own; absent where a cloud has no such thing. */
  keeper?: pulumi.Resource;
  /** The way between the databases, where the cloud makes none by itself. */
  way?: DatabaseWay;
}

export interface DatabaseWay {
  /** Blocks that the other cells' databases are in. */
  peers: string[];
  /** Connects this cell's network with those of the cells before it; the database waits for what is returned. */
  connect: (networkId: pulumi.Output<string>) => pulumi.Resource[];
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
  /** There when a load balancer can stand before this cell and others. */
  entrance?: Entrance;
  /** Path that answers 200 when this cell can serve. */
  healthPath: string;
  kubernetes: k8s.Provider;
  /** Secret. */
  kubeconfig: pulumi.Output<string>;
  database: {
    endpoint: pulumi.Output<string>;
    /** By the order in the config. */
    writable: boolean;
    /** By what the cloud said when it was last read. */
    leads: pulumi.Output<boolean>;
    /** What a copy in another cell follows, in the cloud's words; known once it can be followed. */
    source: pulumi.Output<string>;
  };
  /** Digest of the routes that the cell serves: the same in cells that serve the same. Absent without an admin key. */
  revision: pulumi.Output<string> | undefined;
  /** What has to exist before the cell can answer: names point at it only then. */
  ready: pulumi.Resource[];
}

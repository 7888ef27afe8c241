import type { Size } from "../sizes.js";

/** A form of text, and what would be right. */
export interface Form {
  form: RegExp;
  example: string;
}

/** What a cloud calls the machines of one size. */
export interface Machines {
  node: string;
  database: string;
  cache: string;
}

/** What the config has to know of a cloud: its regions, its words for machines and people, its limits. */
export interface CloudFacts {
  /** By region: the marks of the zones that a cell takes by default. */
  zones: Readonly<Record<string, string>>;
  zoneName: (region: string, mark: string) => string;
  zoneForm: (region: string) => Form;
  /** Those of a region's zones that are not known to lack a type of machine. */
  offering: (machine: string, region: string, zones: string[]) => string[];
  machines: Readonly<Record<Size, Machines>>;
  /** A node for a guard model: 8 vCPU / 32 GB or more (the vendor's sizing) and one GPU. */
  gpu: string;
  /** `admin`: whoever administers the cluster. */
  forms: Readonly<Record<keyof Machines | "admin", Form>>;
  /** What is wrong with keeping logs for so many days. */
  retention: (days: number) => string | undefined;
  /** What is wrong with keeping backups for so many days. */
  backups: (days: number) => string | undefined;
  /** What is wrong with a connection that may be silent for so many seconds. */
  silence: (seconds: number) => string | undefined;
  /** What is wrong with a range that is to reach the cluster's API. */
  apiAccess: (range: string) => string | undefined;
  /** The subnets that an existing network has to have. */
  tiers: readonly string[];
}

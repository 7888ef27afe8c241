import { overlaps, parseCidr } from "../cidr.js";
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
  /** What is wrong with so many requests a minute from one address. */
  rate: (requests: number) => string | undefined;
  /** What is wrong with a node of this type, which has the right form. */
  node: (machine: string) => string | undefined;
  /** What is wrong with a node of this type for a guard model, which takes a GPU of NVIDIA's. */
  gpuNode: (machine: string) => string | undefined;
  /** What is wrong with a range that is to reach the cluster's API. */
  apiAccess: (range: string) => string | undefined;
  /** Ranges that may reach the cluster's API at the most. */
  apiRanges: number;
  /** The subnets that an existing network has to have. */
  tiers: readonly string[];
}

/** What to do about a machine with Arm processors: the gateway's images, and the nodes' own, are for x86. */
export const notArm = (example: string): string =>
  `its processors are Arm's, and the nodes run images for x86: write one such as ${example}`;

/** What to do about a machine without a GPU of NVIDIA's where one is needed. */
export const noGpu = (example: string): string => `it has no GPU of NVIDIA's: write one such as ${example}`;

/**
 * Ranges that nobody calls from over the internet: this network, private, shared (carriers' NAT), loopback,
 * link-local, protocol assignments, benchmarks, multicast and what is reserved. The ranges for documentation are left
 * out: examples are written in them. Source: IANA IPv4 Special-Purpose Address Registry (RFC 6890); RFC 5771, RFC 1112.
 */
const unseen = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"],
  ...["192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"],
].map((cidr) => parseCidr(cidr)!);

/** Whether a range holds addresses that the internet never sees. */
export function holdsUnseen(range: string): boolean {
  return unseen.some((each) => overlaps(each, parseCidr(range)!));
}
